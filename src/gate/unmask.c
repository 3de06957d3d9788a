/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every string of an event is looked at. Those that are pieces of a longer text (which ones, is the protocol's) go
 * through the restore of their slot; the others are whole. When a slot still holds something at its end, an event of
 * the same form as its last one is made with just that text. */
#include "gate/unmask.h"

#include <stdlib.h>

#include "base/err.h"
#include "gate/json.h"
#include "gate/restore.h"

struct slot {
	uint64_t key;   /* which text; hash of protocol, places and the path inside of the event */
	uint64_t group; /* slots that end together: a choice, a block, an output item */
	struct restore restore;
	struct buf model; /* the last event, empty but for its form; made only while something is held */
	size_t model_place;
};

struct unmask {
	enum unmask_protocol protocol;
	const struct mask *mask;
	bool hide_usage, is_complete;
	struct unmask_usage usage;
	struct slot *slots;
	size_t slot_count, slot_cap, held_count;
	uint64_t events_added;
	struct arena *arena;
	struct buf text; /* restored and escaped texts of one event; edits point into it by offset */
};

/* What is being made of one event. */
struct work {
	struct unmask *u;
	const struct sse_event *event; /* NULL: a whole answer */
	struct json j;
	struct {
		struct json_edit *at;
		size_t n, cap;
	} edits;
	struct {
		struct touched {
			size_t slot;
			uint32_t token;
		} * at;
		size_t n, cap;
	} touched;
	uint64_t group;
	bool ends_group, ends_all;
};

struct unmask *unmask_new(enum unmask_protocol protocol, const struct mask *mask, bool hide_usage)
{
	struct unmask *u = calloc(1, sizeof(*u));
	CHECK(u);
	u->protocol = protocol;
	u->mask = mask && mask_count(mask) > 0 ? mask : NULL;
	u->hide_usage = hide_usage;
	u->text = buf_make(UNMASK_OUT_MAX_BYTES);
	u->arena = arena_new(UNMASK_EVENT_ARENA_BYTES);
	return u;
}

void unmask_free(struct unmask *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->slot_count; i++)
		buf_wipe_done(&u->slots[i].model);
	free(u->slots);
	buf_wipe_done(&u->text);
	arena_free_wiped(u->arena);
	free(u);
}

struct unmask_usage unmask_usage(const struct unmask *u)
{
	return u->usage;
}

bool unmask_is_complete(const struct unmask *u)
{
	return u->is_complete;
}

/* ---- slots ---- */

static int slot_of(struct unmask *u, uint64_t key, uint64_t group, enum mask_reading reading, size_t *ret)
{
	for (size_t i = 0; i < u->slot_count; i++) {
		if (u->slots[i].key == key) {
			*ret = i;
			return 0;
		}
	}
	if (u->slot_count >= UNMASK_SLOTS_MAX)
		return ERR_TOO_LARGE;
	if (u->slot_count == u->slot_cap) {
		u->slot_cap = u->slot_cap ? u->slot_cap * 2 : 4;
		u->slots = realloc(u->slots, u->slot_cap * sizeof(*u->slots));
		CHECK(u->slots);
	}
	u->slots[u->slot_count] = (struct slot){.key = key,
	                                        .group = group,
	                                        .restore = {.mask = u->mask, .reading = reading},
	                                        .model = buf_make(SSE_EVENT_MAX_BYTES * 2)};
	*ret = u->slot_count++;
	return 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
	return hash * UINT64_C(0xbf58476d1ce4e5b9);
}

/* ---- edits ---- */

/* Places in u->text are kept as offsets while it may still move. */
static int edit_string(struct work *w, uint32_t token, size_t from)
{
	const struct json_token *t = &w->j.at[token];
	struct json_edit *e = ARENA_PUSH(w->u->arena, &w->edits);
	if (!e || buf_failed(&w->u->text))
		return ERR_TOO_LARGE;
	*e = (struct json_edit){t->start, t->end, {(const char *) (uintptr_t) from, w->u->text.n - from}};
	return 0;
}

static int put_escaped(struct work *w, uint32_t token, struct str text)
{
	size_t from = w->u->text.n;
	json_escape(&w->u->text, text);
	return edit_string(w, token, from);
}

static void fix_edits(struct work *w)
{
	for (size_t i = 0; i < w->edits.n; i++)
		w->edits.at[i].by.p = w->u->text.p ? w->u->text.p + (uintptr_t) w->edits.at[i].by.p : "";
}

