/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 確かめる: something came in. The answer to the POST is the result itself: no text of it is kept anywhere. */
#include "base/err.h"
#include "web/pages/result.h"
#include "web/pages/rows.h"

enum { SAID_MAX = 16 };

static const char *const kinds[] = {"mail", "sms", "url", "qr", "call", "screen"};

/* The sentences of the guided forms: catalogue "said.<kind>.<word>", shown beside a box and judged when it is ticked.
 */
static const struct {
	const char *kind, *words[SAID_MAX];
} said[] = {
        {"call",
         {"bank", "voice", "police", "mail-address", "secrets", "certificate", "remote", "transfer", "atm", "gift-card",
          "family", "secrecy", NULL}},
        {"screen", {"virus", "phone", "stay", "sound", "remote", "pay", "secrets", "ransom", "prize", NULL}},
};

static const char *const *words_of(struct str kind)
{
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		if (str_eq_c(kind, said[i].kind))
			return said[i].words;
	return NULL;
}

static bool is_ticked(const struct page *p, const char *word)
{
	struct str value;
	for (size_t i = 0; page_field_at(p, "said", i, &value); i++)
		if (str_eq_c(value, word))
			return true;
	return false;
}

static json_t *said_json(const struct page *p, struct str kind)
{
	char before[32];
	const char *const *words = words_of(kind);
	json_t *list = json_array();
	snprintf(before, sizeof(before), "said.%.*s.", STR_ARG(kind));
	for (; words && *words; words++) {
		json_t *j = json_object();
		json_object_set_new(j, "word", json_string(*words));
		json_object_set_new(j, "text", rows_text(p, before, str_of(*words), ""));
		json_object_set_new(j, "ticked", json_boolean(is_ticked(p, *words)));
		json_array_append_new(list, j);
	}
	return list;
}

static struct str kind_word(const struct page *p)
{
	struct str kind = page_has_field(p, "kind") ? page_field(p, "kind") : page_query(p, "kind");
	if (str_eq_c(kind, "text"))
		return kind;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_eq_c(kind, kinds[i]))
			return kind;
	return STR("");
}

static json_t *kinds_json(const struct page *p, struct str chosen)
{
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct str word = str_of(kinds[i]);
		json_t *j = json_object();
		bool is_current = str_eq(word, chosen) || (str_eq_c(chosen, "text") && str_eq_c(word, "sms"));
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", rows_text(p, "check.kind.", word, ""));
		json_object_set_new(j, "hint", rows_text(p, "check.kind.", word, ".hint"));
		json_object_set_new(j, "icon", rows_flag(word));
		json_object_set_new(j, "current", json_boolean(is_current));
		json_array_append_new(list, j);
	}
	return list;
}

static int show_form(struct page *p)
{
	static const char *const kept[] = {"text", NULL};
	struct str kind = kind_word(p);
	rows_keep_fields(p, kept);
	page_put_str(p, "kind", kind);
	page_put(p, "chosen", json_boolean(kind.n > 0));
	page_put(p, "is", rows_flag(kind.n > 0 ? kind : STR("any")));
	page_put(p, "is_text", json_boolean(str_eq_c(kind, "text")));
	page_put(p, "kinds", kinds_json(p, kind));
	page_put(p, "said", said_json(p, kind));
	page_put(p, "first", json_boolean(page_query(p, "first").n > 0));
	return 0;
}

/* The ticked sentences as a text of the document, one to a line. */
static struct str said_text(const struct page *p, struct str kind)
{
	struct str text = {NULL, 0};
	const char *const *words = words_of(kind);
	for (; words && *words; words++) {
		char key[64];
		snprintf(key, sizeof(key), "said.%.*s.%s", STR_ARG(kind), *words);
		if (is_ticked(p, *words))
			text = arena_printf(p->arena, "%.*s%s%s", STR_ARG(text), text.n ? "\n" : "",
			                    i18n_text(p->language, key));
	}
	return text;
}

/* What the boxes of a guided form say needs no reader: it is our own text. It joins what the reader made of the rest.
 */
static int add_said(struct page *p)
{
	struct str kind = kind_word(p), text = said_text(p, kind);
	enum input_kind code = INPUT_TEXT;
	if (text.n == 0 || p->read_error < 0 || input_kind_of(kind, &code) < 0)
		return 0;
	struct document *d = ARENA_NEW(p->arena, struct document);
	if (!d)
		return ERR_TOO_LARGE;
	*d = p->document ? *p->document : document_make(code);
	bool has_body = document_find_part(d, STR("body")) != PART_NONE;
	int r = document_add_part(d, p->arena, PART_BODY, has_body ? STR("body:2") : STR("body"), text);
	if (r < 0)
		return r;
	p->document = d;
	p->has_input = true;
	p->input_name = STR("text");
	return 0;
}

int check_page(struct page *p)
{
	if (p->method == HTTP_GET)
		return show_form(p);
	int r = add_said(p);
	if (r < 0)
		return r;
	if (p->has_input)
		return result_show(p);
	page_problem(p, "check.problem.nothing", "text");
	return show_form(p);
}
