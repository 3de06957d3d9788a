/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/desk.h"

#include "base/err.h"
#include "plan/value.h"

enum { MINUTES_MAX = 24 * 60, AHEAD_MONTHS_MAX = 12 };

static int read_weekdays(struct str text, unsigned *ret)
{
	struct str word;
	*ret = 0;
	while (value_next_word(&text, &word)) {
		enum weekday weekday;
		if (calendar_weekday_find(word, &weekday) < 0)
			return ERR_INVALID;
		*ret |= 1u << weekday;
	}
	return *ret ? 0 : ERR_INVALID;
}

static int read_weeks(struct str text, unsigned *ret)
{
	struct str word;
	*ret = 0;
	while (value_next_word(&text, &word)) {
		uint64_t nth;
		if (str_parse_u64(word, CALENDAR_NTH_MAX, &nth) < 0 || nth == 0)
			return ERR_INVALID;
		*ret |= 1u << nth;
	}
	return *ret ? 0 : ERR_INVALID;
}

int desk_topic_read(const struct fact *fact, struct desk_topic *ret)
{
	const struct fact_value *days = fact_value(fact, "days"), *weeks = fact_value(fact, "weeks"),
	                        *starts = fact_value(fact, "starts");
	struct desk_topic topic = {.fact = fact, .starts = starts ? starts->text : STR("")};
	int64_t minutes = 0;
	if (!days)
		return ERR_NOT_FOUND;
	int r = read_weekdays(days->text, &topic.weekdays);
	if (r >= 0 && weeks)
		r = read_weeks(weeks->text, &topic.weeks);
	if (r < 0)
		return r;
	r = value_whole(fact, "length_minutes", 1, MINUTES_MAX, &minutes);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	topic.length_minutes = (int) minutes;
	*ret = topic;
	return 0;
}

static bool is_day_of(const struct desk_topic *topic, int32_t day)
{
	return (topic->weekdays & 1u << calendar_weekday(day)) &&
	       (topic->weeks == 0 || (topic->weeks & 1u << calendar_nth_of(day)));
}

int desk_dates(const struct desk_topic *topic, const struct holidays *h, int32_t first, int32_t last, size_t max,
               struct desk_date *ret, size_t cap, size_t *ret_n)
{
	size_t n = 0, open = 0;
	if (last > first + DESK_AHEAD_MAX_DAYS)
		last = first + DESK_AHEAD_MAX_DAYS;
	for (int32_t day = first; day <= last && open < max && n < cap; day++) {
		enum closed_reason closed;
		if (!is_day_of(topic, day))
			continue;
		int r = holidays_closed(h, day, &closed);
		if (r < 0)
			return r;
		ret[n++] = (struct desk_date){day, closed};
		open += closed == CLOSED_NOT;
	}
	*ret_n = n;
	return 0;
}

int desk_last_bookable(const struct fact *topic, int32_t today, int32_t *ret)
{
	int64_t months;
	int32_t then;
	int r = value_whole(topic, "book-ahead_months", 0, AHEAD_MONTHS_MAX, &months);
	if (r >= 0)
		r = calendar_add_months(today, (int) months, &then);
	if (r >= 0)
		*ret = calendar_month_last(then);
	return r;
}
