/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a fact that somebody changed can still be computed with: what the shipped one in its place is a number of, it
 * has to be too, and a sensible one of its unit. */
#include <math.h>

#include "fact/fact.h"

/* A span of no time is none. */
static const struct unit {
	const char *ending;
	double least, most;
} units[] = {
        {"_hours", 1, 24 * 366}, {"_days", 1, 10 * 366},         {"_months", 0, 100 * 12},
        {"_years", 0, 100},      {"_minutes", 0, 60 * 24 * 366}, {"_percent", 0, 100},
};
static const struct unit other = {"", 0, 1e12};

static const struct unit *unit_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (str_ends_with(name, str_of(units[i].ending)))
			return &units[i];
	return &other;
}

static const struct fact_value *find(const struct fact *fact, struct str name)
{
	for (size_t i = 0; i < fact->values.n; i++)
		if (str_eq(fact->values.at[i].name, name))
			return &fact->values.at[i];
	return NULL;
}

static bool is_whole(double number)
{
	return fabs(number - floor(number)) <= 0;
}

static bool fits(const struct fact_value *shipped, const struct fact_value *value)
{
	const struct unit *unit = unit_of(shipped->name);
	if (!value || !shipped->is_number)
		return value != NULL;
	if (!value->is_number || (is_whole(shipped->number) && !is_whole(value->number)))
		return false;
	return value->number >= fmin(unit->least, shipped->number) &&
	       value->number <= fmax(unit->most, shipped->number);
}

/* "from_days" of "to_days" and the like: a span that ends before it begins. */
static bool is_turned(const struct fact *fact, const struct fact_value *to)
{
	char name[FACT_ID_MAX_BYTES + 8];
	if (!str_starts_with(to->name, STR("to_")) || to->name.n > FACT_ID_MAX_BYTES)
		return false;
	int n = snprintf(name, sizeof(name), "from_%.*s", STR_ARG(str_slice(to->name, 3, to->name.n)));
	const struct fact_value *from = find(fact, str_make(name, (size_t) n));
	return from && from->is_number && to->is_number && from->number > to->number;
}

bool fact_fits(const struct fact *shipped, const struct fact *own, struct str *ret_value)
{
	*ret_value = STR("");
	if (own->kind != shipped->kind)
		return false;
	for (size_t i = 0; i < shipped->values.n; i++) {
		*ret_value = shipped->values.at[i].name;
		if (!fits(&shipped->values.at[i], find(own, *ret_value)))
			return false;
	}
	for (size_t i = 0; i < own->values.n; i++) {
		*ret_value = own->values.at[i].name;
		if (is_turned(own, &own->values.at[i]))
			return false;
	}
	return true;
}
