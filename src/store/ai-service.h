/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The register of AI services with their models; the key of a provider is kept sealed. */
#pragma once

#include "base/arena.h"
#include "store/ai.h"
#include "store/rows.h"
#include "store/store.h"

/* Rows come with declared, not with destination and training_due_us: what counts now depends on the time. */
int ai_service_insert(struct store *s, const struct keep_ai_service *row, uint64_t by, uint64_t *ret_id) MUST_CHECK;
int ai_service_update(struct store *s, const struct keep_ai_service *row) MUST_CHECK; /* not training, not the key */
int ai_service_set_training(struct store *s, const struct keep_ai_service *row) MUST_CHECK;
int ai_service_set_key(struct store *s, uint64_t id, struct str sealed, int64_t now_us) MUST_CHECK;
int ai_service_get_key(struct store *s, uint64_t id, struct arena *a, struct str *ret_sealed) MUST_CHECK;
int ai_service_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_service *ret) MUST_CHECK;
int ai_service_list_all(struct store *s, struct arena *a, struct keep_ai_service_list *ret) MUST_CHECK;
int ai_service_delete(struct store *s, uint64_t id) MUST_CHECK; /* with its models */

int ai_model_list_all(struct store *s, struct arena *a, struct keep_ai_model_list *ret) MUST_CHECK; /* by priority */
int ai_model_replace(struct store *s, uint64_t service, const struct keep_ai_model_list *models) MUST_CHECK;
