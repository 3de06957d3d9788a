/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte chooses the protocol and where the stream is cut. However it is cut, the same comes out. */
#include "gate/unmask.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct sink {
	struct unmask *u;
	struct buf out;
};

static int take(void *user, const struct sse_event *e)
{
	struct sink *s = user;
	return unmask_event(s->u, e, &s->out);
}

static int run(enum unmask_protocol protocol, const struct mask *m, struct str text, size_t cut, struct buf *out)
{
	struct sse sse;
	struct sink s = {unmask_new(protocol, m, false), buf_make(UNMASK_OUT_MAX_BYTES)};
	sse_init(&sse);
	int r = sse_feed(&sse, str_slice(text, 0, cut), take, &s);
	if (r >= 0)
		r = sse_feed(&sse, str_slice(text, cut, text.n), take, &s);
	if (r >= 0)
		r = sse_end(&sse, take, &s);
	*out = s.out;
	sse_done(&sse);
	unmask_free(s.u);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n < 2 || n > 65536)
		return 0;
	struct arena *a = arena_new(1024 * 1024);
	struct mask *m = mask_new(a, (struct str){NULL, 0});
	struct str tag, text = str_make(bytes + 1, n - 1);
	CHECK(mask_tag(m, LEAK_PERSON, STR("山田\"太郎"), &tag) == 0 &&
	      mask_tag(m, LEAK_PHONE, STR("090-1234-5678"), &tag) == 0);
	struct buf whole, cut;
	enum unmask_protocol protocol = (enum unmask_protocol)(bytes[0] % 3);
	int r = run(protocol, m, text, 0, &whole);
	CHECK(run(protocol, m, text, bytes[0] * (n - 1) / 256, &cut) == r);
	CHECK(str_eq(buf_str(&whole), buf_str(&cut)));
	buf_done(&whole);
	buf_done(&cut);
	arena_free(a);
	return 0;
}
