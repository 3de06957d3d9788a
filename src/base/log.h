/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Logs are events with named fields, one line each on standard error:
 *   2026-11-22T12:00:00.123Z keeper[812] warning store.slow ms=412 query="add_event"
 * Only the layer that decides logs. What a mail or a prompt says must never be a field: such text travels as
 * struct str inside documents, and there is no field type that takes a struct str. */
#pragma once

#include <stdint.h>

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

struct log_field {
	const char *key;
	const char *text; /* NULL: the number counts */
	int64_t number;
};

#define LOG_TEXT(k, t) ((struct log_field){.key = (k), .text = (t) ? (t) : ""})
#define LOG_NUMBER(k, v) ((struct log_field){.key = (k), .number = (v)})

/* log_event(LOG_LEVEL_INFO, "reader.started", LOG_NUMBER("pid", pid)); the event name alone is fine too. */
#define log_event(level, event, ...)                                                                                   \
	log_event_fields((level), (event), (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){.key = NULL}})
void log_event_fields(enum log_level level, const char *event, const struct log_field *fields);

void log_set_process(const char *name); /* static text */
void log_set_level(enum log_level least);
