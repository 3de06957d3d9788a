/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading the dictionary. A file is lines of words under headings [role]; '#' begins a remark line. A surname, given
 * name or town may end in ASCII marks: a class 1 to 3, w (also a word), p (also a place). */
#include "leak/names.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "leak/sensitive.h"
#include "text/fold.h"

enum { FIRST_CHARS = 0x10000, TABLE_BITS_MIN = 10, PAIR_BITS = 1 << 20 };

struct entry {
	uint64_t hash; /* 0: free */
	uint64_t roles;
};

struct leak_names {
	struct entry *table;
	size_t size, used; /* size is a power of two */
	uint8_t longest[FIRST_CHARS];
	uint8_t surname_first[FIRST_CHARS / 8];
	uint8_t single[FIRST_CHARS / 8];
	uint8_t pairs[PAIR_BITS /
	              8]; /* which two characters can begin a word: small enough to stay near the processor */
};

static const char *const role_words[] = {
#define X(id, word) [NAMES_##id##_NUMBER] = word,
        NAMES_ROLES(X)
#undef X
};

uint64_t names_roles(const struct leak_names *names, uint64_t hash)
{
	for (size_t i = hash & (names->size - 1);; i = (i + 1) & (names->size - 1)) {
		if (names->table[i].hash == hash)
			return names->table[i].roles;
		if (names->table[i].hash == 0)
			return 0;
	}
}

unsigned names_longest(const struct leak_names *names, uint32_t c)
{
	return c < FIRST_CHARS ? names->longest[c] : 0;
}

bool names_may_begin_surname(const struct leak_names *names, uint32_t c)
{
	return c < FIRST_CHARS && names->surname_first[c / 8] >> (c % 8) & 1;
}

/* Whether it is new. */
static bool table_put(struct entry *table, size_t size, uint64_t hash, uint64_t roles)
{
	size_t i = hash & (size - 1);
	while (table[i].hash != 0 && table[i].hash != hash)
		i = (i + 1) & (size - 1);
	bool is_new = table[i].hash == 0;
	table[i].hash = hash;
	table[i].roles |= roles;
	return is_new;
}

static void table_grow(struct leak_names *names)
{
	size_t size = names->size ? names->size * 2 : (size_t) 1 << TABLE_BITS_MIN;
	struct entry *table = calloc(size, sizeof(*table));
	if (!table)
		abort();
	for (size_t i = 0; i < names->size; i++) {
		if (names->table[i].hash)
			table_put(table, size, names->table[i].hash, names->table[i].roles);
	}
	free(names->table);
	names->table = table;
	names->size = size;
}

static void put_hash(struct leak_names *names, uint64_t hash, uint64_t roles)
{
	if (names->used * 4 >= names->size * 3)
		table_grow(names);
	names->used += table_put(names->table, names->size, hash, roles);
}

static uint32_t pair_bit(uint64_t hash)
{
	return (uint32_t) (hash >> 44) & (PAIR_BITS - 1);
}

static void set_bit(uint8_t *bits, uint32_t i)
{
	bits[i / 8] |= (uint8_t) (1U << (i % 8));
}

bool names_may_begin(const struct leak_names *names, uint64_t pair_hash)
{
	uint32_t bit = pair_bit(pair_hash);
	return names->pairs[bit / 8] >> (bit % 8) & 1;
}

bool names_is_single(const struct leak_names *names, uint32_t c)
{
	return c < FIRST_CHARS && names->single[c / 8] >> (c % 8) & 1;
}

void names_fetch(const struct leak_names *names, uint64_t hash)
{
	__builtin_prefetch(&names->table[hash & (names->size - 1)]);
}

static void names_put(struct leak_names *names, struct str word, uint64_t roles)
{
	uint32_t c[NAMES_WORD_MAX + 1];
	size_t n = 0;
	for (size_t at = 0; at < word.n && n <= NAMES_WORD_MAX; n++) {
		c[n] = text_next(word, &at);
		if (c[n] >= 'A' && c[n] <= 'Z')
			c[n] += 'a' - 'A';
	}
	if (n == 0 || n > NAMES_WORD_MAX || c[0] >= FIRST_CHARS)
		return;
	uint64_t hash = NAMES_HASH;
	for (size_t i = 0; i < n; i++) {
		hash = names_hash_add(hash, c[i]);
		put_hash(names, hash, i + 1 < n ? NAMES_BEGINS : roles);
		if (i == 1)
			set_bit(names->pairs, pair_bit(hash));
	}
	if (n == 1)
		set_bit(names->single, c[0]);
	if (names->longest[c[0]] < n)
		names->longest[c[0]] = (uint8_t) n;
	if (roles & NAMES_BIT(SURNAME))
		set_bit(names->surname_first, c[0]);
}

