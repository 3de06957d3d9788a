/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One talk: what was said, what the last answer makes (to-dos, a flow, subtitles), what in it can be checked, and
 * taking it out with the name of who is responsible. */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/ai-rows.h"
#include "web/pages/rows.h"
#include "web/template.h"
#include "work/answer.h"
#include "work/checkable.h"

enum { SIMILAR_PERCENT = 30, EXPORT_MAX_BYTES = 4 * 1024 * 1024, NUMBER_MAX_BYTES = 24, SVG_MAX_BYTES = 1024 * 1024 };

struct reading_talk {
	struct keep_talk_get_out out;
	struct work_templates templates;
	const struct work_template *work;       /* NULL: a plain talk */
	const struct keep_turn *asked, *answer; /* the last ones; NULL none */
};

static int read_talk(struct page *p, struct reading_talk *ret)
{
	uint64_t id;
	*ret = (struct reading_talk){0};
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = keep_talk_get(p->keep, &p->actor, &(struct keep_talk_get_in){.id = id}, p->arena, &ret->out);
	if (r >= 0)
		r = page_work(p, &ret->templates);
	if (r < 0)
		return r;
	ret->work = work_find(&ret->templates, ret->out.talks.at[0].template_id);
	for (size_t i = 0; i < ret->out.turns.n; i++) {
		const struct keep_turn *turn = &ret->out.turns.at[i];
		if (turn->speaker != AI_SECOND)
			*(turn->speaker == AI_MODEL ? &ret->answer : &ret->asked) = turn;
	}
	return 0;
}

/* ---- what the answer makes ---- */

static void put_todos(struct page *p, struct str answer)
{
	struct answer_todos todos;
	json_t *list = json_array();
	if (answer_read_todos(answer, p->arena, &todos) < 0)
		return;
	for (size_t i = 0; i < todos.n; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "number", json_integer((json_int_t) i));
		json_object_set_new(j, "owner", page_json_str(todos.at[i].owner));
		json_object_set_new(j, "due", page_json_str(todos.at[i].due));
		json_object_set_new(j, "task", page_json_str(todos.at[i].task));
		json_array_append_new(list, j);
	}
	page_put(p, "todos", list);
}

static void put_flow(struct page *p, struct str title, struct str answer)
{
	struct answer_flow flow;
	struct buf svg = buf_make(SVG_MAX_BYTES);
	if (answer_read_flow(answer, p->arena, &flow) >= 0 && flow.arrows.n > 0 &&
	    answer_draw_flow(&flow, title, &svg) >= 0)
		page_put(p, "flow", template_fragment(buf_str(&svg)));
	buf_done(&svg);
}

static void put_subtitles(struct page *p, struct str answer)
{
	struct answer_subtitles s;
	if (answer_read_subtitles(answer, p->arena, &s) < 0 || s.n == 0)
		return;
	json_t *j = json_object();
	json_object_set_new(j, "count", json_integer((json_int_t) s.n));
	json_object_set_new(j, "too_long", json_integer((json_int_t) s.too_long));
	json_object_set_new(j, "unread", json_integer((json_int_t) s.unread));
	page_put(p, "subtitles", j);
}

static size_t count_lines(struct str text)
{
	struct str line;
	size_t n = 0;
	while (str_next_line(&text, &line))
		n += str_trim(line).n > 0 && ascii_is_digit(str_trim(line).p[0]);
	return n;
}

/* The numbered lines stood in the prompt. */
static void put_themes(struct page *p, struct str asked, struct str answer)
{
	struct answer_themes themes;
	json_t *list = json_array();
	if (answer_read_themes(answer, count_lines(asked), p->arena, &themes) < 0)
		return;
	for (size_t i = 0; i < themes.n; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "name", page_json_str(themes.at[i].name));
		json_object_set_new(j, "count", json_integer((json_int_t) themes.at[i].count));
		json_array_append_new(list, j);
	}
	page_put(p, "themes", list);
	page_put(p, "themes_missing", json_integer((json_int_t) themes.missing));
}

static void put_bias(struct page *p, struct str answer)
{
	json_t *list = json_array();
	struct checkable c;
	for (size_t at = 0; checkable_find_bias(answer, at, &c); at = c.end)
		json_array_append_new(list, page_json_str(str_slice(answer, c.start, c.end)));
	page_put(p, "bias", list);
}

