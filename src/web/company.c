/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company as the judges and the layout need it, from the settings. */
#include <string.h>

#include "base/clock.h"
#include "web/site-inside.h"

enum { DOMAINS_MAX = 2000 };

struct domains {
	const struct str *at;
	size_t n;
};

static struct str setting(struct page *p, const char *name)
{
	const struct site_keeper *k = &p->inside->site->options.keeper;
	struct str value = {NULL, 0};
	return k->setting(k->context, name, p->arena, &value) < 0 ? (struct str){NULL, 0} : value;
}

static struct domains domains_of(struct page *p, const char *name)
{
	struct str *list = ARENA_ARRAY(p->arena, struct str, DOMAINS_MAX);
	struct str rest = setting(p, name);
	size_t n = 0;
	for (struct str piece; list && n < DOMAINS_MAX && str_split(&rest, ',', &piece);) {
		piece = str_trim(piece);
		if (piece.n > 0)
			list[n++] = piece;
	}
	return (struct domains){list, n};
}

/* Domains that the company itself called true, on the page of names, count like those of its correspondents: a link
 * there is nobody's false one, and what looks like them is noticed. */
static void add_true_domains(struct page *p, struct domains *ret)
{
	struct keep_brand_list_out out;
	if (!p->keep || keep_brand_list(p->keep, &p->actor, &(struct keep_brand_list_in){0}, p->arena, &out) < 0)
		return;
	struct str *list = ARENA_ARRAY(p->arena, struct str, ret->n + out.brands.n);
	if (!list)
		return;
	if (ret->n > 0)
		memcpy(list, ret->at, ret->n * sizeof(*list));
	for (size_t i = 0; i < out.brands.n; i++)
		if (str_eq_c(out.brands.at[i].effect, "add"))
			list[ret->n++] = out.brands.at[i].domain;
	ret->at = list;
}

void company_load(struct page *p)
{
	struct company *c = ARENA_NEW(p->arena, struct company);
	struct domains own = domains_of(p, "company.own-domains"), others = domains_of(p, "company.correspondents");
	struct domains trusted = domains_of(p, "check.trusted-servers");
	CHECK(c);
	add_true_domains(p, &others);
	*c = (struct company){
	        .own_domains = own.at,
	        .own_domain_count = own.n,
	        .correspondents = others.at,
	        .correspondent_count = others.n,
	        .trusted_servers = trusted.at,
	        .trusted_server_count = trusted.n,
	};
	p->company = c;
}

void company_load_name(struct page *p)
{
	struct site *s = p->inside->site;
	int64_t now_us = clock_monotonic_us();
	if (s->company_name_us == 0 || now_us - s->company_name_us > SETTINGS_KEPT_US) {
		struct str name = setting(p, "company.name");
		snprintf(s->company_name, sizeof(s->company_name), "%.*s", STR_ARG(name));
		s->company_name_us = now_us;
	}
	p->company_name = str_of(s->company_name);
}
