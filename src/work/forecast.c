/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forecast of a series: the better of two plain methods on the series' own past, with a band from the errors made
 * there. Methods: the value of one season ago with drift (seasonal naive; Hyndman and Athanasopoulos, "Forecasting:
 * Principles and Practice", 5.2), and Holt's linear trend (there 8.2) with fixed weights. The band is the 80 % range of
 * the errors of one-step forecasts, widened with the square root of the steps ahead. */
#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "work/amount.h"
#include "work/columns.h"
#include "work/computations.h"

enum { SERIES_MIN = 6, SEASON = 12 };
static const double LEVEL_WEIGHT = 0.4, TREND_WEIGHT = 0.2, TREND_DAMPING = 0.9, BAND_Z = 1.2816; /* 80 % */

struct series {
	double *at;
	size_t n;
	bool months;
	int64_t last_month;
};

struct point {
	int64_t month;
	double value;
	size_t order;
};

static int by_month(const void *a, const void *b)
{
	const struct point *x = a, *y = b;
	return x->month != y->month ? (x->month < y->month ? -1 : 1) : x->order < y->order ? -1 : x->order > y->order;
}

/* Rows of one month add up; months without a row are 0. Without days each row is a step. */
static int read_series(struct computing *c, const struct columns *cols, struct series *ret)
{
	size_t day = columns_find(cols, COLUMN_DAY, NULL, 0), amount = columns_find(cols, COLUMN_AMOUNT, NULL, 0),
	       n = 0;
	struct point *points = ARENA_ARRAY(c->arena, struct point, cols->table.n);
	if (amount == SIZE_MAX) {
		c->problem = "work.compute.no-numbers";
		return ERR_INVALID;
	}
	for (size_t row = cols->first_row; points && row < cols->table.n; row++) {
		int64_t value, days = 0;
		if (!work_parse_amount(csv_field(&cols->table, row, amount), &value) ||
		    (day != SIZE_MAX && !work_parse_day(csv_field(&cols->table, row, day), &days)))
			continue;
		points[n] =
		        (struct point){day == SIZE_MAX ? (int64_t) n : month_of_day(days), (double) value / 10000, n};
		n++;
	}
	c->problem = "work.compute.too-few";
	if (!points || n == 0)
		return points ? ERR_INVALID : ERR_TOO_LARGE;
	qsort(points, n, sizeof(points[0]), by_month);
	size_t length = (size_t) (points[n - 1].month - points[0].month) + 1;
	if (length < SERIES_MIN || length > WORK_ROWS_MAX)
		return ERR_INVALID;
	*ret = (struct series){ARENA_ARRAY(c->arena, double, length), length, day != SIZE_MAX, points[n - 1].month};
	for (size_t i = 0; ret->at && i < n; i++)
		ret->at[points[i].month - points[0].month] += points[i].value;
	return ret->at ? 0 : ERR_TOO_LARGE;
}

/* The forecast of step n + ahead - 1 from the first n values. */
static double seasonal(const double *at, size_t n, size_t ahead)
{
	size_t back = (ahead + SEASON - 1) / SEASON * SEASON;
	double drift = n > (size_t) 2 * SEASON ? (at[n - 1] - at[n - 1 - SEASON]) / SEASON : 0;
	return at[n + ahead - 1 - back] + drift * 0.5 * (double) ahead;
}

static double holt(const double *at, size_t n, size_t ahead)
{
	double level = at[0], trend = (at[n > 3 ? 3 : n - 1] - at[0]) / (n > 3 ? 3 : 1), damped = 0, factor = 1;
	for (size_t i = 1; i < n; i++) {
		double before = level;
		level = LEVEL_WEIGHT * at[i] + (1 - LEVEL_WEIGHT) * (level + TREND_DAMPING * trend);
		trend = TREND_WEIGHT * (level - before) + (1 - TREND_WEIGHT) * TREND_DAMPING * trend;
	}
	for (size_t i = 0; i < ahead; i++) {
		factor *= TREND_DAMPING;
		damped += factor;
	}
	return level + damped * trend;
}

typedef double method_fn(const double *at, size_t n, size_t ahead);

/* Root of the mean squared error of one step ahead over the latter half. */
static double past_error(const struct series *s, method_fn *method, size_t least)
{
	size_t from = s->n / 2 > least ? s->n / 2 : least, n = 0;
	double sum = 0;
	for (size_t i = from; i < s->n; i++, n++) {
		double error = method(s->at, i, 1) - s->at[i];
		sum += error * error;
	}
	return n > 0 ? sqrt(sum / (double) n) : INFINITY;
}

static void tell_step(struct computing *c, const struct series *s, size_t ahead, double value, double band)
{
	int year, month;
	struct str when = computing_count(c, s->n + ahead);
	if (s->months) {
		month_split(s->last_month + (int64_t) ahead, &year, &month);
		when = arena_printf(c->arena, "%04d-%02d", year, month);
	}
	COMPUTING_LINE(c, "work.compute.forecast.step", {"when", when},
	               {"value", arena_printf(c->arena, "%.1f", value)},
	               {"low", arena_printf(c->arena, "%.1f", value - band)},
	               {"high", arena_printf(c->arena, "%.1f", value + band)});
}

int compute_forecast(struct computing *c, struct str csv, size_t ahead)
{
	struct columns cols;
	struct series s;
	int r = columns_read(csv, c->arena, &cols);
	if (r >= 0)
		r = read_series(c, &cols, &s);
	if (r < 0)
		return r;
	double trend_error = past_error(&s, holt, 3);
	double season_error = s.n > (size_t) SEASON + 3 ? past_error(&s, seasonal, SEASON) : INFINITY;
	bool by_season = season_error < trend_error;
	double error = by_season ? season_error : trend_error;
	COMPUTING_LINE(c, by_season ? "work.compute.forecast.season" : "work.compute.forecast.trend",
	               {"count", computing_count(c, s.n)}, {"error", arena_printf(c->arena, "%.1f", error)});
	for (size_t i = 1; i <= ahead && i <= WORK_AHEAD_MAX; i++)
		tell_step(c, &s, i, by_season ? seasonal(s.at, s.n, i) : holt(s.at, s.n, i),
		          BAND_Z * error * sqrt((double) i));
	return 0;
}
