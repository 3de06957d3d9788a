/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One-time codes by time (RFC 6238): HMAC-SHA-1, 30 seconds, 6 digits; what every authenticator app understands. */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/str.h"

enum { TOTP_STEP_SECONDS = 30, TOTP_DIGITS = 6 };

uint32_t totp_code(struct str secret, uint64_t step);
/* The step within one of now whose code this is and that is later than last_step, so that none counts twice.
 * ERR_DENIED when there is none. */
int totp_check(struct str secret, struct str code, int64_t now_us, uint64_t last_step, uint64_t *ret_step) MUST_CHECK;
int base32_add(struct buf *b, struct str bytes); /* RFC 4648, 6, without padding */
/* otpauth://totp/... for a QR code. */
int totp_add_uri(struct buf *b, struct str secret, struct str issuer, struct str login);
