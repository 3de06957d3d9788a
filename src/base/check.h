/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Assertions about what the programmer promised (never about what a peer sent); on in production. */
#pragma once

#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define MUST_CHECK __attribute__((warn_unused_result))

/* Ends the process with file, line and expression when cond is false. */
#define CHECK(cond) ((cond) ? (void) 0 : check_failed(__FILE__, __LINE__, #cond))

_Noreturn void check_failed(const char *file, int line, const char *expression);

/* Size arithmetic that says when it overflows: true = overflowed, *ret undefined. */
#define size_add_overflows(a, b, ret) __builtin_add_overflow((size_t) (a), (size_t) (b), (ret))
#define size_mul_overflows(a, b, ret) __builtin_mul_overflow((size_t) (a), (size_t) (b), (ret))
