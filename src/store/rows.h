/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The structs of rows.def. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "store/fields.h"

#define ROW(name, ...)                                                                                                 \
	struct keep_##name {                                                                                           \
		__VA_ARGS__                                                                                            \
	};                                                                                                             \
	struct keep_##name##_list {                                                                                    \
		struct keep_##name *at;                                                                                \
		size_t n;                                                                                              \
		size_t cap;                                                                                            \
	};
#include "store/rows.def"
#undef ROW

#include "store/fields-end.h"
