/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Domains of senders: the part behind the @, its registrable domain, and whether two domains belong together. */
#pragma once

#include "judge/engine.h"

/* Host of an address in lower case, in the arena; "" when there is none. */
struct str origin_host(struct judging *j, struct str address);
/* By the public suffix list, private section included; "" for a host that has no registrable domain. */
struct str origin_registrable(struct judging *j, struct str host);
/* Registrable domain of the first mailbox of a role; "" none. */
struct str origin_of(struct judging *j, enum mailbox_role role);
/* The same domain, or two domains of one brand of the table. */
bool origin_is_related(const struct judging *j, struct str a, struct str b);
/* A service that sends or tracks for others (lists.yaml: delivery_services with all below them, delivery_hosts as whole
 * hosts). host is ASCII in lower case; a registrable domain alone finds the former only. */
bool origin_host_is_service(const struct rules *rules, struct str host);
bool origin_is_service(const struct judging *j, struct str host);
/* A mailing list sent it in the name of others: it names itself with a domain, or where to write to. */
bool origin_is_list(struct judging *j);
bool origin_is_own(const struct judging *j, struct str registrable);
/* A link's target that belongs neither to the sender, nor to a brand that the text names, nor to the company or its
 * correspondents, nor to a service or widely known domain. */
bool origin_is_foreign_link(struct judging *j, const struct judged_link *link);
/* An address written with a scheme or a path, not a bare host: "example.com" and "example.com/" only mention it. */
bool origin_has_path(struct str text);
/* First such link, NULL none. */
const struct judged_link *origin_foreign_link(struct judging *j);
/* Bytes of a part's text that are not addresses written out. */
size_t origin_bytes_outside_links(const struct judging *j, uint32_t part);