static int restore_string(struct work *w, uint32_t token, enum mask_reading reading)
{
	struct unmask *u = w->u;
	struct str text = json_text(&w->j, token, u->arena);
	if (!restore_concerns(u->mask, reading, text))
		return 0;
	CLEANUP(buf_wipe_done) struct buf restored = buf_make(UNMASK_OUT_MAX_BYTES);
	int r = restore_whole(u->mask, reading, text, &restored);
	return r < 0 || str_eq(text, buf_str(&restored)) ? r : put_escaped(w, token, buf_str(&restored));
}

static int stream_string(struct work *w, uint32_t token, uint64_t key, enum mask_reading reading)
{
	struct unmask *u = w->u;
	struct str text = json_text(&w->j, token, u->arena);
	size_t index;
	int r = slot_of(u, key, w->group, reading, &index);
	if (r < 0)
		return r;
	struct restore *restore = &u->slots[index].restore;
	u->held_count -= restore->n > 0;
	CLEANUP(buf_wipe_done) struct buf restored = buf_make(UNMASK_OUT_MAX_BYTES);
	r = restore_feed(restore, text, w->ends_group || w->ends_all, &restored);
	u->held_count += restore->n > 0;
	struct touched *t = ARENA_PUSH(u->arena, &w->touched);
	if (!t)
		return ERR_TOO_LARGE;
	*t = (struct touched){index, token};
	return r < 0 || str_eq(text, buf_str(&restored)) ? r : put_escaped(w, token, buf_str(&restored));
}

/* ---- which strings ---- */

static bool key_is(const struct work *w, uint32_t value, const char *name)
{
	const struct json_token *k = &w->j.at[value - 1];
	return k->is_key && str_eq_c(str_slice(w->j.text, k->start, k->end), name);
}

static bool text_is(const struct work *w, uint32_t token, const char *text)
{
	const struct json_token *t = token < w->j.n ? &w->j.at[token] : NULL;
	return t && t->type == JSON_IS_STRING && str_eq_c(str_slice(w->j.text, t->start, t->end), text);
}

static bool is_thought(const struct work *w, uint32_t object)
{
	uint32_t type = json_member(&w->j, object, "type");
	return text_is(w, type, "thinking") || text_is(w, type, "redacted_thinking") || text_is(w, type, "reasoning") ||
	       text_is(w, type, "thinking_delta") || text_is(w, type, "signature_delta");
}

static bool is_structure(const struct work *w, uint32_t value)
{
	return key_is(w, value, "id") || key_is(w, value, "type") || key_is(w, value, "role") ||
	       key_is(w, value, "object") || key_is(w, value, "model") || key_is(w, value, "signature") ||
	       key_is(w, value, "encrypted_content");
}

/* The text of these is JSON of its own. */
static enum mask_reading reading_of(const struct work *w, uint32_t value)
{
	return key_is(w, value, "arguments") || key_is(w, value, "partial_json") ? MASK_ESCAPED : MASK_PLAIN;
}

static int restore_all(struct work *w, uint32_t from)
{
	int r = 0;
	for (uint32_t t = from; t < w->j.at[from].next && r >= 0;) {
		const struct json_token *token = &w->j.at[t];
		if (token->type == JSON_IS_OBJECT && is_thought(w, t)) {
			t = token->next;
			continue;
		}
		if (token->type == JSON_IS_STRING && !token->is_key && (t == 0 || !is_structure(w, t)))
			r = restore_string(w, t, t == 0 ? MASK_PLAIN : reading_of(w, t));
		t++;
	}
	return r;
}

/* ---- chat completions ---- */

/* All texts of a delta are pieces; the path to each, with the numbers that name tool calls, is its key. */
static int stream_tree(struct work *w, uint32_t token, uint64_t key)
{
	const struct json_token *t = &w->j.at[token];
	int r = 0;
	if (t->type == JSON_IS_STRING)
		return stream_string(w, token, key, reading_of(w, token));
	if (t->type == JSON_IS_ARRAY) {
		uint64_t place = 0;
		for (uint32_t child = token + 1; child < t->next && r >= 0; child = w->j.at[child].next)
			r = stream_tree(w, child, mix(key, json_member_number(&w->j, child, "index", place++)));
	}
	if (t->type != JSON_IS_OBJECT)
		return r;
	for (uint32_t k = token + 1; k < t->next && r >= 0; k = w->j.at[k + 1].next) {
		struct str name = str_slice(w->j.text, w->j.at[k].start, w->j.at[k].end);
		if (!is_structure(w, k + 1) && !(w->j.at[k + 1].type == JSON_IS_STRING && str_eq_c(name, "name")))
			r = stream_tree(w, k + 1, mix(key, str_hash(name)));
	}
	return r;
}

