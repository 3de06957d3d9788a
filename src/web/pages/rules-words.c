/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 会社のことば: names of customers, products, projects by CSV; kinds on and off; what people marked as mistaken. */
#include <string.h>

#include "base/err.h"
#include "leak/house.h"
#include "text/csv-table.h"
#include "store/ai.h"
#include "web/ask.h"
#include "web/pages/rules-rows.h"

enum { NOTE_MAX_BYTES = 200, CSV_MAX_BYTES = 24 * 1024 * 1024, TEST_MAX_BYTES = 20000 };

static const char *const group_words[LEAK_HOUSE_GROUP_COUNT] = {
#define X(id, word) [LEAK_HOUSE_##id] = word,
        LEAK_HOUSE_GROUP_LIST(X)
#undef X
};

static void put_groups(struct page *p, uint64_t off)
{
	json_t *list = json_array();
	for (unsigned i = 0; i < LEAK_HOUSE_GROUP_COUNT; i++) {
		struct str word = str_of(group_words[i]);
		json_array_append_new(list, json_pack("{s:o, s:o, s:b}", "word", page_json_str(word), "label",
		                                      rows_text(p, "rules.words.group.", word, ""), "on",
		                                      (int) !(off >> i & 1)));
	}
	page_put(p, "groups", list);
}

static int put_lists(struct page *p)
{
	struct keep_ai_word_lists_out out;
	json_t *list = json_array();

	page_put(p, "lists", list);
	int r = keep_ai_word_lists(p->keep, &p->actor, &(struct keep_ai_word_lists_in){0}, p->arena, &out);
	if (r < 0)
		return r;
	for (size_t i = 0; i < out.lists.n; i++) {
		const struct keep_ai_word_list *l = &out.lists.at[i];
		json_t *j = json_object();
		json_object_set_new(j, "version", json_integer((json_int_t) l->version));
		json_object_set_new(j, "made", page_json_time(l->made_us));
		json_object_set_new(j, "by", page_json_str(l->made_by_name));
		json_object_set_new(j, "words", json_integer((json_int_t) l->words));
		json_object_set_new(j, "note", page_json_str(l->note));
		json_object_set_new(j, "current", json_boolean(i == 0));
		json_array_append_new(list, j);
	}
	put_groups(p, out.off);
	return 0;
}

