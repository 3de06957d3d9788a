/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dated facts that other pages use, with where each is from, when it was checked and until when it holds. */
#include "base/buf.h"
#include "base/err.h"
#include "web/facts.h"
#include "web/pages/rows.h"

enum { CSV_MAX_BYTES = 8 * 1024 * 1024 };

struct filter {
	struct str kind, text;
};

static bool has(struct str where, struct str what)
{
	return str_find_icase(where, what, 0) != STR_NOT_FOUND;
}

static bool has_text(const struct fact *fact, struct str text)
{
	for (size_t i = 0; i < fact->values.n; i++)
		if (has(fact->values.at[i].text, text))
			return true;
	return has(fact->id, text) || has(fact->group, text) || has(fact->source, text) || has(fact->region, text) ||
	       has(fact->text[LANGUAGE_JA], text) || has(fact->text[LANGUAGE_EN], text);
}

static bool is_wanted(const struct fact *fact, const struct filter *filter)
{
	return (str_is_empty(filter->kind) || str_eq(fact->kind_word, filter->kind)) &&
	       (str_is_empty(filter->text) || has_text(fact, filter->text));
}

static struct filter read_filter(const struct page *p)
{
	struct filter filter = {.text = str_trim(page_query(p, "q"))};
	enum fact_kind kind;
	/* A kind that is not known shows all, like an empty one. */
	if (fact_kind_find(page_query(p, "kind"), &kind) >= 0)
		filter.kind = page_query(p, "kind");
	return filter;
}

static json_t *values_of(const struct fact *fact)
{
	json_t *values = json_array();
	for (size_t i = 0; i < fact->values.n; i++) {
		const struct fact_value *value = &fact->values.at[i];
		json_t *one = json_object();
		json_object_set_new(one, "name", page_json_str(value->name));
		json_object_set_new(one, "text", page_json_str(value->text));
		json_object_set_new(one, "number", value->is_number ? json_real(value->number) : json_null());
		json_array_append_new(values, one);
	}
	return values;
}

static json_t *see_of(const struct fact *fact)
{
	json_t *see = json_array();
	for (size_t i = 0; i < fact->see.n; i++)
		json_array_append_new(see, page_json_str(fact->see.at[i]));
	return see;
}

/* The kinds whose text alone does not say it all. */
static bool shows_values(const struct fact *fact)
{
	return fact->kind == FACT_CONTACT || fact->kind == FACT_LINK;
}

json_t *facts_region_label(const struct page *p, struct str region)
{
	if (str_is_empty(region))
		return json_null();
	const char *name = i18n_find(p->language, arena_printf(p->arena, "facts.region.%.*s", STR_ARG(region)));
	return name ? json_string(name) : page_json_str(region);
}

static json_t *row_of(const struct page *p, const struct fact *fact, struct str today)
{
	json_t *row = json_object();
	json_object_set_new(row, "id", page_json_str(fact->id));
	json_object_set_new(row, "kind", page_json_str(fact->kind_word));
	json_object_set_new(row, "kind_label", rows_text(p, "facts.kind.", fact->kind_word, ""));
	json_object_set_new(row, "group", page_json_str(fact->group));
	json_object_set_new(row, "region", page_json_str(fact->region));
	json_object_set_new(row, "region_label", facts_region_label(p, fact->region));
	json_object_set_new(row, "text", page_json_str(fact->text[p->language]));
	json_object_set_new(row, "ja", page_json_str(fact->text[LANGUAGE_JA]));
	json_object_set_new(row, "en", page_json_str(fact->text[LANGUAGE_EN]));
	json_object_set_new(row, "values", values_of(fact));
	json_object_set_new(row, "shown", shows_values(fact) ? values_of(fact) : json_array());
	json_object_set_new(row, "see", see_of(fact));
	json_object_set_new(row, "source", page_json_str(fact->source));
	json_object_set_new(row, "checked", page_json_str(fact->checked));
	json_object_set_new(row, "expires", page_json_str(fact->expires));
	json_object_set_new(row, "checked_day", page_json_str(rows_day_text(p, fact->checked)));
	json_object_set_new(row, "expires_day", page_json_str(rows_day_text(p, fact->expires)));
	json_object_set_new(row, "is_expired", json_boolean(fact_is_expired(fact, today)));
	json_object_set_new(row, "is_unverified", json_boolean(!fact->verified));
	return row;
}

