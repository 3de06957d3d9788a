/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and tokens by their form (rules/leak/secrets.yaml), and addresses with a password in them. */
#include "base/err.h"
#include "leak/data.h"
#include "leak/value.h"
#include "text/fold.h"

enum {
	LOOK_BYTES = 8 * 1024, /* how far behind its keyword a secret may reach */
	SCHEME_MAX_BYTES = 40,
	URL_MAX_BYTES = 2048,
};

static int match_secret(struct leak_state *st, const struct leak_secret *s, size_t from, size_t to, size_t *ret_end)
{
	struct str text = str_slice(st->text, 0, to + LOOK_BYTES);
	pcre2_set_offset_limit(st->scratch->context, to);
	int r = pcre2_match(s->code, (PCRE2_SPTR) text.p, text.n, from, from == to ? PCRE2_ANCHORED : 0,
	                    st->scratch->match, st->scratch->context);
	if (r == PCRE2_ERROR_NOMATCH || r == PCRE2_ERROR_MATCHLIMIT)
		return 0;
	if (r < 0)
		return ERR_SYSTEM;
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(st->scratch->match);
	size_t i = r > 1 && place[2] != PCRE2_UNSET ? 2 : 0;
	struct str value = str_slice(st->text, place[i], place[i + 1]);
	*ret_end = place[1];
	if (value.n > 0 && value_entropy(value) >= s->entropy && !(s->assigned && value_is_placeholder(value)))
		leak_add(st, place[i], place[i + 1], s->leak_kind, LEAK_HIGH, s->why);
	return 0;
}

static int try_anchor(struct leak_state *st, const struct leak_anchor *a)
{
	const struct leak_secret *s = &st->rules->secrets.at[a->index];
	size_t end = 0, lead = (size_t) s->lead;
	if (s->assigned) {
		struct value_place value;
		if (!value_find_behind(st->text, a->end, &value))
			return 0;
		return match_secret(st, s, value.at, value.at, &end);
	}
	return match_secret(st, s, a->start > lead ? a->start - lead : 0, a->start, &end);
}

/* scheme://user:password@host: the whole address is the secret. */
static void try_url(struct leak_state *st, const struct leak_anchor *a)
{
	struct str s = st->text;
	size_t at = a->end, start = a->start, colon = 0, password = 0;
	while (start > 0 && a->start - start < SCHEME_MAX_BYTES &&
	       (ascii_is_alnum(s.p[start - 1]) || strchr("+.-", s.p[start - 1])))
		start--;
	if (start == a->start)
		return;
	for (; at < s.n && at - a->end < URL_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F; at++) {
		if (strchr("/\"'<>`", s.p[at]) || (s.p[at] == '@' && colon))
			break;
		if (s.p[at] == ':' && !colon)
			colon = at;
	}
	password = colon ? at - colon - 1 : 0;
	if (at >= s.n || s.p[at] != '@' || password == 0 || (s.p[colon + 1] == '$' || s.p[colon + 1] == '{'))
		return;
	while (at < s.n && at - a->end < URL_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F && !strchr("\"'<>`", s.p[at]))
		at++;
	while (at > a->end && strchr(".,;)", s.p[at - 1]))
		at--;
	leak_add(st, start, at, LEAK_SECRET, LEAK_HIGH, "connection-string");
}

int leak_find_secrets(struct leak_state *st)
{
	size_t n;
	const struct leak_anchor *a = leak_anchors(st, &n);
	int r = 0;
	for (size_t i = 0; i < n && r >= 0; i++) {
		if (a[i].kind == LEAK_ANCHOR_SECRET)
			r = try_anchor(st, &a[i]);
		else if (a[i].kind == LEAK_ANCHOR_URL)
			try_url(st, &a[i]);
	}
	return r;
}

/* ---- the examples of the rules ---- */

static bool finds(const struct leak_rules *rules, struct leak_scratch *scratch, struct str text, const char *why)
{
	const struct leak_candidate *c = NULL;
	size_t n = 0;
	if (leak_candidates(rules, scratch, text, &c, &n) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (c[i].why == why) /* each rule has its own */
			return true;
	return false;
}

int leak_secrets_check(const struct leak_rules *rules, struct leak_scratch *scratch, char *message, size_t n)
{
	for (size_t i = 0; i < rules->secrets.n; i++) {
		const struct leak_secret *s = &rules->secrets.at[i];
		for (size_t k = 0; k < s->finds.n + s->leaves.n; k++) {
			bool wanted = k < s->finds.n;
			struct str example = wanted ? s->finds.at[k] : s->leaves.at[k - s->finds.n];
			if (finds(rules, scratch, example, s->why) == wanted)
				continue;
			snprintf(message, n, "leak/secrets.yaml:%u: %.*s %s \"%.*s\"", s->line, STR_ARG(s->id),
			         wanted ? "does not find" : "finds", STR_ARG(example));
			return ERR_INVALID;
		}
	}
	return 0;
}
