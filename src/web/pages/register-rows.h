/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Items of registers between the keeper's rows (a JSON object of texts) and pages: one text per field of the kind. */
#pragma once

#include "plan/register.h"
#include "web/page.h"

struct register_item {
	uint64_t id; /* 0: not kept yet */
	struct str value[REGISTER_FIELDS_MAX];
	struct str due; /* empty: none, or it has ended */
};

struct register_items {
	struct register_item *at;
	size_t n, cap;
};

/* What the keeper has; a body that is none of ours reads as empty fields. */
void register_read(const struct page *p, const struct register_kind *kind, const struct keep_item *row,
                   struct register_item *ret);
/* All of a register in the order in which people want them: open before ended, then by rank or due day. */
int register_list(struct page *p, const struct register_kind *kind, struct register_items *ret);
/* The same of rows that came with another answer; rows of other registers are left out. */
int register_sort(struct page *p, const struct register_kind *kind, const struct keep_item_list *rows,
                  struct register_items *ret);
/* ERR_NOT_FOUND */
int register_get(struct page *p, const struct register_kind *kind, uint64_t id, struct register_item *ret);
struct keep_item register_row(const struct page *p, const struct register_kind *kind, const struct register_item *item);

/* Empty for a field that the kind does not have. */
struct str register_value(const struct register_kind *kind, const struct register_item *item, const char *field);
struct str register_label(const struct page *p, const struct register_field *field, enum language language);
/* What stands for the item, as people read it. */
struct str register_title(const struct page *p, const struct register_kind *kind, const struct register_item *item);
/* A choice by its label, everything else as it is. */
struct str register_shown(const struct register_field *field, struct str value, enum language language);
bool register_is_ended(const struct register_kind *kind, const struct register_item *item);
