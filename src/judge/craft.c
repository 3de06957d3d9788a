/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Craft: how the message was put together. Sender fields that disagree, and oddities of making that are each weak. */
#include "judge/origin.h"
#include "judge/overlay.h"

enum {
	RANDOM_LABEL_MIN = 6,      /* letters and digits of a name before it can look random */
	RANDOM_CONSONANTS_MIN = 5, /* in a row */
	RANDOM_CHANGES_MIN = 4,    /* between letters and digits */
	SUBJECT_CODE_MIN = 6,      /* digits in a row */
	LOCAL_PART_MIN = 4,        /* shorter ones stand in subjects by chance */
	CHINA_ZONE_MINUTES = 480,
	LINK_ONLY_MOST_BYTES = 90, /* of text beside the links: thirty characters of Japanese */
};

static uint32_t header_part(const struct judging *j, const char *name)
{
	return document_find_part(j->document, str_of(name));
}

static void find_header(struct judging *j, enum finding_id id, const char *name, struct finding_fact fact)
{
	uint32_t part = header_part(j, name);
	judging_find(j, id, part, 0, (uint32_t) judging_text(j, part).n, fact);
}

static void find_elsewhere(struct judging *j, enum mailbox_role role, enum finding_id id, struct str from)
{
	const struct mailbox *m = judging_mailbox(j, role);
	struct str other = origin_of(j, role);
	if (!m || from.n == 0 || other.n == 0 || origin_is_related(j, from, other) || origin_is_service(j, other))
		return;
	judging_find(j, id, m->part, m->start, m->end, FACT("from", from), FACT("other", other));
}

static void check_message_id(struct judging *j, struct str from)
{
	uint32_t part = header_part(j, "header:Message-ID");
	struct str text = str_trim(judging_text(j, part));
	struct str other = origin_registrable(j, origin_host(j, text));
	if (from.n == 0 || text.n == 0 || other.n == 0 || origin_is_related(j, from, other) ||
	    origin_is_service(j, other))
		return;
	judging_find(j, FINDING_MESSAGE_ID_ELSEWHERE, part, 0, (uint32_t) judging_text(j, part).n, FACT("from", from),
	             FACT("other", other));
}

static void check_name(struct judging *j, const struct mailbox *m, struct str from)
{
	size_t at = str_find_char(m->name, '@', 0);
	if (at == STR_NOT_FOUND)
		return;
	size_t end = at + 1;
	while (end < m->name.n && (ascii_is_alnum(m->name.p[end]) || m->name.p[end] == '.' || m->name.p[end] == '-'))
		end++;
	struct str other = origin_registrable(j, origin_host(j, str_slice(m->name, 0, end)));
	if (other.n > 0 && from.n > 0 && !origin_is_related(j, from, other))
		judging_find(j, FINDING_NAME_HOLDS_ADDRESS, m->part, m->start, m->end, FACT("other", other),
		             FACT("from", from));
}

static bool is_consonant(char c)
{
	return ascii_is_alpha(c) && !strchr("aeiouy", c);
}

/* A name that no person chose: xnkpwx, j7r6580. */
static bool is_random(struct str label)
{
	size_t consonants = 0, longest = 0, changes = 0, alnum = 0;
	for (size_t i = 0; i < label.n; i++) {
		char c = ascii_lower(label.p[i]);
		consonants = is_consonant(c) ? consonants + 1 : 0;
		longest = consonants > longest ? consonants : longest;
		alnum += ascii_is_alnum(c);
		if (i > 0 && ascii_is_alnum(c) && ascii_is_alnum(label.p[i - 1]))
			changes += ascii_is_digit(c) != ascii_is_digit(label.p[i - 1]);
	}
	return alnum >= RANDOM_LABEL_MIN && (longest >= RANDOM_CONSONANTS_MIN || changes >= RANDOM_CHANGES_MIN);
}

static const struct mailbox *first_from(const struct document *d)
{
	for (size_t i = 0; i < d->mailboxes.n; i++) {
		if (d->mailboxes.at[i].role == MAILBOX_FROM)
			return &d->mailboxes.at[i];
	}
	return NULL;
}

/* A mail server reporting about delivery signs without a domain of its own. */
static bool is_bounce(struct judging *j, const struct mailbox *m)
{
	struct str text = judging_text(j, m->part),
	           path = str_trim(judging_text(j, header_part(j, "header:Return-Path")));
	return str_eq_c(path, "<>") || str_find_icase(text, STR("mailer-daemon"), 0) != STR_NOT_FOUND ||
	       str_find_icase(text, STR("postmaster"), 0) != STR_NOT_FOUND;
}

