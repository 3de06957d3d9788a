/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a host is made to be taken for another: the company's own domains and correspondents first, then the brand
 * table, then well-known domains. A host that is itself one of these is never called an imitation. */
#pragma once

#include "judge/address.h"
#include "judge/judge.h"
#include "rules/rules.h"

enum lookalike_how {
	LOOKALIKE_NONE,
	LOOKALIKE_SAME_LOOK,    /* differs in letters that look alike: cornpany company */
	LOOKALIKE_NEAR,         /* one letter more, less, other, or two swapped */
	LOOKALIKE_OTHER_ENDING, /* the same name under another ending */
	LOOKALIKE_KEYWORD,      /* the name and words like login or support: amazon-login */
	LOOKALIKE_EMBEDDED,  /* the whole genuine domain stands inside: bank.co.jp.evil.xyz, www-bank-co-jp.evil.com */
	LOOKALIKE_SUBDOMAIN, /* the name is a label in front of a foreign domain */
	LOOKALIKE_NEAR_SUBDOMAIN /* the same, misspelt */
};

enum lookalike_target { LOOKALIKE_OF_OWN, LOOKALIKE_OF_CORRESPONDENT, LOOKALIKE_OF_BRAND, LOOKALIKE_OF_POPULAR };

struct lookalike {
	enum lookalike_how how;
	enum lookalike_target target;
	struct str domain; /* the genuine one */
	uint32_t brand;    /* index in the rules for LOOKALIKE_OF_BRAND */
};

/* The strongest imitation that the host is. Needs no more than one pass over its labels; hash tables of all targets
 * are made once per loaded rules. Everything in *ret belongs to the rules, the company or a. */
void lookalike_find(const struct address *address, const struct rules *rules, const struct company *company,
                    struct arena *a, struct lookalike *ret);
/* The brand (index, UINT32_MAX none) whose whole domain stands in a path or user name: /amazon.co.jp/; with names_alone
 * its label too: /amazon/. */
uint32_t lookalike_brand_in_text(struct str text, const struct rules *rules, bool names_alone);
/* The brand whose name, or one letter off it, is a piece of the part of a mail address before the @. */
uint32_t lookalike_brand_in_local(struct str local, const struct rules *rules, struct arena *a);
/* The brand that a word in lower case is one letter off (or looks like), while it is no genuine name itself. */
uint32_t lookalike_brand_misspelt(struct str word, const struct rules *rules, struct arena *a);
/* A word of logging in or paying stands in the path. */
bool lookalike_is_login_path(struct str rest, const struct rules *rules);
/* A public ending of Japan stands among the labels in front of the registrable domain: x.co.jp.y.top. */
bool lookalike_has_false_ending(const struct address *address);
/* The company's own or a correspondent's domain, a brand's, or a well-known one. */
bool lookalike_is_known(const struct address *address, const struct rules *rules, const struct company *company);
