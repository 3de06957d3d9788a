/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The written form of an answer's head. */
#include "http/connection.h"

#include "base/clock.h"

static const struct {
	int status;
	const char *text;
} statuses[] = {
        {200, "OK"},
        {204, "No Content"},
        {303, "See Other"},
        {304, "Not Modified"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {402, "Payment Required"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
        {529, "Overloaded"},
};

const char *http_status_text(int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "Status";
}

void http_answer_add(struct http_answer *answer, const char *name, struct str value)
{
	CHECK(answer->field_count < HTTP_ANSWER_FIELDS_MAX);
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '\r' || value.p[i] == '\n' || value.p[i] == '\0')
			return;
	answer->fields[answer->field_count++] = (struct http_field){str_of(name), value};
}

/* "Sun, 22 Nov 2026 12:00:00 GMT", made once a second. */
static struct str date_text(void)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	static char text[64];
	static time_t made;
	time_t now = (time_t) (clock_now_us() / CLOCK_SECOND_US);
	struct tm t;

	if (now != made && gmtime_r(&now, &t)) {
		snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
		         months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
		made = now;
	}
	return str_of(text);
}

void answer_write_head(struct buf *b, const struct http_answer *answer, enum answer_framing framing, bool keep_alive)
{
	buf_add_c(b, "HTTP/1.1 ");
	buf_add_u64(b, (unsigned long long) answer->status);
	buf_add_char(b, ' ');
	buf_add_c(b, http_status_text(answer->status));
	buf_add_c(b, "\r\n");
	for (size_t i = 0; i < answer->field_count; i++) {
		buf_add_str(b, answer->fields[i].name);
		buf_add_c(b, ": ");
		buf_add_str(b, answer->fields[i].value);
		buf_add_c(b, "\r\n");
	}
	buf_add_c(b, "Date: ");
	buf_add_str(b, date_text());
	if (framing == ANSWER_CHUNKED)
		buf_add_c(b, "\r\nTransfer-Encoding: chunked");
	if (framing == ANSWER_SIZED && answer->status != 304 && answer->status != 204) {
		buf_add_c(b, "\r\nContent-Length: ");
		buf_add_u64(b, answer->body.n);
	}
	buf_add_c(b, keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
}
