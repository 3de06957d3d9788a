/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/register.h"

#include <string.h>

#include "base/check.h"
#include "base/err.h"
#include "base/mail-address.h"
#include "plan/calendar.h"

#define LEVELS "1 2 3"
#define YES_NO "yes no"

static const struct register_field assets[] = {
        {"business", FIELD_LINE, false, NULL},
        {"name", FIELD_LINE, true, NULL},
        {"note", FIELD_WORDS, false, NULL},
        {"users", FIELD_LINE, false, NULL},
        {"department", FIELD_LINE, false, NULL},
        {"place", FIELD_LINE, false, NULL},
        {"personal", FIELD_CHOICE, false, "none personal sensitive my-number"},
        {"confidentiality", FIELD_CHOICE, true, LEVELS},
        {"integrity", FIELD_CHOICE, true, LEVELS},
        {"availability", FIELD_CHOICE, true, LEVELS},
        {"threat", FIELD_CHOICE, true, LEVELS},
        {"weakness", FIELD_CHOICE, true, LEVELS},
        {"keep-until", FIELD_DAY, false, NULL},
        {"registered", FIELD_DAY, false, NULL},
};
static const struct register_field devices[] = {
        {"name", FIELD_LINE, true, NULL},
        {"device-kind", FIELD_CHOICE, true, "pc server virtual network phone other"},
        {"maker", FIELD_LINE, false, NULL},
        {"model", FIELD_LINE, false, NULL},
        {"version", FIELD_LINE, false, NULL},
        {"count", FIELD_NUMBER, false, NULL},
        {"place", FIELD_LINE, false, NULL},
        {"user", FIELD_LINE, false, NULL},
        {"internet-facing", FIELD_CHOICE, false, YES_NO},
        {"remote-admin", FIELD_CHOICE, false, "off vpn open"},
        {"updated-on", FIELD_DAY, false, NULL},
        {"support-end", FIELD_DAY, false, NULL},
        {"maintenance", FIELD_LINE, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field software[] = {
        {"name", FIELD_LINE, true, NULL},       {"maker", FIELD_LINE, false, NULL},
        {"version", FIELD_LINE, false, NULL},   {"licence", FIELD_LINE, false, NULL},
        {"count", FIELD_NUMBER, false, NULL},   {"auto-update", FIELD_CHOICE, false, YES_NO},
        {"updated-on", FIELD_DAY, false, NULL}, {"support-end", FIELD_DAY, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field networks[] = {
        {"name", FIELD_LINE, true, NULL},         {"place", FIELD_LINE, false, NULL},
        {"use", FIELD_LINE, false, NULL},         {"wireless", FIELD_CHOICE, false, "wired wpa3 wpa2 older"},
        {"connects-to", FIELD_LINE, false, NULL}, {"maintenance", FIELD_LINE, false, NULL},
        {"review", FIELD_DAY, false, NULL},       {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field services[] = {
        {"name", FIELD_LINE, true, NULL},
        {"use", FIELD_LINE, false, NULL},
        {"provider", FIELD_LINE, false, NULL},
        {"administrator", FIELD_LINE, false, NULL},
        {"mfa", FIELD_CHOICE, true, "all part none unknown"},
        {"holds-secrets", FIELD_CHOICE, false, YES_NO},
        {"checked-on", FIELD_DAY, false, NULL},
        {"agreement", FIELD_CHOICE, false, YES_NO},
        {"contact", FIELD_LINE, false, NULL},
        {"review", FIELD_DAY, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field accounts[] = {
        {"person", FIELD_LINE, true, NULL},
        {"service", FIELD_LINE, true, NULL},
        {"right", FIELD_CHOICE, false, "user administrator"},
        {"shared", FIELD_CHOICE, false, YES_NO},
        {"mfa-used", FIELD_CHOICE, false, YES_NO},
        {"account-state", FIELD_CHOICE, true, "active leaving done"},
        {"left-on", FIELD_DAY, false, NULL},
        {"close-by", FIELD_DAY, false, NULL},
        {"closed-on", FIELD_DAY, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field partners[] = {
        {"name", FIELD_LINE, true, NULL},
        {"relation", FIELD_CHOICE, true, "own customer supplier bank insurer it-firm lawyer authority building other"},
        {"person", FIELD_LINE, false, NULL},
        {"phone", FIELD_PHONE, false, NULL},
        {"phone-night", FIELD_PHONE, false, NULL},
        {"mail", FIELD_MAIL, false, NULL},
        {"nda", FIELD_CHOICE, false, YES_NO},
        {"duty", FIELD_WORDS, false, NULL},
        {"checked-on", FIELD_DAY, false, NULL},
        {"review", FIELD_DAY, false, NULL},
};
static const struct register_field secrets[] = {
        {"name", FIELD_LINE, true, NULL},          {"secrecy", FIELD_CHOICE, true, "top secret internal"},
        {"owner", FIELD_LINE, false, NULL},        {"department", FIELD_LINE, false, NULL},
        {"place", FIELD_LINE, false, NULL},        {"marking", FIELD_LINE, false, NULL},
        {"disclosed-to", FIELD_LINE, false, NULL}, {"contact", FIELD_LINE, false, NULL},
        {"keep-until", FIELD_DAY, false, NULL},    {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field businesses[] = {
        {"rank", FIELD_NUMBER, true, NULL},    {"name", FIELD_LINE, true, NULL},
        {"owner", FIELD_LINE, false, NULL},    {"tolerable-hours", FIELD_NUMBER, true, NULL},
        {"by-hand", FIELD_WORDS, false, NULL}, {"bring-back", FIELD_WORDS, false, NULL},
        {"needs", FIELD_WORDS, false, NULL},   {"review", FIELD_DAY, false, NULL},
};
static const struct register_field tasks[] = {
        {"task", FIELD_LINE, true, NULL},   {"owner", FIELD_LINE, false, NULL},
        {"due", FIELD_DAY, true, NULL},     {"task-state", FIELD_CHOICE, true, "open done"},
        {"from", FIELD_LINE, false, NULL},  {"done-on", FIELD_DAY, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field visits[] = {
        {"visit-day", FIELD_DAY, true, NULL},  {"helper", FIELD_CHOICE, true, "expert kip idec other"},
        {"topic", FIELD_LINE, true, NULL},     {"visit-state", FIELD_CHOICE, true, "planned done"},
        {"cancel-by", FIELD_DAY, false, NULL}, {"adviser", FIELD_LINE, false, NULL},
        {"fee", FIELD_NUMBER, false, NULL},    {"note", FIELD_WORDS, false, NULL},
};
/* The head office first; other sites behind it. */
static const struct register_field company[] = {
        {"name", FIELD_LINE, true, NULL},
        {"site", FIELD_CHOICE, true, "head branch"},
        {"kana", FIELD_LINE, false, NULL},
        {"representative-title", FIELD_LINE, false, NULL},
        {"representative", FIELD_LINE, false, NULL},
        {"postal", FIELD_LINE, false, NULL},
        {"prefecture", FIELD_LINE, false, NULL},
        {"city", FIELD_LINE, false, NULL},
        {"street", FIELD_LINE, false, NULL},
        {"building", FIELD_LINE, false, NULL},
        {"phone", FIELD_PHONE, false, NULL},
        {"capital", FIELD_NUMBER, false, NULL},
        {"staff", FIELD_NUMBER, false, NULL},
        {"industry", FIELD_LINE, false, NULL},
        {"industry-middle", FIELD_LINE, false, NULL},
        {"industry-minor", FIELD_LINE, false, NULL},
        {"industry-detail", FIELD_LINE, false, NULL},
        {"corporate-number", FIELD_LINE, false, NULL},
        {"founded", FIELD_DAY, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
/* What a certified 事業継続力強化計画 opens, and how far it is used. */
static const struct register_field benefits[] = {
        {"benefit", FIELD_CHOICE, true, "tax jfc guarantee points logo city-loan"},
        {"benefit-state", FIELD_CHOICE, true, "unused planned applied done"},
        {"state-on", FIELD_DAY, false, NULL},
        {"by-day", FIELD_DAY, false, NULL},
        {"owner", FIELD_LINE, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};
static const struct register_field declarations[] = {
        {"declaration", FIELD_CHOICE, true, "jigyokei gbiz carbon partnership other"},
        {"declared-on", FIELD_DAY, true, NULL},
        {"declaration-number", FIELD_LINE, false, NULL},
        {"copy-kept", FIELD_LINE, false, NULL},
        {"review", FIELD_DAY, false, NULL},
        {"note", FIELD_WORDS, false, NULL},
};

#define REGISTER(word, title, key, due, ends)                                                                          \
	{                                                                                                              \
#word, title, key, due, ends, word, ARRAY_SIZE(word)                                                   \
	}
static const struct register_kind kinds[] = {
        REGISTER(tasks, "task", "task due", "due", "task-state"),
        REGISTER(company, "name", "name site", NULL, NULL),
        REGISTER(businesses, "name", "name", "review", NULL),
        REGISTER(partners, "name", "name person", "review", NULL),
        REGISTER(assets, "name", "name department", "keep-until", NULL),
        REGISTER(devices, "name", "name model user", "support-end", NULL),
        REGISTER(software, "name", "name maker", "support-end", NULL),
        REGISTER(networks, "name", "name place", "review", NULL),
        REGISTER(services, "name", "name", "review", NULL),
        REGISTER(accounts, "person", "person service", "close-by", "account-state"),
        REGISTER(secrets, "name", "name department", "keep-until", NULL),
        REGISTER(visits, "topic", "visit-day topic", "cancel-by", "visit-state"),
        REGISTER(declarations, "declaration", "declaration declared-on", "review", NULL),
        REGISTER(benefits, "benefit", "benefit", "by-day", "benefit-state"),
};

size_t register_count(void)
{
	return ARRAY_SIZE(kinds);
}

const struct register_kind *register_at(size_t i)
{
	return i < ARRAY_SIZE(kinds) ? &kinds[i] : NULL;
}

const struct register_kind *register_find(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_eq_c(word, kinds[i].word))
			return &kinds[i];
	return NULL;
}

int register_field_find(const struct register_kind *kind, struct str name, size_t *ret)
{
	for (size_t i = 0; i < kind->n; i++)
		if (str_eq_c(name, kind->fields[i].name)) {
			*ret = i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

bool register_has_choice(const struct register_field *field, struct str word)
{
	struct str rest = str_of(field->choices ? field->choices : "");
	while (rest.n > 0 && word.n > 0) {
		size_t blank = str_find_char(rest, ' ', 0);
		if (str_eq(str_slice(rest, 0, blank), word))
			return true;
		rest = blank == STR_NOT_FOUND ? STR("") : str_slice(rest, blank + 1, rest.n);
	}
	return false;
}

/* ---- values ---- */

/* Full-width ０-９ （） ＋ － and the like as ASCII; other characters stay. */
static struct str narrow(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;
	if (!to)
		return s;
	for (size_t i = 0; i < s.n;) {
		const unsigned char *c = (const unsigned char *) s.p + i;
		/* U+FF01 to U+FF5E are U+0021 to U+007E. */
		if (i + 2 < s.n && c[0] == 0xEF && (c[1] == 0xBC || c[1] == 0xBD) && c[2] >= 0x80 && c[2] <= 0xBF &&
		    (c[1] == 0xBC ? c[2] >= 0x81 : c[2] <= 0x9E)) {
			to[n++] = (char) (c[1] == 0xBC ? c[2] - 0x80 + 0x20 : c[2] - 0x80 + 0x60);
			i += 3;
		} else {
			to[n++] = s.p[i++];
		}
	}
	return str_make(to, n);
}

static bool is_phone(struct str s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.n; i++) {
		digits += ascii_is_digit(s.p[i]);
		if (!ascii_is_digit(s.p[i]) && (s.p[i] == '\0' || !strchr("+-() #*", s.p[i])))
			return false;
	}
	return digits >= 3 && digits <= 15;
}

static bool has_controls(struct str s, bool lines)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char) s.p[i] < 0x20 || s.p[i] == 0x7F) && !(lines && (s.p[i] == '\n' || s.p[i] == '\t')))
			return true;
	return false;
}

static bool fits(const struct register_field *field, struct str s)
{
	uint64_t number;
	int32_t day;
	switch (field->kind) {
	case FIELD_DAY:
		return calendar_parse(s, &day) >= 0;
	case FIELD_NUMBER:
		return str_parse_u64(s, REGISTER_NUMBER_MAX, &number) >= 0;
	case FIELD_CHOICE:
		return register_has_choice(field, s);
	case FIELD_PHONE:
		return is_phone(s);
	case FIELD_MAIL:
		return mail_address_is_fit(s);
	case FIELD_LINE:
	case FIELD_WORDS:
		break;
	}
	return !has_controls(s, field->kind == FIELD_WORDS);
}

int register_check(const struct register_field *field, struct str value, struct arena *a, struct str *ret)
{
	struct str s = str_trim(value);
	if (field->kind != FIELD_LINE && field->kind != FIELD_WORDS)
		s = str_trim(narrow(s, a));
	*ret = s;
	if (s.n == 0)
		return field->is_required ? ERR_NOT_FOUND : 0;
	if (s.n > (field->kind == FIELD_WORDS ? (size_t) REGISTER_WORDS_MAX_BYTES : (size_t) REGISTER_LINE_MAX_BYTES))
		return ERR_TOO_LARGE;
	return fits(field, s) ? 0 : ERR_INVALID;
}

/* ---- information assets ---- */

static int greater(int a, int b)
{
	return a > b ? a : b;
}

int asset_importance(int confidentiality, int integrity, int availability)
{
	return greater(confidentiality, greater(integrity, availability));
}

int asset_likelihood(int threat, int weakness)
{
	static const int table[ASSET_LEVEL_MAX][ASSET_LEVEL_MAX] = {{1, 1, 1}, {1, 1, 2}, {1, 2, 3}};
	CHECK(threat >= ASSET_LEVEL_MIN && threat <= ASSET_LEVEL_MAX);
	CHECK(weakness >= ASSET_LEVEL_MIN && weakness <= ASSET_LEVEL_MAX);
	return table[threat - 1][weakness - 1];
}

enum asset_band asset_band_of(int risk)
{
	return risk >= 6 ? ASSET_LARGE : risk >= 3 ? ASSET_MIDDLE : ASSET_SMALL;
}
