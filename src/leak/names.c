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

enum { TABLE_BITS_MIN = 10 };

static const char *const role_words[] = {
#define X(id, word) [NAMES_##id##_NUMBER] = word,
        NAMES_ROLES(X)
#undef X
};

/* While loading, roles of a word come from several files. */
struct loading {
	uint64_t hash; /* 0: free */
	uint64_t roles;
};

struct names_load {
	struct leak_names *names;
	struct loading *table;
	size_t size, used;
};

static struct loading *slot_of(struct loading *table, size_t size, uint64_t hash)
{
	size_t i = hash & (size - 1);
	while (table[i].hash != 0 && table[i].hash != hash)
		i = (i + 1) & (size - 1);
	return &table[i];
}

static void table_grow(struct names_load *load)
{
	size_t size = load->size ? load->size * 2 : (size_t) 1 << TABLE_BITS_MIN;
	struct loading *table = calloc(size, sizeof(*table));
	CHECK(table);
	for (size_t i = 0; i < load->size; i++) {
		if (load->table[i].hash)
			*slot_of(table, size, load->table[i].hash) = load->table[i];
	}
	free(load->table);
	load->table = table;
	load->size = size;
}

static void put_hash(struct names_load *load, uint64_t hash, uint64_t roles)
{
	if (load->used * 4 >= load->size * 3)
		table_grow(load);
	struct loading *l = slot_of(load->table, load->size, hash);
	load->used += l->hash == 0;
	l->hash = hash;
	l->roles |= roles;
}

/* ---- the table that is asked ---- */

static int set_of(struct leak_names *names, uint64_t roles, uint32_t *ret)
{
	for (size_t i = 1; i <= names->set_count; i++) {
		if (names->sets[i] == roles) {
			*ret = (uint32_t) i;
			return 0;
		}
	}
	if (names->set_count + 1 >= NAMES_SETS_MAX)
		return ERR_TOO_LARGE;
	names->sets[++names->set_count] = roles;
	*ret = (uint32_t) names->set_count;
	return 0;
}

static int finish(struct names_load *load)
{
	struct leak_names *names = load->names;
	names->size = load->size;
	names->table = calloc(names->size, sizeof(*names->table));
	CHECK(names->table);
	for (size_t i = 0; i < load->size; i++) {
		const struct loading *l = &load->table[i];
		if (l->hash == 0)
			continue;
		uint32_t set = 0;
		int r = set_of(names, l->roles, &set);
		if (r < 0)
			return r;
		size_t at = l->hash & (names->size - 1);
		while (names->table[at].roles)
			at = (at + 1) & (names->size - 1);
		names->table[at] = (struct names_entry){(uint32_t) (l->hash >> 32), set};
	}
	return 0;
}

static void set_bit(uint8_t *bits, uint32_t i)
{
	bits[i / 8] |= (uint8_t) (1U << (i % 8));
}

static void put_single(struct leak_names *names, uint32_t c, uint64_t roles)
{
	if (!names->single_at[c]) {
		CHECK(names->singles < NAMES_SINGLES_MAX);
		names->single_at[c] = (uint16_t) ++names->singles;
	}
	names->single[names->single_at[c]] |= roles;
}

static void names_put(struct names_load *load, struct str word, uint64_t roles)
{
	struct leak_names *names = load->names;
	uint32_t c[NAMES_WORD_MAX + 1];
	size_t n = 0;
	for (size_t at = 0; at < word.n && n <= NAMES_WORD_MAX; n++) {
		c[n] = text_next(word, &at);
		if (c[n] >= 'A' && c[n] <= 'Z')
			c[n] += 'a' - 'A';
	}
	if (n == 0 || n > NAMES_WORD_MAX || c[0] >= NAMES_FIRST_CHARS)
		return;
	bool town = roles & NAMES_BIT(TOWN);
	uint64_t hash = town ? NAMES_HASH_TOWN : NAMES_HASH;
	for (size_t i = 0; i < n; i++) {
		hash = names_hash_add(hash, c[i]);
		put_hash(load, hash, i + 1 < n ? NAMES_BEGINS : roles);
		if (i == 1)
			set_bit(names->pairs, names_pair_bit(hash));
	}
	if (n == 1 && !town)
		put_single(names, c[0], roles);
	if (!town && names->longest[c[0]] < n)
		names->longest[c[0]] = (uint8_t) n;
	if (roles & NAMES_BIT(SURNAME))
		set_bit(names->surname_first, c[0]);
}

void names_add(struct names_load *load, struct str word, unsigned role_number)
{
	names_put(load, word, 1ULL << role_number);
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
static int read_heading(struct names_load *load, struct str line, uint64_t *ret_role)
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
	names_put(load, word, NAMES_BIT(PREFECTURE));
	*ret_role = NAMES_BIT(MUNICIPALITY);
	return 0;
}

static int read_line(struct names_load *load, struct str line, uint64_t *role)
{
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (line.p[0] == '[' && line.p[line.n - 1] == ']')
		return read_heading(load, line, role);
	if (*role == 0)
		return ERR_INVALID;
	struct str word;
	while (str_split(&line, ' ', &word)) {
		uint64_t roles = take_marks(&word, *role);
		if (word.n)
			names_put(load, word, roles);
	}
	return 0;
}

static int read_file(struct names_load *load, const char *folder, const char *name, char *message, size_t message_bytes)
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
		r = read_line(load, line, &role);
		if (r < 0) {
			snprintf(message, message_bytes, "%s:%u: no heading of this dictionary", path, number);
			return r;
		}
	}
	return 0;
}

static int load_all(struct names_load *load, const char *folder, char *message, size_t message_bytes)
{
	static const char *const files[] = {"names.txt", "names-context.txt", "places.txt", "places-context.txt"};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int r = read_file(load, folder, files[i], message, message_bytes);
		if (r < 0)
			return r;
	}
	int r = sensitive_load(load, folder, message, message_bytes);
	return r < 0 ? r : finish(load);
}

int leak_names_new(const char *folder, const char *cache, struct leak_names **ret, char *message, size_t message_bytes)
{
	struct names_load load = {.names = calloc(1, sizeof(*load.names))};
	CHECK(load.names);
	int r = load_all(&load, folder, message, message_bytes);
	free(load.table);
	if (r < 0)
		leak_names_free(load.names);
	else
		*ret = load.names;
	return r;
}

void leak_names_free(struct leak_names *names)
{
	if (!names)
		return;
	free(names->table);
	free(names);
}
