/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules as data: brands, words, lists, popular domains and weights from YAML files, checked as they are read (each
 * complaint names file and line) and compiled once. A loaded struct rules never changes; a reload makes a new one and
 * swaps it whole. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "rules/findings.h"

enum {
	RULES_FILE_MAX_BYTES = 8 * 1024 * 1024,
	RULES_BRANDS_MAX = 20000,
	RULES_WORDS_MAX = 5000,
	RULES_TEXT_MAX_BYTES = 1200, /* one spelling, domain or pattern */
	RULES_ARENA_MAX_BYTES = 64 * 1024 * 1024,
};

struct rules;

struct rules_complaint {
	char file[256]; /* path of the file */
	unsigned line;  /* from 1; 0: the file as a whole */
	char text[256]; /* English, one sentence part */
	const char
	        *id; /* of complaints.def: "complaint.<id>" of the catalogue says it with what; NULL: only text does */
	char what[128];
};

struct str_list {
	const struct str *at;
	size_t n;
};

#define BRAND_KIND_LIST(X)                                                                                             \
	X(BRAND_BANK, "bank")                                                                                          \
	X(BRAND_CARD, "card")                                                                                          \
	X(BRAND_SECURITIES, "securities")                                                                              \
	X(BRAND_TELECOM, "telecom")                                                                                    \
	X(BRAND_SHOP, "shop")                                                                                          \
	X(BRAND_DELIVERY, "delivery")                                                                                  \
	X(BRAND_PUBLIC, "public")                                                                                      \
	X(BRAND_TRANSPORT, "transport")                                                                                \
	X(BRAND_IT, "it")                                                                                              \
	X(BRAND_UTILITY, "utility")                                                                                    \
	X(BRAND_MEDIA, "media")                                                                                        \
	X(BRAND_PAYMENT, "payment")                                                                                    \
	X(BRAND_INSURANCE, "insurance")                                                                                \
	X(BRAND_TRAVEL, "travel")                                                                                      \
	X(BRAND_CRYPTO, "crypto")                                                                                      \
	X(BRAND_OTHER, "other")

enum brand_kind {
#define X(code, word) code,
	BRAND_KIND_LIST(X)
#undef X
	        BRAND_KIND_COUNT,
};
const char *brand_kind_word(enum brand_kind kind);

/* What a word pattern says; the tags are fixed because judges ask for them by name. */
#define WORD_TAG_LIST(X)                                                                                               \
	X(TAG_THREAT, "threat")             /* account stopped, restricted, misused */                                 \
	X(TAG_DEADLINE, "deadline")         /* within 24 hours, today */                                               \
	X(TAG_URGENT, "urgent")             /* 緊急, 至急, important */                                            \
	X(TAG_LOGIN, "login")               /* asks to log in, confirm, update by a link */                            \
	X(TAG_SECRETS, "secrets")           /* asks for password, card number, code */                                 \
	X(TAG_PAYMENT, "payment")           /* asks to pay or transfer */                                              \
	X(TAG_UNPAID, "unpaid")             /* unpaid fee, tax, seizure */                                             \
	X(TAG_PAYEE_CHANGE, "payee-change") /* the account to pay into has changed */                                  \
	X(TAG_GIFT_CARD, "gift-card")                                                                                  \
	X(TAG_CHANNEL, "channel")   /* go on in LINE, WhatsApp, a private address */                                   \
	X(TAG_SECRECY, "secrecy")   /* tell nobody */                                                                  \
	X(TAG_DELIVERY, "delivery") /* parcel could not be delivered */                                                \
	X(TAG_REFUND, "refund")                                                                                        \
	X(TAG_WINNING, "winning") /* prize, points, inheritance */                                                     \
	X(TAG_INVESTMENT, "investment")                                                                                \
	X(TAG_LEGACY, "legacy")                     /* millions to give away: donation, inheritance */                 \
	X(TAG_JOB, "job")                           /* easy money at home */                                           \
	X(TAG_BLACKMAIL, "blackmail")               /* filmed you, pay bitcoin */                                      \
	X(TAG_VERIFY, "verify")                     /* verify identity, purpose of dealings */                         \
	X(TAG_EXPIRY, "expiry")                     /* points, miles, password, storage expire */                      \
	X(TAG_AUTO_LEAVE, "auto-leave")             /* 自動退会 */                                                 \
	X(TAG_PURCHASE, "purchase")                 /* an order or payment you do not know */                          \
	X(TAG_MAILBOX, "mailbox")                   /* mailbox full, undelivered mail held */                          \
	X(TAG_BOSS, "boss")                         /* are you at your desk, confidential deal */                      \
	X(TAG_UNNATURAL, "unnatural")               /* wording that a Japanese writer would not choose */              \
	X(TAG_WRONG_GLYPH, "wrong-glyph")           /* 埸合, 下记: characters of another writing */                \
	X(TAG_GREETING, "greeting")                 /* addresses nobody: お客様各位, dear customer */             \
	X(TAG_GREETING_ADDRESS, "greeting-address") /* dear somebody@example.com */                                    \
	X(TAG_PRESS, "press")                       /* press here, the button below */                                 \
	X(TAG_OPEN_FILE, "open-file")               /* open the attachment, enable content */                          \
	X(TAG_CALL_AUTOMATIC, "call-automatic")                                                                        \
	X(TAG_CALL_BANK, "call-bank")         /* bank clerk asks for mail address, certificate, online banking */      \
	X(TAG_CALL_OFFICIAL, "call-official") /* police, ministry, NTT: line will be cut, you are suspected */         \
	X(TAG_CALL_ARREST, "call-arrest")     /* arrest warrant, you are a suspect, go on by video call */             \
	X(TAG_CALL_ATM, "call-atm")           /* refund at a cash machine */                                           \
	X(TAG_CALL_FAMILY, "call-family")     /* it is me, accident, need money */                                     \
	X(TAG_MAIL_ADDRESS, "mail-address")   /* asks for a mail address */                                            \
	X(TAG_CERTIFICATE, "certificate")     /* renew the electronic certificate */                                   \
	X(TAG_REMOTE, "remote")               /* install a remote-control tool */                                      \
	X(TAG_RUN, "run")                     /* open the box that runs commands */                                    \
	X(TAG_PASTE, "paste")                                                                                          \
	X(TAG_COMMAND, "command")                   /* a command that fetches a program and runs it */                 \
	X(TAG_HUMAN, "human")                       /* prove that you are no robot */                                  \
	X(TAG_ARCHIVE_PASSWORD, "archive-password") /* a password, written out */                                      \
	X(TAG_SCREEN_VIRUS, "screen-virus")         /* virus found, computer locked */                                 \
	X(TAG_SCREEN_PHONE, "screen-phone")         /* call this number */                                             \
	X(TAG_SCREEN_STAY, "screen-stay")           /* do not close, do not switch off */                              \
	X(TAG_SCREEN_RANSOM, "screen-ransom")       /* files are encrypted */                                          \
	X(TAG_MENTION, "mention") /* warns of fraud, reports on it: an honest notice speaks like this */

