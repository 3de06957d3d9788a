/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Authentication results (RFC 8601). A pass counts only from a server that the company trusts, because anyone can
 * write one into a mail; a failure counts from any server, though less, because nobody writes one against himself.
 * Forwarders and lists break SPF, so a failed SPF counts only where no DKIM signature of the sender's domain holds. */
#include "judge/origin.h"
#include "judge/overlay.h"

struct results {
	bool trusted; /* a trusted server said something */
	bool passed;  /* for the From domain, by a trusted server */
	bool aligned; /* a pass for the From domain by any server */
	const struct auth_result *dmarc_failed, *spf_failed, *dkim_failed;
	bool failed_trusted;
};

static bool is_trusted(const struct judging *j, struct str server)
{
	for (size_t i = 0; i < j->company->trusted_server_count; i++) {
		if (str_eq_icase(j->company->trusted_servers[i], server))
			return true;
	}
	return false;
}

static bool is_of_sender(struct judging *j, const struct auth_result *a, struct str from)
{
	struct str host = str_contains(a->domain, STR("@")) ? origin_host(j, a->domain) : a->domain;
	return from.n > 0 && str_eq(origin_registrable(j, host), from);
}

static void look_at(struct judging *j, const struct auth_result *a, struct str from, struct results *r)
{
	bool trusted = is_trusted(j, a->server), mine = is_of_sender(j, a, from);
	bool dmarc = str_eq_icase(a->method, STR("dmarc")), spf = str_eq_icase(a->method, STR("spf"));
	bool dkim = str_eq_icase(a->method, STR("dkim"));
	r->trusted |= trusted;
	if (str_eq_icase(a->result, STR("pass")) && (dmarc || spf || dkim) && (mine || (dmarc && a->domain.n == 0))) {
		r->aligned = true;
		r->passed |= trusted;
		return;
	}
	bool fail = str_eq_icase(a->result, STR("fail")), soft = str_eq_icase(a->result, STR("softfail"));
	if (dmarc && fail && (mine || a->domain.n == 0))
		r->dmarc_failed = a;
	else if (spf && (fail || soft) && (mine || a->domain.n == 0))
		r->spf_failed = a;
	else if (dkim && fail && mine)
		r->dkim_failed = a;
	else
		return;
	r->failed_trusted |= trusted;
}

static void find_failure(struct judging *j, const struct results *r, struct str from)
{
	const struct auth_result *a = r->dmarc_failed ? r->dmarc_failed
	                              : r->spf_failed ? r->spf_failed
	                                              : r->dkim_failed;
	if (!a || (r->aligned && !r->dmarc_failed))
		return;
	bool strong = r->failed_trusted && (r->dmarc_failed || !str_eq_icase(a->result, STR("softfail")));
	judging_find(j, strong ? FINDING_AUTHENTICATION_FAILED : FINDING_AUTHENTICATION_WEAK, a->part, 0,
	             (uint32_t) judging_text(j, a->part).n, FACT("from", from), FACT("method", a->method),
	             FACT("server", a->server));
}

/* A mail in the company's own name that did not come from there. */
static void check_own_name(struct judging *j, const struct results *r, struct str from)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	bool failed = r->dmarc_failed || r->spf_failed || r->dkim_failed ||
	              judging_has(j, FINDING_REPLY_TO_ELSEWHERE) || judging_has(j, FINDING_RETURN_PATH_ELSEWHERE);
	if (m && origin_is_own(j, from) && !r->passed && failed)
		judging_find(j, FINDING_OWN_ADDRESS_AS_SENDER, m->part, m->start, m->end, FACT("from", from));
}

static bool is_correspondent(const struct judging *j, struct str from)
{
	for (size_t i = 0; i < j->company->correspondent_count; i++) {
		if (str_eq(j->company->correspondents[i], from))
			return true;
	}
	return false;
}

void judge_authentication(struct judging *j)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	struct str from = origin_of(j, MAILBOX_FROM);
	if (j->document->kind != INPUT_MAIL || !m)
		return;
	struct results r = {0};
	for (size_t i = 0; i < j->document->auth_results.n; i++)
		look_at(j, &j->document->auth_results.at[i], from, &r);
	if (!r.trusted)
		judging_set_unchecked(j, UNCHECKED_AUTHENTICATION);
	if (!r.passed && from.n > 0 && overlay_brands_of_domain(j->rules, j->company->overlay, from).n > 0)
		judging_set_unchecked(j, UNCHECKED_REAL_DOMAIN);
	find_failure(j, &r, from);
	check_own_name(j, &r, from);
	if (!r.passed)
		return;
	judging_find(j, FINDING_AUTHENTICATION_PASSED, m->part, m->start, m->end, FACT("from", from));
	if (is_correspondent(j, from))
		judging_find(j, FINDING_KNOWN_COMPANY, m->part, m->start, m->end, FACT("from", from));
}
