/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is at the other end when proxies of the company's own stand between (setting server.trusted-proxies): the nearest
 * address in X-Forwarded-For that is none of theirs. Nobody else's word counts. */
#include "base/clock.h"
#include "base/ip.h"
#include "web/site-inside.h"

enum { HOPS_MAX = 16 };

static bool is_trusted(const struct site *s, struct str address)
{
	struct str rest = str_of(s->trusted_proxies), proxy;
	while (str_split(&rest, ',', &proxy))
		if (str_eq_icase(str_trim(proxy), address))
			return true;
	return false;
}

/* A proxy appends to the last field of the name. */
static struct str last_field(const struct http_message *m, struct str name)
{
	struct str value = STR("");
	for (size_t i = 0; i < m->field_count; i++)
		if (str_eq_icase(m->fields[i].name, name))
			value = m->fields[i].value;
	return value;
}

static void load_proxies(struct page *p)
{
	struct site *s = p->inside->site;
	const struct site_keeper *k = &s->options.keeper;
	struct str value = {NULL, 0};
	int64_t now_us = clock_monotonic_us();
	if (s->trusted_proxies_us > 0 && now_us - s->trusted_proxies_us <= SETTINGS_KEPT_US)
		return;
	s->trusted_proxies_us = now_us;
	/* Of a keeper that does not answer what it said last goes on. */
	if (k->setting(k->context, "server.trusted-proxies", p->arena, &value) >= 0)
		snprintf(s->trusted_proxies, sizeof(s->trusted_proxies), "%.*s", STR_ARG(value));
}

void remote_choose(struct page *p)
{
	const struct http_message *m = p->inside->message;
	load_proxies(p);
	if (!is_trusted(p->inside->site, p->remote))
		return;
	struct str hops = last_field(m, STR("X-Forwarded-For"));
	for (int i = 0; i < HOPS_MAX && hops.n > 0 && is_trusted(p->inside->site, p->remote); i++) {
		size_t comma = str_rfind_char(hops, ',');
		bool is_last = comma == STR_NOT_FOUND;
		struct str hop = str_trim(is_last ? hops : str_slice(hops, comma + 1, hops.n));
		if (!ip_is_address(hop))
			break;
		p->remote = hop;
		hops = is_last ? STR("") : str_slice(hops, 0, comma);
	}
	p->actor.remote = p->remote;
	p->inside->is_secure |= str_eq_icase(last_field(m, STR("X-Forwarded-Proto")), STR("https"));
}
