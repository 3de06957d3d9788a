/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The multi-pattern scanner. Literals go into the same database as the regular expressions, escaped byte by byte and
 * without start-of-match tracking (their start is end - length), which keeps the database small. */
#include "text/scan.h"

#include <hs/hs.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/fold.h"
#include "text/scan-cache.h"

struct pattern_facts {
	uint32_t id;
	uint32_t bytes; /* of a literal; 0: regular expression */
	bool edge_latin_start, edge_latin_end, edge_kana_start, edge_kana_end;
};

struct scanner {
	hs_database_t *database;
	hs_scratch_t *scratch;
	struct pattern_facts *facts;
	size_t count;
	bool mapped; /* database and facts lie in memory of the caller's */
};

struct run {
	const struct scanner *scanner;
	struct str text;
	scan_hit_fn *hit;
	void *context;
};

static uint32_t char_before(struct str s, size_t at)
{
	if (at == 0)
		return 0;
	size_t start = at - 1;
	while (start > 0 && ((unsigned char) s.p[start] & 0xC0) == 0x80)
		start--;
	return text_next(s, &start);
}

static uint32_t char_after(struct str s, size_t at)
{
	return at < s.n ? text_next(s, &at) : 0;
}

static bool is_word_char(uint32_t c)
{
	enum script s = text_script(c);
	return s == SCRIPT_LATIN || s == SCRIPT_DIGIT;
}

static size_t count_chars(struct str s)
{
	size_t n = 0;
	for (size_t at = 0; at < s.n; n++)
		text_next(s, &at);
	return n;
}

static struct pattern_facts literal_facts(const struct scan_pattern *p)
{
	uint32_t first = char_after(p->text, 0), last = char_before(p->text, p->text.n);
	bool kana = text_script(last) == SCRIPT_KATAKANA && count_chars(p->text) <= SCAN_SHORT_KANA;
	return (struct pattern_facts){.id = p->id,
	                              .bytes = (uint32_t) p->text.n,
	                              .edge_latin_start = is_word_char(first),
	                              .edge_latin_end = is_word_char(last),
	                              .edge_kana_start = text_script(first) == SCRIPT_KATAKANA,
	                              .edge_kana_end = kana};
}

static bool edges_fit(const struct pattern_facts *f, struct str text, size_t start, size_t end)
{
	if (f->edge_latin_start && is_word_char(char_before(text, start)))
		return false;
	if (f->edge_latin_end && is_word_char(char_after(text, end)))
		return false;
	if (f->edge_kana_start && text_script(char_before(text, start)) == SCRIPT_KATAKANA)
		return false;
	return !(f->edge_kana_end && text_script(char_after(text, end)) == SCRIPT_KATAKANA);
}

static int on_match(unsigned int number, unsigned long long from, unsigned long long to, unsigned int flags,
                    void *context)
{
	const struct run *run = context;
	const struct pattern_facts *f = &run->scanner->facts[number];
	size_t end = (size_t) to, start = f->bytes ? end - f->bytes : (size_t) from;
	if (f->bytes && !edges_fit(f, run->text, start, end))
		return 0;
	return run->hit(run->context, f->id, (uint32_t) start, (uint32_t) end) ? 0 : 1;
}

static int escape_literal(struct buf *b, struct str text)
{
	int r = 0;
	for (size_t i = 0; i < text.n && r >= 0; i++) {
		unsigned char c = (unsigned char) text.p[i];
		r = c < 0x80 && !ascii_is_alnum((char) c) ? buf_printf(b, "\\x%02x", c) : buf_add_char(b, (char) c);
	}
	return r < 0 ? r : buf_add_char(b, '\0');
}

