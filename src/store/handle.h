/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies under a store. Inside src/store only. */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

sqlite3 *store_handle(struct store *s);
/* Prepared once per store; NULL when preparing failed. */
sqlite3_stmt *store_statement(struct store *s, const char *constant_sql);
int store_error(int sqlite_code);
