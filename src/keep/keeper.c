/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "keep/ai-state.h"
#include "keep/backup.h"
#include "keep/mail.h"
#include "keep/month.h"
#include "keep/seal-house.h"
#include "keep/settings.h"
#include "store/access.h"
#include "store/house.h"
#include "store/talk.h"

enum {
	PATH_MAX_BYTES = 4096,
	KEY_FILE_MAX_BYTES = 1024,
	HOUSE_ARENA_BYTES = 4096,
	THROTTLE_FORGET_DAYS = 1,
	SESSION_WAIT_MINUTES = 5,
};

/* ---- opening ---- */

static int make_folder(const char *data_folder, const char *name)
{
	char path[PATH_MAX_BYTES];
	int n = snprintf(path, sizeof(path), "%s/%s", data_folder, name);
	if (n < 0 || (size_t) n >= sizeof(path))
		return ERR_TOO_LARGE;
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : ERR_SYSTEM;
}

static int load_signer(const char *data_folder, struct ledger_signer *ret)
{
	CLEANUP(buf_wipe_done) struct buf text = buf_make(KEY_FILE_MAX_BYTES);
	char path[PATH_MAX_BYTES];

	snprintf(path, sizeof(path), "%s/keys/ledger.key", data_folder);
	int r = fd_read_file(path, &text);
	if (r >= 0)
		return ledger_signer_read(buf_str(&text), ret) < 0 ? ERR_CORRUPT : 0;
	if (r != ERR_NOT_FOUND)
		return r;
	ledger_signer_make(ret);
	r = ledger_signer_write(ret, &text);
	return r < 0 ? r : fd_replace_file(path, buf_str(&text), 0600);
}

/* A new key for a ledger that another key signed would hide a loss: then there must be no record yet. */
static int check_key_fits(struct keeper *k, bool key_is_new)
{
	uint64_t count = 0;
	int r = records_count(k->store, (struct str){NULL, 0}, &count);
	if (r < 0)
		return r;
	return key_is_new && count > 0 ? ERR_NOT_FOUND : 0;
}

