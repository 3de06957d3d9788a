/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "post/send.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "post/compose.h"

enum { URL_MAX_BYTES = 1024, TEXT_MAX_BYTES = 600, CONNECT_SECONDS = 15, MS = 1000 };

struct sender {
	struct buf ca;
	const volatile sig_atomic_t *stop;
};

/* One message under way. */
struct sending {
	struct sender *sender;
	struct str rest;
	struct send_result *result;
	char error[CURL_ERROR_SIZE];
};

const char *send_outcome_word(enum send_outcome outcome)
{
	static const char *const words[] = {
#define X(code, word) word,
	        SEND_OUTCOME_LIST(X)
#undef X
	};
	CHECK((unsigned) outcome < ARRAY_SIZE(words));
	return words[outcome];
}

int sender_new(struct str ca_pem, const volatile sig_atomic_t *stop, struct sender **ret)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ERR_SYSTEM;
	struct sender *s = calloc(1, sizeof(*s));
	CHECK(s);
	s->stop = stop;
	s->ca = buf_make(SEND_CA_MAX_BYTES);
	int r = buf_add_str(&s->ca, ca_pem);
	if (r < 0) {
		sender_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

void sender_free(struct sender *s)
{
	if (!s)
		return;
	buf_done(&s->ca);
	free(s);
	curl_global_cleanup();
}

/* ---- what libcurl calls ---- */

static size_t on_read(char *to, size_t size, size_t count, void *context)
{
	struct sending *m = context;
	size_t n = m->rest.n < size * count ? m->rest.n : size * count;
	memcpy(to, m->rest.p, n);
	m->rest = str_slice(m->rest, n, m->rest.n);
	return n;
}

/* Every line that the server says: the first refusal is kept, or the last line. */
static size_t on_line(char *p, size_t size, size_t count, void *context)
{
	struct sending *m = context;
	char *to = m->result->said;
	size_t n = 0;
	if (to[0] == '4' || to[0] == '5')
		return size * count;
	for (size_t i = 0; i < size * count && n + 1 < SEND_SAID_MAX_BYTES; i++)
		if (p[i] >= ' ' && p[i] < 0x7F)
			to[n++] = p[i];
	to[n] = '\0';
	return size * count;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct sending *m = context;
	return m->sender->stop && *m->sender->stop;
}

/* ---- what came of it ---- */

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static enum send_outcome outcome_of_refusal(const struct sending *m, long code)
{
	if (begins(m->error, "MAIL failed"))
		return SEND_SENDER;
	if (begins(m->error, "RCPT failed"))
		return SEND_RECIPIENT;
	return code >= 400 && code < 600 ? SEND_REFUSED : SEND_CUT;
}

static enum send_outcome outcome_of(const struct sending *m, CURLcode r, long code)
{
	switch (r) {
	case CURLE_OK:
		return SEND_OK;
	case CURLE_COULDNT_RESOLVE_HOST:
		return SEND_NO_NAME;
	case CURLE_COULDNT_CONNECT:
		return SEND_NOT_REACHED;
	case CURLE_OPERATION_TIMEDOUT:
		return SEND_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return SEND_CERTIFICATE;
	case CURLE_USE_SSL_FAILED:
		return SEND_NO_TLS;
	case CURLE_SSL_CONNECT_ERROR:
		return SEND_TLS;
	case CURLE_LOGIN_DENIED:
	case CURLE_AUTH_ERROR:
		return SEND_LOGIN;
	case CURLE_ABORTED_BY_CALLBACK:
		return SEND_STOPPED;
	case CURLE_FILESIZE_EXCEEDED:
		return SEND_TOO_LARGE;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_WEIRD_SERVER_REPLY:
		return outcome_of_refusal(m, code);
	default:
		return SEND_OTHER;
	}
}

static void judge(const struct sending *m, CURL *curl, CURLcode r)
{
	struct send_result *ret = m->result;
	long code = 0;
	(void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	ret->outcome = outcome_of(m, r, code);
	bool is_message = ret->outcome == SEND_RECIPIENT || ret->outcome == SEND_REFUSED;
	ret->is_final = ret->outcome == SEND_TOO_LARGE || (is_message && code >= 500);
	ret->is_server = ret->outcome != SEND_OK && ret->outcome != SEND_TOO_LARGE && !is_message;
	/* What the machine itself says is more than the greeting of the server. */
	if (ret->outcome == SEND_CERTIFICATE || ret->outcome == SEND_TLS || ret->said[0] == '\0')
		(void) on_line((char *) m->error, 1, strlen(m->error), (void *) m);
	if (ret->outcome == SEND_OK)
		ret->said[0] = '\0';
}

/* ---- the message ---- */

/* The limits of what the keeper takes are below TEXT_MAX_BYTES. */
static const char *text(char to[static TEXT_MAX_BYTES], struct str s)
{
	int n = snprintf(to, TEXT_MAX_BYTES, "%.*s", STR_ARG(s));
	CHECK(n >= 0 && n < TEXT_MAX_BYTES);
	return to;
}

static const char *in_brackets(char to[static TEXT_MAX_BYTES], struct str s)
{
	int n = snprintf(to, TEXT_MAX_BYTES, "<%.*s>", STR_ARG(s));
	CHECK(n >= 0 && n < TEXT_MAX_BYTES);
	return to;
}

static CURLcode set_server(CURL *c, const struct keep_mail_server *server)
{
	char url[URL_MAX_BYTES], user[TEXT_MAX_BYTES], password[TEXT_MAX_BYTES];
	bool is_tls = str_eq_c(server->tls, "tls"), is_open = str_eq_c(server->tls, "none");
	struct str domain = compose_domain(server->from);

	/* What stands behind the slash is how we greet: not the name of this machine. */
	snprintf(url, sizeof(url), "%s://%.*s:%u/%.*s", is_tls ? "smtps" : "smtp", STR_ARG(server->host),
	         (unsigned) server->port, STR_ARG(domain));
	CURLcode r = curl_easy_setopt(c, CURLOPT_URL, url);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_USE_SSL, (long) (is_open ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (r != CURLE_OK || is_open || server->user.n == 0)
		return r;
	r = curl_easy_setopt(c, CURLOPT_USERNAME, text(user, server->user));
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_PASSWORD, text(password, server->password));
	explicit_bzero(password, sizeof(password));
	/* Within TLS both are as good, and every server knows one of them; others would look for files. */
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
	return r == CURLE_OK ? curl_easy_setopt(c, CURLOPT_SASL_IR, 1L) : r;
}

static CURLcode set_trust(CURL *c, struct sender *s)
{
	struct curl_blob blob = {.data = s->ca.p, .len = s->ca.n, .flags = CURL_BLOB_NOCOPY};
	CURLcode r = curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	return r == CURLE_OK && s->ca.n ? curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &blob) : r;
}

static CURLcode set_limits(CURL *c, const struct keep_mail_server *server)
{
	long ms = (long) server->seconds * MS, connect = ms < CONNECT_SECONDS * MS ? ms : CONNECT_SECONDS * MS;
	CURLcode r = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	if (r == CURLE_OK) /* a name server that is silent holds up neither the limit nor the end of the process */
		r = curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, connect);
	return r == CURLE_OK ? curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, ms) : r;
}

