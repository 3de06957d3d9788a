/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures to grey: PNG, JPEG, WebP, GIF (first frame). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/str.h"

struct image {
	uint8_t *grey; /* width * height, 0 black; malloc'd */
	uint32_t width, height;
};

void image_done(struct image *image);

bool image_is_image(struct str bytes);
/* ERR_TOO_LARGE over pixels_max (JPEG is reduced to a quarter or less where that helps), ERR_INVALID when it is
 * damaged, ERR_UNSUPPORTED for another format. */
int image_decode(struct str bytes, uint64_t pixels_max, struct image *ret);
