/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mail as it goes over the wire: headers of RFC 5322, words beyond ASCII as RFC 2047 says, the text in Base64.
 *
 * What a mail says comes as facts: lines of a name and values with tabs between them.
 *   digest      part WORD LATE SOON ...; title DAY TEXT ...
 *   month       month YYYYMM
 *   checkpoint  note LINE ...
 *   invitation  address, name, language, link, until, by
 *   test        nothing */
#pragma once

#include "base/buf.h"
#include "base/check.h"
#include "store/rows.h"

enum { COMPOSE_MAX_BYTES = 64 * 1024 };

/* Appends the message. The Message-ID depends on job and server alone: a mail that goes out twice is the same one.
 * ERR_INVALID: an address or a kind that is none; ERR_TOO_LARGE. */
int compose_mail(const struct keep_mail_job *job, const struct keep_mail_server *server, int64_t now_us,
                 struct buf *b) MUST_CHECK;
/* The part of an address behind the @. */
struct str compose_domain(struct str address);
