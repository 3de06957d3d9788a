/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "post/compose.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "i18n/i18n.h"
#include "ledger/base64.h"

enum {
	WORD_BYTES = 39, /* 52 letters of Base64, "=?UTF-8?B??=" and the name of the field: within 76 (RFC 2047, 2) */
	LINE_BYTES = 57, /* 76 letters (RFC 2045, 6.8) */
	KEY_MAX_BYTES = 80,
	NUMBER_BYTES = 24,
	VALUES_MAX = 3,
};

struct text {
	struct buf *b;
	enum language language;
	const struct keep_mail_job *job;
	const struct keep_mail_server *server;
};

/* ---- facts ---- */

static bool next_fact(struct str *rest, struct str *ret_name, struct str values[static VALUES_MAX])
{
	struct str line;
	if (!str_next_line(rest, &line))
		return false;
	if (!str_split(&line, '\t', ret_name))
		*ret_name = STR("");
	for (int i = 0; i < VALUES_MAX; i++)
		if (i == VALUES_MAX - 1 || !str_split(&line, '\t', &values[i]))
			values[i] = line;
	return true;
}

static struct str fact(const struct keep_mail_job *job, const char *name)
{
	struct str rest = job->facts, line;
	while (str_next_line(&rest, &line)) {
		size_t tab = str_find_char(line, '\t', 0);
		if (tab != STR_NOT_FOUND && str_eq_c(str_slice(line, 0, tab), name))
			return str_slice(line, tab + 1, line.n);
	}
	return STR("");
}

/* ---- headers ---- */

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != ' ')
			return false;
	return s.n <= WORD_BYTES;
}

static void add_words(struct buf *b, struct str s)
{
	if (is_plain(s)) {
		buf_add_str(b, s);
		return;
	}
	for (size_t at = 0; at < s.n;) {
		size_t end = at + WORD_BYTES < s.n ? at + WORD_BYTES : s.n;
		while (end < s.n && end > at + 1 && ((unsigned char) s.p[end] & 0xC0) == 0x80)
			end--;
		buf_add_c(b, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		base64_add(b, s.p + at, end - at);
		buf_add_c(b, "?=");
		at = end;
	}
}

static void add_date(struct buf *b, int64_t now_us)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = (time_t) (now_us / CLOCK_SECOND_US);
	struct tm t;
	localtime_r(&now, &t);
	long offset = t.tm_gmtoff / 60, size = offset < 0 ? -offset : offset;
	buf_printf(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d %c%02ld%02ld\r\n", days + (size_t) t.tm_wday * 3,
	           t.tm_mday, months + (size_t) t.tm_mon * 3, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec,
	           offset < 0 ? '-' : '+', size / 60, size % 60);
}

struct str compose_domain(struct str address)
{
	size_t at = str_rfind_char(address, '@');
	return at == STR_NOT_FOUND ? STR("") : str_slice(address, at + 1, address.n);
}

/* The keeper has looked at them; a line end here would be a header of somebody else's. */
static bool is_address(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || (unsigned char) s.p[i] >= 0x7F || strchr("<>\"(),;:\\", s.p[i]))
			return false;
	return compose_domain(s).n > 0;
}

static void add_headers(const struct text *t, struct str subject, int64_t now_us)
{
	struct buf *b = t->b;
	struct str domain = compose_domain(t->server->from);
	add_date(b, now_us);
	buf_add_c(b, "From: ");
	add_words(b, t->server->company.n ? t->server->company : STR("Sonae"));
	buf_printf(b, "\r\n <%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(t->server->from), STR_ARG(t->job->address));
	buf_printf(b, "Message-ID: <sonae.%llu.%lld@%.*s>\r\nSubject: ", (unsigned long long) t->job->id,
	           (long long) t->job->made_us, STR_ARG(domain));
	add_words(b, subject);
	buf_printf(b,
	           "\r\nAuto-Submitted: auto-generated\r\nContent-Language: %s\r\nMIME-Version: 1.0\r\n"
	           "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
	           language_tag(t->language));
}

static void add_body(struct buf *b, struct str text)
{
	for (size_t at = 0; at < text.n; at += LINE_BYTES) {
		size_t n = text.n - at < LINE_BYTES ? text.n - at : LINE_BYTES;
		base64_add(b, text.p + at, n);
		buf_add_c(b, "\r\n");
	}
}

/* ---- texts ---- */

static void say(const struct text *t, struct buf *b, const char *key, const struct i18n_fact *facts, size_t n)
{
	(void) i18n_format(b, t->language, str_of(key), facts, n);
}

static void line(const struct text *t, struct buf *b, const char *key, const struct i18n_fact *facts, size_t n)
{
	say(t, b, key, facts, n);
	buf_add_c(b, "\r\n");
}

static void add_link(const struct text *t, struct buf *b, const char *key, const char *path)
{
	struct str address = t->server->address;
	while (str_ends_with(address, STR("/")))
		address.n--;
	say(t, b, key, NULL, 0);
	buf_add_c(b, "\r\n");
	if (address.n)
		buf_printf(b, "  %.*s%s\r\n", STR_ARG(address), path);
}

/* The name of a part: of a register its own, of others one of post's. */
static struct str part_name(const struct text *t, struct str word)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "post.part.%.*s", STR_ARG(word));
	const char *name = i18n_find(t->language, str_of(key));
	if (!name) {
		snprintf(key, sizeof(key), "register.%.*s", STR_ARG(word));
		name = i18n_find(t->language, str_of(key));
	}
	return name ? str_of(name) : word;
}

