/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Layout: struct head, the copied structs and texts, the scanner, and the place (u32) of each address in it. */
#include "rules/image.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "rules/code.h"
#include "rules/inside.h"

enum { PATH_MAX_BYTES = 4096, FOLDER_MODE = 0700, FILE_MODE = 0600, HEAD_BYTES = 128, NAME_BYTES = 32 };
/* Between what programs and their heaps usually take and what libraries and stacks take. */
#define PLACE_FIRST 0x200000000000ULL
#define PLACE_BITS 43
#define PLACE_ALIGN (2ULL * 1024 * 1024)

static const char image_mark[8] = {'s', 'o', 'n', 'a', 'e', ' ', 'r', '1'};

const char *const rules_file_names[RULES_FILE_COUNT] = {"brands.yaml", "lists.yaml", "popular.txt", "words.yaml",
                                                        "weights.yaml"};

struct head {
	char mark[8];
	uint64_t key, sum; /* the sum is over all bytes behind the head */
	uint64_t place;    /* address that the addresses in it were made for */
	uint64_t bytes;
	uint64_t rules_at;
	uint64_t scanner_at, scanner_bytes;
	uint64_t moves_at, move_count;
};
_Static_assert(sizeof(struct head) <= HEAD_BYTES, "the head has its own room");

/* ---- key and sum ---- */

#define HASH_PRIME 0x9E3779B97F4A7C15ULL

static inline uint64_t mix(uint64_t h)
{
	h *= HASH_PRIME;
	return h ^ h >> 29;
}

/* Four words at a time; not for keys that an adversary chooses. */
static uint64_t hash(struct str s, uint64_t seed)
{
	const uint64_t prime = HASH_PRIME;
	uint64_t a = seed, b = seed ^ prime, c = ~seed, d = seed + s.n, h = s.n;
	size_t i = 0;
	for (; i + 32 <= s.n; i += 32) {
		uint64_t words[4];
		memcpy(words, s.p + i, sizeof(words));
		a = mix(a ^ words[0]);
		b = mix(b ^ words[1]);
		c = mix(c ^ words[2]);
		d = mix(d ^ words[3]);
	}
	h = mix(mix(mix(mix(h ^ a) ^ b) ^ c) ^ d);
	for (; i < s.n; i++)
		h = (h ^ (unsigned char) s.p[i]) * prime;
	return h ^ h >> 32;
}

/* 0 when there is no such folder or no rule file in it. */
static uint64_t folder_number(const char *folder)
{
	char path[PATH_MAX_BYTES];
	struct stat s;
	bool any = false;

	for (size_t i = 0; folder && !any && i < RULES_FILE_COUNT; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", folder, rules_file_names[i]);
		any = n > 0 && (size_t) n < sizeof(path) && access(path, F_OK) == 0;
	}
	return any && stat(folder, &s) == 0 ? mix(mix(s.st_dev + 1) ^ s.st_ino) : 0;
}

static int hash_file(const char *folder, const char *name, uint64_t *key)
{
	char path[PATH_MAX_BYTES];
	struct stat s;
	int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
	CLEANUP_FD fd = n > 0 && (size_t) n < sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size > RULES_FILE_MAX_BYTES)
		return ERR_NOT_FOUND;
	size_t bytes = (size_t) s.st_size;
	*key = hash(STR("file"), *key);
	if (bytes == 0)
		return 0;
	void *p = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		return ERR_SYSTEM;
	*key = hash(str_make(p, bytes), *key);
	munmap(p, bytes);
	return 0;
}

int rules_image_key(const char *folder, const char *company_folder, uint64_t *ret)
{
	uint64_t key = scanner_engine() ^ RULES_CODE;
	for (size_t i = 0; i < RULES_FILE_COUNT; i++) {
		int r = hash_file(folder, rules_file_names[i], &key);
		if (r < 0)
			return r;
	}
	key = hash(STR("company"), key);
	for (size_t i = 0; folder_number(company_folder) != 0 && i < RULES_FILE_COUNT; i++)
		if (hash_file(company_folder, rules_file_names[i], &key) < 0)
			key = hash(STR("none"), key);
	*ret = key;
	return 0;
}

/* One file for each pair of folders, however their paths are written, so that old ones do not gather. */
static int write_name(char name[static NAME_BYTES], const char *folder, const char *company_folder)
{
	uint64_t h = mix(folder_number(folder) ^ mix(folder_number(company_folder)));
	int n = snprintf(name, NAME_BYTES, "rules-%016llx", (unsigned long long) h);
	return n > 0 && n < NAME_BYTES ? 0 : ERR_INVALID;
}

/* ---- writing ---- */

