/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * zbar finds a code well when its squares are at least three pixels wide and clean. So a picture is read as it is
 * first, then in the forms that help small, noisy, light-on-dark or unevenly lit codes. */
#include <stdlib.h>
#include <zbar.h>

#include "base/check.h"
#include "base/clock.h"
#include "read/qr.h"

enum {
	SCANNED_MAX_PIXELS = 9 * 1000 * 1000,
	SCALED_MAX_PIXELS = 6 * 1000 * 1000,
	WINDOW_PIXELS = 24, /* half the side of the square that a threshold is the mean of */
	SHRINK_MIN_PIXELS = 300,
	QUIET_PIXELS = 16, /* white border added to a picture that ends at the code */
};

static struct image make_image(uint32_t width, uint32_t height)
{
	struct image image = {malloc((size_t) width * height), width, height};
	CHECK(image.grey);
	return image;
}

static uint8_t at(const struct image *image, int64_t x, int64_t y)
{
	x = x < 0 ? 0 : x >= image->width ? image->width - 1 : x;
	y = y < 0 ? 0 : y >= image->height ? image->height - 1 : y;
	return image->grey[(size_t) y * image->width + (size_t) x];
}

/* Enlarged with linear interpolation, which smooths noise of single pixels. */
static struct image enlarge(const struct image *from, uint32_t factor)
{
	struct image to = make_image(from->width * factor, from->height * factor);
	for (uint32_t y = 0; y < to.height; y++) {
		int64_t fy = ((int64_t) y * 2 + 1) * 128 / factor - 128;
		int64_t y0 = fy >> 8, wy = fy & 255;
		for (uint32_t x = 0; x < to.width; x++) {
			int64_t fx = ((int64_t) x * 2 + 1) * 128 / factor - 128;
			int64_t x0 = fx >> 8, wx = fx & 255;
			int64_t upper = at(from, x0, y0) * (256 - wx) + at(from, x0 + 1, y0) * wx;
			int64_t lower = at(from, x0, y0 + 1) * (256 - wx) + at(from, x0 + 1, y0 + 1) * wx;
			to.grey[(size_t) y * to.width + x] = (uint8_t) ((upper * (256 - wy) + lower * wy) >> 16);
		}
	}
	return to;
}

static struct image shrink(const struct image *from)
{
	struct image to = make_image(from->width / 2, from->height / 2);
	for (size_t y = 0; y < to.height; y++) {
		const uint8_t *upper = from->grey + y * 2 * from->width, *lower = upper + from->width;
		for (size_t x = 0; x < to.width; x++)
			to.grey[y * to.width + x] =
			        (uint8_t) ((upper[x * 2] + upper[x * 2 + 1] + lower[x * 2] + lower[x * 2 + 1]) / 4);
	}
	return to;
}

/* The median of each 3 by 3 square: takes single black and white specks away and keeps edges. */
static struct image median(const struct image *from)
{
	struct image to = make_image(from->width, from->height);
	for (uint32_t y = 0; y < to.height; y++)
		for (uint32_t x = 0; x < to.width; x++) {
			uint8_t v[9];
			size_t n = 0;
			for (int dy = -1; dy <= 1; dy++)
				for (int dx = -1; dx <= 1; dx++) {
					uint8_t value = at(from, (int64_t) x + dx, (int64_t) y + dy);
					size_t k = n++;
					for (; k > 0 && v[k - 1] > value; k--)
						v[k] = v[k - 1];
					v[k] = value;
				}
			to.grey[(size_t) y * to.width + x] = v[4];
		}
	return to;
}

/* Mean of each 3 by 3 square. */
static struct image blur(const struct image *from)
{
	struct image to = make_image(from->width, from->height);
	for (uint32_t y = 0; y < to.height; y++)
		for (uint32_t x = 0; x < to.width; x++) {
			unsigned sum = 0;
			for (int dy = -1; dy <= 1; dy++)
				for (int dx = -1; dx <= 1; dx++)
					sum += at(from, (int64_t) x + dx, (int64_t) y + dy);
			to.grey[(size_t) y * to.width + x] = (uint8_t) (sum / 9);
		}
	return to;
}

static struct image invert(const struct image *from)
{
	struct image to = make_image(from->width, from->height);
	for (size_t i = 0; i < (size_t) to.width * to.height; i++)
		to.grey[i] = (uint8_t) (255 - from->grey[i]);
	return to;
}

static struct image add_border(const struct image *from)
{
	struct image to = make_image(from->width + 2 * QUIET_PIXELS, from->height + 2 * QUIET_PIXELS);
	memset(to.grey, 0xFF, (size_t) to.width * to.height);
	for (uint32_t y = 0; y < from->height; y++)
		memcpy(to.grey + (size_t) (y + QUIET_PIXELS) * to.width + QUIET_PIXELS,
		       from->grey + (size_t) y * from->width, from->width);
	return to;
}

