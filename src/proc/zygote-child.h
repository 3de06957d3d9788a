/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One reader: in a process of its own, between its fork and its end. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "proc/zygote.h"

/* Locks itself in and answers requests on the connection. null_fd becomes its standard input, output and error. */
_Noreturn void zygote_child_run(const struct zygote_settings *settings, int connection, int null_fd,
                                _Atomic uint32_t *progress);
