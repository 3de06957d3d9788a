/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The seal of a house: its key, the proof that key and store belong together, and what was kept open by a Sonae
 * before there was a seal. */
#pragma once

#include "keep/seal.h"
#include "store/store.h"

/* Inside a transaction. Loads the key of the data folder; on the first time makes it, and seals every second factor
 * that lies open in the store. ERR_NOT_FOUND: the store holds sealed values and keys/seal.key is gone; ERR_CRYPTO: it
 * is the key of another store; ERR_CORRUPT, ERR_STORE. */
int seal_house_open(struct store *s, const char *data_folder, struct seal_key *ret) MUST_CHECK;
/* The label under which the second factor of a person is sealed: it is good in no other row. */
struct str seal_label_totp(struct arena *a, uint64_t person);
