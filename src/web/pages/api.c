/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The JSON API: its description, and a verdict for what is sent. */
#include "base/clock.h"
#include "base/err.h"
#include "web/page.h"
#include "web/report.h"
#include "web/verdict.h"

int api_page(struct page *p)
{
	json_t *list = json_array();
	for (const struct page_entry *e = page_table; e->path; e++) {
		unsigned by_token = PAGE_TOKEN_CHECK | PAGE_TOKEN_REPORT | PAGE_TOKEN_READ;
		json_t *methods = json_array();
		if (!(e->flags & by_token))
			continue;
		if (e->methods & METHOD_GET)
			json_array_append_new(methods, json_string("GET"));
		if (e->methods & METHOD_POST)
			json_array_append_new(methods, json_string("POST"));
		const char *scope = e->flags & PAGE_TOKEN_CHECK    ? "check"
		                    : e->flags & PAGE_TOKEN_REPORT ? "report"
		                                                   : "read";
		json_array_append_new(
		        list, json_pack("{s:s, s:o, s:s}", "path", e->path, "methods", methods, "scope", scope));
	}
	page_put(p, "paths", list);
	page_put(p, "authorization", json_string("Bearer TOKEN"));
	page_put(p, "check",
	         json_pack("{s:s, s:s, s:s}", "json",
	                   "{\"kind\": \"mail|text|sms|url|qr|call|screen\", \"text\": \"...\"}", "form",
	                   "file, or text and kind, as multipart/form-data", "bytes",
	                   "the input itself as body, its kind as ?kind="));
	return 0;
}

int api_check_page(struct page *p)
{
	struct verdict verdict;
	if (!p->has_input)
		return page_error(p, ERR_INVALID);
	const struct report_options options = {
	        .input = p->input_name, .language = p->language, .with_parts = page_query(p, "parts").n > 0};
	int r = 0;
	json_t *report = verdict_report(p, &options, &verdict, &r);
	if (!report)
		return page_error(p, r);
	json_decref(p->model);
	p->model = report;
	return 0;
}
