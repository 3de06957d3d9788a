/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules of what people enter, and how wrong attempts are slowed down. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mail-address.h"
#include "keep/keeper.h"

enum {
	LOGIN_MAX_BYTES = 64,
	THROTTLE_FIRST_SECONDS = 15,
	THROTTLE_LONGEST_SECONDS = 900,
	THROTTLE_MEMORY_SECONDS = 3600
};

int check_login(struct str login)
{
	if (login.n == 0 || login.n > LOGIN_MAX_BYTES)
		return ERR_INVALID;
	for (size_t i = 0; i < login.n; i++) {
		char c = login.p[i];
		if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) && !memchr("._@-+", c, 5))
			return ERR_INVALID;
	}
	return 0;
}

/* Length is what counts (NIST SP 800-63B, 5.1.1); no rules about kinds of characters. */
int check_password(struct str password, struct str login)
{
	size_t characters = 0;

	if (password.n > PASSWORD_MAX_BYTES || memchr(password.n ? password.p : "", '\0', password.n))
		return ERR_INVALID;
	for (size_t i = 0; i < password.n; i++)
		characters += ((unsigned char) password.p[i] & 0xC0) != 0x80;
	return characters < PASSWORD_MIN_CHARACTERS || str_eq_icase(password, login) ? ERR_INVALID : 0;
}

static bool has_control(struct str text, const char *allowed)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char) text.p[i];
		bool is_c1 = c == 0xC2 && i + 1 < text.n && (unsigned char) text.p[i + 1] < 0xA0;
		if (is_c1 || ((c < 0x20 || c == 0x7F) && !(c && strchr(allowed, c))))
			return true;
	}
	return false;
}

int check_mail(struct str address)
{
	return mail_address_is_fit(address) ? 0 : ERR_INVALID;
}

int check_line(struct str text, size_t least, size_t max_bytes)
{
	return text.n < least || text.n > max_bytes || has_control(text, "") ? ERR_INVALID : 0;
}

int check_words(struct str text, size_t max_bytes)
{
	return text.n > max_bytes || has_control(text, "\n\r\t") ? ERR_INVALID : 0;
}

int check_language(struct str language)
{
	return str_eq(language, STR("ja")) || str_eq(language, STR("en")) ? 0 : ERR_INVALID;
}

int check_role(uint64_t role)
{
	return role < ROLE_COUNT ? 0 : ERR_INVALID;
}

/* ---- throttle ---- */

static struct ledger_hash throttle_key(struct keeper *k, const char *what, struct str who)
{
	return ledger_hash_of(arena_printf(k->arena, "%s\n%.*s", what, STR_ARG(who)));
}

/* Doubling from 15 seconds to 15 minutes. */
static int64_t waiting_us(uint64_t failures_over)
{
	int64_t seconds = THROTTLE_FIRST_SECONDS;
	for (uint64_t i = 1; i < failures_over && seconds < THROTTLE_LONGEST_SECONDS; i++)
		seconds *= 2;
	return (seconds < THROTTLE_LONGEST_SECONDS ? seconds : THROTTLE_LONGEST_SECONDS) * CLOCK_SECOND_US;
}

int throttle_try(struct keeper *k, const char *what, struct str who, uint64_t free_tries, int64_t *ret_until_us)
{
	struct ledger_hash key = throttle_key(k, what, who);
	struct throttle t;

	int r = throttle_get(k->store, &key, &t);
	if (r < 0)
		return r;
	if (t.until_us > k->now_us) {
		*ret_until_us = t.until_us;
		return ERR_BUSY;
	}
	if (k->now_us - t.last_us > THROTTLE_MEMORY_SECONDS * CLOCK_SECOND_US)
		t.failures = 0;
	t.failures++;
	t.last_us = k->now_us;
	t.until_us = t.failures >= free_tries ? k->now_us + waiting_us(t.failures - free_tries + 1) : 0;
	r = throttle_set(k->store, &key, &t);
	return r < 0 ? r : 0;
}

int throttle_forgive(struct keeper *k, const char *what, struct str who)
{
	struct ledger_hash key = throttle_key(k, what, who);
	int r = throttle_clear(k->store, &key);
	return r < 0 ? r : 0;
}
