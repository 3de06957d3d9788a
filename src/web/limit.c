/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/limit.h"

#include <sys/random.h>

#include "base/check.h"

struct bucket {
	uint64_t key;    /* 0: free */
	int64_t full_us; /* when it will be full again: a bucket is told by this alone */
};

struct limit {
	int64_t refill_us, depth_us;
	uint64_t salt;
	struct bucket buckets[LIMIT_BUCKETS];
};

struct limit *limit_new(unsigned burst, int64_t refill_us)
{
	struct limit *l = calloc(1, sizeof(*l));
	CHECK(l);
	l->refill_us = refill_us;
	l->depth_us = refill_us * burst;
	CHECK(getrandom(&l->salt, sizeof(l->salt), 0) == sizeof(l->salt));
	return l;
}

void limit_free(struct limit *l)
{
	free(l);
}

/* The salt keeps outsiders from choosing addresses that share buckets. */
static uint64_t key_of(const struct limit *l, struct str who)
{
	uint64_t h = (str_hash(who) ^ l->salt) * 0x9e3779b97f4a7c15u;
	h ^= h >> 29;
	return h | 1;
}

static struct bucket *find_bucket(struct limit *l, uint64_t key)
{
	struct bucket *best = NULL;
	for (size_t i = 0; i < LIMIT_PROBES; i++) {
		struct bucket *b = &l->buckets[((key >> 8) + i) % LIMIT_BUCKETS];
		if (b->key == key)
			return b;
		if (!best || b->full_us < best->full_us)
			best = b;
	}
	*best = (struct bucket){.key = key};
	return best;
}

bool limit_take(struct limit *l, struct str who, int64_t now_us)
{
	struct bucket *b = find_bucket(l, key_of(l, who));
	int64_t full_us = (b->full_us > now_us ? b->full_us : now_us) + l->refill_us;
	if (full_us - now_us > l->depth_us)
		return false;
	b->full_us = full_us;
	return true;
}
