/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of findings and of their groups. */
#include "rules/findings.h"

#include "base/check.h"
#include "base/err.h"

static const struct {
	const char *id;
	enum finding_group group;
} finding_ids[] = {
#define FINDING(code, id, group) {id, GROUP_##group},
#include "rules/findings.def"
#undef FINDING
};

static const char *const group_words[] = {
#define X(code, word) word,
        FINDING_GROUP_LIST(X)
#undef X
};

const char *finding_id_word(enum finding_id id)
{
	CHECK((size_t) id < FINDING_ID_COUNT);
	return finding_ids[id].id;
}

enum finding_group finding_id_group(enum finding_id id)
{
	CHECK((size_t) id < FINDING_ID_COUNT);
	return finding_ids[id].group;
}

const char *finding_group_word(enum finding_group group)
{
	CHECK((size_t) group < FINDING_GROUP_COUNT);
	return group_words[group];
}

int finding_id_of(struct str word, enum finding_id *ret)
{
	for (size_t i = 0; i < FINDING_ID_COUNT; i++) {
		if (str_eq_c(word, finding_ids[i].id)) {
			*ret = (enum finding_id) i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

int finding_group_of(struct str word, enum finding_group *ret)
{
	for (size_t i = 0; i < FINDING_GROUP_COUNT; i++) {
		if (str_eq_c(word, group_words[i])) {
			*ret = (enum finding_group) i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}
