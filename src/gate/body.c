/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The body of a request: what it asks for, and what of it goes on: with tags, the service's own name of the model, no
 * storing on the other side, and the count of tokens asked for. Every other byte stays. */
#include <stdlib.h>

#include "gate/inside.h"
#include "http/form.h"

enum { FORM_FIELDS_MAX = 30, EXTRA_MAX_BYTES = 128 };

static const struct str none = {NULL, 0};

/* ---- reading ---- */

static int refuse(struct request *q, int status, const char *word, struct str place)
{
	request_refuse(q, status, word, place);
	return ERR_INVALID;
}

static int read_json(struct request *q)
{
	const struct json *j = &q->inspection.json;
	q->model_token = json_member(j, 0, "model");
	if (!json_is(j, q->model_token, JSON_IS_STRING))
		return refuse(q, 400, "model-missing", STR("model"));
	q->model = arena_dup(q->arena, json_text(j, q->model_token, q->arena)); /* outlives the message */
	uint32_t stream = json_member(j, 0, "stream");
	q->wants_stream = json_is(j, stream, JSON_IS_TRUE);
	static const char *const limits[] = {"max_completion_tokens", "max_output_tokens", "max_tokens"};
	q->tokens_out_max = q->endpoint->shape == SHAPE_EMBEDDINGS ? 0 : GATE_TOKENS_OUT_ASSUMED;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		uint64_t n = json_member_number(j, 0, limits[i], 0);
		if (n > 0)
			q->tokens_out_max = n < 10000000 ? n : 10000000;
	}
	if (q->endpoint->shape == SHAPE_RESPONSES && json_is(j, json_member(j, 0, "background"), JSON_IS_TRUE))
		return refuse(q, 400, "state", STR("background"));
	return 0;
}

static int read_form(struct request *q)
{
	struct form form = {0};
	struct str type = http_field(q->message, "Content-Type"), boundary = media_parameter(type, "boundary");
	if (!str_eq_icase(media_type(type), STR("multipart/form-data")) ||
	    form_parse_multipart(q->message->body, boundary, FORM_FIELDS_MAX, q->arena, &form) < 0)
		return refuse(q, 400, "not-form", none);
	for (size_t i = 0; i < form.n; i++) {
		const struct form_field *f = &form.at[i];
		if (str_eq_c(f->name, "model") && !f->is_file) {
			q->model = arena_dup(q->arena, f->value);
			q->form_model_at = (size_t) (f->value.p - q->message->body.p);
			q->form_model_n = f->value.n;
		}
		if (str_eq_c(f->name, "stream"))
			q->wants_stream = str_eq_c(f->value, "true");
	}
	return q->model.n > 0 ? 0 : refuse(q, 400, "model-missing", STR("model"));
}

/* All that a form says, but for the sound itself. */
static int form_text(struct request *q, struct str *ret)
{
	struct form form = {0};
	struct str boundary = media_parameter(http_field(q->message, "Content-Type"), "boundary");
	CLEANUP(buf_wipe_done) struct buf b = buf_make(q->message->body.n + 4096);
	int r = form_parse_multipart(q->message->body, boundary, FORM_FIELDS_MAX, q->arena, &form);
	for (size_t i = 0; i < form.n && r >= 0; i++) {
		const struct form_field *f = &form.at[i];
		buf_add_str(&b, f->name);
		buf_add_c(&b, ": ");
		buf_add_str(&b, f->is_file ? f->file_name : f->value);
		buf_add_char(&b, '\n');
	}
	*ret = arena_dup(q->arena, buf_str(&b));
	return r;
}

static const char *const refusal_words[] = {
        [INSPECT_BAD_SHAPE] = "bad-shape",
        [INSPECT_IMAGE] = "media",
        [INSPECT_FILE] = "file",
        [INSPECT_STATE] = "state",
        [INSPECT_TOKENS] = "tokens",
        [INSPECT_TOO_MUCH] = "too-large",
        [INSPECT_OTHER_PLACE] = "other-place",
};

static void except(struct request *q)
{
	struct inspection *i = &q->inspection;
	size_t kept = 0;
	for (size_t n = 0; n < i->spans.n; n++) {
		const struct leak_span *s = &i->spans.at[n];
		if (!book_is_excepted(q->book, s->kind, str_slice(i->text, s->start, s->end)))
			i->spans.at[kept++] = *s;
	}
	i->spans.n = kept;
}

int body_read(struct request *q)
{
	const struct inspect_scanner scanner = {q->gate->rules, book_words(q->book), q->gate->scratch};
	struct str text = q->message->body;
	bool is_form = q->endpoint->shape == SHAPE_FORM;
	int r = is_form ? read_form(q) : 0;
	if (r < 0)
		return r;
	if (is_form && form_text(q, &text) < 0)
		return refuse(q, 400, "not-form", none);
	r = inspect_read(text, q->endpoint->shape, &scanner, q->arena, &q->inspection, NULL);
	if (r == ERR_TOO_LARGE)
		return refuse(q, 413, "too-large", none);
	if (r < 0)
		return refuse(q, 400, is_form ? "not-form" : "not-json", none);
	if (q->inspection.refusal != INSPECT_FINE)
		return refuse(q, 400, refusal_words[q->inspection.refusal], q->inspection.refused_place);
	except(q);
	if (is_form)
		q->inspection.has_media = true;
	return is_form ? 0 : read_json(q);
}