/* Black and white against the mean of the surroundings, by a table of sums. */
static struct image threshold(const struct image *from)
{
	size_t w = from->width + 1;
	uint64_t *sums = calloc(w * (from->height + 1), sizeof(*sums));
	struct image to = make_image(from->width, from->height);
	CHECK(sums);
	for (size_t y = 0; y < from->height; y++) {
		uint64_t row = 0;
		for (size_t x = 0; x < from->width; x++) {
			row += from->grey[y * from->width + x];
			sums[(y + 1) * w + x + 1] = sums[y * w + x + 1] + row;
		}
	}
	for (size_t y = 0; y < from->height; y++) {
		size_t top = y < WINDOW_PIXELS ? 0 : y - WINDOW_PIXELS;
		size_t bottom = y + WINDOW_PIXELS >= from->height ? from->height : y + WINDOW_PIXELS;
		for (size_t x = 0; x < from->width; x++) {
			size_t left = x < WINDOW_PIXELS ? 0 : x - WINDOW_PIXELS;
			size_t right = x + WINDOW_PIXELS >= from->width ? from->width : x + WINDOW_PIXELS;
			uint64_t sum = sums[bottom * w + right] + sums[top * w + left] - sums[top * w + right] -
			               sums[bottom * w + left];
			uint64_t count = (bottom - top) * (right - left);
			to.grey[y * from->width + x] =
			        from->grey[y * from->width + x] * count >= sum * 97 / 100 ? 255 : 0;
		}
	}
	free(sums);
	return to;
}

static size_t scan_once(const struct image *image, struct qr_payload *ret, size_t max)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *picture = zbar_image_create();
	size_t n = 0;
	CHECK(scanner && picture);
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	zbar_image_set_format(picture, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(picture, image->width, image->height);
	zbar_image_set_data(picture, image->grey, (size_t) image->width * image->height, NULL);
	zbar_scan_image(scanner, picture);
	for (const zbar_symbol_t *s = zbar_image_first_symbol(picture); s && n < max; s = zbar_symbol_next(s)) {
		size_t length = zbar_symbol_get_data_length(s);
		if (zbar_symbol_get_type(s) != ZBAR_QRCODE || length > QR_PAYLOAD_MAX_BYTES)
			continue;
		memcpy(ret[n].bytes, zbar_symbol_get_data(s), length);
		ret[n++].n = length;
	}
	zbar_image_destroy(picture);
	zbar_image_scanner_destroy(scanner);
	return n;
}

/* In the order of how much they help for their time. */
enum form {
	FORM_SMALLER,
	FORM_ENLARGED,
	FORM_SMOOTH,
	FORM_BORDER,
	FORM_BLACK_WHITE,
	FORM_INVERTED,
	FORM_MEDIAN,
	FORM_SMOOTH_LARGE,
	FORM_INVERTED_SMOOTH,
	FORM_INVERTED_SMALLER,
	FORM_LARGEST,
	FORM_INVERTED_LARGE,
	FORM_COUNT,
};

static bool fits(const struct image *image, uint32_t factor)
{
	return (uint64_t) image->width * image->height * factor * factor <= SCALED_MAX_PIXELS;
}

static bool makes_sense(const struct image *image, enum form form)
{
	switch (form) {
	case FORM_SMALLER:
	case FORM_INVERTED_SMALLER:
		return image->width >= SHRINK_MIN_PIXELS && image->height >= SHRINK_MIN_PIXELS;
	case FORM_ENLARGED:
	case FORM_SMOOTH_LARGE:
	case FORM_INVERTED_LARGE:
		return fits(image, 2);
	case FORM_LARGEST:
		return fits(image, 3);
	default:
		return true;
	}
}

static struct image make_form(const struct image *image, enum form form)
{
	struct image middle = {0}, made = {0};
	if (form == FORM_INVERTED_SMOOTH || form == FORM_INVERTED_SMALLER || form == FORM_INVERTED_LARGE)
		middle = invert(image);
	if (form == FORM_SMOOTH_LARGE)
		middle = enlarge(image, 2);
	const struct image *from = middle.grey ? &middle : image;
	switch (form) {
	case FORM_SMALLER:
	case FORM_INVERTED_SMALLER:
		made = shrink(from);
		break;
	case FORM_ENLARGED:
	case FORM_INVERTED_LARGE:
		made = enlarge(from, 2);
		break;
	case FORM_LARGEST:
		made = enlarge(from, 3);
		break;
	case FORM_BORDER:
		made = add_border(from);
		break;
	case FORM_BLACK_WHITE:
		made = threshold(from);
		break;
	case FORM_INVERTED:
		made = invert(from);
		break;
	case FORM_MEDIAN:
		made = median(from);
		break;
	default:
		made = blur(from);
	}
	image_done(&middle);
	return made;
}

static size_t scan_forms(const struct image *image, int64_t deadline_us, struct qr_payload *ret, size_t max)
{
	size_t n = scan_once(image, ret, max);
	for (enum form form = 0; n == 0 && form < FORM_COUNT && clock_monotonic_us() < deadline_us; form++) {
		if (!makes_sense(image, form))
			continue;
		struct image changed = make_form(image, form);
		n = scan_once(&changed, ret, max);
		image_done(&changed);
	}
	return n;
}

size_t qr_scan(const struct image *image, bool thorough, int64_t deadline_us, struct qr_payload *ret, size_t max)
{
	struct image small = {0};
	while ((uint64_t) (small.grey ? small.width : image->width) * (small.grey ? small.height : image->height) >
	       SCANNED_MAX_PIXELS) {
		struct image smaller = shrink(small.grey ? &small : image);
		image_done(&small);
		small = smaller;
	}
	const struct image *from = small.grey ? &small : image;
	size_t n = thorough || qr_may_hold_code(from) ? scan_forms(from, deadline_us, ret, max) : 0;
	image_done(&small);
	return n;
}

void qr_prepare(void)
{
	struct image image = make_image(32, 32);
	struct qr_payload *found = malloc(sizeof(*found));
	CHECK(found);
	memset(image.grey, 0xFF, (size_t) 32 * 32);
	scan_once(&image, found, 1);
	free(found);
	image_done(&image);
}
