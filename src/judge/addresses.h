/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every link and the sender, analysed once by judge_addresses for the judges behind it. */
#pragma once

#include "judge/address.h"
#include "judge/engine.h"
#include "judge/lookalike.h"

struct analysed_link {
	struct address address;
	struct lookalike lookalike;
	bool has_inner; /* an open redirect whose destination stands in the address */
	struct address inner;
	bool free_host; /* the destination is a place where anybody may publish */
};

struct address_facts {
	struct analysed_link *links; /* one per document link; links of pictures are left empty */
	size_t n;
	struct address from; /* host of the first From address; empty when none */
	struct lookalike from_lookalike;
	bool has_from;
	uint32_t local_brand; /* that the part before the @ names, from a domain that is not its own; else UINT32_MAX */
};

/* A link that a person follows: no picture, no mail address. */
bool addresses_is_action(const struct judging *j, size_t link);
/* Registrable domain (ASCII) of where a link leads in the end: the inner address of an open redirect. */
struct str addresses_destination(const struct judging *j, size_t link);