/* The expressions one behind the other, each with its NUL; offsets[i] is where number i begins. */
static int write_expressions(const struct scan_pattern *patterns, size_t count, struct buf *b, size_t *offsets,
                             unsigned *flags, unsigned *numbers, struct pattern_facts *facts)
{
	for (size_t i = 0; i < count; i++) {
		const struct scan_pattern *p = &patterns[i];
		bool regex = p->flags & SCAN_REGEX;
		offsets[i] = b->n;
		numbers[i] = (unsigned) i;
		flags[i] = regex ? HS_FLAG_UTF8 | HS_FLAG_SOM_LEFTMOST : 0;
		facts[i] = regex ? (struct pattern_facts){.id = p->id} : literal_facts(p);
		if (p->flags & SCAN_ANYWHERE)
			facts[i] = (struct pattern_facts){.id = p->id, .bytes = (uint32_t) p->text.n};
		int r = regex ? buf_add_str(b, p->text) : escape_literal(b, p->text);
		if (r >= 0 && regex)
			r = buf_add_char(b, '\0');
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_patterns(const struct scan_pattern *patterns, size_t count, size_t *ret_bad, char *message, size_t n)
{
	for (size_t i = 0; i < count; i++) {
		struct str t = patterns[i].text;
		if (t.n == 0 || t.n > SCAN_PATTERN_MAX_BYTES || str_find_char(t, '\0', 0) != STR_NOT_FOUND) {
			*ret_bad = i;
			snprintf(message, n, "a pattern needs 1 to %d bytes", SCAN_PATTERN_MAX_BYTES);
			return ERR_INVALID;
		}
	}
	return 0;
}

static int compile_database(struct scanner *s, const struct buf *b, const size_t *offsets, const unsigned *flags,
                            const unsigned *numbers, size_t *ret_bad, char *message, size_t message_bytes)
{
	const char **expressions = calloc(s->count, sizeof(*expressions));
	CHECK(expressions);
	for (size_t i = 0; i < s->count; i++)
		expressions[i] = b->p + offsets[i];
	hs_compile_error_t *error = NULL;
	hs_error_t e = hs_compile_multi(expressions, flags, numbers, (unsigned) s->count, HS_MODE_BLOCK, NULL,
	                                &s->database, &error);
	if (e != HS_SUCCESS && error) {
		*ret_bad = error->expression >= 0 ? (size_t) error->expression : 0;
		snprintf(message, message_bytes, "%s", error->message);
	}
	hs_free_compile_error(error);
	free(expressions);
	if (e != HS_SUCCESS)
		return e == HS_COMPILER_ERROR ? ERR_INVALID : ERR_SYSTEM;
	return 0;
}

/* Any change of an expression, a flag or the order gives another key. */
static uint64_t cache_key(const struct scanner *s, const struct buf *b, const unsigned *flags)
{
	struct str flag_bytes = str_make((const char *) flags, s->count * sizeof(*flags));
	uint64_t key = (scan_cache_seed() ^ str_hash(buf_str(b))) * 0x100000001b3ULL;
	return (key ^ str_hash(flag_bytes)) * 0x100000001b3ULL ^ s->count;
}

static int compile(struct scanner *s, const char *cache, const struct buf *b, const size_t *offsets,
                   const unsigned *flags, const unsigned *numbers, size_t *ret_bad, char *message, size_t message_bytes)
{
	uint64_t key = cache_key(s, b, flags);
	int r = cache ? scan_cache_load(cache, key, &s->database) : ERR_NOT_FOUND;
	if (r < 0) {
		r = compile_database(s, b, offsets, flags, numbers, ret_bad, message, message_bytes);
		if (r >= 0 && cache)
			scan_cache_keep(cache, key, s->database);
	}
	if (r < 0)
		return r;
	return hs_alloc_scratch(s->database, &s->scratch) == HS_SUCCESS ? 0 : ERR_SYSTEM;
}

int scanner_new(const struct scan_pattern *patterns, size_t count, const char *cache, struct scanner **ret,
                size_t *ret_bad, char *message, size_t message_bytes)
{
	if (count > SCAN_PATTERNS_MAX)
		return ERR_TOO_LARGE;
	int r = check_patterns(patterns, count, ret_bad, message, message_bytes);
	if (r < 0)
		return r;
	struct scanner *s = calloc(1, sizeof(*s));
	size_t *offsets = calloc(count + 1, sizeof(*offsets));
	unsigned *flags = calloc(2 * count + 1, sizeof(*flags));
	struct buf b = buf_make((count + 1) * (SCAN_PATTERN_MAX_BYTES * 4 + 1));
	CHECK(s && offsets && flags);
	s->count = count;
	s->facts = calloc(count + 1, sizeof(*s->facts));
	CHECK(s->facts);
	r = write_expressions(patterns, count, &b, offsets, flags, flags + count, s->facts);
	if (r >= 0 && count > 0)
		r = compile(s, cache, &b, offsets, flags, flags + count, ret_bad, message, message_bytes);
	buf_done(&b);
	free(offsets);
	free(flags);
	if (r < 0)
		scanner_free(s);
	else
		*ret = s;
	return r;
}

void scanner_free(struct scanner *s)
{
	if (!s)
		return;
	hs_free_scratch(s->scratch);
	if (!s->mapped) {
		hs_free_database(s->database);
		free(s->facts);
	}
	free(s);
}

int scanner_run(const struct scanner *s, struct str text, scan_hit_fn *hit, void *context)
{
	if (s->count == 0 || text.n == 0)
		return 0;
	if (text.n >= UINT32_MAX)
		return ERR_TOO_LARGE;
	struct run run = {.scanner = s, .text = text, .hit = hit, .context = context};
	hs_error_t e = hs_scan(s->database, text.p, (unsigned) text.n, 0, s->scratch, on_match, &run);
	return e == HS_SUCCESS || e == HS_SCAN_TERMINATED ? 0 : ERR_SYSTEM;
}

size_t scanner_memory_bytes(const struct scanner *s)
{
	size_t database = 0, scratch = 0;
	if (s->database)
		hs_database_size(s->database, &database);
	if (s->scratch)
		hs_scratch_size(s->scratch, &scratch);
	return database + scratch + s->count * sizeof(*s->facts);
}

/* ---- as bytes: struct scan_image, the facts, the database ---- */

struct scan_image {
	uint64_t count, database_at, database_bytes;
};

static size_t align(size_t n)
{
	return (n + SCAN_IMAGE_ALIGN - 1) / SCAN_IMAGE_ALIGN * SCAN_IMAGE_ALIGN;
}

static int image_layout(const struct scanner *s, struct scan_image *ret)
{
	size_t bytes = 0;
	if (s->count > 0 && hs_database_size(s->database, &bytes) != HS_SUCCESS)
		return ERR_SYSTEM;
	*ret = (struct scan_image){.count = s->count,
	                           .database_at = align(sizeof(*ret) + s->count * sizeof(*s->facts)),
	                           .database_bytes = bytes};
	return 0;
}

/* A database for a better processor must not run on this one. */
uint64_t scanner_engine(void)
{
	uint64_t features = 0;
#if defined(__x86_64__)
	__builtin_cpu_init();
	features = (__builtin_cpu_supports("avx2") ? 1U : 0U) | (__builtin_cpu_supports("avx512f") ? 2U : 0U) |
	           (__builtin_cpu_supports("avx512bw") ? 4U : 0U) | (__builtin_cpu_supports("avx512vbmi") ? 8U : 0U) |
	           (__builtin_cpu_supports("sse4.2") ? 16U : 0U);
#endif
	return str_hash(str_of(hs_version())) ^ features;
}

size_t scanner_image_bytes(const struct scanner *s)
{
	struct scan_image image;
	return image_layout(s, &image) >= 0 ? (size_t) (image.database_at + image.database_bytes) : 0;
}

int scanner_image_write(const struct scanner *s, void *at)
{
	struct scan_image image;
	char *bytes = NULL;
	size_t n = 0;

	int r = image_layout(s, &image);
	if (r < 0)
		return r;
	memset(at, 0, (size_t) image.database_at);
	memcpy(at, &image, sizeof(image));
	memcpy((char *) at + sizeof(image), s->facts, s->count * sizeof(*s->facts));
	if (s->count == 0)
		return 0;
	if (hs_serialize_database(s->database, &bytes, &n) != HS_SUCCESS)
		return ERR_SYSTEM;
	/* What the engine puts at an address so aligned holds no address and works at any other one. */
	void *place = (char *) at + image.database_at;
	memset(place, 0, (size_t) image.database_bytes);
	r = hs_deserialize_database_at(bytes, n, place) == HS_SUCCESS ? 0 : ERR_SYSTEM;
	free(bytes);
	return r;
}

int scanner_map(const void *at, size_t n, struct scanner **ret)
{
	struct scan_image image;
	if (n < sizeof(image))
		return ERR_INVALID;
	memcpy(&image, at, sizeof(image));
	if (image.count > SCAN_PATTERNS_MAX || image.database_at > n || image.database_bytes != n - image.database_at ||
	    image.database_at != align(sizeof(image) + (size_t) image.count * sizeof(struct pattern_facts)))
		return ERR_INVALID;
	struct scanner *s = calloc(1, sizeof(*s));
	CHECK(s);
	const char *bytes = at;
	s->mapped = true;
	s->count = (size_t) image.count;
	s->facts = (struct pattern_facts *) (uintptr_t) (bytes + sizeof(image));
	s->database = (hs_database_t *) (uintptr_t) (bytes + image.database_at);
	/* The engine looks whether the database is one of its own version. */
	if (s->count > 0 && hs_alloc_scratch(s->database, &s->scratch) != HS_SUCCESS) {
		scanner_free(s);
		return ERR_INVALID;
	}
	*ret = s;
	return 0;
}