void names_add(struct leak_names *names, struct str word, unsigned role_number)
{
	names_put(names, word, 1ULL << role_number);
}

/* Takes the marks off a word and gives the roles they add. */
static uint64_t take_marks(struct str *word, uint64_t role)
{
	uint64_t roles = role;
	if (!(role & (NAMES_BIT(SURNAME) | NAMES_BIT(GIVEN) | NAMES_BIT(TOWN))))
		return roles;
	while (word->n > 0 && (ascii_is_alnum(word->p[word->n - 1]))) {
		char mark = word->p[--word->n];
		if (mark >= '1' && mark <= '3')
			roles |= (uint64_t) (mark - '0')
			         << (role & NAMES_BIT(SURNAME) ? NAMES_SURNAME_CLASS_SHIFT : NAMES_GIVEN_CLASS_SHIFT);
		else if (mark == 'w')
			roles |= role & NAMES_BIT(SURNAME) ? NAMES_SURNAME_IS_WORD
			         : role & NAMES_BIT(GIVEN) ? NAMES_GIVEN_IS_WORD
			                                   : NAMES_TOWN_IS_WORD;
		else if (mark == 'p')
			roles |= NAMES_SURNAME_IS_PLACE;
	}
	return roles;
}

/* In places.txt a heading that is no role is the name of a prefecture. */
static int read_heading(struct leak_names *names, struct str line, uint64_t *ret_role)
{
	struct str word = str_slice(line, 1, line.n - 1);
	for (size_t i = 0; i < ARRAY_SIZE(role_words); i++) {
		if (str_eq_c(word, role_words[i])) {
			*ret_role = 1ULL << i;
			return 0;
		}
	}
	if (word.n == 0 || (unsigned char) word.p[0] < 0x80)
		return ERR_INVALID;
	names_put(names, word, NAMES_BIT(PREFECTURE));
	*ret_role = NAMES_BIT(MUNICIPALITY);
	return 0;
}

static int read_line(struct leak_names *names, struct str line, uint64_t *role)
{
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (line.p[0] == '[' && line.p[line.n - 1] == ']')
		return read_heading(names, line, role);
	if (*role == 0)
		return ERR_INVALID;
	struct str word;
	while (str_split(&line, ' ', &word)) {
		uint64_t roles = take_marks(&word, *role);
		if (word.n)
			names_put(names, word, roles);
	}
	return 0;
}

static int read_file(struct leak_names *names, const char *folder, const char *name, char *message,
                     size_t message_bytes)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/leak/%s", folder, name);
	CLEANUP(buf_done) struct buf b = buf_make(NAMES_FILE_MAX_BYTES);
	int r = fd_read_file(path, &b);
	if (r < 0) {
		snprintf(message, message_bytes, "%s: %s", path, err_text(r));
		return r == ERR_NOT_FOUND ? ERR_INVALID : r;
	}
	struct str rest = buf_str(&b), line;
	uint64_t role = 0;
	for (unsigned number = 1; str_next_line(&rest, &line); number++) {
		r = read_line(names, line, &role);
		if (r < 0) {
			snprintf(message, message_bytes, "%s:%u: no heading of this dictionary", path, number);
			return r;
		}
	}
	return 0;
}

int leak_names_new(const char *folder, const char *cache, struct leak_names **ret, char *message, size_t message_bytes)
{
	static const char *const files[] = {"names.txt", "names-context.txt", "places.txt", "places-context.txt"};
	struct leak_names *names = calloc(1, sizeof(*names));
	if (!names)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = read_file(names, folder, files[i], message, message_bytes);
		if (r < 0) {
			leak_names_free(names);
			return r;
		}
	}
	int r = sensitive_load(names, folder, message, message_bytes);
	if (r < 0) {
		leak_names_free(names);
		return r;
	}
	*ret = names;
	return 0;
}

void leak_names_free(struct leak_names *names)
{
	if (!names)
		return;
	free(names->table);
	free(names);
}
