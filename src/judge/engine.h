/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a judge is written with. A judge is `void judge_<name>(struct judging *j)`, one file, one line JUDGE(<name>) in
 * judges.def; they run in that order. It looks at the document and calls judging_find() with an id of
 * rules/findings.def; each id needs a weight in rules/weights.yaml and judge.<id>.title and .detail in po/. */
#pragma once

#include "judge/judge.h"
#include "rules/rules.h"
#include "text/fold.h"

enum {
	JUDGING_HITS_MAX = 4000,        /* of words, of brands; further ones are not looked at */
	JUDGING_HITS_OF_TAG_MAX = 60,   /* of one tag */
	JUDGING_FINDINGS_OF_ID_MAX = 5, /* shown of one id; only the first weighs */
};

struct word_hit {
	enum word_tag tag;
	uint32_t part;
	uint32_t start, end; /* bytes of the part's own text */
};

struct brand_hit {
	uint32_t brand; /* rules_brand() */
	bool strong;    /* a spelling that alone makes a claim */
	uint32_t part;
	uint32_t start, end;
};

struct address_facts; /* judge/address.h: links, mailboxes and hosts analysed once by judge_addresses, the first judge
                       */

struct judging {
	const struct document *document;
	const struct rules *rules;
	const struct company *company; /* never NULL */
	struct arena *arena;
	struct verdict *verdict; /* links, claims, host_link, unchecked are filled by the judges that know them */

	struct folded *folded; /* one per document part */
	DOCUMENT_LIST(struct word_hit,
	              words); /* in subject, bodies, attachment names, codes, header:From; by part, then start */
	DOCUMENT_LIST(struct brand_hit, brands); /* the same parts; by part, then start */
	uint64_t tags;                           /* bit set of 1 << enum word_tag over all words */
	bool japanese;                           /* the body or subject has kana */
	struct address_facts *addresses;
	uint16_t found[FINDING_ID_COUNT]; /* how often each id was found so far */
};

/* Adds a finding on bytes [start, end) of a part (PART_NONE, 0, 0: the message as a whole). Facts fill the
 * {placeholders} of its sentence: judging_find(j, FINDING_LINK_IP, part, 0, n, FACT("host", host)); at most
 * FINDING_FACTS_MAX. */
#define FACT(k, v) ((struct finding_fact){.key = (k), .value = (v)})
#define judging_find(j, id, part, start, end, ...)                                                                     \
	judging_find_facts((j), (id), (part), (start), (end),                                                          \
	                   (const struct finding_fact[]){__VA_ARGS__ __VA_OPT__(, ){.key = NULL}})
void judging_find_facts(struct judging *j, enum finding_id id, uint32_t part, uint32_t start, uint32_t end,
                        const struct finding_fact *facts);
bool judging_has(const struct judging *j, enum finding_id id);                   /* found by a judge that ran before */
bool judging_says(const struct judging *j, enum word_tag tag);                   /* a word with this tag is there */
const struct word_hit *judging_word(const struct judging *j, enum word_tag tag); /* the first one, NULL none */
struct str judging_text(const struct judging *j, uint32_t part); /* the part's own text; "" for PART_NONE */
/* First mailbox of a role with an address, NULL none. */
const struct mailbox *judging_mailbox(const struct judging *j, enum mailbox_role role);
/* Of a From field only the display name is read by people: whether a place that ends there is in the address behind it.
 */
bool judging_in_address(const struct judging *j, uint32_t part, uint32_t end);
void judging_set_unchecked(struct judging *j, enum unchecked what);

#define JUDGE(name) void judge_##name(struct judging *j);
#include "judge/judges.def"
#undef JUDGE
