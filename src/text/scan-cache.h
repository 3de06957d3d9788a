/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compiled databases kept as files, because compiling thousands of patterns takes longer than judging hundreds of
 * mails. The engine's own form is not made to be read from strangers, so a file counts only when it and its folder
 * belong to this user and nobody else may write them; whatever does not fit is as if it were not there. */
#pragma once

#include <hs/hs.h>
#include <stdint.h>

enum { SCAN_CACHE_MAX_BYTES = 64 * 1024 * 1024 };

/* A number of the engine's version and this processor, to begin a key with. */
uint64_t scan_cache_seed(void);
/* The caller frees *ret with hs_free_database(). ERR_NOT_FOUND: no file, or none that may be used. */
int scan_cache_load(const char *folder, uint64_t key, hs_database_t **ret);
/* Makes the folder when only its last part is missing. A failure costs nothing but time and is not reported. */
void scan_cache_keep(const char *folder, uint64_t key, const hs_database_t *database);
