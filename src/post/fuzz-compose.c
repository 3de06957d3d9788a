/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Property: whatever people typed, a mail keeps its headers: ASCII lines of at most 998 octets, one To, one Subject.
 * The input: lines of kind, address, name, company, sender, and then the facts. */
#include "post/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(struct str head, struct str field)
{
	size_t n = 0, at = 0;
	while ((at = str_find(head, field, at)) != STR_NOT_FOUND)
		n++, at++;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = buf_make(COMPOSE_MAX_BYTES);
	struct str rest = str_make(data, size), line, v[5] = {{NULL, 0}};
	for (int i = 0; i < 5; i++)
		(void) str_split(&rest, '\n', &v[i]);
	struct keep_mail_job job = {.id = 1, .kind = v[0], .address = v[1], .name = v[2], .facts = rest};
	struct keep_mail_server server = {.from = v[4], .company = v[3], .address = v[3]};
	if (compose_mail(&job, &server, 0, &b) >= 0) {
		struct str head = str_slice(buf_str(&b), 0, str_find(buf_str(&b), STR("\r\n\r\n"), 0) + 2),
		           all = buf_str(&b);
		CHECK(count(head, STR("\r\nTo: ")) == 1 && count(head, STR("\r\nSubject: ")) == 1);
		while (str_next_line(&all, &line)) {
			CHECK(line.n <= 998);
			for (size_t i = 0; i < line.n; i++)
				CHECK(line.p[i] >= ' ' && line.p[i] < 0x7F);
		}
	}
	buf_done(&b);
	return 0;
}
