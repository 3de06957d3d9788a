/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/work.h"

#include "base/check.h"
#include "work/words.h"

#define X(code, word) word,
const char *const work_department_words[] = {WORK_DEPARTMENT_LIST(X)};
const char *const work_input_words[] = {WORK_INPUT_LIST(X)};
const char *const work_output_words[] = {WORK_OUTPUT_LIST(X)};
const char *const work_compute_words[] = {WORK_COMPUTE_LIST(X)};
const char *const work_check_words[] = {WORK_CHECK_LIST(X)};
#undef X

#define WORD(name, type)                                                                                               \
	const char *work_##name##_word(enum type value)                                                                \
	{                                                                                                              \
		CHECK((size_t) value < ARRAY_SIZE(work_##name##_words));                                               \
		return work_##name##_words[value];                                                                     \
	}
WORD(department, work_department)
WORD(input, work_input_kind)
WORD(output, work_output)
WORD(compute, work_compute)
WORD(check, work_check)
#undef WORD

const struct work_template *work_find(const struct work_templates *templates, struct str id)
{
	for (size_t i = 0; i < templates->n; i++)
		if (str_eq(templates->at[i].id, id))
			return &templates->at[i];
	return NULL;
}

struct str work_text_in(const struct work_text *text, enum language language)
{
	struct str other = text->in[language == LANGUAGE_JA ? LANGUAGE_EN : LANGUAGE_JA];
	return text->in[language].n > 0 ? text->in[language] : other;
}
