/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/totp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

enum { SHA1_BYTES = 20, CODE_LIMIT = 1000000 };

uint32_t totp_code(struct str secret, uint64_t step)
{
	unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof(counter); i++)
		counter[i] = (unsigned char) (step >> (8 * (7 - i)));
	CHECK(HMAC(EVP_sha1(), secret.p, (int) secret.n, counter, sizeof(counter), mac, &n) && n == SHA1_BYTES);
	/* RFC 4226, 5.3: the last four bits say where the number lies. */
	unsigned at = mac[SHA1_BYTES - 1] & 0x0F;
	uint32_t number = (uint32_t) (mac[at] & 0x7F) << 24 | (uint32_t) mac[at + 1] << 16 |
	                  (uint32_t) mac[at + 2] << 8 | mac[at + 3];
	return number % CODE_LIMIT;
}

int totp_check(struct str secret, struct str code, int64_t now_us, uint64_t last_step, uint64_t *ret_step)
{
	uint64_t now_step = (uint64_t) (now_us / CLOCK_SECOND_US / TOTP_STEP_SECONDS), found = 0;
	char wanted[16];

	if (code.n != TOTP_DIGITS || now_step == 0)
		return ERR_DENIED;
	for (uint64_t step = now_step - 1; step <= now_step + 1; step++) {
		snprintf(wanted, sizeof(wanted), "%06u", totp_code(secret, step));
		if (CRYPTO_memcmp(wanted, code.p, TOTP_DIGITS) == 0 && step > last_step)
			found = step;
	}
	if (found == 0)
		return ERR_DENIED;
	*ret_step = found;
	return 0;
}

int base32_add(struct buf *b, struct str bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	unsigned have = 0;
	int r = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (unsigned char) bytes.p[i];
		for (have += 8; have >= 5; have -= 5)
			r = buf_add_char(b, letters[bits >> (have - 5) & 31]);
	}
	return have > 0 ? buf_add_char(b, letters[bits << (5 - have) & 31]) : r;
}

static void add_percent_encoded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_alnum(s.p[i]) || memchr("-._~", s.p[i], 4))
			buf_add_char(b, s.p[i]);
		else
			buf_printf(b, "%%%02X", (unsigned char) s.p[i]);
	}
}

int totp_add_uri(struct buf *b, struct str secret, struct str issuer, struct str login)
{
	buf_add_c(b, "otpauth://totp/");
	add_percent_encoded(b, issuer);
	buf_add_char(b, ':');
	add_percent_encoded(b, login);
	buf_add_c(b, "?secret=");
	base32_add(b, secret);
	buf_add_c(b, "&issuer=");
	add_percent_encoded(b, issuer);
	return buf_add_c(b, "&algorithm=SHA1&digits=6&period=30");
}