/* ---- writing ---- */

struct edits {
	struct json_edit *at;
	size_t n, cap;
};

static int add_edit(struct request *q, struct edits *e, size_t start, size_t end, struct str by)
{
	struct json_edit *edit = ARENA_PUSH(q->arena, e);
	if (!edit)
		return ERR_TOO_LARGE;
	*edit = (struct json_edit){start, end, by};
	return 0;
}

static int put_value(struct request *q, struct edits *e, uint32_t token, struct str by)
{
	const struct json_token *t = &q->inspection.json.at[token];
	size_t quote = t->type == JSON_IS_STRING ? 1 : 0;
	return add_edit(q, e, t->start - quote, t->end + quote, by);
}

/* The usage that a budget needs; *extra: to be said at the front of the body. */
static int ask_usage(struct request *q, struct edits *e, struct buf *extra)
{
	const struct json *j = &q->inspection.json;
	uint32_t options = json_member(j, 0, "stream_options"), usage = json_member(j, options, "include_usage");
	q->hide_usage = false;
	if (!q->wants_stream || q->endpoint->shape != SHAPE_CHAT || json_is(j, usage, JSON_IS_TRUE))
		return 0;
	q->hide_usage = true;
	if (usage != JSON_NONE)
		return put_value(q, e, usage, STR("true"));
	if (options == JSON_NONE)
		return buf_add_c(extra, "\"stream_options\":{\"include_usage\":true},");
	if (!json_is(j, options, JSON_IS_OBJECT))
		return put_value(q, e, options, STR("{\"include_usage\":true}"));
	bool is_empty = j->at[options].next == options + 1;
	size_t inside = j->at[options].start + 1;
	return add_edit(q, e, inside, inside,
	                is_empty ? STR("\"include_usage\":true") : STR("\"include_usage\":true,"));
}

/* What is stored over there is a copy that nobody here keeps an eye on. */
static int forbid_store(struct request *q, struct edits *e, struct buf *extra)
{
	uint32_t store = json_member(&q->inspection.json, 0, "store");
	bool is_outside = q->choices[q->choice].service->row->destination != POLICY_LOCAL;
	if (!is_outside || (q->endpoint->shape != SHAPE_RESPONSES && q->endpoint->shape != SHAPE_CHAT))
		return 0;
	if (store != JSON_NONE)
		return put_value(q, e, store, STR("false"));
	return q->endpoint->shape == SHAPE_RESPONSES ? buf_add_c(extra, "\"store\":false,") : 0;
}

static int compare_edits(const void *a, const void *b)
{
	const struct json_edit *x = a, *y = b;
	return x->start < y->start ? -1 : x->start > y->start;
}

static int make_json(struct request *q, struct edits *e)
{
	const struct json *j = &q->inspection.json;
	CLEANUP(buf_done) struct buf extra = buf_make(EXTRA_MAX_BYTES);
	struct str upstream = q->choices[q->choice].model->upstream;
	CLEANUP(buf_done) struct buf name = buf_make(MODEL_MAX_BYTES * 8);
	json_escape(&name, upstream);
	const struct json_token *model = &j->at[q->model_token];
	int r = str_eq(upstream, q->model)
	                ? 0
	                : add_edit(q, e, model->start, model->end, arena_dup(q->arena, buf_str(&name)));
	if (r >= 0)
		r = ask_usage(q, e, &extra);
	if (r >= 0)
		r = forbid_store(q, e, &extra);
	if (r >= 0 && extra.n > 0)
		r = add_edit(q, e, j->at[0].start + 1, j->at[0].start + 1, arena_dup(q->arena, buf_str(&extra)));
	return r;
}

static int make_mask(struct request *q, struct edits *e)
{
	struct json_edit *at;
	size_t n;
	q->mask = NULL;
	if (!(q->decision.policy.kinds[POLICY_MASK]))
		return 0;
	q->mask = mask_new(q->arena, q->inspection.text);
	if (!q->mask)
		return ERR_TOO_LARGE;
	int r = inspect_mask(&q->inspection, &q->decision, q->mask, q->arena, &at, &n);
	for (size_t i = 0; i < n && r >= 0; i++)
		r = add_edit(q, e, at[i].start, at[i].end, at[i].by);
	return r;
}

int body_make(struct request *q)
{
	struct edits e = {NULL, 0, 0};
	int r;
	buf_wipe_done(&q->body);
	q->body = buf_make(q->message->body.n * 8 + 4096);
	if (q->endpoint->shape == SHAPE_FORM) {
		struct json_edit edit = {q->form_model_at, q->form_model_at + q->form_model_n,
		                         q->choices[q->choice].model->upstream};
		return json_apply(q->message->body, &edit, 1, &q->body);
	}
	r = make_mask(q, &e);
	if (r >= 0)
		r = make_json(q, &e);
	if (r < 0)
		return r;
	if (e.n > 1)
		qsort(e.at, e.n, sizeof(*e.at), compare_edits);
	return json_apply(q->message->body, e.at, e.n, &q->body);
}