static int make_house_secrets(struct keeper *k)
{
	char hash[crypto_pwhash_STRBYTES];
	unsigned char key[crypto_generichash_KEYBYTES];

	int r = house_get(k->store, "login.dummy", k->house_arena, &k->dummy_hash);
	if (r != ERR_NOT_FOUND)
		return r;
	randombytes_buf(key, sizeof(key));
	if (crypto_pwhash_str(hash, (const char *) key, sizeof(key), crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                      crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		return ERR_CRYPTO;
	randombytes_buf(key, sizeof(key));
	r = house_set(k->store, "sender.key", str_make(key, sizeof(key)));
	if (r >= 0)
		r = house_set(k->store, "login.dummy", str_of(hash));
	k->dummy_hash = arena_dup(k->house_arena, str_of(hash));
	return r;
}

/* What a first start writes, or the first start of a newer Sonae, in one transaction. */
static int begin_house(struct keeper *k)
{
	struct event e = event_make("ledger.created", 0);

	int r = store_begin(k->store);
	if (r < 0)
		return r;
	k->now_us = clock_now_us();
	r = seal_house_open(k->store, k->data_folder, &k->seal_key);
	if (r >= 0)
		r = make_house_secrets(k);
	if (r >= 0 && k->records.tree.size == 0)
		r = keeper_record(k, &e);
	if (r >= 0)
		r = records_seal(k->store, &k->records, &k->signer, k->now_us);
	if (r >= 0)
		return store_commit(k->store);
	store_rollback(k->store);
	return r;
}

static int open_store(struct keeper *k)
{
	char path[PATH_MAX_BYTES];
	struct stat info;

	snprintf(path, sizeof(path), "%s/keys/ledger.key", k->data_folder);
	bool key_is_new = stat(path, &info) != 0;
	snprintf(path, sizeof(path), "%s/" STORE_FILE_NAME, k->data_folder);
	int r = store_open(path, STORE_WRITE, &k->store);
	if (r >= 0)
		r = check_key_fits(k, key_is_new);
	if (r >= 0)
		r = load_signer(k->data_folder, &k->signer);
	if (r >= 0)
		r = records_load(k->store, &k->signer.key, &k->records);
	return r < 0 ? r : begin_house(k);
}

/* The keeper is the only writer: a second one is refused. */
static int lock_folder(struct keeper *k)
{
	char path[PATH_MAX_BYTES];
	snprintf(path, sizeof(path), "%s/run/keeper.lock", k->data_folder);
	k->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (k->lock < 0)
		return ERR_SYSTEM;
	return flock(k->lock, LOCK_EX | LOCK_NB) == 0 ? 0 : ERR_BUSY;
}

static int record_restore(struct keeper *k, const struct ledger_hash *file)
{
	struct event e = event_make("restore.done", clock_now_us());
	event_add_hash(&e, "file", *file);
	int r = store_begin(k->store);
	if (r >= 0)
		r = keeper_record(k, &e);
	if (r >= 0)
		return store_commit(k->store);
	store_rollback(k->store);
	return r;
}

/* A restore that was begun is ended first, and becomes an event of the ledger that it brought back. */
static int open_restored(struct keeper *k)
{
	struct ledger_hash file;

	int restored = restore_resume(k->data_folder, &file);
	int r = restored < 0 ? restored : open_store(k);
	if (r >= 0 && restored > 0)
		r = record_restore(k, &file);
	return r < 0 || restored == 0 ? r : restore_forget(k->data_folder);
}

int keeper_open(struct keeper *k, const char *data_folder)
{
	static const char *const folders[] = {"", "keys", "run", "rules", "restore-points"};

	*k = (struct keeper){.data_folder = data_folder, .started_us = clock_now_us(), .lock = -1};
	if (sodium_init() < 0)
		return ERR_CRYPTO;
	ledger_hash_prepare();
	umask(0077);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		int r = make_folder(data_folder, folders[i]);
		if (r < 0)
			return r;
	}
	k->house_arena = arena_new(HOUSE_ARENA_BYTES);
	int r = lock_folder(k);
	if (r >= 0)
		r = open_restored(k);
	if (r < 0) {
		store_free(TAKE(k->store));
		ledger_signer_wipe(&k->signer);
		seal_key_wipe(&k->seal_key);
		arena_free(TAKE(k->house_arena));
		fd_close(k->lock);
		return r;
	}
	k->ai = ai_state_new(clock_now_us());
	return 0;
}

int keeper_close(struct keeper *k)
{
	int r = store_begin(k->store);
	if (r >= 0)
		r = records_seal(k->store, &k->records, &k->signer, clock_now_us());
	if (r >= 0)
		r = store_commit(k->store);
	store_free(TAKE(k->store));
	ledger_signer_wipe(&k->signer);
	seal_key_wipe(&k->seal_key);
	arena_free_wiped(TAKE(k->house_arena));
	ai_state_free(TAKE(k->ai));
	fd_close(k->lock);
	return r;
}

/* ---- carrying out ---- */

typedef int handler_fn(struct keeper *k, const void *in, void *out);

#define CALL(name, who, work, in, out)                                                                                 \
	static int call_##name(struct keeper *k, const void *question, void *answer)                                   \
	{                                                                                                              \
		return handle_##name(k, question, answer);                                                             \
	}
#include "keep/messages.def"
#undef CALL

static handler_fn *const handlers[KEEP_CALL_COUNT] = {
#define CALL(name, who, work, in, out) [KEEP_CALL_##name] = call_##name,
#include "keep/messages.def"
#undef CALL
};

bool keeper_person_is_active(const struct keeper *k, const struct keep_person *person)
{
	return person->state == PERSON_ACTIVE && (person->expires_us == 0 || person->expires_us > k->now_us);
}

bool keeper_is_manager(const struct keeper *k)
{
	return k->person.id == 0 || k->person.role == ROLE_PRESIDENT || k->person.role == ROLE_OPERATOR;
}

int keeper_check_presidents(struct keeper *k)
{
	struct keep_person_list people = {0};

	if (k->person.id == 0 || k->person.role == ROLE_PRESIDENT)
		return 0;
	int r = person_list_all(k->store, k->arena, &people);
	for (size_t i = 0; r >= 0 && i < people.n; i++)
		if (people.at[i].role == ROLE_PRESIDENT && keeper_person_is_active(k, &people.at[i]))
			r = ERR_DENIED;
	return r < 0 ? r : 0;
}

static bool role_may(uint64_t role, enum keep_who who)
{
	switch (who) {
	case ANYBODY:
	case READER:
	case PERSON:
		return true;
	case PATROL:
		return role == ROLE_PRESIDENT || role == ROLE_OPERATOR || role == ROLE_OFFICER;
	case MANAGER:
		return role == ROLE_PRESIDENT || role == ROLE_OPERATOR;
	case GATE:
	case POST:
		break;
	}
	return false;
}

static int check_actor(struct keeper *k, enum keep_who who, uint64_t person)
{
	k->person = (struct keep_person){0};
	if (person == 0)
		return who == ANYBODY || who == GATE || who == POST || str_eq(k->program, STR("cli")) ? 0 : ERR_DENIED;
	int r = person_find(k->store, person, k->arena, &k->person);
	if (r < 0)
		return r == ERR_NOT_FOUND ? ERR_DENIED : r;
	return keeper_person_is_active(k, &k->person) && role_may(k->person.role, who) ? 0 : ERR_DENIED;
}

int keeper_handle(struct keeper *k, enum keep_call call, uint64_t person, const void *in, void *out)
{
	int r = check_actor(k, keep_call_table[call].who, person);
	k->keeps_changes = false;
	if (r >= 0)
		r = handlers[call](k, in, out);
	/* The gate lets nobody in who may not come in any more. */
	if (r >= 0 && (call == KEEP_CALL_person_change || call == KEEP_CALL_person_disable))
		ai_changed(k);
	return r;
}

int keeper_after_begin(struct keeper *k)
{
	return ai_state_catch_up(k);
}

int keeper_before_commit(struct keeper *k, bool may_wait)
{
	return may_wait && !ai_state_is_stale(k) ? 0 : ai_state_flush(k);
}

void keeper_after_rollback(struct keeper *k)
{
	ai_state_lose(k);
}

bool keeper_is_counting(const struct keeper *k)
{
	return ai_state_is_counting(k);
}

int keeper_record(struct keeper *k, struct event *e)
{
	uint64_t number;

	if (e->time_us == 0)
		e->time_us = k->now_us;
	if (k->person.id)
		event_set_person(e, k->person.id);
	else if (e->actor == EVENT_ACTOR_SYSTEM)
		event_set_program(e, k->program);
	return records_append(k->store, &k->records, e, &number);
}

int keeper_record_name(struct keeper *k, const char *kind, struct str name)
{
	struct event e = event_make(kind, k->now_us);
	event_set_name(&e, name);
	return keeper_record(k, &e);
}

/* ---- settings, secrets ---- */

int keeper_setting(struct keeper *k, const char *name, struct str *ret)
{
	const struct setting_entry *entry = setting_entry_find(str_of(name));
	struct keep_setting row;

	CHECK(entry);
	int r = setting_find(k->store, str_of(name), k->arena, &row);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	*ret = r < 0 ? setting_default(entry) : row.value;
	return 0;
}

int keeper_setting_number(struct keeper *k, const char *name, uint64_t *ret)
{
	struct str value;
	int r = keeper_setting(k, name, &value);
	return r < 0 ? r : str_parse_u64(value, UINT32_MAX, ret);
}

static struct str encode_url(struct keeper *k, const char *prefix, const unsigned char *bytes, size_t n)
{
	char text[64];
	CHECK(n <= KEEPER_TOKEN_BYTES);
	sodium_bin2base64(text, sizeof(text), bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return arena_printf(k->arena, "%s%s", prefix, text);
}

struct str keeper_new_token(struct keeper *k, const char *prefix)
{
	unsigned char bytes[KEEPER_TOKEN_BYTES];
	randombytes_buf(bytes, sizeof(bytes));
	return encode_url(k, prefix, bytes, sizeof(bytes));
}

struct ledger_hash keeper_token_hash(struct str token)
{
	return ledger_hash_of(token);
}

struct str keeper_csrf_of(struct keeper *k, struct str session_token)
{
	struct ledger_hash hash = ledger_hash_of(arena_printf(k->arena, "csrf\n%.*s", STR_ARG(session_token)));
	return encode_url(k, "", hash.bytes, sizeof(hash.bytes));
}

int keeper_start_session(struct keeper *k, uint64_t person, bool waits, struct str *ret_token, struct str *ret_csrf,
                         int64_t *ret_expires_us)
{
	uint64_t hours = 0, id = 0;

	int r = keeper_setting_number(k, "session.absolute-hours", &hours);
	if (r < 0)
		return r;
	int64_t lasts_us =
	        waits ? SESSION_WAIT_MINUTES * 60 * CLOCK_SECOND_US : (int64_t) hours * 3600 * CLOCK_SECOND_US;
	struct session session = {.person = person,
	                          .stage = waits ? SESSION_WAITS : SESSION_OPEN,
	                          .created_us = k->now_us,
	                          .seen_us = k->now_us,
	                          .expires_us = k->now_us + lasts_us};
	struct str token = keeper_new_token(k, "");
	struct ledger_hash hash = keeper_token_hash(token);
	r = session_insert(k->store, &hash, &session, &id);
	if (r < 0)
		return r;
	*ret_token = token;
	*ret_csrf = keeper_csrf_of(k, token);
	*ret_expires_us = session.expires_us;
	return 0;
}

int keeper_sender_hash(struct keeper *k, struct str address, struct ledger_hash *ret)
{
	struct str key = {NULL, 0};
	char *lower = arena_cstr(k->arena, address);

	if (!lower)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < address.n; i++)
		lower[i] = ascii_lower(lower[i]);
	int r = house_get(k->store, "sender.key", k->arena, &key);
	if (r < 0)
		return r;
	crypto_generichash(ret->bytes, sizeof(ret->bytes), (const unsigned char *) lower, address.n,
	                   (const unsigned char *) key.p, key.n);
	return 0;
}

/* ---- clock ---- */

static int expire_people(struct keeper *k)
{
	struct keep_person_list people = {0};

	int r = person_list_expired(k->store, k->now_us, k->arena, &people);
	for (size_t i = 0; r >= 0 && i < people.n; i++) {
		people.at[i].state = PERSON_DISABLED;
		r = person_update(k->store, &people.at[i]);
		if (r >= 0)
			r = session_delete_all(k->store, people.at[i].id, 0);
		if (r >= 0)
			r = token_delete_all(k->store, people.at[i].id);
		if (r >= 0)
			r = keeper_record_name(k, "person.expired", people.at[i].login);
	}
	return r;
}

static int expire_invitations(struct keeper *k)
{
	struct keep_invitation_list list = {0};

	int r = invitation_list_all(k->store, k->arena, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		if (list.at[i].expires_us > k->now_us)
			continue;
		r = invitation_delete(k->store, list.at[i].id);
		if (r >= 0)
			r = keeper_record_name(k, "invitation.expired", list.at[i].name);
	}
	return r;
}

int keeper_run_clock(struct keeper *k)
{
	uint64_t idle_minutes = 0, talk_days = 0;

	int r = keeper_setting_number(k, "session.idle-minutes", &idle_minutes);
	if (r >= 0)
		r = keeper_setting_number(k, "ai.keep-talks-days", &talk_days);
	if (r >= 0 && talk_days > 0)
		r = talk_delete_before(k->store, k->now_us - (int64_t) talk_days * CLOCK_DAY_US);
	if (r >= 0)
		r = session_forget(k->store, k->now_us, k->now_us - (int64_t) idle_minutes * 60 * CLOCK_SECOND_US);
	if (r >= 0)
		r = throttle_forget(k->store, k->now_us - THROTTLE_FORGET_DAYS * CLOCK_DAY_US);
	if (r >= 0)
		r = expire_people(k);
	if (r >= 0)
		r = expire_invitations(k);
	if (r >= 0)
		r = mail_run_clock(k);
	return r < 0 ? r : month_close(k);
}
