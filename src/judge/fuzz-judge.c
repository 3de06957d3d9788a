/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judging any text as an SMS with that subject and link: the sum adds up and every span lies in its part. */
#include <math.h>

#include "base/check.h"
#include "judge/judge.h"
#include "rules/rules.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rules *rules;

/* The patterns of all rules take seconds to compile under the sanitizers: not a part of the first input's time. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct rules_complaint complaint;
	char path[256];

	snprintf(path, sizeof(path), "%s/rules", getenv("SONAE_SOURCE") ? getenv("SONAE_SOURCE") : ".");
	CHECK(rules_load(path, NULL, &rules, &complaint) == 0);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(128 * size + (16 << 20));
	struct document d = {.kind = INPUT_SMS, .zone_minutes = INT32_MIN};
	struct verdict v;
	struct str text = str_make(data, size);
	int part = document_add_part(&d, a, PART_BODY, STR("body"), text);
	struct link *link = document_add_link(&d, a);
	CHECK(part >= 0 && link);
	*link = (struct link){.text = text, .url = text, .part = (uint32_t) part, .end = (uint32_t) size};
	CHECK(judge_document(&d, rules, NULL, a, &v) == 0);
	double sum = v.bias;
	for (size_t i = 0; i < v.findings.n; i++) {
		const struct finding *f = &v.findings.at[i];
		sum += f->weight;
		CHECK(f->part == PART_NONE ||
		      (f->part < d.parts.n && f->start <= f->end && f->end <= d.parts.at[f->part].text.n));
	}
	CHECK(fabs(sum - v.sum) < 1e-9);
	return 0;
}
