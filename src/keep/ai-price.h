/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The prices and rates that come with Sonae, made from facts/ai-prices.yaml at build time; by name. */
#pragma once

#include "store/rows.h"

extern const struct keep_ai_price ai_price_table[];
extern const size_t ai_price_count;
extern const struct keep_ai_exchange ai_exchange_table[];
extern const size_t ai_exchange_count;