static void put_made(struct page *p, const struct reading_talk *t)
{
	struct str answer = t->answer->text, asked = t->asked ? t->asked->text : STR("");
	if (!t->work)
		return;
	if (t->work->output == WORK_OUTPUT_TODOS || t->work->output == WORK_OUTPUT_MINUTES)
		put_todos(p, answer);
	if (t->work->output == WORK_OUTPUT_FLOW)
		put_flow(p, work_text_in(&t->work->name, p->language), answer);
	if (t->work->output == WORK_OUTPUT_SUBTITLES)
		put_subtitles(p, answer);
	if (t->work->output == WORK_OUTPUT_THEMES)
		put_themes(p, asked, answer);
	if (t->work->about_people)
		put_bias(p, answer);
}

static void put_before_leaving(struct page *p, const struct reading_talk *t)
{
	size_t n;
	double share = t->asked ? checkable_overlap(t->answer->text, t->asked->text, p->arena) : 0;
	page_put(p, "claims", ai_claims(p, t->answer->text));
	page_put(p, "checks", ai_checks(p, t->work, &n));
	page_put(p, "about_people", json_boolean(t->work && t->work->about_people));
	page_put(p, "is_public", json_boolean(t->work && t->work->is_public));
	if (share * 100 >= SIMILAR_PERCENT)
		page_put(p, "similar", json_integer((json_int_t) (share * 100)));
}

static int show(struct page *p, const struct reading_talk *t)
{
	json_t *turns = json_array();
	page_put(p, "one", ai_talk(p, &t->out.talks.at[0]));
	page_put(p, "turns", turns);
	page_set_title(p, t->out.talks.at[0].title);
	for (size_t i = 0; i < t->out.turns.n; i++)
		if (t->out.turns.at[i].speaker != AI_SECOND)
			json_array_append_new(turns, ai_turn(p, &t->out.turns.at[i]));
	page_put(p, "has_answer", json_boolean(t->answer != NULL));
	if (t->work)
		page_put(p, "work", ai_template(p, t->work));
	if (t->answer) {
		put_made(p, t);
		put_before_leaving(p, t);
	}
	page_put(p, "talk", json_integer((json_int_t) t->out.talks.at[0].id));
	return ai_put_models(p, t->out.talks.at[0].model, t->work && t->work->local_only);
}

int ai_talk_page(struct page *p)
{
	struct reading_talk t;
	int r = read_talk(p, &t);
	return r < 0 ? r : show(p, &t);
}

