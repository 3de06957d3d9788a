/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/html-style.h"

#include "base/check.h"
#include "read/encoding.h"

enum { DECLARATIONS_MAX = 60, SELECTOR_MAX_BYTES = 100, SMALL_FONT_TENTH_PX = 20 };

const struct style STYLE_NONE = {.color = STYLE_COLOR_NONE, .background = STYLE_COLOR_NONE};

struct named_color {
	const char *name;
	uint32_t rgb;
};

static const struct named_color colors[] = {
        {"white", 0xFFFFFF}, {"black", 0x000000}, {"red", 0xFF0000},        {"blue", 0x0000FF},   {"green", 0x008000},
        {"gray", 0x808080},  {"grey", 0x808080},  {"silver", 0xC0C0C0},     {"yellow", 0xFFFF00}, {"navy", 0x000080},
        {"snow", 0xFFFAFA},  {"ivory", 0xFFFFF0}, {"whitesmoke", 0xF5F5F5}, {"orange", 0xFFA500},
};

static uint32_t hex_color(struct str s)
{
	uint32_t rgb = 0;
	if (s.n != 3 && s.n != 6)
		return STYLE_COLOR_UNCLEAR;
	for (size_t i = 0; i < s.n; i++) {
		int digit = encoding_hex_value(s.p[i]);
		if (digit < 0)
			return STYLE_COLOR_UNCLEAR;
		rgb = rgb << 4 | (uint32_t) digit;
		if (s.n == 3)
			rgb = rgb << 4 | (uint32_t) digit;
	}
	return rgb;
}

static uint32_t rgb_color(struct str s)
{
	uint32_t rgb = 0;
	uint64_t n;
	struct str part;
	for (int i = 0; i < 3; i++) {
		if (!str_split(&s, ',', &part) || str_parse_u64(str_trim(part), 255, &n) < 0)
			return STYLE_COLOR_UNCLEAR;
		rgb = rgb << 8 | (uint32_t) n;
	}
	return s.n == 0 ? rgb : STYLE_COLOR_UNCLEAR;
}

uint32_t style_color(struct str value)
{
	struct str v = str_trim(value);
	size_t important = str_find_char(v, '!', 0);
	v = str_trim(str_slice(v, 0, important));
	if (v.n > 0 && v.p[0] == '#')
		return hex_color(str_slice(v, 1, v.n));
	if (str_starts_with_icase(v, STR("rgb(")) && str_ends_with(v, STR(")")))
		return rgb_color(str_slice(v, 4, v.n - 1));
	if (str_eq_icase(v, STR("transparent")) || str_eq_icase(v, STR("inherit")) || str_eq_icase(v, STR("none")) ||
	    v.n == 0)
		return STYLE_COLOR_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(colors); i++)
		if (str_eq_icase(v, str_of(colors[i].name)))
			return colors[i].rgb;
	return hex_color(v);
}

bool style_is_foreign_font(struct str value)
{
	static const char *const fonts[] = {"yahei",    "微软雅黑", "微軟雅黑", "simsun",   "宋体", "simhei",
	                                    "黑体",     "dengxian", "等线",     "fangsong", "仿宋", "楷体",
	                                    "kaiti_gb", "jhenghei", "pmingliu", "malgun",   "gulim"};
	for (size_t i = 0; i < ARRAY_SIZE(fonts); i++)
		if (str_find_icase(value, str_of(fonts[i]), 0) != STR_NOT_FOUND)
			return true;
	return false;
}

/* A length in tenths of a pixel; -1 for what is no plain number. */
static long tenths(struct str v)
{
	long n = 0;
	size_t i = 0;
	if (v.n == 0 || (!ascii_is_digit(v.p[0]) && v.p[0] != '.'))
		return -1;
	for (; i < v.n && ascii_is_digit(v.p[i]) && n < 100000; i++)
		n = n * 10 + (v.p[i] - '0');
	n *= 10;
	if (i + 1 < v.n && v.p[i] == '.' && ascii_is_digit(v.p[i + 1]))
		n += v.p[i + 1] - '0';
	return n;
}

static bool is_zero(struct str v)
{
	return tenths(v) == 0 && v.n > 0 && str_find_char(v, '%', 0) == STR_NOT_FOUND;
}

static void read_font_size(struct str v, struct style *ret)
{
	long n = tenths(v);
	bool relative = str_contains(v, STR("em")) || str_contains(v, STR("%"));
	if (n < 0 && v.n == 0)
		return;
	ret->sized = true;
	ret->tiny = n == 0 || (n > 0 && !relative && n < SMALL_FONT_TENTH_PX);
}

struct box {
	bool no_height, no_width, clipped;
};

static void read_declaration(struct str name, struct str v, struct style *ret, struct box *box)
{
	if (str_eq_icase(name, STR("display")))
		ret->gone |= str_starts_with_icase(v, STR("none"));
	else if (str_eq_icase(name, STR("visibility")))
		ret->gone |= str_starts_with_icase(v, STR("hidden"));
	else if (str_eq_icase(name, STR("opacity")))
		ret->gone |= is_zero(v);
	else if (str_eq_icase(name, STR("font-size")))
		read_font_size(v, ret);
	else if (str_eq_icase(name, STR("color")))
		ret->color = style_color(v);
	else if (str_eq_icase(name, STR("background-color")) || str_eq_icase(name, STR("background")))
		ret->background = style_color(v);
	else if (str_eq_icase(name, STR("background-image")))
		ret->background = STYLE_COLOR_UNCLEAR;
	else if (str_eq_icase(name, STR("font-family")) || str_eq_icase(name, STR("font")))
		ret->foreign_font |= style_is_foreign_font(v);
	else if (str_eq_icase(name, STR("height")) || str_eq_icase(name, STR("max-height")))
		box->no_height |= is_zero(v);
	else if (str_eq_icase(name, STR("width")) || str_eq_icase(name, STR("max-width")))
		box->no_width |= is_zero(v);
	else if (str_eq_icase(name, STR("overflow")))
		box->clipped |= str_starts_with_icase(v, STR("hidden"));
	else if (str_eq_icase(name, STR("text-indent")))
		ret->gone |= v.n > 4 && v.p[0] == '-';
}