struct image {
	struct buf b;     /* the file; addresses in it are offsets until the end */
	struct buf moves; /* where they are, u32 each */
};

static size_t put(struct image *m, const void *p, size_t n, size_t align)
{
	static const char zeros[64];
	(void) buf_add(&m->b, zeros, (align - m->b.n % align) % align);
	size_t at = m->b.n;
	(void) buf_add(&m->b, p, n);
	return at;
}

static void point(struct image *m, size_t at, size_t to)
{
	uint64_t offset = to;
	uint32_t move = (uint32_t) at;
	if (buf_failed(&m->b))
		return;
	memcpy(m->b.p + at, &offset, sizeof(offset));
	(void) buf_add(&m->moves, &move, sizeof(move));
}

/* s was copied to `at` already; its bytes follow. */
static void put_text(struct image *m, size_t at, struct str s)
{
	if (s.p)
		point(m, at + offsetof(struct str, p), put(m, s.p, s.n, 1));
}

static void put_texts(struct image *m, size_t at, const struct str *texts, size_t n)
{
	if (!texts)
		return;
	size_t array = put(m, texts, n * sizeof(*texts), 16);
	point(m, at, array);
	for (size_t i = 0; i < n; i++)
		put_text(m, array + i * sizeof(*texts), texts[i]);
}

static void put_set(struct image *m, size_t at, const struct set *s)
{
	if (!s->slots)
		return;
	size_t slots = put(m, s->slots, s->size * sizeof(*s->slots), 16);
	point(m, at + offsetof(struct set, slots), slots);
	for (size_t i = 0; i < s->size; i++)
		put_text(m, slots + i * sizeof(*s->slots) + offsetof(struct set_slot, key), s->slots[i].key);
}

static void put_brand(struct image *m, size_t at, const struct brand *b)
{
	put_text(m, at + offsetof(struct brand, id), b->id);
	put_text(m, at + offsetof(struct brand, name_ja), b->name_ja);
	put_text(m, at + offsetof(struct brand, name_en), b->name_en);
	put_texts(m, at + offsetof(struct brand, spellings), b->spellings.at, b->spellings.n);
	put_texts(m, at + offsetof(struct brand, weak), b->weak.at, b->weak.n);
	put_texts(m, at + offsetof(struct brand, domains), b->domains.at, b->domains.n);
	put_texts(m, at + offsetof(struct brand, sending), b->sending.at, b->sending.n);
	put_text(m, at + offsetof(struct brand, source), b->source);
	put_text(m, at + offsetof(struct brand, checked), b->checked);
	put_text(m, at + offsetof(struct brand, phone), b->phone);
	put_text(m, at + offsetof(struct brand, site), b->site);
}
_Static_assert(offsetof(struct str_list, at) == 0 &&
                       sizeof(struct brand) == 9 * sizeof(struct str_list) + 2 * 8 + 2 * sizeof(struct str),
               "a new member of struct brand that holds an address must be put above");

static void put_brands(struct image *m, size_t at, const struct rules *r)
{
	size_t array = put(m, r->brands.at, r->brands.n * sizeof(*r->brands.at), 16);
	point(m, at + offsetof(struct rules, brands), array);
	for (size_t i = 0; i < r->brands.n; i++)
		put_brand(m, array + i * sizeof(*r->brands.at), &r->brands.at[i]);
	put_set(m, at + offsetof(struct rules, brand_ids), &r->brand_ids);
	put_set(m, at + offsetof(struct rules, domains), &r->domains);
	array = put(m, r->domain_brands.at, r->domain_brands.n * sizeof(*r->domain_brands.at), 16);
	point(m, at + offsetof(struct rules, domain_brands), array);
	for (size_t i = 0; i < r->domain_brands.n; i++) {
		const struct brand_indexes *b = &r->domain_brands.at[i];
		point(m, array + i * sizeof(*b) + offsetof(struct brand_indexes, at),
		      put(m, b->at, b->n * sizeof(*b->at), 4));
	}
}

static void put_lists(struct image *m, size_t at, const struct rules *r)
{
	put_set(m, at + offsetof(struct rules, popular), &r->popular);
	size_t array = put(m, r->lists.at, r->lists.n * sizeof(*r->lists.at), 16);
	point(m, at + offsetof(struct rules, lists), array);
	for (size_t i = 0; i < r->lists.n; i++) {
		const struct rules_list *l = &r->lists.at[i];
		size_t list = array + i * sizeof(*l);
		put_text(m, list + offsetof(struct rules_list, name), l->name);
		put_set(m, list + offsetof(struct rules_list, set), &l->set);
		put_texts(m, list + offsetof(struct rules_list, all), l->all.at, l->all.n);
	}
}

