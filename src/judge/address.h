/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a link's target really names, read as browsers read it (WHATWG URL): scheme, userinfo, host in Unicode and in
 * punycode, port, path; IP literals in every notation; the registrable domain by the public suffix list. Nothing is
 * looked up or contacted. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { ADDRESS_MAX_BYTES = 8192, ADDRESS_HOST_MAX_BYTES = 253, ADDRESS_LABELS_MAX = 40 };

enum address_flag {
	ADDRESS_WEB = 1 << 0,    /* http, https, ftp or no scheme but a host */
	ADDRESS_SCRIPT = 1 << 1, /* data:, javascript:, vbscript:, blob: */
	ADDRESS_MAIL = 1 << 2,
	ADDRESS_TEL = 1 << 3,      /* tel:, sms: */
	ADDRESS_FILE = 1 << 4,     /* file: or a UNC path */
	ADDRESS_IP = 1 << 5,       /* the host is an IP address, however written */
	ADDRESS_IP_ODD = 1 << 6,   /* ... in decimal, octal, hexadecimal or short form */
	ADDRESS_PRIVATE = 1 << 13, /* ... of IPv4 as one writes it, that no network outside leads to (RFC 1918, 3927) */
	ADDRESS_PUNYCODE = 1 << 7, /* a label is not ASCII */
	ADDRESS_MIXED = 1 << 8,    /* a label mixes scripts that honest names do not mix, or imitates Latin letters */
	ADDRESS_USERINFO = 1 << 9,
	ADDRESS_PORT = 1 << 10,     /* a port that is not its scheme's */
	ADDRESS_RENTED = 1 << 11,   /* registrable only under a private suffix: duckdns.org, workers.dev */
	ADDRESS_BAD_HOST = 1 << 12, /* no host that a browser would accept */
};

struct address {
	uint32_t flags;
	struct str scheme; /* lower case; "" none was written */
	struct str userinfo;
	struct str host;        /* Unicode, lower case; an IP address in its usual form; "" none */
	struct str ascii;       /* the same in punycode */
	struct str registrable; /* Unicode; "" for an IP address, a public suffix or a name without dot */
	struct str ascii_registrable;
	struct str label;  /* first label of ascii_registrable: what its owner chose */
	struct str suffix; /* public suffix, ASCII */
	struct str rest;   /* path, query and fragment as written, from the first / ? or # */
};

/* Reads a target as written. Always fills *ret; ERR_TOO_LARGE when the arena is full or the text is over
 * ADDRESS_MAX_BYTES (then only flags and scheme are there). */
int address_read(struct str target, struct arena *a, struct address *ret);
/* Reads a host alone: the domain of a mail address. */
int address_read_host(struct str host, struct arena *a, struct address *ret);
/* The UTS #39 skeleton of a label in lower case, further folded by what looks alike in small type: rn m, vv w, cl d,
 * 0 o, 1 l i, 5 s. Hyphens are dropped. "" when the arena is full. */
struct str address_skeleton(struct str label, struct arena *a);