static uint64_t number(struct str s)
{
	uint64_t value = 0;
	return str_parse_u64(s, UINT32_MAX, &value) < 0 ? 0 : value;
}

static void add_part(const struct text *t, struct buf *b, const struct str *v)
{
	const struct i18n_fact facts[] = {{"part", part_name(t, v[0])}, {"late", v[1]}, {"soon", v[2]}};
	const char *key = number(v[1]) == 0   ? "post.digest.soon"
	                  : number(v[2]) == 0 ? "post.digest.late"
	                                      : "post.digest.both";
	line(t, b, key, facts, 3);
}

static uint64_t count_parts(struct str facts, bool *ret_todos, bool *ret_others)
{
	struct str name, v[VALUES_MAX];
	uint64_t count = 0;
	while (next_fact(&facts, &name, v)) {
		if (!str_eq_c(name, "part"))
			continue;
		count += number(v[1]) + number(v[2]);
		*(str_eq_c(v[0], "todos") ? ret_todos : ret_others) = true;
	}
	return count;
}

static void say_digest(const struct text *t, struct buf *subject, struct buf *b)
{
	struct str rest = t->job->facts, name, v[VALUES_MAX];
	bool todos = false, others = false;
	char count[NUMBER_BYTES];
	snprintf(count, sizeof(count), "%llu", (unsigned long long) count_parts(rest, &todos, &others));
	say(t, subject, "post.digest.subject", &(struct i18n_fact){"count", str_of(count)}, 1);
	line(t, b, "post.digest.lead", NULL, 0);
	buf_add_c(b, "\r\n");
	while (next_fact(&rest, &name, v)) {
		if (str_eq_c(name, "part"))
			add_part(t, b, v);
		else if (str_eq_c(name, "title"))
			buf_printf(b, "    %.*s  %.*s\r\n", STR_ARG(v[0]), STR_ARG(v[1]));
	}
	buf_add_c(b, "\r\n");
	if (others)
		add_link(t, b, "post.digest.open", "/prepare/due");
	if (todos)
		add_link(t, b, "post.digest.open-todos", "/ai/todos");
}

static void say_month(const struct text *t, struct buf *subject, struct buf *b)
{
	struct str month = fact(t->job, "month");
	const struct i18n_fact facts[] = {{"year", str_slice(month, 0, 4)}, {"month", str_slice(month, 4, 6)}};
	say(t, subject, "post.month.subject", facts, 2);
	line(t, b, "post.month.lead", facts, 2);
	add_link(t, b, "post.month.open", "/months");
}

static void say_checkpoint(const struct text *t, struct buf *subject, struct buf *b)
{
	struct str rest = t->job->facts, one;
	say(t, subject, "post.checkpoint.subject", NULL, 0);
	line(t, b, "post.checkpoint.lead", NULL, 0);
	buf_add_c(b, "\r\n");
	while (str_next_line(&rest, &one))
		if (str_starts_with(one, STR("note\t")))
			buf_printf(b, "%.*s\r\n", STR_ARG(str_slice(one, 5, one.n)));
	buf_add_c(b, "\r\n");
	line(t, b, "post.checkpoint.use", NULL, 0);
}

static void say_invitation(const struct text *t, struct buf *subject, struct buf *b)
{
	const struct i18n_fact facts[] = {
	        {"by", fact(t->job, "by")}, {"until", fact(t->job, "until")}, {"company", t->server->company}};
	say(t, subject, "post.invitation.subject", facts, 3);
	line(t, b, "post.invitation.lead", facts, 3);
	buf_printf(b, "\r\n  %.*s\r\n\r\n", STR_ARG(fact(t->job, "link")));
	line(t, b, "post.invitation.until", facts, 3);
}

static void say_test(const struct text *t, struct buf *subject, struct buf *b)
{
	say(t, subject, "post.test.subject", NULL, 0);
	line(t, b, "post.test.lead", NULL, 0);
}

static const struct {
	const char *kind;
	void (*say)(const struct text *t, struct buf *subject, struct buf *b);
	bool may_be_stopped;
} kinds[] = {{"checkpoint", say_checkpoint, true},
             {"digest", say_digest, true},
             {"invitation", say_invitation, false},
             {"month", say_month, true},
             {"test", say_test, false}};

static int say_kind(const struct text *t, struct buf *subject, struct buf *b)
{
	const struct i18n_fact facts[] = {{"name", t->job->name}, {"company", t->server->company}};
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!str_eq_c(t->job->kind, kinds[i].kind))
			continue;
		if (t->job->name.n)
			say(t, b, "post.greeting", facts, 2);
		buf_add_c(b, t->job->name.n ? "\r\n\r\n" : "");
		kinds[i].say(t, subject, b);
		buf_add_c(b, "\r\n-- \r\n");
		line(t, b, "post.footer", facts, 2);
		if (kinds[i].may_be_stopped)
			add_link(t, b, "post.stop", "/me");
		return buf_failed(b) || buf_failed(subject) ? ERR_TOO_LARGE : 0;
	}
	return ERR_INVALID;
}

int compose_mail(const struct keep_mail_job *job, const struct keep_mail_server *server, int64_t now_us, struct buf *b)
{
	CLEANUP(buf_wipe_done) struct buf body = buf_make(COMPOSE_MAX_BYTES), subject = buf_make(COMPOSE_MAX_BYTES);
	const struct text t = {.b = b, .language = language_of(job->language), .job = job, .server = server};

	if (!is_address(job->address) || !is_address(server->from))
		return ERR_INVALID;
	int r = say_kind(&t, &subject, &body);
	if (r < 0)
		return r;
	add_headers(&t, buf_str(&subject), now_us);
	add_body(b, buf_str(&body));
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}