static size_t put_rules(struct image *m, const struct rules *r)
{
	struct rules copy = *r;
	copy.arena = NULL;
	copy.scanner = NULL;
	copy.progress = NULL;
	/* What the files say in words is compiled into the scanner. */
	memset(&copy.words, 0, sizeof(copy.words));
	memset(&copy.word_ids, 0, sizeof(copy.word_ids));
	size_t at = put(m, &copy, sizeof(copy), 16);
	put_brands(m, at, r);
	put_lists(m, at, r);
	size_t array = put(m, r->targets.at, r->targets.n * sizeof(*r->targets.at), 16);
	point(m, at + offsetof(struct rules, targets), array);
	for (size_t i = 0; i < r->targets.n; i++)
		put_text(m, array + i * sizeof(*r->targets.at) + offsetof(struct target, text), r->targets.at[i].text);
	point(m, at + offsetof(struct rules, longer), put(m, r->longer.at, r->longer.n * sizeof(*r->longer.at), 4));
	return at;
}

static uint64_t draw_place(void)
{
	uint64_t n = 0;
	if (getrandom(&n, sizeof(n), GRND_NONBLOCK) != sizeof(n))
		n = (uint64_t) (uintptr_t) &image_mark * 0x9E3779B97F4A7C15ULL;
	return PLACE_FIRST + (n >> (64 - PLACE_BITS)) / PLACE_ALIGN * PLACE_ALIGN;
}

static int put_scanner(struct image *m, const struct scanner *s, struct head *h)
{
	static const char zeros[SCAN_IMAGE_ALIGN];
	(void) buf_add(&m->b, zeros, (SCAN_IMAGE_ALIGN - m->b.n % SCAN_IMAGE_ALIGN) % SCAN_IMAGE_ALIGN);
	h->scanner_at = m->b.n;
	h->scanner_bytes = scanner_image_bytes(s);
	void *p = aligned_alloc(SCAN_IMAGE_ALIGN,
	                        (h->scanner_bytes + SCAN_IMAGE_ALIGN) / SCAN_IMAGE_ALIGN * SCAN_IMAGE_ALIGN);
	CHECK(p);
	int r = scanner_image_write(s, p);
	if (r >= 0)
		r = buf_add(&m->b, p, h->scanner_bytes);
	free(p);
	return r;
}

static void make_addresses(struct image *m, uint64_t place)
{
	for (size_t i = 0; i < m->moves.n; i += sizeof(uint32_t)) {
		uint32_t at;
		uint64_t address;
		memcpy(&at, m->moves.p + i, sizeof(at));
		memcpy(&address, m->b.p + at, sizeof(address));
		address += place;
		memcpy(m->b.p + at, &address, sizeof(address));
	}
}

static int make(struct image *m, const struct rules *r, uint64_t key)
{
	struct head h = {.key = key, .place = draw_place()};
	static const char room[HEAD_BYTES];
	memcpy(h.mark, image_mark, sizeof(h.mark));
	(void) buf_add(&m->b, room, sizeof(room));
	h.rules_at = put_rules(m, r);
	int result = put_scanner(m, r->scanner, &h);
	if (result < 0 || buf_failed(&m->b) || buf_failed(&m->moves))
		return ERR_TOO_LARGE;
	make_addresses(m, h.place);
	h.moves_at = put(m, m->moves.p, m->moves.n, 8);
	h.move_count = m->moves.n / sizeof(uint32_t);
	if (buf_failed(&m->b))
		return ERR_TOO_LARGE;
	h.bytes = m->b.n;
	h.sum = hash(str_slice(buf_str(&m->b), HEAD_BYTES, m->b.n), key);
	memcpy(m->b.p, &h, sizeof(h));
	return 0;
}

static bool is_ours_alone(int fd, mode_t type)
{
	struct stat s;
	return fstat(fd, &s) == 0 && (s.st_mode & S_IFMT) == type && s.st_uid == geteuid() &&
	       (s.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* -1: not there, or not only this user's. */
static int open_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || is_ours_alone(fd, S_IFDIR))
		return fd;
	fd_close(fd);
	return -1;
}

void rules_image_keep(const struct rules *r, const char *folder, const char *company_folder, const char *cache,
                      uint64_t key)
{
	char name[NAME_BYTES], path[PATH_MAX_BYTES];
	struct image m = {.b = buf_make(RULES_IMAGE_MAX_BYTES), .moves = buf_make(RULES_IMAGE_MAX_BYTES)};
	uint64_t now = 0;

	(void) mkdir(cache, FOLDER_MODE);
	CLEANUP_FD at = open_folder(cache);
	int n = write_name(name, folder, company_folder);
	if (n >= 0)
		n = snprintf(path, sizeof(path), "%s/%s", cache, name);
	/* Files that changed while they were read would leave rules of another time under this key. */
	bool fits = at >= 0 && n > 0 && (size_t) n < sizeof(path) &&
	            rules_image_key(folder, company_folder, &now) >= 0 && now == key;
	if (fits && make(&m, r, key) >= 0)
		(void) fd_replace_file(path, buf_str(&m.b), FILE_MODE);
	buf_done(&m.b);
	buf_done(&m.moves);
}