void style_read_declarations(struct str s, struct style *ret)
{
	struct box box = {0};
	struct str one;
	for (size_t i = 0; i < DECLARATIONS_MAX && str_split(&s, ';', &one); i++) {
		size_t colon = str_find_char(one, ':', 0);
		if (colon != STR_NOT_FOUND)
			read_declaration(str_trim(str_slice(one, 0, colon)), str_trim(str_slice(one, colon + 1, one.n)),
			                 ret, &box);
	}
	ret->gone |= box.clipped && (box.no_height || box.no_width);
}

static uint64_t selector_hash(char kind, struct str name)
{
	char key[SELECTOR_MAX_BYTES + 1];
	size_t n = 0;
	key[n++] = kind;
	for (size_t i = 0; i < name.n && n < sizeof(key); i++)
		key[n++] = ascii_lower(name.p[i]);
	return str_hash(str_make(key, n));
}

/* ".a", "p.a", "#a" or "p": the hash, else 0. */
static uint64_t simple_selector(struct str s)
{
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_space(s.p[i]) || s.p[i] == '>' || s.p[i] == ':' || s.p[i] == '[' || s.p[i] == '+' ||
		    s.p[i] == '*')
			return 0;
	size_t dot = str_rfind_char(s, '.'), hash = str_rfind_char(s, '#');
	if (s.n == 0 || s.n > SELECTOR_MAX_BYTES)
		return 0;
	if (hash != STR_NOT_FOUND)
		return selector_hash('#', str_slice(s, hash + 1, s.n));
	return dot == STR_NOT_FOUND ? selector_hash(' ', s) : selector_hash('.', str_slice(s, dot + 1, s.n));
}

static bool says_anything(const struct style *s)
{
	return s->gone || s->sized || s->foreign_font || s->color != STYLE_COLOR_NONE ||
	       s->background != STYLE_COLOR_NONE;
}

static void add_rule(struct str selectors, struct str declarations, struct style_sheet *ret)
{
	struct style style = STYLE_NONE;
	struct str one;
	style_read_declarations(declarations, &style);
	if (!says_anything(&style))
		return;
	while (str_split(&selectors, ',', &one)) {
		uint64_t selector = simple_selector(one);
		if (selector && ret->n < STYLE_RULES_MAX)
			ret->at[ret->n++] = (struct style_rule){selector, style};
		else
			ret->unclear_background |= style.background != STYLE_COLOR_NONE;
	}
}

static size_t skip_block(struct str s, size_t i)
{
	size_t depth = 0;
	for (; i < s.n; i++) {
		depth += s.p[i] == '{';
		if (s.p[i] == '}' && (depth == 0 || --depth == 0))
			return i + 1;
		if (s.p[i] == ';' && depth == 0)
			return i + 1;
	}
	return s.n;
}

void style_read_sheet(struct str s, struct style_sheet *ret)
{
	size_t i = 0;
	while (i < s.n) {
		if (ascii_is_space(s.p[i])) {
			i++;
		} else if (str_starts_with(str_slice(s, i, i + 4), STR("<!--"))) {
			i += 4;
		} else if (str_starts_with(str_slice(s, i, i + 2), STR("/*"))) {
			size_t end = str_find(s, STR("*/"), i + 2);
			i = end == STR_NOT_FOUND ? s.n : end + 2;
		} else if (s.p[i] == '@') {
			i = skip_block(s, i);
		} else {
			size_t open = str_find_char(s, '{', i);
			size_t close = open == STR_NOT_FOUND ? STR_NOT_FOUND : str_find_char(s, '}', open);
			if (open == STR_NOT_FOUND)
				return;
			add_rule(str_slice(s, i, open), str_slice(s, open + 1, close), ret);
			i = close == STR_NOT_FOUND ? s.n : close + 1;
		}
	}
}

static void merge(struct style *into, const struct style *from)
{
	into->gone |= from->gone;
	into->foreign_font |= from->foreign_font;
	if (from->sized) {
		into->sized = true;
		into->tiny = from->tiny;
	}
	if (from->color != STYLE_COLOR_NONE)
		into->color = from->color;
	if (from->background != STYLE_COLOR_NONE)
		into->background = from->background;
}

static void apply_selector(const struct style_sheet *sheet, uint64_t selector, struct style *ret)
{
	for (size_t i = 0; i < sheet->n; i++)
		if (sheet->at[i].selector == selector)
			merge(ret, &sheet->at[i].style);
}

void style_apply(const struct style_sheet *sheet, struct str element, struct str classes, struct str id,
                 struct style *ret)
{
	struct str one;
	if (sheet->n == 0)
		return;
	apply_selector(sheet, selector_hash(' ', element), ret);
	for (int i = 0; i < 8 && str_split(&classes, ' ', &one); i++)
		if (one.n > 0)
			apply_selector(sheet, selector_hash('.', one), ret);
	if (id.n > 0)
		apply_selector(sheet, selector_hash('#', id), ret);
}
