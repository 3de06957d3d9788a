/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking a reader for the document in some bytes. The bytes go over in a sealed memory file; what comes back is checked
 * (document_decode). Whatever happens to the reader costs this one answer; the next call connects anew.
 *
 * Errors of all calls: ERR_TOO_LARGE (input over ASK_INPUT_MAX_BYTES: nothing was sent; or the document does not fit
 * the arena), ERR_TIMEOUT, ERR_CRASHED (the reader died or was ended for its memory), ERR_INVALID (what it answered is
 * no document), ERR_UNAVAILABLE (no reader listens), ERR_BUSY (too many wait already), ERR_SYSTEM. */
#pragma once

#include "base/arena.h"
#include "base/check.h"
#include "base/cleanup.h"
#include "doc/document.h"

struct asker;

/* Asks the readers that listen at this path, one reader for each document. Connects at the first call. */
int asker_new(const char *socket_path, struct asker **ret) MUST_CHECK;
/* Starts a zygote of its own (program run-process private-reader), whose readers take up to ASK_BATCH_DOCUMENTS
 * documents each: for a run in which all inputs are the same person's. It ends with asker_free() or this process.
 * program: its path, NULL this program. whole: path of the program whose reader is asked from the first document on
 * that needs what that one's reader does not have (read/tools.h); NULL when that has everything. Both are copied. */
int asker_new_private(const char *program, const char *whole, struct asker **ret) MUST_CHECK;
void asker_free(struct asker *asker); /* takes NULL */
CLEANUP_DEFINE(struct asker *, asker_freep, asker_free)

/* Blocks for at most timeout_ms. The document lives in a. name may be empty. */
int ask_document(struct asker *asker, enum input_kind kind, struct str name, struct str bytes, int timeout_ms,
                 struct arena *a, struct document *ret) MUST_CHECK;

/* For event loops: one question under way; an asker by path can have many. */
struct ask;
/* Sends at once. When *ret_fd becomes readable, call ask_continue(). The caller keeps the time and frees the question
 * to give it up. */
int ask_begin(struct asker *asker, enum input_kind kind, struct str name, struct str bytes, struct ask **ret,
              int *ret_fd) MUST_CHECK;
/* ERR_AGAIN: not all is here yet. Otherwise it is over: 0 and the document, or its error. */
int ask_continue(struct ask *ask, struct arena *a, struct document *ret) MUST_CHECK;
void ask_free(struct ask *ask); /* takes NULL; closes the descriptor */
