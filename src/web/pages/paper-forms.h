/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's papers: what each asks for, and how it is put together from that, the registers and the settings. */
#pragma once

#include "paper/paper.h"
#include "plan/jigyokei.h"
#include "plan/register.h"
#include "web/page.h"

enum { PAPER_FIELDS_MAX = 96 };

struct paper_form {
	const char *word; /* texts: "paper.<word>", "paper.<word>.lead" */
	const struct register_field *fields;
	size_t n;
	/* values: one text per field. Adds to a new paper. */
	int (*build)(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper);
	/* A long form: it is kept half done too, and this says what is still to do. NULL: a short one. */
	size_t (*lint)(const struct str *values, struct jigyokei_finding ret[static JIGYOKEI_FINDINGS_MAX]);
	/* Fills what is empty from what the company has noted already, and names the fields in *filled (name: true).
	 * NULL: nothing. */
	int (*prefill)(struct page *p, struct str *values, json_t *filled);
	bool must_be_full; /* is not approved with PAPER_BLANK in it */
};

/* Stands on a paper where a field is empty: a line to write on. */
#define PAPER_BLANK "＿＿＿＿＿＿"

size_t paper_form_count(void);
const struct paper_form *paper_form_at(size_t i);
const struct paper_form *paper_form_find(struct str word); /* NULL */

/* A paper from values that were checked; lives in p->arena. */
/* What a field shows: a choice by its text, everything else as it is. */
struct str paper_form_shown(const struct page *p, const struct register_field *field, struct str value);
int paper_form_build(struct page *p, const struct paper_form *form, const struct str *values, struct paper **ret);
