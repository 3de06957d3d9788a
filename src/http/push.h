/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing without waiting for "writable": what the socket takes at once goes out at once, and only the rest waits for
 * the loop. Nearly every message fits, and then asking the kernel to watch for room, being told, and asking it to stop,
 * cost nothing. A stream under TLS writes by itself as ever. */
#pragma once

#include <stdbool.h>

struct bufferevent;

/* A new stream over a connected plain socket: EV_WRITE is on only while something is left over. */
void push_init(struct bufferevent *stream);
/* After adding to the output. true: all of it is out. The write callback comes only after something was left over. */
bool push_output(struct bufferevent *stream);
/* For the write callback: nothing is left over any more. */
void push_drained(struct bufferevent *stream);
