/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of the enums as tables, for reading them. Inside src/work only. */
#pragma once

#include "work/work.h"

extern const char *const work_department_words[WORK_DEPARTMENT_COUNT];
extern const char *const work_input_words[WORK_INPUT_KIND_COUNT];
extern const char *const work_output_words[WORK_OUTPUT_COUNT];
extern const char *const work_compute_words[WORK_COMPUTE_COUNT];
extern const char *const work_check_words[WORK_CHECK_COUNT];
