/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Domains of senders and what belongs together. */
#include "judge/origin.h"
#include "judge/overlay.h"

#include <libpsl.h>
#include <string.h>

enum { ORIGIN_HOST_MAX_BYTES = 253 };

struct str origin_host(struct judging *j, struct str address)
{
	size_t at = str_rfind_char(address, '@');
	if (at == STR_NOT_FOUND)
		return (struct str){0};
	struct str host = str_slice(address, at + 1, address.n);
	while (host.n > 0 &&
	       (host.p[host.n - 1] == '>' || host.p[host.n - 1] == '.' || ascii_is_space(host.p[host.n - 1])))
		host.n--;
	char *p = arena_alloc(j->arena, host.n + 1);
	for (size_t i = 0; p && i < host.n; i++)
		p[i] = ascii_lower(host.p[i]);
	return str_make(p, p ? host.n : 0);
}

struct str origin_registrable(struct judging *j, struct str host)
{
	const psl_ctx_t *list = psl_builtin();
	char *name = arena_cstr(j->arena, host);
	if (!list || !name || host.n == 0)
		return (struct str){0};
	return str_of(psl_registrable_domain(list, name));
}

struct str origin_of(struct judging *j, enum mailbox_role role)
{
	const struct mailbox *m = judging_mailbox(j, role);
	return m ? origin_registrable(j, origin_host(j, m->address)) : (struct str){0};
}

bool origin_is_related(const struct judging *j, struct str a, struct str b)
{
	if (str_eq(a, b))
		return true;
	struct brand_indexes owners = overlay_brands_of_domain(j->rules, j->company->overlay, a);
	for (size_t i = 0; i < owners.n; i++) {
		if (brand_has_domain(overlay_brand(j->rules, j->company->overlay, owners.at[i]), b, true))
			return true;
	}
	return false;
}

/* An entry "*.x" of the list stands for whatever is in front of x. */
static bool has_wildcard(const struct rules_list *list, struct str parent)
{
	char text[ORIGIN_HOST_MAX_BYTES + 2] = "*.";
	if (parent.n == 0 || parent.n > ORIGIN_HOST_MAX_BYTES)
		return false;
	memcpy(text + 2, parent.p, parent.n);
	return rules_list_has(list, str_make(text, parent.n + 2));
}

bool origin_host_is_service(const struct rules *rules, struct str host)
{
	const struct rules_list *services = rules_list(rules, "delivery_services"),
	                        *hosts = rules_list(rules, "delivery_hosts");
	if (host.n == 0 || rules_list_has(services, host) || rules_list_has(hosts, host))
		return host.n > 0;
	for (size_t dot; (dot = str_find_char(host, '.', 0)) != STR_NOT_FOUND;) {
		host = str_slice(host, dot + 1, host.n);
		if (rules_list_has(services, host) || has_wildcard(hosts, host))
			return true;
	}
	return false;
}

bool origin_is_service(const struct judging *j, struct str host)
{
	return origin_host_is_service(j->rules, host);
}

bool origin_is_list(struct judging *j)
{
	struct str id = str_trim(judging_text(j, document_find_part(j->document, STR("header:List-Id"))));
	size_t open = str_rfind_char(id, '<');
	id = open == STR_NOT_FOUND ? id : str_slice(id, open + 1, id.n);
	id = str_slice(id, 0, str_find_char(id, '>', 0));
	return document_find_part(j->document, STR("header:List-Post")) != PART_NONE || origin_registrable(j, id).n > 0;
}

bool origin_is_own(const struct judging *j, struct str registrable)
{
	for (size_t i = 0; i < j->company->own_domain_count; i++) {
		if (str_eq(j->company->own_domains[i], registrable))
			return true;
	}
	return false;
}

static bool is_correspondent(const struct judging *j, struct str registrable)
{
	for (size_t i = 0; i < j->company->correspondent_count; i++) {
		if (str_eq(j->company->correspondents[i], registrable))
			return true;
	}
	return false;
}

static bool is_of_named_brand(const struct judging *j, struct str registrable)
{
	struct brand_indexes owners = overlay_brands_of_domain(j->rules, j->company->overlay, registrable);
	for (size_t i = 0; i < owners.n; i++) {
		struct str id = overlay_brand(j->rules, j->company->overlay, owners.at[i])->id;
		for (size_t k = 0; k < j->verdict->claims.n; k++) {
			if (str_eq(j->verdict->claims.at[k].brand_id, id))
				return true;
		}
	}
	return false;
}

bool origin_has_path(struct str text)
{
	size_t slash = str_find_char(text, '/', 0);
	return slash != STR_NOT_FOUND && slash + 1 < text.n;
}

/* A host that is only mentioned in a mail is no place to press. */
static bool can_be_pressed(const struct judging *j, const struct link *l)
{
	if (l->flags & (LINK_MAILTO | LINK_IMAGE))
		return false;
	return j->document->kind != INPUT_MAIL || l->flags & (LINK_HTML | LINK_FORM | LINK_QR) ||
	       origin_has_path(l->text) || str_starts_with_icase(l->text, STR("www."));
}

bool origin_is_foreign_link(struct judging *j, const struct judged_link *link)
{
	if (link->host.n == 0 || !can_be_pressed(j, &j->document->links.at[link->link]))
		return false;
	if (link->registrable.n == 0)
		return true;
	if (rules_list_has(rules_list(j->rules, "shorteners"), link->registrable) ||
	    rules_list_has(rules_list(j->rules, "free_hosts"), link->registrable))
		return true;
	struct str from = origin_of(j, MAILBOX_FROM);
	return !(from.n > 0 && origin_is_related(j, from, link->registrable)) && !origin_is_own(j, link->registrable) &&
	       !is_correspondent(j, link->registrable) && !is_of_named_brand(j, link->registrable) &&
	       !origin_is_service(j, link->host) && !rules_is_popular(j->rules, link->registrable);
}

size_t origin_bytes_outside_links(const struct judging *j, uint32_t part)
{
	size_t n = str_trim(judging_text(j, part)).n;
	for (size_t i = 0; i < j->document->links.n; i++) {
		const struct link *l = &j->document->links.at[i];
		if (l->part == part && !(l->flags & LINK_HTML) && l->end - l->start <= n)
			n -= l->end - l->start;
	}
	return n;
}

const struct judged_link *origin_foreign_link(struct judging *j)
{
	for (size_t i = 0; i < j->verdict->links.n; i++) {
		if (origin_is_foreign_link(j, &j->verdict->links.at[i]))
			return &j->verdict->links.at[i];
	}
	return NULL;
}
