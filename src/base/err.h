/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One list of error codes. Functions return int: >= 0 is fine, a negative value is one of these. */
#pragma once

#define ERR_LIST(X)                                                                                                    \
	X(ERR_SYSTEM, "system", "the operating system refused")                                                        \
	X(ERR_INVALID, "invalid", "the input is not valid")                                                            \
	X(ERR_TOO_LARGE, "too-large", "the input is over its limit")                                                   \
	X(ERR_NOT_FOUND, "not-found", "there is no such thing")                                                        \
	X(ERR_EXISTS, "exists", "it is already there")                                                                 \
	X(ERR_DENIED, "denied", "not allowed")                                                                         \
	X(ERR_TIMEOUT, "timeout", "it took longer than its time limit")                                                \
	X(ERR_CRASHED, "crashed", "the process that did the work died")                                                \
	X(ERR_CLOSED, "closed", "the other side closed the connection")                                                \
	X(ERR_AGAIN, "again", "not ready yet")                                                                         \
	X(ERR_BUSY, "busy", "too much is under way; try again")                                                        \
	X(ERR_CORRUPT, "corrupt", "stored data is damaged")                                                            \
	X(ERR_CONFLICT, "conflict", "somebody changed it meanwhile")                                                   \
	X(ERR_UNAVAILABLE, "unavailable", "a part that is needed is not running")                                      \
	X(ERR_UNSUPPORTED, "unsupported", "this kind cannot be handled")                                               \
	X(ERR_STORE, "store", "the store refused")                                                                     \
	X(ERR_CRYPTO, "crypto", "a cryptographic check failed")

enum err_ordinal {
#define X(code, word, text) code##_ORDINAL,
	ERR_LIST(X)
#undef X
};

enum err {
#define X(code, word, text) code = -(code##_ORDINAL + 1),
	ERR_LIST(X)
#undef X
};

/* Stable word of a code, for JSON and logs: "too-large". Unknown codes give "unknown". */
const char *err_word(int code);
/* English sentence part for a terminal. Pages use the catalogue key "error.<word>". */
const char *err_text(int code);