static int put_marks(struct page *p)
{
	struct keep_ai_mark_list_out out;
	json_t *suggestions = json_array(), *exceptions = json_array();

	page_put(p, "suggestions", suggestions);
	page_put(p, "exceptions", exceptions);
	int r = keep_ai_mark_list(p->keep, &p->actor, &(struct keep_ai_mark_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.suggestions.n; i++) {
		const struct keep_ai_mark *m = &out.suggestions.at[i];
		json_array_append_new(suggestions,
		                      json_pack("{s:o, s:o, s:o, s:I, s:I}", "kind", page_json_str(m->kind),
		                                "kind_label", rows_text(p, "leak.kind.", m->kind, ""), "text",
		                                page_json_str(m->text), "marks", (json_int_t) m->marks, "people",
		                                (json_int_t) m->people));
	}
	for (size_t i = 0; r >= 0 && i < out.exceptions.n; i++) {
		const struct keep_ai_exception *e = &out.exceptions.at[i];
		json_array_append_new(exceptions, json_pack("{s:o, s:o, s:o, s:b, s:o}", "kind", page_json_str(e->kind),
		                                            "kind_label", rows_text(p, "leak.kind.", e->kind, ""),
		                                            "text", page_json_str(e->text), "let_through",
		                                            (int) (e->state == AI_EXCEPTION_ALLOWED), "decided",
		                                            page_json_time(e->decided_us)));
	}
	return r;
}

static int show(struct page *p)
{
	static const char *const kept[] = {"test", NULL};
	rows_keep_fields(p, kept);
	rules_put_done(p);
	int r = put_lists(p);
	return r < 0 ? r : put_marks(p);
}

static bool is_utf8(struct str s)
{
	json_t *text = s.n > 0 ? json_stringn(s.p, s.n) : json_string("");
	bool ok = text != NULL;
	json_decref(text);
	return ok;
}

static int send_pieces(struct page *p, uint64_t version, struct str csv)
{
	struct keep_ai_word_add_out out;
	int r = 0;

	for (size_t at = 0; r >= 0 && at < csv.n; at += AI_PIECE_MAX_BYTES) {
		struct keep_ai_word_add_in in = {.version = version,
		                                 .piece = str_slice(csv, at, at + AI_PIECE_MAX_BYTES)};
		r = keep_ai_word_add(p->keep, &p->actor, &in, p->arena, &out);
	}
	return r;
}

static int store_words(struct page *p, struct str csv, uint64_t words, struct str note)
{
	struct keep_ai_word_begin_out begun;
	struct keep_ai_word_finish_out finished;

	int r = keep_ai_word_begin(p->keep, &p->actor, &(struct keep_ai_word_begin_in){.note = note}, p->arena, &begun);
	if (r >= 0)
		r = send_pieces(p, begun.version, csv);
	if (r < 0)
		return r;
	struct keep_ai_word_finish_in in = {.version = begun.version, .words = words};
	return keep_ai_word_finish(p->keep, &p->actor, &in, p->arena, &finished);
}

/* NULL: it can be taken. *ret_line: the line that cannot be read, 0 none. */
static const char *read_words(struct page *p, struct str bytes, struct str *ret_csv, struct leak_house_rows *ret,
                              size_t *ret_line)
{
	*ret_line = 0;
	if (bytes.n > CSV_MAX_BYTES)
		return "rules.words.problem.large";
	int r = csv_decode(bytes, p->arena, ret_csv);
	if (r >= 0 && str_trim(*ret_csv).n == 0)
		return "rules.words.problem.empty";
	if (r >= 0)
		r = leak_house_read_csv(*ret_csv, p->arena, ret, ret_line);
	if (r >= 0)
		return NULL;
	if (r == ERR_INVALID)
		return *ret_line > 0 ? "rules.words.problem.line" : "rules.words.problem.utf8";
	*ret_line = 0;
	return "rules.words.problem.large";
}

int rules_words_page(struct page *p)
{
	const struct page_upload *file = p->method == HTTP_POST ? page_upload(p, "file") : NULL;

	if (p->method == HTTP_GET)
		return show(p);
	struct leak_house_rows rows = {0};
	struct str csv;
	size_t line;
	const char *problem = read_words(p, file ? file->bytes : page_field(p, "words"), &csv, &rows, &line);
	if (problem) {
		if (line > 0)
			page_put(p, "bad_line", json_integer((json_int_t) line));
		page_problem(p, problem, "file");
		return show(p);
	}
	struct str note = file && is_utf8(file->name) && file->name.n < NOTE_MAX_BYTES ? file->name : STR("");
	int r = store_words(p, csv, rows.n, note);
	return r < 0 ? r : page_redirect(p, "/rules/words?done=1");
}

int rules_words_switch_page(struct page *p)
{
	struct keep_ai_word_switch_in in = {0};
	struct keep_ai_word_switch_out out;

	for (unsigned i = 0; i < LEAK_HOUSE_GROUP_COUNT; i++) {
		if (!page_has_field(p, group_words[i]))
			in.off |= 1u << i;
	}
	int r = keep_ai_word_switch(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/rules/words?done=1");
}

int rules_words_restore_page(struct page *p)
{
	struct keep_ai_word_restore_in in = {0};
	struct keep_ai_word_restore_out out;
	int r = page_parameter_u64(p, "version", &in.version);
	if (r >= 0)
		r = keep_ai_word_restore(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/rules/words?done=1");
}

int rules_words_decide_page(struct page *p)
{
	struct keep_ai_exception_set_in in = {.kind = page_field(p, "kind"), .text = page_field(p, "text")};
	struct keep_ai_exception_set_out out;
	struct str how = page_field(p, "how");

	in.state = str_eq_c(how, "let-through") ? AI_EXCEPTION_ALLOWED : str_eq_c(how, "keep") ? AI_EXCEPTION_KEPT : 0;
	int r = keep_ai_exception_set(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/rules/words?done=1");
}

int rules_words_csv_page(struct page *p)
{
	struct keep_ai_word_lists_out lists;
	struct keep_ai_word_pieces_out out;
	struct buf b = buf_make(CSV_MAX_BYTES);

	int r = keep_ai_word_lists(p->keep, &p->actor, &(struct keep_ai_word_lists_in){0}, p->arena, &lists);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (uint64_t place = 0; r >= 0 && lists.lists.n > 0; place += AI_PIECES_EACH_ANSWER) {
		struct keep_ai_word_pieces_in in = {.version = lists.lists.at[0].version, .place = place};
		r = keep_ai_word_pieces(p->keep, &p->actor, &in, p->arena, &out);
		for (size_t i = 0; r >= 0 && i < out.pieces.n; i++)
			buf_add_str(&b, out.pieces.at[i].bytes);
		if (r < 0 || out.pieces.n < AI_PIECES_EACH_ANSWER)
			break;
	}
	if (r >= 0)
		r = buf_failed(&b) ? ERR_TOO_LARGE
		                   : page_download(p, "text/csv; charset=utf-8", "words.csv", buf_str(&b));
	buf_done(&b);
	return r;
}

/* ---- the test box: what the gate finds ---- */

static int show_test(struct page *p, const struct ask_answer *answer)
{
	json_t *found =
	        answer->r < 0 || answer->status != 200 ? NULL : json_loadb(answer->body.p, answer->body.n, 0, NULL);
	json_t *kinds = json_object_get(found, "kinds"), *list = json_array(), *one;
	size_t i;

	json_array_foreach(kinds, i, one)
	{
		const char *word = json_string_value(json_object_get(one, "kind"));
		json_array_append_new(list,
		                      json_pack("{s:o, s:o}", "label", rows_text(p, "leak.kind.", str_of(word), ""),
		                                "count", json_incref(json_object_get(one, "count"))));
	}
	if (found)
		page_put(p, "found", json_pack("{s:b, s:o}", "any", (int) (json_array_size(list) > 0), "kinds", list));
	else
		json_decref(list);
	page_put(p, "no_gate", json_boolean(!found));
	json_decref(found);
	return show(p);
}

int rules_words_test_page(struct page *p)
{
	struct str text = page_field(p, "test");
	json_t *body = json_object();

	json_object_set_new(body, "text", page_json_str(str_slice(text, 0, TEST_MAX_BYTES)));
	char *dump = json_dumps(body, JSON_COMPACT);
	struct ask_question question = {.path = "/inspect", .body = str_of(dump), .done = show_test};
	int r = page_ask(p, &question);
	free(dump);
	json_decref(body);
	return r;
}
