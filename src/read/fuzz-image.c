/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A picture is decoded within its limit or refused; looking for codes in it ends. */
#include "base/check.h"
#include "base/clock.h"
#include "read/qr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIXELS_MAX = 1000 * 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct qr_payload found[QR_CODES_MAX];
	struct image image = {0};
	if (image_decode(str_make(data, size), PIXELS_MAX, &image) < 0)
		return 0;
	CHECK((uint64_t) image.width * image.height <= PIXELS_MAX);
	CHECK(qr_scan(&image, true, clock_monotonic_us() + 200 * 1000, found, QR_CODES_MAX) <= QR_CODES_MAX);
	image_done(&image);
	return 0;
}
