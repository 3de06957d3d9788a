/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Work templates: the daily jobs that people do with AI, as data (templates/README.md). A template asks for inputs,
 * makes a prompt, says what form the answer has, what code computes, and what a person must check before it goes out.
 */
#pragma once

#include "base/arena.h"
#include "i18n/i18n.h"
#include "rules/rules.h"

enum {
	WORK_FILE_MAX_BYTES = 1024 * 1024,
	WORK_TEXT_MAX_BYTES = 8000, /* of one prompt or label */
	WORK_INPUTS_MAX = 20,
	WORK_OPTIONS_MAX = 30,
	WORK_INPUT_MAX_BYTES = 1000000, /* what max may say */
	WORK_TEMPLATES_MAX = 1000,
	WORK_PROMPT_MAX_BYTES = 2 * 1024 * 1024,
};

#define WORK_DEPARTMENT_LIST(X)                                                                                        \
	X(WORK_ALL, "all")                                                                                             \
	X(WORK_MARKETING, "marketing")                                                                                 \
	X(WORK_SALES, "sales")                                                                                         \
	X(WORK_SERVICE, "service")                                                                                     \
	X(WORK_PEOPLE, "people")                                                                                       \
	X(WORK_ACCOUNTING, "accounting")                                                                               \
	X(WORK_LEGAL, "legal")                                                                                         \
	X(WORK_PLANNING, "planning")                                                                                   \
	X(WORK_OPERATIONS, "operations")                                                                               \
	X(WORK_RESEARCH, "research")

#define WORK_INPUT_LIST(X)                                                                                             \
	X(WORK_INPUT_TEXT, "text")                                                                                     \
	X(WORK_INPUT_LONG_TEXT, "long-text")                                                                           \
	X(WORK_INPUT_CHOICE, "choice")                                                                                 \
	X(WORK_INPUT_DATE, "date")                                                                                     \
	X(WORK_INPUT_NUMBER, "number")                                                                                 \
	X(WORK_INPUT_CSV, "csv")

/* How the answer is read: work/answer.h. */
#define WORK_OUTPUT_LIST(X)                                                                                            \
	X(WORK_OUTPUT_TEXT, "text")                                                                                    \
	X(WORK_OUTPUT_TABLE, "table")                                                                                  \
	X(WORK_OUTPUT_TODOS, "todos")                                                                                  \
	X(WORK_OUTPUT_MINUTES, "minutes")                                                                              \
	X(WORK_OUTPUT_FLOW, "flow")                                                                                    \
	X(WORK_OUTPUT_SUBTITLES, "subtitles")                                                                          \
	X(WORK_OUTPUT_THEMES, "themes")                                                                                \
	X(WORK_OUTPUT_INVOICE, "invoice")                                                                              \
	X(WORK_OUTPUT_CODE, "code")

/* What code computes from the inputs before the model words it: work/compute.h. */
#define WORK_COMPUTE_LIST(X)                                                                                           \
	X(WORK_COMPUTE_NONE, "none")                                                                                   \
	X(WORK_COMPUTE_SUMMARY, "summary")                                                                             \
	X(WORK_COMPUTE_LINES, "lines")                                                                                 \
	X(WORK_COMPUTE_INVOICE, "invoice")                                                                             \
	X(WORK_COMPUTE_PAYMENTS, "payments")                                                                           \
	X(WORK_COMPUTE_LOG, "log")                                                                                     \
	X(WORK_COMPUTE_FORECAST, "forecast")                                                                           \
	X(WORK_COMPUTE_COLUMNS, "columns")

