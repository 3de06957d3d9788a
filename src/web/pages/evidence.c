/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything that Sonae itself can prove, and what it is evidence of. */
#include "base/buf.h"
#include "base/err.h"
#include "web/pages/diagnosis-rows.h"

enum { CSV_MAX_BYTES = 256 * 1024 };

static json_t *words_of(const char *words)
{
	struct str rest = str_of(words), word;
	json_t *list = json_array();
	while (str_split(&rest, ' ', &word))
		if (word.n > 0)
			json_array_append_new(list, page_json_str(word));
	return list;
}

static int get(struct page *p, struct keep_evidence_list_out *ret)
{
	return keep_evidence_list(p->keep, &p->actor, &(struct keep_evidence_list_in){0}, p->arena, ret);
}

int evidence_page(struct page *p)
{
	struct keep_evidence_list_out out;
	json_t *list = json_array();
	page_put(p, "rows", list);
	int r = get(p, &out);
	for (size_t i = 0; r >= 0 && i < out.rows.n; i++) {
		enum evidence_state state;
		json_t *j = diagnosis_proof(p, &out.rows.at[i], &state);
		const struct evidence_entry *entry = evidence_find(out.rows.at[i].id);
		if (!j || !entry)
			continue;
		json_object_set_new(j, "items", words_of(entry->items));
		json_object_set_new(j, "criteria", words_of(entry->criteria));
		json_array_append_new(list, j);
	}
	return r;
}

int evidence_csv_page(struct page *p)
{
	static const char *const heads[] = {"evidence.what",   "evidence.state", "evidence.count",
	                                    "evidence.newest", "evidence.items", "evidence.criteria"};
	struct keep_evidence_list_out out;
	int r = get(p, &out);
	if (r < 0)
		return r;
	struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[i])), i + 1 == ARRAY_SIZE(heads));
	for (size_t i = 0; i < out.rows.n; i++) {
		const struct keep_evidence *row = &out.rows.at[i];
		const struct evidence_entry *entry = evidence_find(row->id);
		enum evidence_state state;
		json_t *j = diagnosis_proof(p, row, &state);
		if (!j || !entry)
			continue;
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(j, "title"))), false);
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(j, "text"))), false);
		rows_csv_cell(&b, diagnosis_number(p, (int64_t) row->count), false);
		rows_csv_cell(&b, diagnosis_day(p, row->newest_us), false);
		rows_csv_cell(&b, str_of(entry->items), false);
		rows_csv_cell(&b, str_of(entry->criteria), true);
		json_decref(j);
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "evidence.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
