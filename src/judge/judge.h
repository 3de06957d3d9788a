/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judging: a document in, a verdict with weighted findings out. Pure: no I/O, no clock, no database; the same
 * document, rules and company give the same verdict. The sentence of a finding comes from the catalogue
 * ("judge.<id>.title", "judge.<id>.detail") with the finding's facts filled in. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "doc/document.h"

struct overlay; /* judge/overlay.h: what the company changed in the table of brands */
struct rules;   /* rules/rules.h: compiled rules, brands, words, weights */

enum verdict_kind { VERDICT_DANGER, VERDICT_DOUBTFUL, VERDICT_NOTHING_FOUND, VERDICT_CANNOT_TELL, VERDICT_KIND_COUNT };
const char *verdict_word(enum verdict_kind kind); /* "danger", "doubtful", "nothing-found", "cannot-tell" */

enum { FINDING_FACTS_MAX = 4 };

struct finding_fact {
	const char *key; /* placeholder in the sentence: "brand", "host", "registrable", "claimed", ... */
	struct str value;
};

struct finding {
	const char *id; /* "claim-foreign-link": stable, one row in judges.def */
	uint32_t group; /* enum finding_group (rules/findings.h) */
	double weight;  /* from rules/weights.yaml; the verdict is their sum */
	uint32_t part;  /* index in document.parts, or PART_NONE when it stands on the message as a whole */
	uint32_t start, end;
	struct finding_fact facts[FINDING_FACTS_MAX];
};

struct judged_link {
	struct str text, url;
	struct str host;        /* lower case, Unicode form; "" when the target has none */
	struct str registrable; /* by the public suffix list; "" for an IP literal */
	uint32_t link;          /* index in document.links */
};

struct claim {
	struct str brand; /* display name in the table: "三井住友カード" */
	struct str brand_id;
	uint32_t part, start, end;
};

struct verdict {
	enum verdict_kind kind;
	double score; /* 0.0 to 1.0, from the sum of weights: see verdict.c for the formula */
	double sum;   /* of the weights, bias included */
	double bias;
	uint32_t unchecked;                      /* the document's bits plus those that judging added */
	uint32_t host_link;                      /* index in links of the target to show large, or PART_NONE */
	DOCUMENT_LIST(struct finding, findings); /* heaviest first */
	DOCUMENT_LIST(struct claim, claims);     /* one per brand */
	DOCUMENT_LIST(struct judged_link, links);
};

/* What the company itself knows; the caller fills it, all may be empty. */
struct company {
	const struct str *own_domains;
	size_t own_domain_count; /* registrable */
	const struct str *correspondents;
	size_t correspondent_count; /* registrable domains written with before */
	const struct str *known_senders;
	size_t known_sender_count; /* addresses seen before; empty: no history */
	const struct str *trusted_servers;
	size_t trusted_server_count; /* authserv-id whose results count */
	bool has_history;
	const struct overlay *overlay; /* NULL: nothing changed */
};

/* Judges d. Everything in *ret lives in a or in d. ERR_TOO_LARGE when the arena is full. */
int judge_document(const struct document *d, const struct rules *rules, const struct company *company, struct arena *a,
                   struct verdict *ret);