static void check_sender(struct judging *j)
{
	const struct mailbox *m = first_from(j->document);
	if (!m || is_bounce(j, m))
		return;
	struct str from = origin_registrable(j, origin_host(j, m->address));
	if (from.n == 0) {
		judging_find(j, FINDING_BROKEN_SENDER, m->part, m->start, m->end,
		             FACT("from", m->address.n > 0 ? m->address : m->name));
		return;
	}
	check_name(j, m, from);
	struct str label = str_slice(from, 0, str_find_char(from, '.', 0));
	if (is_random(label) && !rules_is_popular(j->rules, from) &&
	    overlay_brands_of_domain(j->rules, j->company->overlay, from).n == 0)
		judging_find(j, FINDING_RANDOM_SENDER, m->part, m->start, m->end, FACT("from", from));
}

static void check_recipient(struct judging *j)
{
	const struct mailbox *from = judging_mailbox(j, MAILBOX_FROM), *to = judging_mailbox(j, MAILBOX_TO);
	if (!to)
		return;
	if (from && str_eq_icase(from->address, to->address))
		judging_find(j, FINDING_RECIPIENT_AS_SENDER, from->part, from->start, from->end,
		             FACT("from", from->address));
	uint32_t subject = document_find_part(j->document, STR("subject"));
	struct str local = str_slice(to->address, 0, str_find_char(to->address, '@', 0));
	size_t at = local.n >= LOCAL_PART_MIN ? str_find_icase(judging_text(j, subject), local, 0) : STR_NOT_FOUND;
	if (at != STR_NOT_FOUND)
		judging_find(j, FINDING_RECIPIENT_IN_SUBJECT, subject, (uint32_t) at, (uint32_t) (at + local.n),
		             FACT("words", local));
}

static void check_subject(struct judging *j)
{
	uint32_t part = document_find_part(j->document, STR("subject"));
	struct str s = judging_text(j, part);
	bool reply = str_starts_with_icase(s, STR("re:")) || str_starts_with(s, STR("回复"));
	if (reply && j->document->has_headers && header_part(j, "header:In-Reply-To") == PART_NONE &&
	    header_part(j, "header:References") == PART_NONE)
		judging_find(j, FINDING_FALSE_REPLY, part, 0, str_starts_with(s, STR("回复")) ? 6 : 3);
	size_t digits = 0;
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && ascii_is_digit(s.p[i])) {
			digits++;
			continue;
		}
		if (digits >= SUBJECT_CODE_MIN)
			judging_find(j, FINDING_SUBJECT_CODE, part, (uint32_t) (i - digits), (uint32_t) i,
			             FACT("words", str_slice(s, i - digits, i)));
		digits = 0;
	}
}

/* "Olqbdaik 2": one invented word and a digit. */
static bool is_invented_mailer(struct str s)
{
	size_t space = str_find_char(s, ' ', 0);
	if (space == STR_NOT_FOUND || space < 4 || space > 12 || s.n - space > 3)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (i != space && (i < space ? !ascii_is_alpha(s.p[i]) : !ascii_is_digit(s.p[i])))
			return false;
	}
	return true;
}

/* From where China's time and programs are to be expected. */
static bool is_from_there(struct judging *j)
{
	static const char *const endings[] = {"cn", "hk", "mo", "tw", "sg", "my", "ph"};
	struct str from = origin_of(j, MAILBOX_FROM);
	struct str ending = str_slice(from, str_rfind_char(from, '.') + 1, from.n);
	for (size_t i = 0; from.n > 0 && i < ARRAY_SIZE(endings); i++)
		if (str_eq_c(ending, endings[i]))
			return true;
	return false;
}

static void check_mailer(struct judging *j)
{
	struct str m = j->document->mailer;
	bool odd = str_find_icase(m, STR("[cn]"), 0) != STR_NOT_FOUND ||
	           str_find_icase(m, STR("supmailer"), 0) != STR_NOT_FOUND ||
	           (j->japanese && str_starts_with_icase(m, STR("foxmail")) && !is_from_there(j)) ||
	           is_invented_mailer(m);
	if (odd)
		find_header(j, FINDING_ODD_MAILER, "header:X-Mailer", FACT("mailer", m));
}

static void check_language(struct judging *j)
{
	if (!j->japanese || is_from_there(j))
		return;
	if (j->document->zone_minutes == CHINA_ZONE_MINUTES)
		find_header(j, FINDING_ODD_ZONE, "header:Date", FACT("date", j->document->date));
	static const char *const foreign[] = {"gb2312", "gbk", "gb18030", "big5", "hz-gb-2312"};
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		if (str_eq_icase(j->document->charset, str_of(foreign[i])))
			judging_find(j, FINDING_ODD_CHARSET, PART_NONE, 0, 0, FACT("charset", j->document->charset));
	}
}