int ai_talk_delete_page(struct page *p)
{
	struct keep_talk_delete_out out;
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = keep_talk_delete(p->keep, &p->actor, &(struct keep_talk_delete_in){.id = id}, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/ai");
}

/* ---- taking it out ---- */

static bool is_ticked(const struct page *p, const char *field, struct str word)
{
	struct str value;
	for (size_t i = 0; page_field_at(p, field, i, &value); i++)
		if (str_eq(value, word))
			return true;
	return false;
}

static void add_text(struct buf *b, const struct page *p, const char *key, const struct i18n_fact *facts, size_t n)
{
	i18n_format(b, p->language, str_of(key), facts, n);
	buf_add_c(b, "\r\n");
}

/* What was not ticked, under 「未確認」. */
static size_t add_unticked(struct buf *b, const struct page *p, json_t *list, const char *field, const char *id)
{
	size_t i, unticked = 0;
	json_t *j;
	json_array_foreach(list, i, j)
	{
		char number[NUMBER_MAX_BYTES];
		const char *word = json_string_value(json_object_get(j, id));
		snprintf(number, sizeof(number), "%zu", i);
		if (is_ticked(p, field, word ? str_of(word) : str_of(number)))
			continue;
		unticked++;
		buf_printf(b, "- %s\r\n", json_string_value(json_object_get(j, "text")));
	}
	return unticked;
}

static void add_lines(struct buf *b, struct str text)
{
	struct str line;
	while (str_next_line(&text, &line)) {
		buf_add_str(b, line);
		buf_add_c(b, "\r\n");
	}
}

static int record_export(struct page *p, const struct reading_talk *t, size_t claims, size_t ticked, size_t checks,
                         size_t checked)
{
	struct keep_work_export_out out;
	const struct keep_work_export_in in = {.template_id = t->out.talks.at[0].template_id,
	                                       .claims = claims,
	                                       .ticked = ticked,
	                                       .checks = checks,
	                                       .checked = checked,
	                                       .is_public = page_has_field(p, "public"),
	                                       .unchanged = str_eq(page_field(p, "text"), t->answer->text),
	                                       .decided = page_field(p, "decision").n > 0};
	return keep_work_export(p->keep, &p->actor, &in, p->arena, &out);
}

static int write_export(struct page *p, const struct reading_talk *t, struct str text, struct buf *b)
{
	struct buf open = buf_make(EXPORT_MAX_BYTES);
	char day[CLOCK_TEXT_BYTES];
	size_t check_count;
	json_t *claims = ai_claims(p, t->answer->text), *checks = ai_checks(p, t->work, &check_count);
	size_t claim_count = json_array_size(claims);
	size_t unticked = add_unticked(&open, p, claims, "claim", "");
	size_t unchecked = add_unticked(&open, p, checks, "check", "word");

	clock_format_local(p->now_us, day);
	buf_add_c(b, ROWS_CSV_BOM);
	if (unticked + unchecked > 0)
		add_text(b, p, "ai.export.unchecked", NULL, 0);
	add_lines(b, text);
	buf_add_c(b, "\r\n--\r\n");
	add_text(b, p, "ai.export.responsible", &(const struct i18n_fact){"name", p->person.name}, 1);
	add_text(b, p, "ai.export.made", &(const struct i18n_fact){"day", str_make(day, 10)}, 1);
	if (page_field(p, "decision").n > 0)
		add_text(b, p, "ai.export.decision", &(const struct i18n_fact){"decision", page_field(p, "decision")},
		         1);
	if (unticked + unchecked > 0) {
		add_text(b, p, "ai.export.open", NULL, 0);
		buf_add_str(b, buf_str(&open));
	}
	json_decref(claims);
	json_decref(checks);
	buf_done(&open);
	return record_export(p, t, claim_count, claim_count - unticked, check_count, check_count - unchecked);
}

int ai_export_page(struct page *p)
{
	struct buf b = buf_make(EXPORT_MAX_BYTES);
	struct reading_talk t;
	int r = read_talk(p, &t);
	if (r < 0)
		return r;
	if (!t.answer)
		return ERR_NOT_FOUND;
	bool about_people = t.work && t.work->about_people;
	if (about_people && page_field(p, "decision").n == 0) {
		page_problem(p, "ai.export.decision-missing", "decision");
		return show(p, &t);
	}
	struct str text = page_has_field(p, "text") ? page_field(p, "text") : t.answer->text;
	r = write_export(p, &t, text, &b);
	if (r >= 0)
		r = buf_failed(&b) ? ERR_TOO_LARGE
		                   : page_download(p, "text/plain; charset=utf-8", "sonae-ai.txt", buf_str(&b));
	buf_done(&b);
	return r;
}

int ai_subtitles_page(struct page *p)
{
	struct buf b = buf_make(EXPORT_MAX_BYTES);
	struct answer_subtitles s;
	struct reading_talk t;
	int r = read_talk(p, &t);
	if (r < 0 || !t.answer)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = answer_read_subtitles(t.answer->text, p->arena, &s);
	if (r >= 0)
		r = s.n > 0 ? answer_write_webvtt(&s, &b) : ERR_NOT_FOUND;
	if (r >= 0)
		r = page_download(p, "text/vtt", "sonae.vtt", buf_str(&b));
	buf_done(&b);
	return r;
}

/* ---- to-dos of an answer ---- */

int ai_talk_todos_page(struct page *p)
{
	struct answer_todos todos;
	struct reading_talk t;
	int r = read_talk(p, &t);
	if (r < 0 || !t.answer)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = answer_read_todos(t.answer->text, p->arena, &todos);
	for (size_t i = 0; r >= 0 && i < todos.n; i++) {
		struct keep_todo_add_out out;
		char number[NUMBER_MAX_BYTES];
		snprintf(number, sizeof(number), "%zu", i);
		const struct answer_todo *todo = &todos.at[i];
		if (is_ticked(p, "todo", str_of(number)))
			r = keep_todo_add(
			        p->keep, &p->actor,
			        &(struct keep_todo_add_in){.owner = todo->owner, .due = todo->due, .task = todo->task},
			        p->arena, &out);
	}
	return r < 0 ? r : page_redirect(p, "/ai/todos");
}