static int read_chat(struct work *w)
{
	uint32_t choices = json_member(&w->j, 0, "choices");
	int r = 0;
	if (!json_is(&w->j, choices, JSON_IS_ARRAY) || json_member(&w->j, 0, "error") != JSON_NONE)
		return restore_all(w, 0);
	for (uint32_t c = choices + 1; c < w->j.at[choices].next && r >= 0; c = w->j.at[c].next) {
		uint32_t delta = json_member(&w->j, c, "delta"), reason = json_member(&w->j, c, "finish_reason");
		w->group = json_member_number(&w->j, c, "index", 0);
		w->ends_group = json_is(&w->j, reason, JSON_IS_STRING);
		if (json_is(&w->j, delta, JSON_IS_OBJECT))
			r = stream_tree(w, delta, mix(1, w->group));
		else if (json_member(&w->j, c, "text") != JSON_NONE) /* the old completions */
			r = restore_all(w, c);
	}
	return r;
}

/* ---- Anthropic messages ---- */

static int read_messages(struct work *w)
{
	uint32_t type = json_member(&w->j, 0, "type"), delta = json_member(&w->j, 0, "delta");
	uint64_t index = json_member_number(&w->j, 0, "index", 0);
	w->group = index;
	if (text_is(w, type, "content_block_delta") && json_is(&w->j, delta, JSON_IS_OBJECT)) {
		uint32_t text = json_member(&w->j, delta, "text"), partial = json_member(&w->j, delta, "partial_json");
		if (is_thought(w, delta))
			return 0;
		if (json_is(&w->j, text, JSON_IS_STRING))
			return stream_string(w, text, mix(2, index), MASK_PLAIN);
		if (json_is(&w->j, partial, JSON_IS_STRING))
			return stream_string(w, partial, mix(3, index), MASK_ESCAPED);
	}
	w->ends_group = text_is(w, type, "content_block_stop");
	w->ends_all = text_is(w, type, "message_stop") || text_is(w, type, "error");
	w->u->is_complete = w->u->is_complete || w->ends_all;
	return restore_all(w, 0);
}

/* ---- responses ---- */

static bool is_last_response(const struct work *w, uint32_t type)
{
	return text_is(w, type, "response.completed") || text_is(w, type, "response.failed") ||
	       text_is(w, type, "response.incomplete") || text_is(w, type, "error");
}

static int renumber(struct work *w)
{
	uint32_t number = json_member(&w->j, 0, "sequence_number");
	if (w->u->events_added == 0 || !json_is(&w->j, number, JSON_IS_NUMBER))
		return 0;
	size_t from = w->u->text.n;
	buf_add_u64(&w->u->text, json_member_number(&w->j, 0, "sequence_number", 0) + w->u->events_added);
	return edit_string(w, number, from);
}

static int read_responses(struct work *w)
{
	uint32_t type = json_member(&w->j, 0, "type"), delta = json_member(&w->j, 0, "delta");
	struct str word = json_member_text(&w->j, 0, "type", w->u->arena);
	uint64_t item = json_member_number(&w->j, 0, "output_index", 0);
	w->group = item;
	if (str_starts_with(word, STR("response.reasoning")))
		return 0;
	if (json_is(&w->j, delta, JSON_IS_STRING) && str_ends_with(word, STR(".delta"))) {
		bool is_json = str_contains(word, STR("arguments"));
		uint64_t part = json_member_number(&w->j, 0, "content_index", 0);
		return stream_string(w, delta, mix(mix(mix(4, item), part), str_hash(word)),
		                     is_json ? MASK_ESCAPED : MASK_PLAIN);
	}
	w->ends_group = str_ends_with(word, STR(".done"));
	w->ends_all = is_last_response(w, type);
	w->u->is_complete = w->u->is_complete || w->ends_all;
	return restore_all(w, 0);
}

/* ---- usage ---- */

static void note_number(const struct json *j, uint32_t usage, const char *name, uint64_t *at)
{
	uint64_t n = json_member_number(j, usage, name, 0);
	*at = n > *at ? n : *at;
}