static void check_marks(struct judging *j)
{
	static const struct {
		enum mark_kind kind;
		enum finding_id id;
		bool japanese_only;
	} table[] = {
	        {MARK_FOREIGN_FONT, FINDING_FOREIGN_FONT, true},
	        {MARK_FOREIGN_LANGUAGE, FINDING_FOREIGN_LANGUAGE, true},
	        {MARK_HIDDEN_TEXT, FINDING_HIDDEN_TEXT, false},
	        {MARK_FORM, FINDING_FORM, false},
	        {MARK_PASSWORD_FIELD, FINDING_PASSWORD_FIELD, false},
	        {MARK_SCRIPT, FINDING_SCRIPT, false},
	        {MARK_IMAGE_ONLY, FINDING_IMAGE_ONLY, false},
	};
	for (size_t i = 0; i < j->document->marks.n; i++) {
		const struct mark *m = &j->document->marks.at[i];
		for (size_t k = 0; k < sizeof(table) / sizeof(*table); k++) {
			if (table[k].kind == m->kind && (j->japanese || !table[k].japanese_only))
				judging_find(j, table[k].id, m->part, m->start, m->end);
		}
	}
}

/* From, Return-Path and Message-ID name three domains that have nothing to do with each other. */
static void check_scattered(struct judging *j, struct str from)
{
	struct str path = origin_of(j, MAILBOX_RETURN_PATH);
	struct str id =
	        origin_registrable(j, origin_host(j, str_trim(judging_text(j, header_part(j, "header:Message-ID")))));
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	if (m && judging_has(j, FINDING_RETURN_PATH_ELSEWHERE) && judging_has(j, FINDING_MESSAGE_ID_ELSEWHERE) &&
	    !origin_is_related(j, path, id))
		judging_find(j, FINDING_SCATTERED_SENDER, m->part, m->start, m->end, FACT("from", from),
		             FACT("other", path), FACT("third", id));
}

/* A made-up page of which no link leads back to the sender or to anybody known. */
static void check_links_elsewhere(struct judging *j)
{
	const struct judged_link *first = NULL;
	for (size_t i = 0; i < j->verdict->links.n; i++) {
		const struct judged_link *l = &j->verdict->links.at[i];
		if (!(j->document->links.at[l->link].flags & LINK_HTML) ||
		    j->document->links.at[l->link].flags & (LINK_IMAGE | LINK_MAILTO))
			continue;
		if (!origin_is_foreign_link(j, l))
			return;
		first = first ? first : l;
	}
	if (first)
		judging_find(j, FINDING_LINKS_ELSEWHERE, j->document->links.at[first->link].part,
		             j->document->links.at[first->link].start, j->document->links.at[first->link].end,
		             FACT("registrable", first->registrable.n > 0 ? first->registrable : first->host));
}

/* Hardly a word, and a link to a place that nobody knows or where anybody publishes. */
static void check_link_only(struct judging *j)
{
	const struct judged_link *link = origin_foreign_link(j);
	size_t words = 0;
	for (uint32_t i = 0; i < j->document->parts.n; i++)
		words += j->document->parts.at[i].kind == PART_BODY ? origin_bytes_outside_links(j, i) : 0;
	if (!link || words > LINK_ONLY_MOST_BYTES || origin_is_list(j) ||
	    header_part(j, "header:In-Reply-To") != PART_NONE)
		return;
	const struct link *l = &j->document->links.at[link->link];
	judging_find(j, FINDING_LINK_ONLY, l->part, l->start, l->end, FACT("host", link->host));
}

/* Business matters from an address that anyone can open. */
static void check_free_mail(struct judging *j, struct str from)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	bool business = judging_says(j, TAG_PAYEE_CHANGE) || judging_says(j, TAG_BOSS) || judging_says(j, TAG_VERIFY) ||
	                judging_says(j, TAG_UNPAID) || judging_says(j, TAG_REFUND) || judging_says(j, TAG_THREAT);
	if (m && business && from.n > 0 && rules_list_has(rules_list(j->rules, "free_mail"), from))
		judging_find(j, FINDING_FREE_MAIL_BUSINESS, m->part, m->start, m->end, FACT("from", from));
}

void judge_craft(struct judging *j)
{
	struct str from = origin_of(j, MAILBOX_FROM);
	if (j->document->has_headers) {
		check_sender(j);
		if (!origin_is_list(j)) {
			find_elsewhere(j, MAILBOX_RETURN_PATH, FINDING_RETURN_PATH_ELSEWHERE, from);
			check_message_id(j, from);
			check_scattered(j, from);
			check_links_elsewhere(j);
		}
		check_link_only(j);
		check_recipient(j);
		check_mailer(j);
	}
	if (!origin_is_list(j))
		find_elsewhere(j, MAILBOX_REPLY_TO, FINDING_REPLY_TO_ELSEWHERE, from);
	check_free_mail(j, from);
	check_subject(j);
	check_language(j);
	check_marks(j);
}
