/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures that are searched for codes, and pictures that are not: codes made by libqrencode, turned, scaled and
 * speckled; and what a code is often taken for. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <qrencode.h>
#include <stdlib.h>

#include "base/check.h"
#include "read/qr.h"

enum { SIDE = 400, WHITE = 235, BLACK = 25, FINDER_SQUARES = 7 };

static struct image make_picture(void)
{
	struct image image = {malloc((size_t) SIDE * SIDE), SIDE, SIDE};
	CHECK(image.grey);
	memset(image.grey, WHITE, (size_t) SIDE * SIDE);
	return image;
}

/* The same numbers in each run. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void add_noise(struct image *image, unsigned most)
{
	uint32_t state = 1;
	for (size_t i = 0; most > 0 && i < (size_t) SIDE * SIDE; i++) {
		int value = image->grey[i] + (int) (next_random(&state) % (2 * most)) - (int) most;
		image->grey[i] = (uint8_t) (value < 0 ? 0 : value > 255 ? 255 : value);
	}
}

/* Turned about the middle of the picture, each square `scale` pixels wide. */
static void draw_code(struct image *image, const char *text, double scale, double degrees, bool is_light)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	double s = sin(degrees * M_PI / 180), c = cos(degrees * M_PI / 180);
	CHECK(code);
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			double dx = (x - SIDE / 2) / scale, dy = (y - SIDE / 2) / scale;
			int column = (int) floor(dx * c + dy * s + code->width / 2.0);
			int row = (int) floor(dy * c - dx * s + code->width / 2.0);
			bool inside = row >= 0 && column >= 0 && row < code->width && column < code->width;
			bool dark = inside && (code->data[row * code->width + column] & 1);
			image->grey[y * SIDE + x] = dark != is_light ? BLACK : WHITE;
		}
	QRcode_free(code);
}

static void draw_corner(struct image *image, int left, int top, int scale)
{
	for (int y = 0; y < FINDER_SQUARES * scale; y++)
		for (int x = 0; x < FINDER_SQUARES * scale; x++) {
			int column = x / scale, row = y / scale;
			int edge = column < row ? column : row;
			edge = edge < 6 - column ? edge : 6 - column;
			edge = edge < 6 - row ? edge : 6 - row;
			image->grey[(top + y) * SIDE + left + x] = edge == 1 ? WHITE : BLACK;
		}
}

static void codes_are_looked_for(void **state)
{
	static const double scales[] = {2, 2.7, 4, 6.5}, turns[] = {0, 4, 30, 45, 90, 171};
	static const unsigned noises[] = {0, 20};

	for (size_t s = 0; s < ARRAY_SIZE(scales); s++)
		for (size_t t = 0; t < ARRAY_SIZE(turns); t++)
			for (size_t n = 0; n < ARRAY_SIZE(noises); n++)
				for (int light = 0; light < 2; light++) {
					struct image image = make_picture();
					draw_code(&image, "https://evil.example/login?id=12345678", scales[s], turns[t],
					          light);
					add_noise(&image, noises[n]);
					if (!qr_may_hold_code(&image))
						fail_msg("a square of %.1f pixels, turned by %.0f degrees, noise %u%s",
						         scales[s], turns[t], noises[n],
						         light ? ", light on dark" : "");
					image_done(&image);
				}
}

static void others_are_not(void **state)
{
	struct image image = make_picture();
	assert_false(qr_may_hold_code(&image));
	draw_corner(&image, 40, 40, 5); /* a frame with a filled middle: the sign of many a logo */
	assert_false(qr_may_hold_code(&image));
	draw_corner(&image, 200, 200, 12); /* another one of another size */
	assert_false(qr_may_hold_code(&image));
	image_done(&image);

	image = make_picture(); /* stripes */
	for (size_t i = 0; i < (size_t) SIDE * SIDE; i++)
		image.grey[i] = i % SIDE / 6 % 2 ? WHITE : BLACK;
	assert_false(qr_may_hold_code(&image));
	image_done(&image);
}

static void two_corners_are_enough(void **state)
{
	struct image image = make_picture();
	draw_corner(&image, 40, 40, 5);
	draw_corner(&image, 40 + 5 * 14, 40, 5);
	assert_true(qr_may_hold_code(&image));
	image_done(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(codes_are_looked_for),
	        cmocka_unit_test(others_are_not),
	        cmocka_unit_test(two_corners_are_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
