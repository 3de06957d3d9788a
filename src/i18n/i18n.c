/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/i18n.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/err.h"
#include "i18n/catalogue.h"

enum { LANGUAGE_RANGES_MAX = 20 };

static const char *const tags[LANGUAGE_COUNT] = {[LANGUAGE_JA] = "ja", [LANGUAGE_EN] = "en"};

enum language language_of(struct str tag)
{
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (str_eq_icase(tag, str_of(tags[i])))
			return (enum language) i;
	return LANGUAGE_JA;
}

const char *language_tag(enum language language)
{
	CHECK((unsigned) language < LANGUAGE_COUNT);
	return tags[language];
}

/* A weight of RFC 9110 12.4.2 in thousandths; -1 when it is none. */
static int weight_of(struct str text)
{
	int value = 0, unit = 1000;

	if (text.n < 1 || text.n > 5 || (text.p[0] != '0' && text.p[0] != '1') || (text.n > 1 && text.p[1] != '.'))
		return -1;
	value = (text.p[0] - '0') * 1000;
	for (size_t i = 2; i < text.n; i++) {
		if (!ascii_is_digit(text.p[i]))
			return -1;
		unit /= 10;
		value += (text.p[i] - '0') * unit;
	}
	return value <= 1000 ? value : -1;
}

enum language language_negotiate(struct str accept_language)
{
	enum language best = LANGUAGE_JA;
	int best_weight = 0;
	struct str range;

	for (int i = 0; i < LANGUAGE_RANGES_MAX && str_split(&accept_language, ',', &range); i++) {
		size_t semicolon = str_find_char(range, ';', 0);
		struct str tag = str_trim(str_slice(range, 0, semicolon));
		int weight = 1000;
		if (semicolon != STR_NOT_FOUND) {
			struct str parameter = str_trim(str_slice(range, semicolon + 1, range.n));
			weight = str_starts_with_icase(parameter, STR("q="))
			                 ? weight_of(str_slice(parameter, 2, parameter.n))
			                 : -1;
		}
		struct str primary = str_slice(tag, 0, str_find_char(tag, '-', 0));
		for (int k = 0; k < LANGUAGE_COUNT; k++) {
			if (weight > best_weight && str_eq_icase(primary, str_of(tags[k]))) {
				best = (enum language) k;
				best_weight = weight;
			}
		}
	}
	return best;
}

const char *i18n_find(enum language language, struct str key)
{
	size_t low = 0, high = catalogue_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(key, str_of(catalogue[middle].key));
		if (order == 0)
			return catalogue[middle].text[language];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *i18n_text(enum language language, const char *key)
{
	const char *text = i18n_find(language, str_of(key));
	CHECK(text);
	return text;
}

const char *i18n_key_at(size_t i)
{
	return i < catalogue_count ? catalogue[i].key : NULL;
}

static const struct i18n_fact *find_fact(struct str name, const struct i18n_fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_c(name, facts[i].key))
			return &facts[i];
	return NULL;
}

int i18n_format(struct buf *b, enum language language, struct str key, const struct i18n_fact *facts, size_t count)
{
	const char *found = i18n_find(language, key);
	if (!found)
		return ERR_NOT_FOUND;
	struct str text = str_of(found);
	size_t at = 0;
	while (at < text.n) {
		size_t open = str_find_char(text, '{', at);
		size_t shut = open == STR_NOT_FOUND ? STR_NOT_FOUND : str_find_char(text, '}', open);
		if (shut == STR_NOT_FOUND)
			break;
		const struct i18n_fact *fact = find_fact(str_slice(text, open + 1, shut), facts, count);
		(void) buf_add_str(b, str_slice(text, at, fact ? open : shut + 1));
		if (fact)
			(void) buf_add_str(b, fact->value);
		at = shut + 1;
	}
	(void) buf_add_str(b, str_slice(text, at, text.n));
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}

struct str i18n_day(enum language language, struct str day, char ret[static I18N_DAY_BYTES])
{
	uint64_t year, month, number;
	bool is_day = day.n == 10 && day.p[4] == '-' && day.p[7] == '-' &&
	              str_parse_u64(str_slice(day, 0, 4), 9999, &year) >= 0 &&
	              str_parse_u64(str_slice(day, 5, 7), 12, &month) >= 0 &&
	              str_parse_u64(str_slice(day, 8, 10), 31, &number) >= 0;
	int n = is_day && language == LANGUAGE_JA
	                ? snprintf(ret, I18N_DAY_BYTES, "%u年%u月%u日", (unsigned) year, (unsigned) month,
	                           (unsigned) number)
	                : snprintf(ret, I18N_DAY_BYTES, "%.*s", STR_ARG(str_slice(day, 0, I18N_DAY_BYTES - 1)));
	return str_make(ret, n < 0 ? 0 : (size_t) n);
}
