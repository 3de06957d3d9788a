/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Single values of the house itself, and the settings that were changed. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

int house_get(struct store *s, const char *name, struct arena *a, struct str *ret) MUST_CHECK; /* ERR_NOT_FOUND */
int house_set(struct store *s, const char *name, struct str value) MUST_CHECK;
int house_delete(struct store *s, const char *name) MUST_CHECK;
int house_get_number(struct store *s, const char *name, uint64_t *ret) MUST_CHECK; /* ERR_NOT_FOUND */
int house_set_number(struct store *s, const char *name, uint64_t value) MUST_CHECK;

int setting_find(struct store *s, struct str name, struct arena *a,
                 struct keep_setting *ret) MUST_CHECK; /* ERR_NOT_FOUND */
int setting_save(struct store *s, struct str name, struct str value, uint64_t by, int64_t now_us) MUST_CHECK;
