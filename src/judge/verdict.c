/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict is a sum that anyone can redo from the page:
 *
 *   sum   = bias + w1 + w2 + ...          the weights shown beside the reasons, all of them
 *   score = 1 / (1 + e^-sum)
 *   score >= danger threshold             danger
 *   score >= doubtful threshold           doubtful
 *   nothing could be read, or not all     cannot tell
 *   else                                  nothing found
 *
 * A finding's weight is that of rules/weights.yaml, with two exceptions made before anything is shown: a further
 * finding of the same id weighs 0, and when the findings of a group pass the group's cap, the lightest of them are cut
 * so that the group adds exactly its cap. The caps of tone, craft and language are so low that none of them makes
 * danger alone (rules/weights.c refuses a file that says otherwise). */
#include "judge/verdict.h"

#include <math.h>

enum { UNREADABLE_PERCENT = 30 };

static int order_by_weight(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	double wx = fabs(x->weight), wy = fabs(y->weight);
	if ((x->weight < 0) != (y->weight < 0))
		return x->weight < 0 ? 1 : -1;
	if (wx != wy)
		return wx > wy ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void apply_caps(struct judging *j)
{
	double left[FINDING_GROUP_COUNT];
	for (size_t i = 0; i < FINDING_GROUP_COUNT; i++)
		left[i] = rules_group_cap(j->rules, (enum finding_group) i);
	for (size_t i = 0; i < j->verdict->findings.n; i++) {
		struct finding *f = &j->verdict->findings.at[i];
		double *room = &left[f->group];
		double size = fmin(fabs(f->weight), *room);
		f->weight = copysign(size, f->weight);
		*room -= size;
	}
}

static bool is_text(struct str s)
{
	size_t seen = 0, broken = 0;
	for (size_t at = 0; at < s.n;) {
		if (s.p[at] > ' ' && s.p[at] < 0x7F) { /* nearly all of most mails */
			seen++;
			at++;
			continue;
		}
		uint32_t c = text_next(s, &at);
		if (c <= ' ' || c == 0x3000 || text_is_invisible(c))
			continue;
		seen++;
		broken += c == 0xFFFD || c == 0x7F;
	}
	return seen > 0 && broken * 100 < seen * UNREADABLE_PERCENT;
}

static bool was_read(const struct document *d)
{
	const uint32_t hiding = 1U << UNCHECKED_IMAGE | 1U << UNCHECKED_BROKEN | 1U << UNCHECKED_CHARSET |
	                        1U << UNCHECKED_TIMEOUT | 1U << UNCHECKED_CRASHED | 1U << UNCHECKED_NO_TEXT;
	bool subject = false, body = false;
	for (size_t i = 0; i < d->parts.n && !body; i++) {
		const struct part *p = &d->parts.at[i];
		if (p->kind == PART_HEADER || p->kind == PART_ATTACHMENT || !is_text(p->text))
			continue;
		if (p->kind == PART_SUBJECT)
			subject = true;
		else
			body = p->kind == PART_LINK || !(d->unchecked & 1U << UNCHECKED_NO_TEXT);
	}
	return body || (subject && !(d->unchecked & hiding));
}

/* Of an address alone that only forwards, nothing was looked at. */
static bool only_forwards(const struct judging *j)
{
	bool address = j->document->kind == INPUT_URL || j->document->kind == INPUT_QR;
	return address && j->verdict->unchecked >> UNCHECKED_DESTINATION & 1 && j->verdict->links.n == 1;
}

/* Whoever pads a mail until a limit cuts its bad link off must not get "nothing found" for that. */
static bool was_cut(const struct document *d)
{
	const uint32_t cut = 1U << UNCHECKED_TOO_LARGE | 1U << UNCHECKED_TOO_DEEP | 1U << UNCHECKED_TOO_MANY;
	return (d->unchecked & cut) != 0;
}

/* A word alone is no address that anybody could look up. */
static bool lacks_address(const struct judging *j)
{
	if (j->document->kind != INPUT_URL || !was_read(j->document))
		return false;
	for (size_t i = 0; i < j->verdict->links.n; i++)
		if (j->verdict->links.at[i].registrable.n > 0)
			return false;
	return true;
}

static enum verdict_kind kind_of(const struct judging *j)
{
	if (j->verdict->score >= rules_threshold_danger(j->rules))
		return VERDICT_DANGER;
	if (j->verdict->score >= rules_threshold_doubtful(j->rules))
		return VERDICT_DOUBTFUL;
	bool all_seen = was_read(j->document) && !was_cut(j->document) && !only_forwards(j) && !lacks_address(j);
	return all_seen ? VERDICT_NOTHING_FOUND : VERDICT_CANNOT_TELL;
}

void verdict_settle(struct judging *j)
{
	struct verdict *v = j->verdict;
	if (v->findings.n > 1)
		qsort(v->findings.at, v->findings.n, sizeof(*v->findings.at), order_by_weight);
	apply_caps(j);
	v->bias = rules_bias(j->rules);
	v->sum = v->bias;
	for (size_t i = 0; i < v->findings.n; i++)
		v->sum += v->findings.at[i].weight;
	v->score = 1 / (1 + exp(-v->sum));
	if (lacks_address(j))
		v->unchecked |= 1U << UNCHECKED_NO_ADDRESS;
	v->kind = kind_of(j);
}

const char *verdict_word(enum verdict_kind kind)
{
	static const char *const words[] = {
	        [VERDICT_DANGER] = "danger",
	        [VERDICT_DOUBTFUL] = "doubtful",
	        [VERDICT_NOTHING_FOUND] = "nothing-found",
	        [VERDICT_CANNOT_TELL] = "cannot-tell",
	};
	CHECK((size_t) kind < VERDICT_KIND_COUNT);
	return words[kind];
}
