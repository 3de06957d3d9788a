/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/entity.h"

#include "base/check.h"
#include "read/encoding.h"

enum { NAME_LIMIT_BYTES = 24 };

struct entity {
	const char *name;
	uint32_t code;
};

static const struct entity entities[] = {
#define E(name, code) {name, code},
#include "read/entities.def"
#undef E
};

/* What numbers 0x80 to 0x9F mean in HTML: windows-1252. */
static const uint16_t c1[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void entity_add_utf8(struct buf *b, uint32_t c)
{
	char out[4];
	size_t n = 0;
	if (c < 0x80) {
		out[n++] = (char) c;
	} else if (c < 0x800) {
		out[n++] = (char) (0xC0 | c >> 6);
	} else if (c < 0x10000) {
		out[n++] = (char) (0xE0 | c >> 12);
		out[n++] = (char) (0x80 | (c >> 6 & 0x3F));
	} else {
		out[n++] = (char) (0xF0 | c >> 18);
		out[n++] = (char) (0x80 | (c >> 12 & 0x3F));
		out[n++] = (char) (0x80 | (c >> 6 & 0x3F));
	}
	if (c >= 0x80)
		out[n++] = (char) (0x80 | (c & 0x3F));
	buf_add(b, out, n);
}

static uint32_t valid_code(uint64_t c)
{
	if (c >= 0x80 && c < 0xA0)
		return c1[c - 0x80];
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return 0xFFFD;
	if (c < 0x20 && c != '\t' && c != '\n')
		return ' ';
	return (uint32_t) c;
}

static size_t number_at(struct str s, size_t i, uint32_t *ret_code)
{
	size_t k = i + 2;
	bool hex = k < s.n && (s.p[k] == 'x' || s.p[k] == 'X');
	uint64_t value = 0;
	k += hex;
	size_t first = k;
	for (; k < s.n; k++) {
		int digit = encoding_hex_value(s.p[k]);
		if (digit < 0 || (!hex && digit > 9))
			break;
		value = value > 0x110000 ? value : value * (hex ? 16 : 10) + (uint64_t) digit;
	}
	if (k == first)
		return 0;
	*ret_code = valid_code(value);
	return k - i + (k < s.n && s.p[k] == ';');
}

static const struct entity *find(struct str name)
{
	size_t low = 0, high = ARRAY_SIZE(entities);
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(name, str_of(entities[mid].name));
		if (order == 0)
			return &entities[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

size_t entity_at(struct str s, size_t i, bool attribute, uint32_t *ret_code)
{
	if (i + 1 >= s.n)
		return 0;
	if (s.p[i + 1] == '#')
		return number_at(s, i, ret_code);
	size_t n = 0;
	while (i + 1 + n < s.n && n < NAME_LIMIT_BYTES && ascii_is_alnum(s.p[i + 1 + n]))
		n++;
	size_t end = i + 1 + n;
	bool closed = end < s.n && s.p[end] == ';';
	const struct entity *e = n > 0 ? find(str_make(s.p + i + 1, n)) : NULL;
	/* Only the old Latin-1 names work without ";". */
	if (!e || (!closed && (e->code > 0xFF || attribute)))
		return 0;
	*ret_code = e->code;
	return 1 + n + closed;
}
