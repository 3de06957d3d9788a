/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Children of the keeper that do what takes long (keeper.h: struct job) so that the keeper never stalls. They are
 * forked before the keeper opens its store and key, hold neither, and end with it. */
#pragma once

#include <sys/types.h>

#include "keep/keeper.h"

int worker_start(int *ret_fd, pid_t *ret_pid) MUST_CHECK;
int worker_send(int fd, const struct job *job) MUST_CHECK;
/* The answers of the job that the worker was sent. job NULL: none was, whatever comes is an error. */
int worker_receive(int fd, struct job *job) MUST_CHECK;
