/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Times are microseconds since 1970-01-01 UTC in int64_t (suffix _us); durations too. Pure code never asks the clock:
 * the caller passes the time in. */
#pragma once

#include <stdint.h>

#include "base/str.h"

enum { CLOCK_TEXT_BYTES = 28 };
#define CLOCK_SECOND_US 1000000LL
#define CLOCK_DAY_US (86400LL * CLOCK_SECOND_US)

int64_t clock_now_us(void);       /* wall clock */
int64_t clock_monotonic_us(void); /* never jumps; for limits and measuring */
int64_t clock_coarse_us(void);    /* the same, up to 10 ms behind, for the price of reading memory */
/* "2026-11-22T12:00:00.123Z" into ret (CLOCK_TEXT_BYTES). Years 0000 to 9999. */
void clock_format_utc(int64_t when_us, char ret[static CLOCK_TEXT_BYTES]);
/* "2026-11-22 21:00" in the zone of the machine (TZ), for people. */
void clock_format_local(int64_t when_us, char ret[static CLOCK_TEXT_BYTES]);
/* Reads what clock_format_utc writes (fraction optional); ERR_INVALID otherwise. */
int clock_parse_utc(struct str text, int64_t *ret_us);
