/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/clock.h"

enum { LOG_LINE_MAX_BYTES = 4096, LOG_FIELDS_MAX = 32 };

static const char *process_name = "sonae";
static enum log_level least_level = LOG_LEVEL_INFO;

void log_set_process(const char *name)
{
	process_name = name;
}

void log_set_level(enum log_level least)
{
	least_level = least;
}

static void add_quoted(struct buf *line, const char *text)
{
	buf_add_char(line, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_add_char(line, '\\');
		/* A line break inside a field would let it forge a second event. */
		buf_add_char(line, (unsigned char) *c < 0x20 ? ' ' : *c);
	}
	buf_add_char(line, '"');
}

void log_event_fields(enum log_level level, const char *event, const struct log_field *fields)
{
	static const char *const words[] = {"debug", "info", "warning", "error"};

	if (level < least_level)
		return;
	struct buf line = buf_make(LOG_LINE_MAX_BYTES);
	char when[CLOCK_TEXT_BYTES];
	clock_format_utc(clock_now_us(), when);
	buf_printf(&line, "%s %s[%d] %s %s", when, process_name, (int) getpid(), words[level], event);
	for (int i = 0; i < LOG_FIELDS_MAX && fields[i].key; i++) {
		buf_printf(&line, " %s=", fields[i].key);
		if (fields[i].text)
			add_quoted(&line, fields[i].text);
		else
			buf_printf(&line, "%lld", (long long) fields[i].number);
	}
	line.failed = false;
	if (line.n == line.max)
		line.n--;
	buf_add_char(&line, '\n');
	(void) fd_write_all(STDERR_FILENO, line.p, line.n);
	buf_done(&line);
}
