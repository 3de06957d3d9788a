/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How I use AI: for the person alone. Minutes saved as they judge it, what they took out unchanged, and three questions
 * a month. The company sees sums of three people and more. */
#include "base/err.h"
#include "web/pages/ai-rows.h"
#include "web/pages/rows.h"

enum { MINUTES_MAX = 600, QUESTIONS = 3, MONTHS_BACK = 100 };

static json_t *sum_json(const struct page *p, const struct keep_work_sum *sum)
{
	json_t *j = json_object();
	struct str name = sum->name;
	json_object_set_new(j, "month", json_integer((json_int_t) sum->month));
	json_object_set_new(j, "name", page_json_str(name));
	if (str_starts_with(name, STR("use.")))
		json_object_set_new(j, "label", page_json_str(str_slice(name, 4, name.n)));
	else
		json_object_set_new(j, "label", rows_text(p, "ai.sum.", name, ""));
	json_object_set_new(j, "value", json_integer((json_int_t) sum->value));
	return j;
}

static int put_sums(struct page *p)
{
	struct keep_work_sums_out out;
	json_t *list = json_array(), *questions = json_array();
	page_put(p, "sums", list);
	page_put(p, "questions", questions);
	for (int i = 1; i <= QUESTIONS; i++) {
		char word[4];
		json_t *j = json_object();
		snprintf(word, sizeof(word), "%d", i);
		json_object_set_new(j, "number", json_integer(i));
		json_object_set_new(j, "text", rows_text(p, "ai.self.question.", str_of(word), ""));
		json_array_append_new(questions, j);
	}
	int r = keep_work_sums(p->keep, &p->actor, &(struct keep_work_sums_in){0}, p->arena, &out);
	for (size_t i = out.sums.n > MONTHS_BACK ? out.sums.n - MONTHS_BACK : 0; r >= 0 && i < out.sums.n; i++)
		json_array_insert_new(list, 0, sum_json(p, &out.sums.at[i]));
	return r;
}

static int note(struct page *p, const char *name, uint64_t value)
{
	struct keep_work_note_out out;
	return keep_work_note(p->keep, &p->actor, &(struct keep_work_note_in){.name = str_of(name), .value = value},
	                      p->arena, &out);
}

static int take(struct page *p)
{
	uint64_t minutes = 0;
	struct str typed = str_trim(page_field(p, "minutes"));
	int r = 0;
	if (typed.n > 0 && str_parse_u64(typed, MINUTES_MAX, &minutes) < 0) {
		page_problem(p, "work.input.no-number", "minutes");
		return put_sums(p);
	}
	if (minutes > 0)
		r = note(p, "minutes", minutes);
	for (int i = 1; r >= 0 && i <= QUESTIONS; i++) {
		char field[16], name[24];
		snprintf(field, sizeof(field), "question%d", i);
		struct str answer = page_field(p, field);
		snprintf(name, sizeof(name), "self.%d.%s", i, str_eq_c(answer, "yes") ? "yes" : "no");
		if (answer.n > 0)
			r = note(p, name, 1);
	}
	return r < 0 ? r : page_redirect(p, "/ai/self?thanks=1");
}

int ai_self_page(struct page *p)
{
	page_put(p, "thanks", json_boolean(page_query(p, "thanks").n > 0));
	return p->method == HTTP_POST ? take(p) : put_sums(p);
}