/* What a person ticks before the answer goes out; the sentence is the text work.check.<word>. */
#define WORK_CHECK_LIST(X)                                                                                             \
	X(WORK_CHECK_SOURCES, "sources")                                                                               \
	X(WORK_CHECK_NUMBERS, "numbers")                                                                               \
	X(WORK_CHECK_NAMES, "names")                                                                                   \
	X(WORK_CHECK_DATES, "dates")                                                                                   \
	X(WORK_CHECK_LAWS, "laws")                                                                                     \
	X(WORK_CHECK_TONE, "tone")                                                                                     \
	X(WORK_CHECK_COMPLETE, "complete")                                                                             \
	X(WORK_CHECK_CLAIMS, "claims")                                                                                 \
	X(WORK_CHECK_RIGHTS, "rights")                                                                                 \
	X(WORK_CHECK_SIMILARITY, "similarity")                                                                         \
	X(WORK_CHECK_COMMERCIAL_USE, "commercial-use")                                                                 \
	X(WORK_CHECK_FAIRNESS, "fairness")                                                                             \
	X(WORK_CHECK_PERSON_DECIDES, "person-decides")                                                                 \
	X(WORK_CHECK_CUSTOMER_DATA, "customer-data")                                                                   \
	X(WORK_CHECK_TRY_IT, "try-it")                                                                                 \
	X(WORK_CHECK_NATIVE_READER, "native-reader")                                                                   \
	X(WORK_CHECK_PAYEE, "payee")                                                                                   \
	X(WORK_CHECK_SECRETS, "secrets")                                                                               \
	X(WORK_CHECK_EXPERT, "expert")

#define X(code, word) code,
enum work_department { WORK_DEPARTMENT_LIST(X) WORK_DEPARTMENT_COUNT };
enum work_input_kind { WORK_INPUT_LIST(X) WORK_INPUT_KIND_COUNT };
enum work_output { WORK_OUTPUT_LIST(X) WORK_OUTPUT_COUNT };
enum work_compute { WORK_COMPUTE_LIST(X) WORK_COMPUTE_COUNT };
enum work_check { WORK_CHECK_LIST(X) WORK_CHECK_COUNT };
#undef X

const char *work_department_word(enum work_department department);
const char *work_input_word(enum work_input_kind kind);
const char *work_output_word(enum work_output output);
const char *work_compute_word(enum work_compute compute);
const char *work_check_word(enum work_check check);

/* One text in each language. */
struct work_text {
	struct str in[LANGUAGE_COUNT];
};

struct work_option {
	struct str id;
	struct work_text label;
};

struct work_input {
	struct str id;
	enum work_input_kind kind;
	bool required;
	size_t max_bytes;
	struct work_text label;
	struct {
		struct work_option *at;
		size_t n, cap;
	} options; /* of a choice */
};

struct work_template {
	struct str id; /* "AI-2", "D18", or the company's own */
	enum work_department department;
	struct work_text name, purpose, prompt;
	struct {
		struct work_input *at;
		size_t n, cap;
	} inputs;
	enum work_output output;
	enum work_compute compute;
	uint32_t checks;      /* set of 1 << enum work_check */
	struct str_list hide; /* kinds of leak/kinds.def that are masked wherever the answer is made */
	bool local_only;      /* only where no text leaves the house */
	bool about_people;    /* a person's decision is recorded, wording that may discriminate is marked */
	bool is_public;       /* made to be published: rights and similarity are asked for */
	bool needs_links;     /* a sentence without its source is marked */
	bool coming;          /* shown, cannot be used yet */
	bool own;             /* the company's */
};

struct work_templates {
	struct work_template *at; /* in the order of the files, the company's last */
	size_t n, cap;
};

/* Reads every *.yaml of a folder, in the order of general.yaml first, then by name. ERR_INVALID with the place. All
 * lives in a. */
int work_load_folder(const char *folder, struct arena *a, struct work_templates *ret,
                     struct rules_complaint *complaint);
/* One text of YAML (a sequence of templates), as the company writes them; name is for complaints. One with the id of an
 * earlier one takes its place. */
int work_load_text(struct str yaml, const char *name, struct arena *a, struct work_templates *templates,
                   struct rules_complaint *complaint);
const struct work_template *work_find(const struct work_templates *templates, struct str id); /* NULL: none */
/* The text in a language, or in the other one where it is missing. */
struct str work_text_in(const struct work_text *text, enum language language);