enum word_tag {
#define X(code, word) code,
	WORD_TAG_LIST(X)
#undef X
	        WORD_TAG_COUNT,
};
const char *word_tag_word(enum word_tag tag);

struct brand {
	struct str id, name_ja, name_en;
	enum brand_kind kind;
	struct str_list spellings; /* as written in the file; one alone makes a claim */
	struct str_list weak;      /* count as a display name or subject, or beside another sign */
	struct str_list domains;   /* official registrable domains, lower case */
	struct str_list sending;   /* further domains that send for it */
	struct str source;         /* where the domains were read */
	struct str checked;        /* YYYY-MM-DD */
	bool seen;                 /* evidence: seen (true) or memory */
	bool own;                  /* from the company's folder */
	struct str phone;          /* the company's own note, may be empty: official number */
	struct str site;           /* the company's own note, may be empty: official address */
};

/* Reads folder/{brands,lists,words,weights}.yaml and popular.txt, then the same names in company_folder where they
 * exist (may be NULL): brands and words with a known id replace, others add; lists add; weights replace one by one.
 * ERR_INVALID and ERR_NOT_FOUND fill *ret_complaint. The caller frees *ret with rules_free(). */
int rules_load(const char *folder, const char *company_folder, struct rules **ret,
               struct rules_complaint *ret_complaint);
/* The same through the folder cache (may be NULL), which keeps what was loaded for the next time (rules/image.h). */
int rules_load_cached(const char *folder, const char *company_folder, const char *cache, struct rules **ret,
                      struct rules_complaint *ret_complaint);
/* Only what is kept in the folder cache of these very files; ERR_NOT_FOUND when it has to be loaded. */
int rules_load_image(const char *folder, const char *company_folder, const char *cache, struct rules **ret);
void rules_free(struct rules *r); /* takes NULL */
CLEANUP_DEFINE(struct rules *, rules_freep, rules_free)
/* A number that changes with any byte of any rule file. */
uint64_t rules_version(const struct rules *r);

size_t rules_brand_count(const struct rules *r);
const struct brand *rules_brand(const struct rules *r, uint32_t index);
/* NULL when there is none with this id. */
const struct brand *rules_find_brand(const struct rules *r, struct str id);
/* Indexes of the brands that list a registrable domain (lower case), in domains or sending; n = 0: nobody's. */
struct brand_indexes {
	const uint32_t *at;
	size_t n;
};
struct brand_indexes rules_brands_of_domain(const struct rules *r, struct str registrable);
/* Whether the domain is one of the brand's own; with_sending counts those that send for it too. */
bool brand_has_domain(const struct brand *b, struct str registrable, bool with_sending);

bool rules_is_popular(const struct rules *r, struct str registrable);
/* Walks them all, in no order: *at begins with 0; false at the end. */
bool rules_next_popular(const struct rules *r, size_t *at, struct str *ret);

struct rules_list;
/* Never NULL: a name that no file has gives an empty list. */
const struct rules_list *rules_list(const struct rules *r, const char *name);
bool rules_list_has(const struct rules_list *list, struct str value); /* value in lower case */
struct str_list rules_list_all(const struct rules_list *list);

double rules_weight(const struct rules *r, enum finding_id id);
double rules_bias(const struct rules *r);
double rules_threshold_danger(const struct rules *r);   /* score, 0 to 1 */
double rules_threshold_doubtful(const struct rules *r); /* score, 0 to 1 */
/* The most that all findings of a group may add together; HUGE_VAL where the file names none. */
double rules_group_cap(const struct rules *r, enum finding_group group);

enum rules_hit_kind { RULES_HIT_WORD, RULES_HIT_BRAND, RULES_HIT_BRAND_WEAK };
struct rules_hit {
	enum rules_hit_kind kind;
	uint32_t index;    /* of the brand; for a word its number in the file */
	enum word_tag tag; /* of a word */
	uint32_t start, end;
};
typedef bool rules_hit_fn(void *context, const struct rules_hit *hit);
/* Runs every word and spelling over folded text (text/fold.h). Not reentrant. */
int rules_scan(const struct rules *r, struct str folded, rules_hit_fn *fn, void *context);
/* Memory that the compiled patterns take. */
size_t rules_scan_memory_bytes(const struct rules *r);
