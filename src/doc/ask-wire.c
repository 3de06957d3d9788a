/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doc/ask-wire.h"

#include "base/err.h"
#include "ipc/utf8.h"
#include "ipc/wire.h"

/* The end of the name, from a character's first byte on. */
static struct str name_end(struct str name)
{
	if (name.n <= ASK_NAME_MAX_BYTES)
		return name;
	size_t from = name.n - ASK_NAME_MAX_BYTES;
	while (!utf8_is_boundary(name, from))
		from++;
	return str_slice(name, from, name.n);
}

static void put_ascii_of(struct buf *b, struct str name)
{
	struct buf ascii = buf_make(ASK_NAME_MAX_BYTES);
	for (size_t i = 0; i < name.n; i++)
		(void) buf_add_char(&ascii, (unsigned char) name.p[i] < 0x80 ? name.p[i] : '?');
	wire_put_str(b, buf_str(&ascii));
	buf_done(&ascii);
}

int ask_request_encode(const struct ask_request *request, struct buf *ret)
{
	struct str name = name_end(request->name);

	wire_put_u8(ret, (uint8_t) request->kind);
	if (utf8_is_valid(name))
		wire_put_str(ret, name);
	else
		put_ascii_of(ret, name);
	wire_put_bool(ret, request->again);
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}

int ask_request_decode(struct str body, struct ask_request *ret)
{
	struct wire_reader r = wire_reader_make(body);
	struct ask_request request;

	uint8_t kind = wire_get_u8(&r);
	request.kind = (enum input_kind) kind;
	request.name = wire_get_str(&r, ASK_NAME_MAX_BYTES);
	request.again = wire_get_bool(&r);
	if (kind > INPUT_AUTO)
		wire_fail(&r, ERR_INVALID);
	int e = wire_end(&r);
	if (e < 0)
		return e;
	*ret = request;
	return 0;
}

int ask_error_encode(int code, struct buf *ret)
{
	CHECK(code < 0);
	wire_put_u16(ret, (uint16_t) -code);
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}

int ask_error_decode(struct str body)
{
	struct wire_reader r = wire_reader_make(body);
	int code = -(int) wire_get_u16(&r);
	if (wire_end(&r) < 0 || code >= 0 || str_eq_c(str_of(err_word(code)), "unknown"))
		return ERR_INVALID;
	return code;
}