static void note_usage(struct work *w, uint32_t holder)
{
	struct unmask_usage *to = &w->u->usage;
	uint32_t usage = json_member(&w->j, holder, "usage");
	if (!json_is(&w->j, usage, JSON_IS_OBJECT))
		return;
	to->is_known = true;
	note_number(&w->j, usage, "prompt_tokens", &to->tokens_in);
	note_number(&w->j, usage, "input_tokens", &to->tokens_in);
	note_number(&w->j, usage, "completion_tokens", &to->tokens_out);
	note_number(&w->j, usage, "output_tokens", &to->tokens_out);
}

static void note_all_usage(struct work *w)
{
	note_usage(w, 0);
	note_usage(w, json_member(&w->j, 0, "response"));
	note_usage(w, json_member(&w->j, 0, "message"));
}

static bool is_only_usage(const struct work *w)
{
	uint32_t choices = json_member(&w->j, 0, "choices");
	return json_is(&w->j, choices, JSON_IS_ARRAY) && w->j.at[choices].next == choices + 1 &&
	       json_is(&w->j, json_member(&w->j, 0, "usage"), JSON_IS_OBJECT);
}

/* ---- ends ---- */

/* The event with its pieces emptied, to say later what this slot still holds. */
static int remember_form(struct work *w, const struct touched *touched)
{
	struct slot *s = &w->u->slots[touched->slot];
	const struct json_token *mine = &w->j.at[touched->token];
	size_t from = 0;
	buf_clear(&s->model);
	for (size_t i = 0; i < w->touched.n; i++) {
		const struct json_token *t = &w->j.at[w->touched.at[i].token];
		buf_add_str(&s->model, str_slice(w->j.text, from, t->start));
		if (t == mine)
			s->model_place = s->model.n;
		from = t->end;
	}
	buf_add_str(&s->model, str_slice(w->j.text, from, w->j.text.n));
	return buf_failed(&s->model) ? ERR_TOO_LARGE : 0;
}

static int remember_forms(struct work *w)
{
	int r = 0;
	for (size_t i = 0; i < w->touched.n && r >= 0; i++)
		if (w->u->slots[w->touched.at[i].slot].restore.n > 0)
			r = remember_form(w, &w->touched.at[i]);
	return r;
}

static const char *event_line(enum unmask_protocol protocol)
{
	return protocol == UNMASK_MESSAGES ? "event: content_block_delta\n" : "";
}

static int let_go_slot(struct unmask *u, struct slot *s, struct buf *out)
{
	CLEANUP(buf_wipe_done) struct buf text = buf_make(UNMASK_OUT_MAX_BYTES);
	CLEANUP(buf_wipe_done) struct buf data = buf_make(UNMASK_OUT_MAX_BYTES);
	int r = restore_feed(&s->restore, (struct str){NULL, 0}, true, &text);
	u->held_count--;
	if (r < 0 || s->model.n == 0)
		return r;
	buf_add(&data, s->model.p, s->model_place);
	json_escape(&data, buf_str(&text));
	buf_add_str(&data, str_slice(buf_str(&s->model), s->model_place, s->model.n));
	if (u->protocol == UNMASK_RESPONSES) {
		struct json j;
		r = json_scan(buf_str(&data), u->arena, &j, NULL);
		struct str type = r < 0 ? (struct str){NULL, 0} : json_member_text(&j, 0, "type", u->arena);
		buf_printf(out, "event: %.*s\n", STR_ARG(type));
		u->events_added++;
	}
	sse_write(out, str_of(event_line(u->protocol)), buf_str(&data), true);
	return buf_failed(out) || buf_failed(&data) ? ERR_TOO_LARGE : r;
}

static int let_go(struct unmask *u, bool all, uint64_t group, struct buf *out)
{
	int r = 0;
	for (size_t i = 0; i < u->slot_count && u->held_count > 0 && r >= 0; i++)
		if (u->slots[i].restore.n > 0 && (all || u->slots[i].group == group))
			r = let_go_slot(u, &u->slots[i], out);
	return r;
}

/* Choices that end in this event, each with what they hold and this event does not carry. */
static int let_go_choices(struct work *w, struct buf *out)
{
	uint32_t choices = json_member(&w->j, 0, "choices");
	int r = 0;
	if (!json_is(&w->j, choices, JSON_IS_ARRAY))
		return 0;
	for (uint32_t c = choices + 1; c < w->j.at[choices].next && r >= 0; c = w->j.at[c].next)
		if (json_is(&w->j, json_member(&w->j, c, "finish_reason"), JSON_IS_STRING))
			r = let_go(w->u, false, json_member_number(&w->j, c, "index", 0), out);
	return r;
}

