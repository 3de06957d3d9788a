/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scope-bound release: CLEANUP(arena_freep) struct arena *a = NULL; releases a on every return;
 * *ret = TAKE(a); hands it on and leaves NULL behind. */
#pragma once

#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define TAKE(p)                                                                                                        \
	__extension__({                                                                                                \
		__typeof__(p) taken_ = (p);                                                                            \
		(p) = NULL;                                                                                            \
		taken_;                                                                                                \
	})

/* Defines static inline TYPE_freep(TYPE **) for CLEANUP from a destructor that takes NULL. */
#define CLEANUP_DEFINE(type, name, destructor)                                                                         \
	static inline void name(type *p)                                                                               \
	{                                                                                                              \
		destructor(*p);                                                                                        \
	}
