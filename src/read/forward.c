/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Seen in: Outlook (差出人/送信日時/宛先/件名, From/Sent/To/Subject, "-----Original Message-----"), Gmail ("----------
 * Forwarded message ---------"), Thunderbird ("-------- 転送メッセージ --------", 件名 first), Apple Mail and iPhone
 * ("Begin forwarded message:", 「転送されたメッセージ:」, with "> "), Yahoo! ("----- 転送メッセージ -----"). */
#include "read/forward.h"

#include "base/check.h"

enum { LINES_MAX = 2000, BLOCK_LINES_MAX = 16, ANNOUNCE_LINES = 5, LABEL_LINE_MAX_BYTES = 2000 };

enum label { LABEL_NONE, LABEL_FROM, LABEL_DATE, LABEL_SUBJECT, LABEL_TO, LABEL_OTHER };

struct label_word {
	const char *word;
	enum label label;
};

static const struct label_word words[] = {
        {"From", LABEL_FROM},          {"差出人", LABEL_FROM},    {"送信者", LABEL_FROM},
        {"送信元", LABEL_FROM},        {"発信者", LABEL_FROM},    {"Date", LABEL_DATE},
        {"Sent", LABEL_DATE},          {"送信日時", LABEL_DATE},  {"送信日", LABEL_DATE},
        {"日時", LABEL_DATE},          {"日付", LABEL_DATE},      {"受信日時", LABEL_DATE},
        {"Subject", LABEL_SUBJECT},    {"件名", LABEL_SUBJECT},   {"題名", LABEL_SUBJECT},
        {"タイトル", LABEL_SUBJECT},   {"To", LABEL_TO},          {"宛先", LABEL_TO},
        {"宛て先", LABEL_TO},          {"Cc", LABEL_OTHER},       {"CC", LABEL_OTHER},
        {"Bcc", LABEL_OTHER},          {"Reply-To", LABEL_OTHER}, {"返信先", LABEL_OTHER},
        {"Importance", LABEL_OTHER},   {"重要度", LABEL_OTHER},   {"Attachments", LABEL_OTHER},
        {"添付ファイル", LABEL_OTHER},
};

struct announcement {
	const char *text;
	bool forwarded;
};

static const struct announcement announcements[] = {
        {"Forwarded message", true},
        {"Begin forwarded message", true},
        {"Forwarded Message", true},
        {"Forwarded by", true},
        {"転送メッセージ", true},
        {"転送されたメッセージ", true},
        {"転送済みメッセージ", true},
        {"転送元メッセージ", true},
        {"以下、転送", true},
        {"以下転送", true},
        {"転送します", true},
        {"Original Message", false},
        {"Original message", false},
        {"元のメッセージ", false},
        {"オリジナルメッセージ", false},
        {"Original メッセージ", false},
};

/* Every announcement holds one of these. */
static const char *const stems[] = {"orwarded", "Original", "転送", "メッセージ"};

/* Blanks, quote signs and the stars of bold text before a label. */
static size_t skip_decoration(struct str line, bool *ret_quoted)
{
	size_t i = 0;
	while (i < line.n) {
		if (line.p[i] == '>')
			*ret_quoted = true;
		if (ascii_is_space(line.p[i]) || line.p[i] == '>' || line.p[i] == '*' || line.p[i] == '|')
			i++;
		else if (str_starts_with(str_slice(line, i, line.n), STR("　")))
			i += 3;
		else
			break;
	}
	return i;
}

static struct str trim_value(struct str s)
{
	for (;;) {
		struct str before = s;
		s = str_trim(s);
		if (str_starts_with(s, STR("　")))
			s = str_slice(s, 3, s.n);
		if (s.n > 0 && s.p[0] == '*')
			s = str_slice(s, 1, s.n);
		if (s.n > 0 && s.p[s.n - 1] == '*')
			s.n--;
		if (s.n == before.n)
			return s;
	}
}

static enum label label_of(struct str line, struct str *ret_value, bool *ret_quoted)
{
	bool quoted = false;
	size_t i = skip_decoration(line, &quoted);
	struct str s = str_slice(line, i, line.n);
	for (size_t k = 0; k < ARRAY_SIZE(words) && s.n < LABEL_LINE_MAX_BYTES; k++) {
		struct str word = str_of(words[k].word);
		if (!str_starts_with(s, word))
			continue;
		struct str rest = str_slice(s, word.n, s.n);
		while (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '*' || rest.p[0] == '\t'))
			rest = str_slice(rest, 1, rest.n);
		if (str_starts_with(rest, STR("　")))
			rest = str_slice(rest, 3, rest.n);
		size_t colon = str_starts_with(rest, STR(":")) ? 1 : str_starts_with(rest, STR("：")) ? 3 : 0;
		if (colon == 0)
			continue;
		*ret_value = trim_value(str_slice(rest, colon, rest.n));
		*ret_quoted = quoted;
		return words[k].label;
	}
	return LABEL_NONE;
}

static bool is_blank(struct str line)
{
	bool quoted;
	return skip_decoration(line, &quoted) == line.n;
}

