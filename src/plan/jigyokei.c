/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/jigyokei.h"

#include <string.h>

#include "base/check.h"
#include "base/err.h"

enum { MONTHS_PER_YEAR = 12, MONTH_TEXT_BYTES = 7, IDEOGRAPHIC_SPACE_BYTES = 3, EQUIPMENT_COLUMNS = 7 };

/* When after the disaster, as the e-application offers it. */
#define JIGYOKEI_WHEN                                                                                                  \
	"at-once 1-hour 3-hours 6-hours 12-hours 24-hours 3-days 1-week infection-in-country infection-in-company "    \
	"other-time"

const struct register_field jigyokei_fields[JIGYOKEI_FIELDS] = {
        {"office", FIELD_LINE, true, NULL},
        {"applied-on", FIELD_DAY, true, NULL},
        {"postal", FIELD_LINE, true, NULL},
        {"prefecture", FIELD_LINE, true, NULL},
        {"city", FIELD_LINE, true, NULL},
        {"street", FIELD_LINE, true, NULL},
        {"building", FIELD_LINE, false, NULL},
        {"applicant", FIELD_CHOICE, true, "corporation sole-trader"},
        {"name", FIELD_LINE, true, NULL},
        {"kana", FIELD_LINE, true, NULL},
        {"representative-title", FIELD_LINE, true, NULL},
        {"representative", FIELD_LINE, true, NULL},
        {"capital", FIELD_NUMBER, true, NULL},
        {"staff", FIELD_NUMBER, true, NULL},
        {"industry", FIELD_LINE, true, NULL},
        {"industry-middle", FIELD_LINE, true, NULL},
        {"industry-minor", FIELD_LINE, true, NULL},
        {"industry-detail", FIELD_LINE, true, NULL},
        {"corporate-number", FIELD_LINE, false, NULL},
        {"founded", FIELD_DAY, true, NULL},
        {"overview", FIELD_WORDS, true, NULL},
        {"purpose", FIELD_WORDS, true, NULL},
        {"hazard", FIELD_WORDS, true, NULL},
        {"effect-people", FIELD_WORDS, true, NULL},
        {"effect-equipment", FIELD_WORDS, true, NULL},
        {"effect-money", FIELD_WORDS, true, NULL},
        {"effect-information", FIELD_WORDS, true, NULL},
        {"effect-other", FIELD_WORDS, false, NULL},
        {"evacuation", FIELD_WORDS, true, NULL},
        {"evacuation-when", FIELD_CHOICE, false, JIGYOKEI_WHEN},
        {"evacuation-before", FIELD_WORDS, false, NULL},
        {"safety-check", FIELD_WORDS, true, NULL},
        {"safety-check-when", FIELD_CHOICE, false, JIGYOKEI_WHEN},
        {"safety-check-before", FIELD_WORDS, false, NULL},
        {"emergency-stop", FIELD_WORDS, true, NULL},
        {"emergency-stop-when", FIELD_CHOICE, false, JIGYOKEI_WHEN},
        {"emergency-stop-before", FIELD_WORDS, false, NULL},
        {"customers", FIELD_WORDS, true, NULL},
        {"customers-when", FIELD_CHOICE, false, JIGYOKEI_WHEN},
        {"customers-before", FIELD_WORDS, false, NULL},
        {"organisation", FIELD_WORDS, true, NULL},
        {"organisation-when", FIELD_CHOICE, false, JIGYOKEI_WHEN},
        {"organisation-before", FIELD_WORDS, false, NULL},
        {"damage", FIELD_WORDS, true, NULL},
        {"damage-when", FIELD_CHOICE, false, JIGYOKEI_WHEN},
        {"damage-before", FIELD_WORDS, false, NULL},
        {"first-other", FIELD_WORDS, false, NULL},
        {"people-now", FIELD_WORDS, false, NULL},
        {"people-next", FIELD_WORDS, false, NULL},
        {"equipment-now", FIELD_WORDS, false, NULL},
        {"equipment-next", FIELD_WORDS, false, NULL},
        {"money-now", FIELD_WORDS, false, NULL},
        {"money-next", FIELD_WORDS, false, NULL},
        {"information-now", FIELD_WORDS, false, NULL},
        {"information-next", FIELD_WORDS, false, NULL},
        {"equipment-list", FIELD_WORDS, false, NULL},
        {"equipment-sum", FIELD_NUMBER, false, NULL},
        {"equipment-not-required", FIELD_CHOICE, false, "yes"},
        {"equipment-new", FIELD_CHOICE, false, "yes"},
        {"equipment-no-subsidy", FIELD_CHOICE, false, "yes"},
        {"helpers", FIELD_WORDS, false, NULL},
        {"management", FIELD_WORDS, true, NULL},
        {"training", FIELD_WORDS, true, NULL},
        {"training-month", FIELD_NUMBER, true, NULL},
        {"review", FIELD_WORDS, true, NULL},
        {"review-month", FIELD_NUMBER, true, NULL},
        {"notice", FIELD_WORDS, true, NULL},
        {"from-month", FIELD_LINE, true, NULL},
        {"to-month", FIELD_LINE, true, NULL},
        {"funds", FIELD_WORDS, false, NULL},
        {"funds-sum", FIELD_NUMBER, false, NULL},
        {"laws", FIELD_CHOICE, true, "yes"},
        {"certifications", FIELD_LINE, false, NULL},
        {"contact", FIELD_LINE, false, NULL},
        {"data-use", FIELD_CHOICE, false, "allowed not-allowed"},
        {"case-publish", FIELD_CHOICE, false, "allowed not-allowed"},
        {"supporter", FIELD_LINE, false, NULL},
        {"points-wanted", FIELD_LINE, false, NULL},
};

