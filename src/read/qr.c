/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a code holds: an address, or one of the forms that phones act on. WIFI:, MATMSG:, SMSTO:, MECARD: as phones read
 * them; EMV is the merchant-presented code of EMVCo (JPQR), which begins with "000201". */
#include "read/qr.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/err.h"
#include "read/charset-decode.h"
#include "read/links.h"
#include "read/tools.h"

static void link_to(struct reading *r, uint32_t part, struct str shown, struct str url, uint32_t flags)
{
	struct str text = r->doc->parts.at[part].text;
	size_t start = (size_t) (shown.p - text.p);
	reading_add_link(r, part, (uint32_t) start, (uint32_t) (start + shown.n), url, flags | LINK_QR);
}

/* The value of "KEY:" in "MATMSG:TO:a@b;SUB:x;;". */
static struct str value_of(struct str s, struct str key)
{
	size_t at = str_find_icase(s, key, 0);
	if (at == STR_NOT_FOUND)
		return (struct str){NULL, 0};
	at += key.n;
	return str_slice(s, at, str_find_char(s, ';', at));
}

static bool has_scheme(struct str s)
{
	static const char *const schemes[] = {
	        "http://", "https://", "ftp://",    "mailto:",  "tel:",    "sms:",  "geo:",     "javascript:",
	        "data:",   "intent:",  "market://", "bitcoin:", "paypay:", "line:", "otpauth:", "itms-apps:"};
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (str_starts_with_icase(s, str_of(schemes[i])))
			return true;
	return false;
}

static void add_links_in_text(struct reading *r, uint32_t part)
{
	struct found_links found;
	if (links_find(r->doc->parts.at[part].text, QR_CODES_MAX, r->a, &found) < 0)
		return;
	for (size_t i = 0; i < found.n; i++)
		reading_add_link(r, part, found.at[i].start, found.at[i].end, found.at[i].url,
		                 LINK_QR | (found.at[i].mail ? LINK_MAILTO : 0));
}

void qr_add_payload(struct reading *r, struct str bytes)
{
	struct charset_text t;
	if (charset_decode(str_slice(bytes, 0, QR_PAYLOAD_MAX_BYTES), STR(""), r->a, &t) < 0)
		return;
	struct str text = str_trim(t.text);
	int added = document_add_part(r->doc, r->a, PART_QR, arena_printf(r->a, "qr:%u", ++r->codes), text);
	if (added < 0 || text.n == 0)
		return;
	uint32_t part = (uint32_t) added;
	struct str to = value_of(text, STR("TO:"));
	if (has_scheme(text))
		link_to(r, part, text, text, 0);
	else if (str_starts_with_icase(text, STR("MATMSG:")) && to.n > 0)
		link_to(r, part, to, arena_printf(r->a, "mailto:%.*s", STR_ARG(to)), LINK_MAILTO);
	else if (str_starts_with_icase(text, STR("SMSTO:")))
		link_to(r, part, text,
		        arena_printf(r->a, "sms:%.*s", (int) (str_slice(text, 6, str_find_char(text, ':', 6)).n),
		                     text.p + 6),
		        0);
	else if (!str_starts_with_icase(text, STR("WIFI:")) && !str_starts_with(text, STR("000201")))
		add_links_in_text(r, part);
}

int qr_read_image(struct reading *r, struct str bytes, bool thorough, size_t *ret_codes)
{
	const struct read_tools *tools = tools_wanted();
	struct image image = {0};
	*ret_codes = 0;
	if (!tools)
		return 0;
	if (r->images_left == 0 || r->pixels_left == 0) {
		reading_unchecked(r, UNCHECKED_TOO_MANY);
		return 0;
	}
	if (reading_is_late(r))
		return 0;
	r->images_left--;
	uint64_t max = r->limits->pixels < r->pixels_left ? r->limits->pixels : r->pixels_left;
	int res = tools->decode(bytes, max, &image);
	if (res < 0) {
		reading_unchecked(r, res == ERR_TOO_LARGE ? UNCHECKED_TOO_LARGE : UNCHECKED_IMAGE);
		return 0;
	}
	uint64_t pixels = (uint64_t) image.width * image.height;
	r->pixels_left -= pixels < r->pixels_left ? pixels : r->pixels_left;
	struct qr_payload *found = calloc(QR_CODES_MAX, sizeof(*found));
	CHECK(found);
	*ret_codes = tools->scan(&image, thorough, r->deadline_us, found, QR_CODES_MAX);
	image_done(&image);
	for (size_t i = 0; i < *ret_codes; i++)
		qr_add_payload(r, str_make(found[i].bytes, found[i].n));
	free(found);
	if (*ret_codes == 0)
		reading_unchecked(r, UNCHECKED_IMAGE);
	return 0;
}

int qr_bid(enum input_kind kind, struct str name, struct str bytes)
{
	return image_is_image(bytes) ? 95 : 0;
}

int qr_read(struct reading *r, struct str bytes)
{
	size_t codes;
	return qr_read_image(r, bytes, true, &codes);
}

int payload_bid(enum input_kind kind, struct str name, struct str bytes)
{
	return kind == INPUT_QR ? 50 : 0;
}

int payload_read(struct reading *r, struct str bytes)
{
	qr_add_payload(r, str_trim(bytes));
	return 0;
}
