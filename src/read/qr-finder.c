/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a picture is worth the search for a code. The corners of a QR code are squares that every line through their
 * middle cuts into runs of 1:1:3:1:1 (ISO/IEC 18004, 5.3.3). Pictures without codes have such runs by chance too, but
 * seldom twice, one below the other, in two places of one size. */
#include "read/qr.h"

enum {
	FINDER_MIN_PIXELS = 7,
	FINDER_ROWS_MIN = 2, /* that cut one corner */
	FINDERS_MAX = 64,    /* places looked at; more are no code but a pattern, which is searched */
	CONTRAST_MIN = 40,
	CORNERS_APART = 14, /* of 7 squares a corner: from middle to middle in the smallest code, of 21 squares */
};

struct finder {
	uint32_t x, y, size; /* of the row seen last; size in pixels */
	uint32_t rows;
};

struct search {
	const struct image *image;
	uint8_t middle; /* of the row's light and dark */
	struct finder finders[FINDERS_MAX];
	size_t count;
	bool is_found;
};

/* Five runs in the proportions of a finder pattern, each within half of a square. */
static bool is_finder(const uint32_t runs[5])
{
	uint32_t sum = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
	if (sum < FINDER_MIN_PIXELS)
		return false;
	for (int i = 0; i < 5; i++) {
		uint32_t want = i == 2 ? 3 : 1;
		/* runs[i] / sum against want / 7, in 1 / (14 sum). */
		uint32_t is = runs[i] * 14, should = want * 2 * sum;
		uint32_t off = is > should ? is - should : should - is;
		if (off > sum * (i == 2 ? 3 : 1) + sum / 4)
			return false;
	}
	return true;
}

/* The five runs of the column through (x, y), whose middle one holds that pixel. */
static bool column_has_finder(const struct image *image, size_t x, size_t y, uint8_t middle)
{
	uint32_t runs[5] = {0};
	bool dark = image->grey[y * image->width + x] < middle, now = dark;
	int part = 2;
	for (size_t k = y; k-- > 0;) {
		if ((image->grey[k * image->width + x] < middle) != now) {
			now = !now;
			if (--part < 0)
				break;
		}
		runs[part]++;
	}
	now = dark;
	part = 2;
	for (size_t k = y; k < image->height; k++) {
		if ((image->grey[k * image->width + x] < middle) != now) {
			now = !now;
			if (++part > 4)
				break;
		}
		runs[part]++;
	}
	return is_finder(runs);
}

static bool is_alike(uint32_t a, uint32_t b)
{
	return a * 2 <= b * 3 && b * 2 <= a * 3;
}

static uint32_t apart(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

static bool is_pair(const struct finder *a, const struct finder *b)
{
	uint64_t dx = apart(a->x, b->x), dy = apart(a->y, b->y);
	uint64_t least = (uint64_t) (a->size < b->size ? a->size : b->size) * CORNERS_APART / 7 * 2 / 3;
	return is_alike(a->size, b->size) && dx * dx + dy * dy >= least * least;
}

static bool has_partner(const struct search *s, const struct finder *f)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->finders[i].rows >= FINDER_ROWS_MIN && is_pair(&s->finders[i], f))
			return true;
	return false;
}

static void add_finder(struct search *s, uint32_t x, uint32_t y, uint32_t size)
{
	for (size_t i = 0; i < s->count; i++) {
		struct finder *f = &s->finders[i];
		if (apart(f->x, x) * 4 > size || apart(f->y, y) > size || !is_alike(f->size, size))
			continue;
		*f = (struct finder){x, y, size, f->rows + 1};
		s->is_found |= f->rows >= FINDER_ROWS_MIN && has_partner(s, f);
		return;
	}
	if (s->count < FINDERS_MAX)
		s->finders[s->count++] = (struct finder){x, y, size, 1};
	else
		s->is_found = true;
}

static void look_at_row(struct search *s, size_t y)
{
	const uint8_t *row = s->image->grey + y * s->image->width;
	uint32_t runs[5] = {0};
	bool dark = false;

	for (size_t x = 0; x <= s->image->width; x++) {
		if (x < s->image->width && (row[x] < s->middle) == dark) {
			runs[4]++;
			continue;
		}
		size_t centre = x - runs[4] - runs[3] - runs[2] / 2 - 1;
		if (is_finder(runs) && column_has_finder(s->image, centre, y, s->middle))
			add_finder(s, (uint32_t) centre, (uint32_t) y, runs[0] + runs[1] + runs[2] + runs[3] + runs[4]);
		memmove(runs, runs + 1, 4 * sizeof(runs[0]));
		runs[4] = 1;
		dark = !dark;
	}
}

bool qr_may_hold_code(const struct image *image)
{
	struct search s = {.image = image};

	for (size_t y = 0; y < image->height && !s.is_found; y++) {
		const uint8_t *row = image->grey + y * image->width;
		uint8_t low = 255, high = 0;
		for (size_t x = 0; x < image->width; x++) {
			low = row[x] < low ? row[x] : low;
			high = row[x] > high ? row[x] : high;
		}
		s.middle = (uint8_t) ((low + high) / 2);
		if (high - low >= CONTRAST_MIN)
			look_at_row(&s, y);
	}
	return s.is_found;
}
