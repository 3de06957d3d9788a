/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a drill runs on: a company that does not exist. Texts are the catalogue's "drill.<name>...". */
#include "web/pages/incident-sample.h"

#include "base/err.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

enum { PAIRS_MAX = 6, KEY_BYTES = 80 };

/* A value that begins with ":" is what stands behind it; any other is a text of the catalogue. */
static const struct sample {
	const char *kind;
	struct {
		const char *field, *value;
	} pairs[PAIRS_MAX];
} samples[] = {
        {"businesses", {{"rank", ":1"}, {"name", "orders"}, {"tolerable-hours", ":4"}, {"by-hand", "orders.by-hand"}}},
        {"businesses",
         {{"rank", ":2"}, {"name", "shipping"}, {"tolerable-hours", ":24"}, {"by-hand", "shipping.by-hand"}}},
        {"businesses",
         {{"rank", ":3"}, {"name", "payments"}, {"tolerable-hours", ":72"}, {"by-hand", "payments.by-hand"}}},
        {"businesses", {{"rank", ":4"}, {"name", "wages"}, {"tolerable-hours", ":168"}, {"by-hand", "wages.by-hand"}}},
        {"partners",
         {{"name", "it-firm"},
          {"relation", ":it-firm"},
          {"person", "it-firm.person"},
          {"phone", ":00-0000-0001"},
          {"phone-night", ":00-0000-0002"},
          {"duty", "it-firm.duty"}}},
        {"partners", {{"name", "bank"}, {"relation", ":bank"}, {"phone", ":00-0000-0003"}, {"duty", "bank.duty"}}},
        {"partners",
         {{"name", "insurer"}, {"relation", ":insurer"}, {"phone", ":00-0000-0004"}, {"duty", "insurer.duty"}}},
        {"partners",
         {{"name", "customer"}, {"relation", ":customer"}, {"phone", ":00-0000-0005"}, {"duty", "customer.duty"}}},
};

static struct str text_of(const struct page *p, const char *value)
{
	char key[KEY_BYTES];
	if (value[0] == ':')
		return str_of(value + 1);
	snprintf(key, sizeof(key), "drill.%s", value);
	return str_of(i18n_text(p->language, key));
}

static struct keep_item make_row(const struct page *p, const struct sample *sample, uint64_t id)
{
	const struct register_kind *kind = register_find(str_of(sample->kind));
	struct register_item item = {.id = id};

	for (size_t i = 0; i < PAIRS_MAX && sample->pairs[i].field; i++) {
		size_t at;
		if (register_field_find(kind, str_of(sample->pairs[i].field), &at) >= 0)
			item.value[at] = text_of(p, sample->pairs[i].value);
	}
	return register_row(p, kind, &item);
}

int incident_sample_items(const struct page *p, struct keep_item_list *ret)
{
	*ret = (struct keep_item_list){0};
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct keep_item *row = ARENA_PUSH(p->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		*row = make_row(p, &samples[i], i + 1);
	}
	return 0;
}

struct str incident_sample_story(const struct page *p, struct str kind)
{
	struct str key = arena_printf(p->arena, "drill.story.%.*s", STR_ARG(kind));
	const char *text = i18n_find(p->language, key);
	return text ? str_of(text) : STR("");
}