/* ---- events ---- */

static int compare_edits(const void *a, const void *b)
{
	const struct json_edit *x = a, *y = b;
	return x->start < y->start ? -1 : x->start > y->start;
}

static int write_edited(struct work *w, struct buf *out)
{
	fix_edits(w);
	if (w->edits.n > 1)
		qsort(w->edits.at, w->edits.n, sizeof(*w->edits.at), compare_edits);
	if (!w->event)
		return json_apply(w->j.text, w->edits.at, w->edits.n, out);
	CLEANUP(buf_wipe_done) struct buf data = buf_make(UNMASK_OUT_MAX_BYTES);
	int r = json_apply(w->j.text, w->edits.at, w->edits.n, &data);
	sse_write(out, w->event->other, buf_str(&data), true);
	return r < 0 || buf_failed(out) ? ERR_TOO_LARGE : 0;
}

static int read_event(struct work *w)
{
	switch (w->u->protocol) {
	case UNMASK_CHAT:
		return read_chat(w);
	case UNMASK_RESPONSES:
		return read_responses(w);
	case UNMASK_MESSAGES:
		return read_messages(w);
	}
	return 0;
}

static int work_on(struct work *w, struct buf *out)
{
	struct unmask *u = w->u;
	note_all_usage(w);
	if (u->protocol == UNMASK_CHAT && u->hide_usage && is_only_usage(w))
		return 0;
	if (!u->mask && u->protocol == UNMASK_CHAT)
		return write_edited(w, out);
	if (!u->mask) { /* only to know what kind of event it is */
		uint32_t type = json_member(&w->j, 0, "type");
		u->is_complete = u->is_complete || is_last_response(w, type) || text_is(w, type, "message_stop");
		return write_edited(w, out);
	}
	int r = read_event(w);
	if (r >= 0 && u->held_count > 0) {
		r = remember_forms(w);
		if (r >= 0 && u->protocol == UNMASK_CHAT)
			r = let_go_choices(w, out);
		else if (r >= 0 && (w->ends_all || w->ends_group))
			r = let_go(u, w->ends_all, w->group, out);
	}
	if (r >= 0 && u->protocol == UNMASK_RESPONSES)
		r = renumber(w);
	return r < 0 ? r : write_edited(w, out);
}

/* Nothing in it can matter. */
static bool is_plain(const struct unmask *u, struct str data)
{
	if (u->held_count > 0 || u->events_added > 0 || str_contains(data, STR("usage")))
		return false;
	if (u->protocol != UNMASK_CHAT && (!str_contains(data, STR("delta")) || str_contains(data, STR("error"))))
		return false;
	return !u->mask || (!str_contains(data, STR("〔")) && !str_contains(data, STR("\\")));
}

int unmask_event(struct unmask *u, const struct sse_event *event, struct buf *out)
{
	bool is_done = event->has_data && str_eq_c(str_trim(event->data), "[DONE]");
	if (is_done) {
		u->is_complete = true;
		int r = let_go(u, true, 0, out);
		if (r < 0)
			return r;
	}
	if (is_done || !event->has_data) {
		sse_write(out, event->other, event->data, event->has_data);
		return buf_failed(out) ? ERR_TOO_LARGE : 0;
	}
	struct work w = {.u = u, .event = event};
	arena_reset(u->arena);
	buf_clear(&u->text);
	int r = json_scan(event->data, u->arena, &w.j, NULL);
	if (r < 0)
		return r;
	if (is_plain(u, event->data)) {
		sse_write(out, event->other, event->data, true);
		return buf_failed(out) ? ERR_TOO_LARGE : 0;
	}
	return work_on(&w, out);
}

int unmask_end(struct unmask *u, struct buf *out)
{
	arena_reset(u->arena);
	return let_go(u, true, 0, out);
}

int unmask_whole(struct unmask *u, struct str body, struct buf *out)
{
	struct work w = {.u = u};
	arena_reset(u->arena);
	buf_clear(&u->text);
	int r = json_scan(body, u->arena, &w.j, NULL);
	if (r < 0)
		return r;
	note_all_usage(&w);
	u->is_complete = true;
	r = u->mask ? restore_all(&w, 0) : 0;
	return r < 0 ? r : write_edited(&w, out);
}
