/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * To-dos that remind until they are done: on the page, and in a calendar that reads the file (RFC 5545). */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/ai-rows.h"
#include "web/pages/rows.h"

enum { CALENDAR_MAX_BYTES = 512 * 1024, LINE_OCTETS = 74 };

static int list(struct page *p, struct keep_todo_list_out *out)
{
	return keep_todo_list(p->keep, &p->actor, &(struct keep_todo_list_in){0}, p->arena, out);
}

static int show(struct page *p)
{
	struct keep_todo_list_out out;
	json_t *todos = json_array();
	int r = list(p, &out);
	for (size_t i = 0; r >= 0 && i < out.todos.n; i++)
		json_array_append_new(todos, ai_todo(p, &out.todos.at[i]));
	page_put(p, "todos", todos);
	return r;
}

static int add(struct page *p)
{
	static const char *const fields[] = {"owner", "due", "task", NULL};
	struct keep_todo_add_out out;
	int64_t us;
	struct str due = str_trim(page_field(p, "due"));
	const char *problem = rows_day(p, due, &us) < 0                ? "work.input.no-date"
	                      : str_trim(page_field(p, "task")).n == 0 ? "work.input.missing"
	                                                               : NULL;
	int r = 0;
	if (!problem) {
		r = keep_todo_add(p->keep, &p->actor,
		                  &(struct keep_todo_add_in){.owner = str_trim(page_field(p, "owner")),
		                                             .due = due,
		                                             .task = str_trim(page_field(p, "task"))},
		                  p->arena, &out);
		if (r != ERR_INVALID)
			return r < 0 ? r : page_redirect(p, "/ai/todos");
		problem = "work.input.too-long";
	}
	page_problem(p, problem, "task");
	rows_keep_fields(p, fields);
	return show(p);
}

int ai_todos_page(struct page *p)
{
	return p->method == HTTP_POST ? add(p) : show(p);
}

int ai_todo_done_page(struct page *p)
{
	struct keep_todo_done_out out;
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = keep_todo_done(p->keep, &p->actor,
		                   &(struct keep_todo_done_in){.id = id, .is_done = !page_has_field(p, "undo")},
		                   p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/ai/todos");
}

/* ---- the calendar ---- */

/* Content lines of at most 75 octets, folded between characters (RFC 5545, 3.1); \ , ; and line ends escaped (3.3.11).
 */
static void add_line(struct buf *b, const char *name, struct str value)
{
	size_t octets = strlen(name);
	buf_add_c(b, name);
	for (size_t i = 0; i < value.n;) {
		size_t n = 1;
		char c = value.p[i];
		while (i + n < value.n && ((unsigned char) value.p[i + n] & 0xC0) == 0x80)
			n++;
		bool is_escaped = c == '\\' || c == ',' || c == ';';
		if (octets + n + is_escaped > LINE_OCTETS) {
			buf_add_c(b, "\r\n ");
			octets = 1;
		}
		if (is_escaped)
			buf_add_char(b, '\\');
		buf_add(b, value.p + i, (unsigned char) c >= 0x20 ? n : 0);
		octets += n + is_escaped;
		i += n;
	}
	buf_add_c(b, "\r\n");
}

static struct str without_hyphens(struct arena *a, struct str day)
{
	return arena_printf(a, "%.4s%.2s%.2s", day.p, day.p + 5, day.p + 8);
}

static void add_todo(struct buf *b, struct page *p, const struct keep_todo *todo)
{
	struct str day = without_hyphens(p->arena, todo->due), summary = todo->task;
	if (todo->owner.n > 0)
		summary = arena_printf(p->arena, "%.*s (%.*s)", STR_ARG(todo->task), STR_ARG(todo->owner));
	char stamp[CLOCK_TEXT_BYTES];
	clock_format_utc(todo->created_us, stamp);
	struct str made =
	        arena_printf(p->arena, "%.*sT%.2s%.2s%.2sZ", STR_ARG(without_hyphens(p->arena, str_make(stamp, 10))),
	                     stamp + 11, stamp + 14, stamp + 17);
	buf_add_c(b, "BEGIN:VEVENT\r\n");
	add_line(b, "UID:",
	         arena_printf(p->arena, "todo-%llu-%llu@sonae", (unsigned long long) p->person.id,
	                      (unsigned long long) todo->id));
	add_line(b, "DTSTAMP:", made);
	add_line(b, "DTSTART;VALUE=DATE:", day);
	add_line(b, "SUMMARY:", summary);
	buf_add_c(b, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15H\r\n");
	add_line(b, "DESCRIPTION:", summary);
	buf_add_c(b, "END:VALARM\r\nEND:VEVENT\r\n");
}

int ai_todos_calendar_page(struct page *p)
{
	struct keep_todo_list_out out;
	struct buf b = buf_make(CALENDAR_MAX_BYTES);
	int r = list(p, &out);
	if (r < 0)
		return r;
	buf_add_c(&b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sonae//Sonae//JA\r\n");
	for (size_t i = 0; i < out.todos.n; i++)
		if (out.todos.at[i].done_us == 0 && out.todos.at[i].due.n > 0)
			add_todo(&b, p, &out.todos.at[i]);
	buf_add_c(&b, "END:VCALENDAR\r\n");
	r = page_download(p, "text/calendar; charset=utf-8", "sonae-todos.ics", buf_str(&b));
	buf_done(&b);
	return r;
}
