/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The small closed lists of generative AI that the store, the messages, the gate and the pages share. Kinds,
 * destinations and actions are those of policy/policy.h. Amounts of money are in millionths of a yen ("microyen"). */
#pragma once

#include <stdint.h>

#define AI_MICROYEN UINT64_C(1000000) /* one yen */

enum ai_protocol { AI_PROTOCOL_OPENAI, AI_PROTOCOL_ANTHROPIC, AI_PROTOCOL_COUNT };
/* PLAIN: base_url + "/chat/completions" (base_url ends in /v1 where the service wants it).
 * AZURE: base_url + "/openai/deployments/<upstream>/chat/completions?api-version=<api_version>". */
enum ai_path_style { AI_PATH_PLAIN, AI_PATH_AZURE, AI_PATH_COUNT };
/* Authorization: Bearer; api-key; x-api-key; nothing. */
enum ai_auth { AI_AUTH_BEARER, AI_AUTH_API_KEY, AI_AUTH_X_API_KEY, AI_AUTH_NONE, AI_AUTH_COUNT };
enum ai_commercial { AI_COMMERCIAL_UNKNOWN, AI_COMMERCIAL_YES, AI_COMMERCIAL_NO, AI_COMMERCIAL_COUNT };
/* What a model is for: bits. */
enum ai_use { AI_USE_CHAT = 1, AI_USE_EMBEDDING = 2, AI_USE_AUDIO = 4, AI_USES_ALL = 7 };
enum ai_scope { AI_SCOPE_COMPANY, AI_SCOPE_DEPARTMENT, AI_SCOPE_PERSON, AI_SCOPE_KEY, AI_SCOPE_COUNT };
enum ai_approval_state { AI_APPROVAL_WAITING, AI_APPROVAL_APPROVED, AI_APPROVAL_REFUSED };
enum ai_exception_state { AI_EXCEPTION_ALLOWED = 1, AI_EXCEPTION_KEPT = 2 };

/* Answers of ai_admit. */
enum ai_outcome {
	AI_ADMITTED,
	AI_STALE,            /* something changed: load again, decide again */
	AI_REFUSED_KEY,      /* unknown, revoked or expired key, or the person may not come in any more */
	AI_REFUSED_MODEL,    /* not among the models of the key */
	AI_REFUSED_SERVICE,  /* not registered or switched off, or it does not offer the model */
	AI_REFUSED_REQUESTS, /* requests per minute; until_us */
	AI_REFUSED_TOKENS,   /* tokens per minute; until_us */
	AI_REFUSED_BUDGET,   /* until_us: when a new month or year begins; limit: whose budget */
};

enum {
	AI_SERVICES_MAX = 50,
	AI_MODELS_MAX = 400, /* of all services */
	AI_KEYS_MAX = 400,   /* living ones */
	AI_RULES_MAX = 400,
	AI_APPROVAL_VALUES_MAX = 100,
	AI_EXCEPTIONS_MAX = 400,
	AI_MODEL_NAME_MAX_BYTES = 60,
	AI_PROVIDER_KEY_MAX_BYTES = 4096,
	AI_DEPARTMENT_MAX_BYTES = 60,
	AI_PIECE_MAX_BYTES = 48 * 1024, /* of a list of house words */
	AI_PIECES_MAX = 400,            /* of one list: 19 MB */
	AI_PIECES_EACH_ANSWER = 100,
	AI_MARKS_FOR_SUGGESTION = 3,
	AI_MARK_MAX_BYTES = 240,
};
