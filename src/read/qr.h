/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Codes in pictures, and what they hold. */
#pragma once

#include "read/image.h"
#include "read/reading.h"

enum { QR_PAYLOAD_MAX_BYTES = 4296, QR_CODES_MAX = 16 };

struct qr_payload {
	char bytes[QR_PAYLOAD_MAX_BYTES];
	size_t n;
};

/* Touches the decoder once, so that nothing is left to be set up later. */
void qr_prepare(void);
/* Whether two corners of a code are seen; false for most pictures, whose search would take long. */
bool qr_may_hold_code(const struct image *image);
/* Codes in a grey picture; several readings (larger, inverted, smoothed, made black and white) are tried until one
 * gives something or the deadline has passed. Unless thorough, only pictures with two corners of a code are tried at
 * all (qr_may_hold_code). Gives the number found, at most max. */
size_t qr_scan(const struct image *image, bool thorough, int64_t deadline_us, struct qr_payload *ret, size_t max);

/* Adds a payload as a part "qr:N" with its link (web, mail, phone, message, payment addresses). */
void qr_add_payload(struct reading *r, struct str bytes);
/* Looks for codes in a picture within the limits and adds them. *ret_codes: how many. */
int qr_read_image(struct reading *r, struct str bytes, bool thorough, size_t *ret_codes);

/* A picture handed in as a whole. */
reader_bid qr_bid;
reader_read qr_read;
/* The text of a code that a person pasted. */
reader_bid payload_bid;
reader_read payload_read;
