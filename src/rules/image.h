/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loaded rules as one file that the next start maps into memory as it is: nothing is parsed, compiled or copied, and
 * processes that map it share its pages. The file holds addresses, made for a place in memory that was drawn when it
 * was written; where that place is taken, the addresses are moved (one number for each stands at the end).
 *
 * A file is used only when it lies in a folder and belongs to a user that nobody else writes to, its sum is right, and
 * its key is that of the rule files as they are now, of the code that made it (src/rules, src/text), of the engine and
 * of what this processor can do. */
#pragma once

#include "rules/rules.h"

enum { RULES_IMAGE_MAX_BYTES = 128 * 1024 * 1024 };

/* Names of the rule files in the order in which they are read. */
enum { RULES_FILE_COUNT = 5 };
extern const char *const rules_file_names[RULES_FILE_COUNT];

/* The key of these folders as they are now; company_folder may be NULL. ERR_NOT_FOUND when a file is missing. */
int rules_image_key(const char *folder, const char *company_folder, uint64_t *ret);
/* Writes r, which was loaded from these folders, into the folder cache. What cannot be written is not: the next start
 * is slower, nothing else. */
void rules_image_keep(const struct rules *r, const char *folder, const char *company_folder, const char *cache,
                      uint64_t key);