static json_t *kinds_of(const struct page *p, struct str selected)
{
	json_t *kinds = json_array();
	for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
		struct str word = str_of(fact_kind_word((enum fact_kind) i));
		json_t *kind = json_object();
		json_object_set_new(kind, "word", page_json_str(word));
		json_object_set_new(kind, "label", rows_text(p, "facts.kind.", word, ""));
		json_object_set_new(kind, "selected", json_boolean(str_eq(word, selected)));
		json_array_append_new(kinds, kind);
	}
	return kinds;
}

int facts_page(struct page *p)
{
	const struct facts *facts = page_facts(p);
	struct filter filter = read_filter(p);
	struct str today = page_today(p);
	json_t *rows = json_array();
	size_t expired = 0, unverified = 0;
	/* By kind, and within a kind in the order of the files. */
	for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++) {
		const struct fact *fact;
		for (size_t at = 0; (fact = fact_next(facts, (enum fact_kind) kind, &at));) {
			if (!is_wanted(fact, &filter))
				continue;
			expired += fact_is_expired(fact, today);
			unverified += !fact->verified;
			json_array_append_new(rows, row_of(p, fact, today));
		}
	}
	page_put(p, "count", json_integer((json_int_t) json_array_size(rows)));
	page_put(p, "expired_count", json_integer((json_int_t) expired));
	page_put(p, "unverified_count", json_integer((json_int_t) unverified));
	page_put(p, "facts", rows);
	page_put(p, "not_read", json_boolean(!page_facts_are_whole(p)));
	page_put(p, "kinds", kinds_of(p, filter.kind));
	page_put_str(p, "kind", filter.kind);
	page_put_str(p, "q", filter.text);
	return 0;
}

static struct str joined_values(const struct page *p, const struct fact *fact)
{
	struct str all = STR("");
	for (size_t i = 0; i < fact->values.n; i++)
		all = arena_printf(p->arena, "%.*s%s%.*s=%.*s", STR_ARG(all), i > 0 ? "; " : "",
		                   STR_ARG(fact->values.at[i].name), STR_ARG(fact->values.at[i].text));
	return all;
}

static void add_csv_row(const struct page *p, struct buf *b, const struct fact *fact, struct str today)
{
	const struct str cells[] = {
	        fact->id,
	        fact->kind_word,
	        fact->group,
	        fact->region,
	        fact->text[LANGUAGE_JA],
	        fact->text[LANGUAGE_EN],
	        joined_values(p, fact),
	        fact->source,
	        fact->checked,
	        fact->expires,
	        str_of(fact_is_expired(fact, today) ? i18n_text(p->language, "facts.expired") : ""),
	        str_of(fact->verified ? "" : i18n_text(p->language, "facts.unverified")),
	};
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		rows_csv_cell(b, cells[i], i + 1 == ARRAY_SIZE(cells));
}

int facts_csv_page(struct page *p)
{
	static const char *const heads[] = {"id",     "kind",   "group",   "region",  "ja",         "en",
	                                    "values", "source", "checked", "expires", "is-expired", "is-unverified"};
	const struct facts *facts = page_facts(p);
	struct filter filter = read_filter(p);
	struct str today = page_today(p);
	struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		rows_csv_cell(&b, str_of(heads[i]), i + 1 == ARRAY_SIZE(heads));
	for (size_t i = 0; i < facts->n; i++)
		if (is_wanted(&facts->at[i], &filter))
			add_csv_row(p, &b, &facts->at[i], today);
	int r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "facts.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
