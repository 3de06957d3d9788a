/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/err.h"

static int64_t read_us(clockid_t id)
{
	struct timespec t;
	CHECK(clock_gettime(id, &t) == 0);
	return (int64_t) t.tv_sec * CLOCK_SECOND_US + t.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	return read_us(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_coarse_us(void)
{
	return read_us(CLOCK_MONOTONIC_COARSE);
}

static int64_t floor_second(int64_t when_us)
{
	return when_us >= 0 ? when_us / CLOCK_SECOND_US : -((-when_us + CLOCK_SECOND_US - 1) / CLOCK_SECOND_US);
}

void clock_format_utc(int64_t when_us, char ret[static CLOCK_TEXT_BYTES])
{
	time_t seconds = (time_t) floor_second(when_us);
	struct tm tm = {0};
	CHECK(gmtime_r(&seconds, &tm));
	size_t n = strftime(ret, CLOCK_TEXT_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
	int milliseconds = (int) ((when_us - (int64_t) seconds * CLOCK_SECOND_US) / 1000);
	snprintf(ret + n, CLOCK_TEXT_BYTES - n, ".%03dZ", milliseconds);
}

void clock_format_local(int64_t when_us, char ret[static CLOCK_TEXT_BYTES])
{
	time_t seconds = (time_t) floor_second(when_us);
	struct tm tm = {0};
	CHECK(localtime_r(&seconds, &tm));
	strftime(ret, CLOCK_TEXT_BYTES, "%Y-%m-%d %H:%M", &tm);
}

int clock_parse_utc(struct str text, int64_t *ret_us)
{
	char copy[CLOCK_TEXT_BYTES] = "";
	struct tm tm = {0};

	if (text.n < 20 || text.n >= sizeof(copy) || text.p[text.n - 1] != 'Z')
		return ERR_INVALID;
	memcpy(copy, text.p, text.n);
	char *rest = strptime(copy, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!rest)
		return ERR_INVALID;
	int64_t micro = 0;
	if (*rest == '.') {
		int64_t unit = 100000;
		for (rest++; ascii_is_digit(*rest); rest++, unit /= 10)
			micro += (*rest - '0') * unit;
	}
	if (strcmp(rest, "Z") != 0)
		return ERR_INVALID;
	*ret_us = (int64_t) timegm(&tm) * CLOCK_SECOND_US + micro;
	return 0;
}
