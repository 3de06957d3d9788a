/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/settings.h"

#include "base/err.h"
#include "base/ip.h"
#include "keep/keeper.h"

enum { HOST_MAX_BYTES = 253 };

const struct setting_entry setting_table[] = {
#define SETTING(name, type, value, min, max) {name, SETTING_##type, value, min, max},
#include "keep/settings.def"
#undef SETTING
        {0},
};

const struct setting_entry *setting_entry_find(struct str name)
{
	for (const struct setting_entry *e = setting_table; e->name; e++) {
		if (str_eq_c(name, e->name))
			return e;
	}
	return NULL;
}

struct str setting_default(const struct setting_entry *entry)
{
	struct str all = str_of(entry->choices);
	if (entry->type != SETTING_CHOICE)
		return all;
	size_t end = str_find_char(all, '|', 0);
	return end == STR_NOT_FOUND ? all : str_slice(all, 0, end);
}

static int check_text(const struct setting_entry *entry, struct str value)
{
	if (value.n > (uint64_t) entry->max)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < value.n; i++) {
		if ((unsigned char) value.p[i] < 0x20 || value.p[i] == 0x7F)
			return ERR_INVALID;
	}
	return value.n >= (uint64_t) entry->min ? 0 : ERR_INVALID;
}

static int check_number(const struct setting_entry *entry, struct str value)
{
	uint64_t number;
	int r = str_parse_u64(value, (uint64_t) entry->max, &number);
	return r < 0 || number < (uint64_t) entry->min ? ERR_INVALID : 0;
}

static int check_choice(struct str choices, struct str value)
{
	struct str rest = choices, choice;
	while (str_split(&rest, '|', &choice)) {
		if (str_eq(choice, value))
			return 0;
	}
	return ERR_INVALID;
}

/* Letters, digits, hyphens, dots, and non-ASCII for names in other scripts. */
static bool is_host(struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		if (!ascii_is_alnum(c) && c != '-' && c != '.' && (unsigned char) c < 0x80)
			return false;
	}
	return host.n > 0 && host.n <= HOST_MAX_BYTES && host.p[0] != '.' && host.p[0] != '-';
}

static int check_list(const struct setting_entry *entry, struct str value, bool (*is_piece)(struct str piece))
{
	struct str rest = value, piece;
	int64_t count = 0;

	if (value.n == 0)
		return 0;
	while (str_split(&rest, ',', &piece)) {
		if (!is_piece(str_trim(piece)))
			return ERR_INVALID;
		if (++count > entry->max)
			return ERR_TOO_LARGE;
	}
	return 0;
}

int setting_check(const struct setting_entry *entry, struct str value)
{
	switch (entry->type) {
	case SETTING_TEXT:
		return check_text(entry, value);
	case SETTING_NUMBER:
		return check_number(entry, value);
	case SETTING_CHOICE:
		return check_choice(str_of(entry->choices), value);
	case SETTING_DOMAINS:
		return check_list(entry, value, is_host);
	case SETTING_ADDRESSES:
		return check_list(entry, value, ip_is_address);
	case SETTING_FLAG:
		return check_choice(STR("yes|no"), value);
	case SETTING_MAIL:
		return value.n == 0 ? 0 : check_mail(value);
	}
	return ERR_INVALID;
}