/* ---- what is looked for ---- */

struct lint {
	const struct str *values;
	struct jigyokei_finding *found;
	size_t n;
};

static struct str value(const struct lint *l, const char *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(jigyokei_fields); i++)
		if (strcmp(jigyokei_fields[i].name, field) == 0)
			return l->values[i];
	CHECK(false);
	return STR("");
}

static void find(struct lint *l, const char *rule, const char *field)
{
	if (l->n < JIGYOKEI_FINDINGS_MAX)
		l->found[l->n++] = (struct jigyokei_finding){rule, field};
}

/* words: with '|' between them. */
static bool has_one(struct str text, const char *words)
{
	struct str rest = str_of(words), word;
	while (str_split(&rest, '|', &word))
		if (str_find(text, word, 0) != STR_NOT_FOUND)
			return true;
	return false;
}

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (ascii_is_digit(text.p[i]))
			return true;
	/* Full-width digits are U+FF10 to U+FF19. */
	return has_one(text, "０|１|２|３|４|５|６|７|８|９");
}

static void look_at_required(struct lint *l)
{
	for (size_t i = 0; i < ARRAY_SIZE(jigyokei_fields); i++)
		if (jigyokei_fields[i].is_required && str_trim(l->values[i]).n == 0)
			find(l, "required", jigyokei_fields[i].name);
}

static void need(struct lint *l, const char *field, const char *words, const char *rule)
{
	struct str text = value(l, field);
	if (text.n > 0 && !has_one(text, words))
		find(l, rule, field);
}

static void look_at_words(struct lint *l)
{
	static const char *const effects[] = {"effect-people", "effect-equipment", "effect-money",
	                                      "effect-information"};
	need(l, "overview", "供給|サプライ|取引先|納入|納品|地域|雇用", "role");
	need(l, "purpose", "従業員|社員", "purpose-staff");
	need(l, "purpose", "地域", "purpose-region");
	need(l, "purpose", "顧客|お客|取引先", "purpose-customers");
	need(l, "hazard", "ハザードマップ|J-SHIS|自社診断|リスク分析|地震ハザード|気象庁|想定区域", "hazard-source");
	if (value(l, "hazard").n > 0 && !has_digit(value(l, "hazard")))
		find(l, "hazard-number", "hazard");
	for (size_t i = 0; i < ARRAY_SIZE(effects); i++)
		need(l, effects[i], "事業|生産|出荷|納期|納品|営業|受注|売上|業務|サービス|取引", "business-effect");
	need(l, "effect-information", "紙|書類|帳簿|伝票|台帳", "paper-records");
	need(l, "training", "教育", "education");
	need(l, "training", "訓練", "drill");
	need(l, "review", "見直|見なお", "review");
	need(l, "management", "代表|社長|経営|取締役", "management");
	if (has_one(value(l, "funds"), "保険料"))
		find(l, "insurance", "funds");
}

/* ---- names and numbers ---- */

