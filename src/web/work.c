/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Work templates for the pages: the shipped ones, loaded once, and the company's own, read for each page that needs
 * them. One of the company's that can no longer be read is left out, so that the others go on. */
#include "base/err.h"
#include "base/log.h"
#include "web/ask.h"
#include "web/site-inside.h"

static int copy_shipped(struct page *p, struct work_templates *ret)
{
	const struct work_templates *shipped = p->inside->site->options.work;
	for (size_t i = 0; shipped && i < shipped->n; i++) {
		struct work_template *slot = ARENA_PUSH(p->arena, ret);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = shipped->at[i];
	}
	return 0;
}

int page_work(struct page *p, struct work_templates *ret)
{
	struct work_templates all = {0};
	struct keep_template_list_out own;
	struct rules_complaint complaint;
	int r = copy_shipped(p, &all);
	if (r >= 0)
		r = keep_template_list(p->keep, &p->actor, &(struct keep_template_list_in){0}, p->arena, &own);
	for (size_t i = 0; r >= 0 && i < own.templates.n; i++) {
		const struct keep_own_template *t = &own.templates.at[i];
		if (work_load_text(t->yaml, arena_cstr(p->arena, t->id), p->arena, &all, &complaint) < 0)
			log_event(LOG_LEVEL_WARNING, "template.unreadable", LOG_NUMBER("line", complaint.line));
	}
	if (r >= 0)
		*ret = all;
	return r;
}