static CURLcode set_calls(CURL *c, struct sending *m)
{
	CURLcode r = curl_easy_setopt(c, CURLOPT_ERRORBUFFER, m->error);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_READDATA, m);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_HEADERDATA, m);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_XFERINFODATA, m);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t) m->rest.n);
	return r == CURLE_OK ? curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) : r;
}

static CURLcode perform(CURL *c, struct sending *m, const struct keep_mail_server *server, struct str address)
{
	char from[TEXT_MAX_BYTES], to[TEXT_MAX_BYTES];
	struct curl_slist *recipients = curl_slist_append(NULL, in_brackets(to, address));
	CHECK(recipients);
	CURLcode r = curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_MAIL_FROM, in_brackets(from, server->from));
	if (r == CURLE_OK)
		r = set_server(c, server);
	if (r == CURLE_OK)
		r = set_trust(c, m->sender);
	if (r == CURLE_OK)
		r = set_limits(c, server);
	if (r == CURLE_OK)
		r = set_calls(c, m);
	if (r == CURLE_OK)
		r = curl_easy_perform(c);
	judge(m, c, r);
	curl_slist_free_all(recipients);
	return r;
}

void sender_send(struct sender *s, const struct keep_mail_server *server, struct str address, struct str message,
                 struct send_result *ret)
{
	struct sending m = {.sender = s, .rest = message, .result = ret};

	*ret = (struct send_result){.outcome = SEND_OPEN_LINE, .is_server = true};
	if (str_eq_c(server->tls, "none") && (server->user.n > 0 || server->password.n > 0))
		return;
	CURL *c = curl_easy_init();
	CHECK(c);
	(void) perform(c, &m, server, address);
	curl_easy_cleanup(c);
}
