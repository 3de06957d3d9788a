/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a request says, wherever in it: every string, key and long number is gathered into one text in the order of the
 * request, searched once, and decided by policy. What is to be masked is replaced in place; what cannot be replaced and
 * may not leave stops the request, so that a field nobody knows is never a way around. shapes.def says which fields are
 * which. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gate/json.h"
#include "gate/mask.h"
#include "policy/mark.h"
#include "policy/policy.h"

enum shape {
	SHAPE_CHAT,       /* /v1/chat/completions */
	SHAPE_RESPONSES,  /* /v1/responses */
	SHAPE_MESSAGES,   /* /v1/messages, /v1/messages/count_tokens */
	SHAPE_EMBEDDINGS, /* /v1/embeddings */
	SHAPE_FORM,       /* the fields of /v1/audio/transcriptions */
	SHAPE_COUNT,
};

enum {
	INSPECT_PLACE_MAX_BYTES = 200,
	INSPECT_NUMBER_MIN_DIGITS = 7, /* shorter numbers are settings, not identifiers */
	INSPECT_SEGMENTS_MAX = 400000,
};

struct inspect_scanner {
	const struct leak_rules *rules;
	const struct leak_house_words *words;
	struct leak_scratch *scratch;
};

enum inspect_refusal {
	INSPECT_FINE,
	INSPECT_BAD_SHAPE,   /* what is no object, or a type that cannot be */
	INSPECT_IMAGE,       /* media where the service is not meant to see any */
	INSPECT_FILE,        /* files cannot be looked into */
	INSPECT_STATE,       /* text that lies on the server and not in this request */
	INSPECT_TOKENS,      /* numbers instead of text */
	INSPECT_TOO_MUCH,    /* more than the limits */
	INSPECT_OTHER_PLACE, /* asks the service to hand it on elsewhere */
};

struct inspect_part {
	struct str place; /* "messages[3].content", for an error; keys that are not plain words are left out */
	enum leak_kind kind;
};

/* What was found, before any decision. All in the arena. */
struct inspection {
	struct json json;
	enum shape shape;
	struct str text;         /* all that was gathered */
	struct leak_spans spans; /* in text */
	struct segment *segments;
	size_t segment_count;
	enum inspect_refusal refusal;
	struct str refused_place;
	bool has_media;
	uint64_t tokens; /* estimate */
};

/* body: JSON; or with SHAPE_FORM one text in which nothing can be replaced. ERR_INVALID (place: where in body; then no
 * JSON), ERR_TOO_LARGE. A refusal is no error. */
int inspect_read(struct str body, enum shape shape, const struct inspect_scanner *scanner, struct arena *a,
                 struct inspection *ret, size_t *ret_place);

struct inspect_decision {
	struct policy_decision policy; /* worst: MASK that was not possible counts as STOP */
	uint32_t counts[LEAK_KIND_COUNT][POLICY_ACTION_COUNT];
	struct inspect_part *stopped; /* the first INSPECT_STOPPED_LISTED of them */
	size_t stopped_count;
	uint8_t *actions; /* one per span */
};

enum { INSPECT_STOPPED_LISTED = 20 };

/* approved: as policy_decide_spans() takes it. */
int inspect_decide(const struct inspection *i, const struct policy_matrix *matrix, const uint8_t *approved,
                   struct arena *a, struct inspect_decision *ret);
/* The edits that put tags for all spans to be masked, in order; places in i->json.text. ERR_TOO_LARGE. */
int inspect_mask(const struct inspection *i, const struct inspect_decision *d, struct mask *mask, struct arena *a,
                 struct json_edit **ret_edits, size_t *ret_count);
/* About how many tokens a text is: four ASCII characters or one other make one. */
uint64_t inspect_tokens(struct str text);