static bool is_rule(struct str line)
{
	size_t count = 0;
	for (size_t i = 0; i < line.n; i++)
		count += line.p[i] == '-' || line.p[i] == '_' || line.p[i] == '=';
	return line.n >= 8 && count * 10 >= line.n * 8;
}

struct block {
	struct forward f;
	unsigned labels, misses;
	bool has_from, has_date, has_subject;
};

static void keep(struct block *b, struct str text, enum label label, struct str value, bool quoted)
{
	b->labels++;
	if (label == LABEL_FROM && !b->has_from) {
		b->has_from = true;
		b->f.from = value;
		b->f.from_start = (size_t) (value.p - text.p);
		b->f.from_end = b->f.from_start + value.n;
		b->f.quoted = quoted;
	} else if (label == LABEL_DATE && !b->has_date) {
		b->has_date = true;
		b->f.date = value;
	} else if (label == LABEL_SUBJECT && !b->has_subject) {
		b->has_subject = true;
		b->f.subject = value;
	}
}

/* Reads the block that would begin with the line at start. */
static struct block read_block(struct str text, size_t start)
{
	struct block b = {.f.start = start};
	struct str line, value, rest = str_slice(text, start, text.n);
	bool quoted = false, blank = false;
	for (int i = 0; i < BLOCK_LINES_MAX && str_next_line(&rest, &line); i++) {
		enum label label = label_of(line, &value, &quoted);
		if (is_blank(line)) {
			blank = true;
			continue;
		}
		if (label == LABEL_NONE && (blank || ++b.misses > 2))
			break;
		blank = false;
		if (label != LABEL_NONE)
			keep(&b, text, label, value, quoted);
	}
	return b;
}

struct recent {
	size_t start; /* of the announcing line */
	size_t line;  /* its number */
	bool seen, forwarded;
};

/* Bit i: announcement i stands somewhere in the text. Most texts have none, and their lines need no look. */
static uint32_t announcements_in(struct str text)
{
	_Static_assert(ARRAY_SIZE(announcements) <= 32, "one bit each");
	uint32_t there = 0;
	bool may = false;
	for (size_t i = 0; i < ARRAY_SIZE(stems); i++)
		may = may || str_contains(text, str_of(stems[i]));
	for (size_t i = 0; may && i < ARRAY_SIZE(announcements); i++)
		there |= (uint32_t) str_contains(text, str_of(announcements[i].text)) << i;
	return there;
}

static bool note_announcement(struct str line, uint32_t there, size_t start, size_t number, struct recent *ret)
{
	if (line.n > 300)
		return false;
	for (size_t i = 0; there && i < ARRAY_SIZE(announcements); i++)
		if (there >> i & 1 && str_contains(line, str_of(announcements[i].text))) {
			*ret = (struct recent){start, number, true, announcements[i].forwarded};
			return true;
		}
	if (!is_rule(line) || (ret->seen && number - ret->line <= ANNOUNCE_LINES))
		return false;
	*ret = (struct recent){start, number, false, false};
	return false;
}

bool forward_find(struct str text, struct forward *ret)
{
	struct recent recent = {.line = SIZE_MAX / 2};
	struct str line, value, rest = text;
	uint32_t there = announcements_in(text);
	bool quoted;
	for (size_t number = 0; number < LINES_MAX && str_next_line(&rest, &line); number++) {
		size_t start = (size_t) (line.p - text.p);
		if (note_announcement(line, there, start, number, &recent) ||
		    label_of(line, &value, &quoted) == LABEL_NONE)
			continue;
		struct block b = read_block(text, start);
		bool near = recent.line <= number && number - recent.line <= ANNOUNCE_LINES;
		bool announced = near && recent.seen;
		if (!b.has_from || !(b.has_date || b.has_subject) || b.labels < (announced ? 2U : 3U))
			continue;
		b.f.announced = announced;
		b.f.says_forwarded = announced && recent.forwarded;
		b.f.before = near ? recent.start : start;
		*ret = b.f;
		return true;
	}
	return false;
}

bool forward_is_subject(struct str subject, struct str *ret_rest)
{
	static const char *const prefixes[] = {"Fwd:",  "Fw:",    "Fwd：",    "Fw：",  "転送:", "転送：",
	                                       "転送]", "[転送]", "【転送】", "(Fwd)", "[Fwd:"};
	struct str s = str_trim(subject);
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (!str_starts_with_icase(s, str_of(prefixes[i])))
			continue;
		*ret_rest = str_trim(str_slice(s, strlen(prefixes[i]), s.n));
		return true;
	}
	return false;
}

struct str forward_unquote(struct str text, struct arena *a)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;
	struct str line, rest = text;
	while (p && str_next_line(&rest, &line)) {
		if (line.n > 0 && line.p[0] == '>')
			line = str_slice(line, line.n > 1 && line.p[1] == ' ' ? 2 : 1, line.n);
		memcpy(p + n, line.p, line.n);
		n += line.n;
		if (n < text.n)
			p[n++] = '\n';
	}
	return str_make(p, n);
}
