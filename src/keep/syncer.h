/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the relaxed ledger (setting ledger.acknowledge-within-ms): a child of the keeper that brings the store's log to
 * the disk, so that the keeper does not wait for it. One byte asks, one byte answers: 0 it is on disk. */
#pragma once

#include <sys/types.h>

#include "base/check.h"

/* Forked before the store is opened; holds nothing but its end of the pair. */
int syncer_start(const char *log_path, int *ret_fd, pid_t *ret_pid) MUST_CHECK;
int syncer_ask(int fd) MUST_CHECK;
/* The answer: 0, ERR_STORE the disk refused, ERR_CLOSED. */
int syncer_take(int fd) MUST_CHECK;
