/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Amounts and days as they stand in tables. */
#pragma once

#include "base/buf.h"

/* A number as people write it: "1,234", "¥1,234円", "▲12.5", "(300)", "１２３"; of at most 14 digits before and 4 after
 * the point. In ten-thousandths. False: no number. */
bool work_parse_amount(struct str s, int64_t *ret);
/* "1,234.5" */
void work_add_amount(struct buf *b, int64_t amount);
/* "2026-11-22", "2026/11/2", "2026年11月2日", "2026-11", "令和8年11月2日": days since 1970-01-01; false: none. */
bool work_parse_day(struct str s, int64_t *ret_days);