/* ---- reading ---- */

static bool lies_in(uint64_t at, uint64_t n, uint64_t bytes)
{
	return at >= HEAD_BYTES && at <= bytes && n <= bytes - at;
}

static bool head_fits(const struct head *h, uint64_t key, uint64_t bytes)
{
	return memcmp(h->mark, image_mark, sizeof(h->mark)) == 0 && h->key == key && h->bytes == bytes &&
	       h->place % PLACE_ALIGN == 0 && h->rules_at % 16 == 0 && h->scanner_at % SCAN_IMAGE_ALIGN == 0 &&
	       h->moves_at % 8 == 0 && lies_in(h->rules_at, sizeof(struct rules), bytes) &&
	       lies_in(h->scanner_at, h->scanner_bytes, bytes) && h->move_count <= bytes &&
	       lies_in(h->moves_at, h->move_count * sizeof(uint32_t), bytes);
}

static int move_addresses(char *p, const struct head *h)
{
	const uint32_t *moves = (const uint32_t *) (const void *) (p + h->moves_at);
	for (uint64_t i = 0; i < h->move_count; i++) {
		uint64_t address;
		if (!lies_in(moves[i], sizeof(address), h->moves_at))
			return ERR_INVALID;
		memcpy(&address, p + moves[i], sizeof(address));
		address += (uint64_t) (uintptr_t) p - h->place;
		memcpy(p + moves[i], &address, sizeof(address));
	}
	return 0;
}

/* At its place, read-only; else anywhere, in pages of our own. */
static int map_image(int fd, const struct head *h, char **ret)
{
	size_t n = (size_t) h->bytes;
	void *wanted = (void *) (uintptr_t) h->place;
	char *p = mmap(wanted, n, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE | MAP_POPULATE, fd, 0);
	bool placed = p == wanted;
	if (!placed && p != MAP_FAILED)
		munmap(p, n);
	if (!placed)
		p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		return ERR_SYSTEM;
	int r = hash(str_make(p + HEAD_BYTES, n - HEAD_BYTES), h->key) == h->sum ? 0 : ERR_INVALID;
	if (r >= 0 && !placed)
		r = move_addresses(p, h);
	if (r < 0)
		munmap(p, n);
	else
		*ret = p;
	return r;
}

static struct rules *take(char *p, const struct head *h)
{
	struct rules *r = calloc(1, sizeof(*r));
	CHECK(r);
	memcpy(r, p + h->rules_at, sizeof(*r));
	r->image = p;
	r->image_bytes = (size_t) h->bytes;
	r->arena = arena_new(RULES_ARENA_MAX_BYTES);
	r->progress = ARENA_ARRAY(r->arena, struct progress, r->chain_count * WORD_STEPS_MAX + 1);
	if (r->progress && scanner_map(p + h->scanner_at, (size_t) h->scanner_bytes, &r->scanner) >= 0)
		return r;
	rules_free(r);
	return NULL;
}

int rules_load_image(const char *folder, const char *company_folder, const char *cache, struct rules **ret)
{
	char name[NAME_BYTES];
	struct stat s;
	struct head h;
	uint64_t key;
	char *p;

	CLEANUP_FD at = open_folder(cache);
	if (at < 0 || write_name(name, folder, company_folder) < 0)
		return ERR_NOT_FOUND;
	CLEANUP_FD fd = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || !is_ours_alone(fd, S_IFREG) || fstat(fd, &s) != 0 || s.st_size > RULES_IMAGE_MAX_BYTES ||
	    pread(fd, &h, sizeof(h), 0) != (ssize_t) sizeof(h) || rules_image_key(folder, company_folder, &key) < 0 ||
	    !head_fits(&h, key, (uint64_t) s.st_size) || map_image(fd, &h, &p) < 0)
		return ERR_NOT_FOUND;
	*ret = take(p, &h);
	return *ret ? 0 : ERR_NOT_FOUND;
}

void rules_free(struct rules *r)
{
	if (!r)
		return;
	scanner_free(r->scanner);
	arena_free(r->arena);
	if (r->image)
		munmap(r->image, r->image_bytes);
	free(r);
}

uint64_t rules_version(const struct rules *r)
{
	return r->version;
}