static size_t count_of(struct str text, struct str what)
{
	size_t n = 0;
	for (size_t at = 0; (at = str_find(text, what, at)) != STR_NOT_FOUND; at += what.n)
		n++;
	return n;
}

static bool is_katakana(struct str s)
{
	for (size_t i = 0; i < s.n; i += IDEOGRAPHIC_SPACE_BYTES) {
		struct str c = str_slice(s, i, i + IDEOGRAPHIC_SPACE_BYTES);
		/* U+30A0 to U+30FF, the middle dot and the long mark among them; U+3000. */
		bool is_kana = c.n == 3 && (unsigned char) c.p[0] == 0xE3 &&
		               (((unsigned char) c.p[1] == 0x82 && (unsigned char) c.p[2] >= 0xA0) ||
		                (unsigned char) c.p[1] == 0x83);
		if (!is_kana && !str_eq(c, STR("\xE3\x80\x80")))
			return false;
	}
	return s.n > 0;
}

bool jigyokei_is_corporate_number(struct str digits)
{
	int sum = 0;
	if (digits.n != CORPORATE_NUMBER_DIGITS)
		return false;
	for (size_t i = 0; i < digits.n; i++)
		if (!ascii_is_digit(digits.p[i]))
			return false;
	for (size_t i = 1; i < digits.n; i++) {
		int factor = (digits.n - i) % 2 ? 1 : 2, product = (digits.p[i] - '0') * factor;
		sum += product;
	}
	return digits.p[0] - '0' == 9 - sum % 9;
}

static void look_at_names(struct lint *l)
{
	struct str name = value(l, "name"), kana = value(l, "kana"), number = value(l, "corporate-number");
	if (has_one(name, "(株)|（株）|㈱|(有)|（有）|㈲"))
		find(l, "abbreviation", "name");
	if (value(l, "representative").n > 0 && count_of(value(l, "representative"), STR("\xE3\x80\x80")) != 1)
		find(l, "one-wide-space", "representative");
	if (kana.n > 0 && !is_katakana(kana))
		find(l, "katakana", "kana");
	if (number.n > 0 && !jigyokei_is_corporate_number(number))
		find(l, "corporate-number", "corporate-number");
}

/* ---- months and sums ---- */

/* "2027-04" as a number of months; -1: no month. */
static int months_of(struct str text)
{
	uint64_t year, month;
	if (text.n < MONTH_TEXT_BYTES || text.p[4] != '-' || str_parse_u64(str_slice(text, 0, 4), 9999, &year) < 0 ||
	    str_parse_u64(str_slice(text, 5, 7), MONTHS_PER_YEAR, &month) < 0 || month == 0)
		return -1;
	return (int) (year * MONTHS_PER_YEAR + month - 1);
}

static void look_at_month(struct lint *l, const char *field)
{
	uint64_t month = 0;
	struct str text = value(l, field);
	if (text.n > 0 && (str_parse_u64(text, MONTHS_PER_YEAR, &month) < 0 || month == 0))
		find(l, "month", field);
}

static void look_at_period(struct lint *l)
{
	int from = months_of(value(l, "from-month")), to = months_of(value(l, "to-month"));
	int applied = months_of(value(l, "applied-on"));
	look_at_month(l, "training-month");
	look_at_month(l, "review-month");
	if (from < 0 || to < 0) {
		if (value(l, "from-month").n > 0 && value(l, "to-month").n > 0)
			find(l, "period-form", "from-month");
		return;
	}
	if (to < from || to - from + 1 > JIGYOKEI_MONTHS_MAX)
		find(l, "period", "to-month");
	if (applied >= 0 && from < applied)
		find(l, "starts-early", "from-month");
}

/* The tax asks for a price of one of at least so many 1,000 yen, by kind (手引き 令和7年11月10日版; governance
 * facts 4.4). A kind written otherwise is not looked at. */
static bool is_below_least(struct str kind, uint64_t price)
{
	static const struct {
		const char *words;
		uint64_t least;
	} kinds[] = {{"機械", 1000}, {"器具|備品", 300}, {"附属|付属", 600}};
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (has_one(kind, kinds[i].words))
			return price < kinds[i].least;
	return false;
}

