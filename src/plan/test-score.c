/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The score of the self-diagnosis from the shipped facts: 4, 2, 0 and -1 points, 25 questions, bands at 50, 70, 100. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/err.h"
#include "plan/score.h"

static struct arena *arena;
static struct facts facts;
static struct score_set set;

static int load(void **state)
{
	struct rules_complaint complaint = {0};
	char path[256];
	(void) state;
	arena = arena_new(16 * 1024 * 1024);
	snprintf(path, sizeof(path), "%s/facts", getenv("SONAE_SOURCE"));
	if (facts_load_folder(path, arena, &facts, &complaint) < 0)
		return -1;
	return score_set_load(&facts, &set);
}

static int unload(void **state)
{
	(void) state;
	arena_free(arena);
	return 0;
}

static void the_sheet(void **state)
{
	(void) state;
	assert_int_equal(set.n, 25);
	assert_true(str_eq_c(set.version, "2025-04"));
	for (size_t i = 0; i < set.n; i++)
		assert_int_equal(set.parts[i], i < 5 ? 1 : i < 18 ? 2 : 3);
}

static void scores(void **state)
{
	static const struct {
		const char *name, *answers;
		int64_t points;
		const char *band;
	} cases[] = {
	        {"all", "yyyyyyyyyyyyyyyyyyyyyyyyy", 100, "diagnosis.band.100"},
	        {"all but one", "pyyyyyyyyyyyyyyyyyyyyyyyy", 98, "diagnosis.band.70"},
	        {"70", "yyyyyyyyyyyyyyyyypnnnnnnn", 70, "diagnosis.band.70"},
	        {"69", "yyyyyyyyyyyyyyyyypunnnnnn", 69, "diagnosis.band.50"},
	        {"half", "ppppppppppppppppppppppppp", 50, "diagnosis.band.50"},
	        {"49", "yyyyyyyyyyyypnnnnnnnnnnnu", 49, "diagnosis.band.low"},
	        {"none", "nnnnnnnnnnnnnnnnnnnnnnnnn", 0, "diagnosis.band.low"},
	        {"nothing known", "uuuuuuuuuuuuuuuuuuuuuuuuu", -25, "diagnosis.band.low"},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct score got;
		assert_int_equal(score_compute(&set, str_of(cases[i].answers), &got), 0);
		if (got.points != cases[i].points)
			fail_msg("%s: %ld points", cases[i].name, (long) got.points);
		assert_int_equal(got.most, 100);
		const struct fact *band = score_band(&facts, got.points);
		assert_true(band && str_eq_c(band->id, cases[i].band));
	}
	for (int64_t points = -25; points <= 100; points++)
		assert_non_null(score_band(&facts, points));
	assert_null(score_band(&facts, 101));
}

static void half_done_and_wrong(void **state)
{
	struct score got;
	(void) state;
	assert_int_equal(score_compute(&set, STR("y------------------------"), &got), 0);
	assert_true(got.points == 4 && got.unanswered == 24 && got.counts[0] == 1);
	assert_int_equal(score_compute(&set, STR("y"), &got), ERR_INVALID);
	assert_int_equal(score_compute(&set, STR("yyyyyyyyyyyyyyyyyyyyyyyyx"), &got), ERR_INVALID);
	assert_int_equal(score_compute(&set, STR("yyyyyyyyyyyyyyyyyyyyyyyy\0"), &got), ERR_INVALID);
}

static void lowest_first(void **state)
{
	size_t at[SCORE_QUESTIONS_MAX];
	(void) state;
	assert_int_equal(score_lowest(&set, STR("ynyupyyyyyyyyyyyyyyyyyyyu"), at), 4);
	assert_true(at[0] == 3 && at[1] == 24 && at[2] == 1 && at[3] == 4);
	assert_int_equal(score_lowest(&set, STR("yyyyyyyyyyyyyyyyyyyyyyyyy"), at), 0);
}

static void a_sheet_with_a_gap_is_none(void **state)
{
	struct facts some = {.at = facts.at, .n = facts.n};
	struct fact *copy = arena_alloc_array(arena, facts.n, sizeof(*copy));
	struct score_set got;
	(void) state;
	assert_non_null(copy);
	memcpy(copy, facts.at, facts.n * sizeof(*copy));
	some.at = copy;
	for (size_t i = 0; i < some.n; i++)
		if (str_eq_c(copy[i].id, "diagnosis.12"))
			copy[i].kind = FACT_GUIDANCE;
	assert_int_equal(score_set_load(&some, &got), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_sheet),
	        cmocka_unit_test(scores),
	        cmocka_unit_test(half_done_and_wrong),
	        cmocka_unit_test(lowest_first),
	        cmocka_unit_test(a_sheet_with_a_gap_is_none),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
