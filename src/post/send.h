/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Handing a message to the one server that the company set (SMTP: RFC 5321, submission: RFC 6409), by libcurl. One
 * connection for each message; certificates are always looked at, a password never goes over an open line. */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/check.h"
#include "base/str.h"
#include "store/rows.h"

/* Words of the catalogue: "post.outcome.<word>", "post.outcome.<word>.help". */
#define SEND_OUTCOME_LIST(X)                                                                                           \
	X(SEND_OK, "ok")                                                                                               \
	X(SEND_NO_NAME, "no-name")         /* nobody knows where the server is */                                      \
	X(SEND_NOT_REACHED, "not-reached") /* nobody listens there */                                                  \
	X(SEND_TIMEOUT, "timeout")                                                                                     \
	X(SEND_CERTIFICATE, "certificate") /* of somebody else, or nobody vouches for it */                            \
	X(SEND_NO_TLS, "no-tls")           /* STARTTLS is not offered */                                               \
	X(SEND_TLS, "tls")                                                                                             \
	X(SEND_LOGIN, "login")                                                                                         \
	X(SEND_SENDER, "sender")       /* the server does not let us send from this address */                         \
	X(SEND_RECIPIENT, "recipient") /* it does not take mail to this address */                                     \
	X(SEND_REFUSED, "refused")     /* it has seen the message and does not want it */                              \
	X(SEND_CUT, "cut")             /* the connection ended, or what came was no SMTP */                            \
	X(SEND_OPEN_LINE, "open-line") /* a password without TLS: nothing was sent */                                  \
	X(SEND_TOO_LARGE, "too-large")                                                                                 \
	X(SEND_STOPPED, "stopped") /* the process ends */                                                              \
	X(SEND_OTHER, "other")

enum send_outcome {
#define X(code, word) code,
	SEND_OUTCOME_LIST(X)
#undef X
	        SEND_OUTCOME_COUNT
};
const char *send_outcome_word(enum send_outcome outcome);

enum { SEND_SAID_MAX_BYTES = 400, SEND_CA_MAX_BYTES = 1024 * 1024 };

struct send_result {
	enum send_outcome outcome;
	bool is_final;                  /* no other try helps */
	bool is_server;                 /* nothing else would get through either */
	char said[SEND_SAID_MAX_BYTES]; /* the last line of the server, printable ASCII; may be empty */
};

struct sender;
/* ca_pem: certificates to trust instead of the machine's; empty: the machine's. stop: nonzero ends what is under way.
 * Before the jail: it reads what libcurl and OpenSSL read once. */
int sender_new(struct str ca_pem, const volatile sig_atomic_t *stop, struct sender **ret) MUST_CHECK;
void sender_free(struct sender *s); /* takes NULL */
/* server->seconds limits the whole. */
void sender_send(struct sender *s, const struct keep_mail_server *server, struct str address, struct str message,
                 struct send_result *ret);
