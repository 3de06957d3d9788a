/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/rules-rows.h"

#include "base/err.h"
#include "store/ai.h"

enum { DIGITS_MAX = 24 };

json_t *rules_kind(const struct page *p, enum leak_kind kind)
{
	struct str word = str_of(policy_kind_word(kind));
	json_t *j = json_object();
	json_object_set_new(j, "word", page_json_str(word));
	json_object_set_new(j, "label", rows_text(p, "leak.kind.", word, ""));
	return j;
}

json_t *rules_choices(const struct page *p, const char *prefix, const char *words, struct str selected)
{
	struct str rest = str_of(words), word;
	json_t *list = json_array();
	while (str_split(&rest, '|', &word)) {
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", rows_text(p, prefix, word, ""));
		json_object_set_new(j, "selected", json_boolean(str_eq(word, selected)));
		json_array_append_new(list, j);
	}
	return list;
}

json_t *rules_yen(struct page *p, uint64_t microyen)
{
	char text[DIGITS_MAX * 2];
	uint64_t yen = (microyen + AI_MICROYEN / 2) / AI_MICROYEN;
	if (microyen > 0 && microyen < 10 * AI_MICROYEN)
		return page_json_str(arena_printf(p->arena, "%.2f", (double) microyen / (double) AI_MICROYEN));
	size_t n = sizeof(text);
	text[--n] = '\0';
	for (unsigned digits = 0; yen > 0 || digits == 0; yen /= 10, digits++) {
		if (digits > 0 && digits % 3 == 0)
			text[--n] = ',';
		text[--n] = (char) ('0' + yen % 10);
	}
	return json_string(text + n);
}

/* ０ to ９ are EF BC 90 to EF BC 99; commas, spaces and 円 are left out. */
static int plain_digits(struct str text, char *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char) text.p[i];
		bool wide = c == 0xEF && i + 2 < text.n && (unsigned char) text.p[i + 1] == 0xBC &&
		            (unsigned char) text.p[i + 2] >= 0x90 && (unsigned char) text.p[i + 2] <= 0x99;
		if (c == ',' || c == ' ')
			continue;
		if (n >= DIGITS_MAX || (!wide && !ascii_is_digit((char) c)))
			return ERR_INVALID;
		ret[n++] = wide ? (char) ((unsigned char) text.p[i + 2] - 0x90 + '0') : (char) c;
		i += wide ? 2 : 0;
	}
	ret[n] = '\0';
	return (int) n;
}

int rules_parse_number(struct str text, uint64_t max, uint64_t *ret)
{
	char digits[DIGITS_MAX + 1];

	text = str_trim(text);
	if (str_ends_with(text, STR("円")))
		text.n -= sizeof("円") - 1;
	int n = plain_digits(text, digits);
	if (n <= 0) {
		*ret = 0;
		return n;
	}
	return str_parse_u64(str_of(digits), max, ret) < 0 ? ERR_INVALID : 0;
}

int rules_parse_yen(struct str text, uint64_t *ret_microyen)
{
	uint64_t yen;
	int r = rules_parse_number(text, 1000000000, &yen);
	if (r >= 0)
		*ret_microyen = yen * AI_MICROYEN;
	return r;
}

json_t *rules_month(struct page *p, uint64_t month)
{
	return page_json_str(arena_printf(p->arena, "%04u-%02u", (unsigned) (month / 100), (unsigned) (month % 100)));
}

struct str rules_person_name(const struct keep_person_list *people, uint64_t id)
{
	for (size_t i = 0; i < people->n; i++) {
		if (people->at[i].id == id)
			return people->at[i].name;
	}
	return STR("");
}

static struct str department_of(const struct keep_ai_member_list *members, uint64_t person)
{
	for (size_t i = 0; i < members->n; i++) {
		if (members->at[i].person == person)
			return members->at[i].department;
	}
	return STR("");
}

int rules_put_people(struct page *p, struct keep_person_list *ret)
{
	struct keep_person_list_out people;
	struct keep_ai_member_list_out members;
	json_t *list = json_array();

	page_put(p, "people", list);
	int r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	if (r >= 0)
		r = keep_ai_member_list(p->keep, &p->actor, &(struct keep_ai_member_list_in){0}, p->arena, &members);
	if (r < 0)
		return r;
	for (size_t i = 0; i < people.people.n; i++) {
		const struct keep_person *person = &people.people.at[i];
		json_t *j;
		if (person->state != PERSON_ACTIVE || person->role == ROLE_EXPERT)
			continue;
		j = json_object();
		json_object_set_new(j, "id", json_integer((json_int_t) person->id));
		json_object_set_new(j, "name", page_json_str(person->name));
		json_object_set_new(j, "department", page_json_str(department_of(&members.members, person->id)));
		json_array_append_new(list, j);
	}
	if (ret)
		*ret = people.people;
	return 0;
}

void rules_put_done(struct page *p)
{
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
}

int rules_problem(struct page *p, int r, const char *key, const char *field)
{
	if (r != ERR_INVALID && r != ERR_TOO_LARGE && r != ERR_EXISTS && r != ERR_CONFLICT)
		return r;
	page_problem(p, key, field);
	return 1;
}
