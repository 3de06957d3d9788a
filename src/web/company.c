/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company as the judges and the layout need it, from the settings. */
#include "base/clock.h"
#include "base/err.h"
#include "judge/overlay.h"
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

/* What the company itself said about the table of names. Domains that it called true count like those of its
 * correspondents too, so that what looks like them is noticed. */
static void load_names(struct page *p, struct domains *correspondents)
{
	struct keep_brand_list_out out;
	if (!p->keep || keep_brand_list(p->keep, &p->actor, &(struct keep_brand_list_in){0}, p->arena, &out) < 0)
		return;
	struct str *list = ARENA_ARRAY(p->arena, struct str, correspondents->n + out.brands.n);
	for (size_t i = 0; list && i < correspondents->n; i++)
		list[i] = correspondents->at[i];
	for (size_t i = 0; list && i < out.brands.n; i++)
		if (str_eq_c(out.brands.at[i].effect, "add"))
			list[correspondents->n++] = out.brands.at[i].domain;
	if (list)
		correspondents->at = list;
	p->inside->brands = out.brands;
}

int company_lay_over(struct page *p)
{
	struct company *c = ARENA_NEW(p->arena, struct company);
	if (!c)
		return ERR_TOO_LARGE;
	*c = *p->company;
	int r = company_overlay(p->rules, &p->inside->brands, p->arena, &c->overlay);
	if (r >= 0)
		p->company = c;
	return r;
}

int company_overlay(const struct rules *rules, const struct keep_brand_list *brands, struct arena *a,
                    const struct overlay **ret)
{
	struct overlay_row *rows = ARENA_ARRAY(a, struct overlay_row, brands->n + 1);
	if (!rows)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < brands->n; i++) {
		const struct keep_brand *b = &brands->at[i];
		rows[i] = (struct overlay_row){b->brand, b->name, b->domain, str_eq_c(b->effect, "remove")};
	}
	return overlay_make(rules, rows, brands->n, a, ret);
}

void company_load(struct page *p)
{
	struct company *c = ARENA_NEW(p->arena, struct company);
	struct domains own = domains_of(p, "company.own-domains"), others = domains_of(p, "company.correspondents");
	struct domains trusted = domains_of(p, "check.trusted-servers");
	CHECK(c);
	load_names(p, &others);
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
