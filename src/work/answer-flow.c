/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A flow as lines "A -> B : condition", and its picture. Steps stand in a column in the order in which they are named;
 * an arrow to the next one is straight, any other is a bow on the right, the wider the further it goes. No layout has
 * to be searched for, and a person reads it from top to bottom. */
#include "base/err.h"
#include "text/fold.h"
#include "work/answer-block.h"
#include "work/answer.h"

enum {
	STEPS_MAX = 200,
	ARROWS_MAX = 1000,
	BOX_WIDTH = 360,
	BOX_HEIGHT = 48,
	GAP = 34,
	MARGIN = 12,
	BOW_LEAST = 26,
	BOW_STEP = 16,
	BOW_MAX = 220,
	LABEL_CHARS = 26, /* of a box, in full-width characters */
};

static int step_of(struct answer_flow *f, struct arena *a, struct str name, uint32_t *ret)
{
	for (size_t i = 0; i < f->steps.n; i++)
		if (str_eq(f->steps.at[i], name)) {
			*ret = (uint32_t) i;
			return 0;
		}
	struct str *slot = f->steps.n < STEPS_MAX ? ARENA_PUSH(a, &f->steps) : NULL;
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = name;
	*ret = (uint32_t) f->steps.n - 1;
	return 0;
}

/* The arrow as models write it. */
static size_t find_arrow(struct str line, size_t *ret_length)
{
	static const char *const arrows[] = {"-->", "->", "→", "⇒"};
	for (size_t i = 0; i < ARRAY_SIZE(arrows); i++) {
		size_t at = str_find(line, str_of(arrows[i]), 0);
		if (at != STR_NOT_FOUND) {
			*ret_length = strlen(arrows[i]);
			return at;
		}
	}
	return STR_NOT_FOUND;
}

static int add_arrow(struct answer_flow *f, struct arena *a, struct str line)
{
	size_t length = 0, at = find_arrow(line, &length);
	if (at == STR_NOT_FOUND) {
		f->unread++;
		return 0;
	}
	struct str rest = str_slice(line, at + length, line.n);
	size_t half = str_find(rest, STR(" :"), 0), full = str_find(rest, STR("："), 0);
	size_t colon = half < full ? half : full;
	struct str from = str_trim(str_slice(line, 0, at)), to = str_trim(str_slice(rest, 0, colon));
	if (from.n == 0 || to.n == 0) {
		f->unread++;
		return 0;
	}
	struct answer_arrow arrow = {.condition = STR("")};
	if (colon != STR_NOT_FOUND)
		arrow.condition = str_trim(str_slice(rest, colon + (colon == half ? 2 : strlen("：")), rest.n));
	int r = step_of(f, a, from, &arrow.from);
	if (r >= 0)
		r = step_of(f, a, to, &arrow.to);
	struct answer_arrow *slot = r >= 0 && f->arrows.n < ARROWS_MAX ? ARENA_PUSH(a, &f->arrows) : NULL;
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = arrow;
	return 0;
}

int answer_read_flow(struct str answer, struct arena *a, struct answer_flow *ret)
{
	struct str rest = answer_block(answer, "flow"), line;
	int r = 0;
	*ret = (struct answer_flow){0};
	while (r >= 0 && str_next_line(&rest, &line))
		if (str_trim(line).n > 0)
			r = add_arrow(ret, a, str_trim(line));
	return r;
}

/* ---- the picture ---- */

static void add_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '<' || c == '>' || c == '&' || c == '"')
			buf_printf(b, "&#%d;", c);
		else if ((unsigned char) c >= 0x20)
			buf_add_char(b, c);
	}
}

static struct str cut_chars(struct str s, size_t half_widths)
{
	size_t at = 0, width = 0;
	while (at < s.n) {
		size_t next = at;
		width += text_next(s, &next) < 0x2E80 ? 1 : 2;
		if (width > half_widths)
			break;
		at = next;
	}
	return str_slice(s, 0, at);
}

static int top_of(size_t step)
{
	return MARGIN + (int) step * (BOX_HEIGHT + GAP);
}

static void draw_box(struct buf *b, size_t number, struct str text)
{
	struct str shown = cut_chars(text, 2 * (size_t) LABEL_CHARS);
	buf_printf(b, "<g><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/><text x=\"%d\" y=\"%d\">%zu ",
	           MARGIN, top_of(number), BOX_WIDTH, BOX_HEIGHT, MARGIN + 12, top_of(number) + BOX_HEIGHT / 2 + 5,
	           number + 1);
	add_escaped(b, shown);
	buf_add_c(b, shown.n < text.n ? "…</text><title>" : "</text><title>");
	add_escaped(b, text);
	buf_add_c(b, "</title></g>\n");
}

static void draw_label(struct buf *b, int x, int y, struct str text)
{
	if (text.n == 0)
		return;
	buf_printf(b, "<text class=\"condition\" x=\"%d\" y=\"%d\">", x, y);
	add_escaped(b, text);
	buf_add_c(b, "</text>\n");
}

static void draw_arrow(struct buf *b, const struct answer_arrow *arrow)
{
	int from = top_of(arrow->from), to = top_of(arrow->to), middle = MARGIN + BOX_WIDTH / 2;
	if (arrow->to == arrow->from + 1) {
		buf_printf(b, "<path d=\"M%d %d V%d\" marker-end=\"url(#tip)\"/>\n", middle, from + BOX_HEIGHT, to - 2);
		draw_label(b, middle + 10, from + BOX_HEIGHT + GAP / 2 + 4, arrow->condition);
		return;
	}
	uint32_t distance = arrow->to > arrow->from ? arrow->to - arrow->from : arrow->from - arrow->to;
	int bow = BOW_LEAST + BOW_STEP * (int) distance, right = MARGIN + BOX_WIDTH;
	bow = bow > BOW_MAX ? BOW_MAX : bow;
	int start = from + BOX_HEIGHT / 2 + 8, end = to + BOX_HEIGHT / 2 - 8;
	buf_printf(b, "<path d=\"M%d %d C%d %d %d %d %d %d\" marker-end=\"url(#tip)\"/>\n", right, start, right + bow,
	           start, right + bow, end, right + 2, end);
	draw_label(b, right + bow * 3 / 4 + 6, (start + end) / 2 + 4, arrow->condition);
}

int answer_draw_flow(const struct answer_flow *flow, struct str title, struct buf *ret)
{
	int width = 2 * MARGIN + BOX_WIDTH + BOW_MAX + 220, height = top_of(flow->steps.n) - GAP + MARGIN;
	buf_printf(
	        ret,
	        "<svg class=\"flow\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %d %d\"><title>",
	        width, height > 0 ? height : 1);
	add_escaped(ret, title);
	buf_add_c(ret, "</title><defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" "
	               "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n");
	for (size_t i = 0; i < flow->arrows.n; i++)
		draw_arrow(ret, &flow->arrows.at[i]);
	for (size_t i = 0; i < flow->steps.n; i++)
		draw_box(ret, i, flow->steps.at[i]);
	buf_add_c(ret, "</svg>\n");
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}