/* Columns of a line of equipment; false when there are others than seven, or what counts is no number. */
static bool read_equipment(struct str line, struct str *ret_kind, uint64_t ret_numbers[static 3])
{
	size_t n = 0, at = 0;
	while (at <= line.n && n < EQUIPMENT_COLUMNS + 1) {
		size_t end = at;
		struct str comma = STR(",");
		while (end < line.n && line.p[end] != ',' && line.p[end] != '\t' &&
		       !str_starts_with(str_slice(line, end, line.n), STR("，")) &&
		       !str_starts_with(str_slice(line, end, line.n), STR("、")))
			end++;
		if (end < line.n && line.p[end] != ',' && line.p[end] != '\t')
			comma = STR("，");
		struct str cell = str_trim(str_slice(line, at, end));
		if (cell.n == 0)
			return false;
		if (n == EQUIPMENT_COLUMNS - 4)
			*ret_kind = cell;
		if (n >= EQUIPMENT_COLUMNS - 3 && n < EQUIPMENT_COLUMNS &&
		    str_parse_u64(cell, REGISTER_NUMBER_MAX, &ret_numbers[n - (EQUIPMENT_COLUMNS - 3)]) < 0)
			return false;
		n++;
		at = end + comma.n;
		if (end == line.n)
			break;
	}
	return n == EQUIPMENT_COLUMNS;
}

static void look_at_equipment(struct lint *l)
{
	static const char *const checks[] = {"equipment-not-required", "equipment-new", "equipment-no-subsidy"};
	struct str rest = value(l, "equipment-list"), line;
	uint64_t all = 0, sum = 0;
	bool is_readable = true, fits = true, is_cheap = false;
	if (str_trim(rest).n == 0)
		return;
	while (str_split(&rest, '\n', &line)) {
		struct str kind = STR("");
		uint64_t numbers[3];
		if (str_trim(line).n == 0)
			continue;
		if (!read_equipment(str_trim(line), &kind, numbers)) {
			is_readable = false;
			continue;
		}
		/* each below a thousand million: no overflow */
		fits &= numbers[0] * numbers[1] == numbers[2];
		is_cheap |= is_below_least(kind, numbers[0]);
		all += numbers[2];
	}
	if (!is_readable)
		find(l, "equipment-line", "equipment-list");
	if (!fits)
		find(l, "equipment-product", "equipment-list");
	if (is_cheap)
		find(l, "equipment-least", "equipment-list");
	if (is_readable && (str_parse_u64(value(l, "equipment-sum"), REGISTER_NUMBER_MAX, &sum) < 0 || sum != all))
		find(l, "equipment-total", "equipment-sum");
	if (str_trim(value(l, "equipment-next")).n == 0)
		find(l, "equipment-next", "equipment-next");
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		if (value(l, checks[i]).n == 0)
			find(l, "equipment-checks", checks[i]);
}

/* Beside what is done: when, and what is prepared for it. */
static void look_at_columns(struct lint *l)
{
	static const char *const rows[][3] = {
	        {"evacuation", "evacuation-when", "evacuation-before"},
	        {"safety-check", "safety-check-when", "safety-check-before"},
	        {"emergency-stop", "emergency-stop-when", "emergency-stop-before"},
	        {"customers", "customers-when", "customers-before"},
	        {"organisation", "organisation-when", "organisation-before"},
	        {"damage", "damage-when", "damage-before"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (str_trim(value(l, rows[i][0])).n == 0)
			continue;
		if (value(l, rows[i][1]).n == 0)
			find(l, "when", rows[i][1]);
		if (str_trim(value(l, rows[i][2])).n == 0)
			find(l, "before", rows[i][2]);
	}
}

static void look_at_sums(struct lint *l)
{
	uint64_t equipment = 0, funds = 0;
	struct str a = value(l, "equipment-sum"), b = value(l, "funds-sum");
	if (a.n == 0 || str_parse_u64(a, REGISTER_NUMBER_MAX, &equipment) < 0)
		return;
	if (b.n == 0 || str_parse_u64(b, REGISTER_NUMBER_MAX, &funds) < 0 || funds < equipment)
		find(l, "sums", "funds-sum");
}

size_t jigyokei_lint(const struct str *values, struct jigyokei_finding ret[static JIGYOKEI_FINDINGS_MAX])
{
	struct lint l = {values, ret, 0};
	look_at_required(&l);
	look_at_words(&l);
	look_at_columns(&l);
	look_at_names(&l);
	look_at_period(&l);
	look_at_equipment(&l);
	look_at_sums(&l);
	return l.n;
}
