/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The house: ledger, first start, settings, state, backup. */
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/backup.h"
#include "keep/keeper.h"
#include "keep/mail.h"
#include "keep/settings.h"
#include "store/access.h"
#include "store/case.h"
#include "store/house.h"

enum {
	SETUP_CODE_HOURS = 24,
	SETUP_FREE_TRIES = 10,
	SETUP_CODE_CHARACTERS = 16,
	NAME_MAX_BYTES = 100,
	COMPANY_MAX_BYTES = 120
};

/* ---- ledger ---- */

int handle_event_append(struct keeper *k, const struct keep_event_append_in *in, struct keep_event_append_out *out)
{
	struct event e;

	int r = event_decode(in->event, &e);
	if (r < 0)
		return r;
	e.actor = EVENT_ACTOR_SYSTEM;
	r = keeper_record(k, &e);
	if (r < 0)
		return r;
	out->number = k->records.tree.size - 1;
	return 0;
}

int handle_ledger_list(struct keeper *k, const struct keep_ledger_list_in *in, struct keep_ledger_list_out *out)
{
	int r = records_list(k->store, in->before, in->limit, in->kind, k->arena, &out->records);
	return r < 0 ? r : records_count(k->store, in->kind, &out->total);
}

static int key_text(struct keeper *k, struct str *ret)
{
	CLEANUP(buf_done) struct buf text = buf_make(LEDGER_KEY_TEXT_MAX_BYTES);
	int r = ledger_key_write(&k->signer.key, &text);
	*ret = arena_dup(k->arena, buf_str(&text));
	return r;
}

int handle_ledger_checkpoint(struct keeper *k, const struct keep_ledger_checkpoint_in *in,
                             struct keep_ledger_checkpoint_out *out)
{
	(void) in;
	int r = records_seal(k->store, &k->records, &k->signer, k->now_us);
	if (r >= 0)
		r = records_last_note(k->store, k->arena, &out->note, &out->size);
	return r < 0 ? r : key_text(k, &out->key);
}

/* ---- first start ---- */

static int is_finished(struct keeper *k, bool *ret)
{
	uint64_t value = 0;
	int r = house_get_number(k->store, "setup.finished", &value);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	*ret = value > 0;
	return 0;
}

static int code_expires(struct keeper *k, int64_t *ret_us)
{
	uint64_t value = 0;
	int r = house_get_number(k->store, "setup.expires", &value);
	*ret_us = (int64_t) value;
	return r == ERR_NOT_FOUND ? 0 : r < 0 ? r : 0;
}

int handle_setup_state(struct keeper *k, const struct keep_setup_state_in *in, struct keep_setup_state_out *out)
{
	(void) in;
	int r = is_finished(k, &out->finished);
	if (r >= 0)
		r = code_expires(k, &out->code_expires_us);
	out->code_waiting = !out->finished && out->code_expires_us > k->now_us;
	return r;
}

/* As typed from a screen or paper: case and hyphens do not matter. */
static struct ledger_hash setup_hash(struct str code)
{
	char clean[SETUP_CODE_CHARACTERS];
	size_t n = 0;
	for (size_t i = 0; i < code.n && n < sizeof(clean); i++) {
		if (ascii_is_alnum(code.p[i]))
			clean[n++] = ascii_lower(code.p[i]);
	}
	return ledger_hash_of(str_make(clean, n));
}

int handle_setup_code(struct keeper *k, const struct keep_setup_code_in *in, struct keep_setup_code_out *out)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that looks like another */
	struct event e = event_make("setup.code", k->now_us);
	char code[SETUP_CODE_CHARACTERS + 1] = "";
	bool finished = false;

	(void) in;
	int r = is_finished(k, &finished);
	if (r < 0 || finished)
		return r < 0 ? r : ERR_CONFLICT;
	for (size_t i = 0; i < SETUP_CODE_CHARACTERS; i++)
		code[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
	struct ledger_hash hash = setup_hash(str_of(code));
	out->expires_us = k->now_us + SETUP_CODE_HOURS * 3600 * CLOCK_SECOND_US;
	out->code = arena_printf(k->arena, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
	r = house_set(k->store, "setup.code", str_make(hash.bytes, sizeof(hash.bytes)));
	if (r >= 0)
		r = house_set_number(k->store, "setup.expires", (uint64_t) out->expires_us);
	return r < 0 ? r : keeper_record(k, &e);
}

/* Wrong attempts count and are recorded, whatever the answer. */
static int try_setup_code(struct keeper *k, struct str code)
{
	struct event e = event_make("setup.denied", k->now_us);
	struct str stored = {NULL, 0};
	bool finished = false;
	int64_t until_us, expires_us = 0;

	int r = is_finished(k, &finished);
	if (r < 0 || finished)
		return r < 0 ? r : ERR_CONFLICT;
	r = throttle_try(k, "setup", STR("code"), SETUP_FREE_TRIES, &until_us);
	if (r >= 0)
		r = code_expires(k, &expires_us);
	if (r >= 0)
		r = house_get(k->store, "setup.code", k->arena, &stored);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	struct ledger_hash hash = setup_hash(code);
	bool is_right = stored.n == sizeof(hash.bytes) && sodium_memcmp(stored.p, hash.bytes, stored.n) == 0;
	if (is_right && expires_us > k->now_us)
		return throttle_forgive(k, "setup", STR("code"));
	k->keeps_changes = true;
	r = keeper_record(k, &e);
	return r < 0 ? r : ERR_DENIED;
}

int handle_setup_check(struct keeper *k, const struct keep_setup_check_in *in, struct keep_setup_check_out *out)
{
	int r = try_setup_code(k, in->code);
	return r < 0 ? r : code_expires(k, &out->expires_us);
}

static int save_setting(struct keeper *k, const char *name, struct str value, uint64_t by)
{
	const struct setting_entry *entry = setting_entry_find(str_of(name));
	CHECK(entry);
	int r = setting_check(entry, value);
	return r < 0 ? r : setting_save(k->store, str_of(name), value, by, k->now_us);
}

static int check_setup(const struct keep_setup_finish_in *in)
{
	const struct setting_entry *domains = setting_entry_find(STR("company.own-domains"));

	if (check_line(in->company, 1, COMPANY_MAX_BYTES) < 0 || check_line(in->name, 1, NAME_MAX_BYTES) < 0 ||
	    check_language(in->language) < 0 || check_login(in->login) < 0 ||
	    check_password(in->password, in->login) < 0)
		return ERR_INVALID;
	if (in->role != ROLE_PRESIDENT && in->role != ROLE_OPERATOR)
		return ERR_INVALID;
	return setting_check(domains, in->own_domains);
}

static int make_first_person(struct keeper *k, const struct keep_setup_finish_in *in, struct keep_setup_finish_out *out)
{
	struct keep_person row = {.name = in->name,
	                          .login = in->login,
	                          .role = in->role,
	                          .language = in->language,
	                          .created_us = k->now_us};
	struct event e = event_make("person.added", k->now_us);
	int64_t expires_us;

	int r = person_insert(k->store, &row, &out->person);
	if (r >= 0)
		r = person_set_password(k->store, out->person, str_of(k->job->new_hash));
	if (r >= 0)
		r = keeper_start_session(k, out->person, false, &out->token, &out->csrf, &expires_us);
	if (r < 0)
		return r;
	event_set_name(&e, row.login);
	event_add_number(&e, "person", (int64_t) out->person);
	event_add_word(&e, "role", str_of(role_word((enum person_role) row.role)));
	return keeper_record(k, &e);
}

static int finish_setup(struct keeper *k, const struct keep_setup_finish_in *in, struct keep_setup_finish_out *out)
{
	struct event e = event_make("setup.finished", k->now_us);

	int r = make_first_person(k, in, out);
	if (r >= 0)
		r = save_setting(k, "company.name", in->company, out->person);
	if (r >= 0)
		r = save_setting(k, "company.language", in->language, out->person);
	if (r >= 0)
		r = save_setting(k, "company.own-domains", in->own_domains, out->person);
	if (r >= 0)
		r = house_set_number(k->store, "setup.finished", (uint64_t) k->now_us);
	if (r >= 0)
		r = house_delete(k->store, "setup.code");
	if (r < 0)
		return r;
	event_set_person(&e, out->person);
	return keeper_record(k, &e);
}

int handle_setup_finish(struct keeper *k, const struct keep_setup_finish_in *in, struct keep_setup_finish_out *out)
{
	int r = try_setup_code(k, in->code);
	if (r >= 0)
		r = check_setup(in);
	if (r < 0)
		return r;
	if (!k->job->is_done) {
		*k->job = (struct job){.kind = JOB_PASSWORD, .new_password = in->password};
		return KEEPER_JOB;
	}
	return k->job->result < 0 ? k->job->result : finish_setup(k, in, out);
}

/* ---- settings ---- */

int handle_setting_list(struct keeper *k, const struct keep_setting_list_in *in, struct keep_setting_list_out *out)
{
	(void) in;
	for (const struct setting_entry *entry = setting_table; entry->name; entry++) {
		struct keep_setting *row = ARENA_PUSH(k->arena, &out->settings);
		if (!row)
			return ERR_TOO_LARGE;
		*row = (struct keep_setting){.name = str_of(entry->name), .value = setting_default(entry)};
		int r = setting_find(k->store, str_of(entry->name), k->arena, row);
		if (r < 0 && r != ERR_NOT_FOUND)
			return r;
	}
	return 0;
}

int handle_setting_get(struct keeper *k, const struct keep_setting_get_in *in, struct keep_setting_get_out *out)
{
	const struct setting_entry *entry = setting_entry_find(in->name);
	return entry ? keeper_setting(k, entry->name, &out->value) : ERR_NOT_FOUND;
}

/* The ledger says which setting and, where the value is a plain word, which value; other values as a hash. */
static int record_setting(struct keeper *k, const struct setting_entry *entry, struct str value)
{
	struct event e = event_make("setting.changed", k->now_us);
	event_set_name(&e, str_of(entry->name));
	if (entry->type == SETTING_TEXT || !event_is_word(value))
		event_add_hash(&e, "value-hash", ledger_hash_of(value));
	else
		event_add_word(&e, "value", value);
	return keeper_record(k, &e);
}

int handle_setting_set(struct keeper *k, const struct keep_setting_set_in *in, struct keep_setting_set_out *out)
{
	const struct setting_entry *entry = setting_entry_find(in->name);
	struct str before;

	if (!entry)
		return ERR_NOT_FOUND;
	int r = setting_check(entry, in->value);
	if (r >= 0)
		r = keeper_setting(k, entry->name, &before);
	if (r < 0 || str_eq(before, in->value))
		return r;
	r = setting_save(k->store, in->name, in->value, k->person.id, k->now_us);
	if (r < 0)
		return r;
	out->changed = true;
	if (str_starts_with(in->name, STR("mail.")))
		r = mail_setting_changed(k, in->name);
	return r < 0 ? r : record_setting(k, entry, in->value);
}

/* ---- state and backup ---- */

int handle_status(struct keeper *k, const struct keep_status_in *in, struct keep_status_out *out)
{
	struct case_filter open = {.state = CASE_OPEN};
	uint64_t backup_us = 0;

	(void) in;
	*out = (struct keep_status_out){.store_bytes = store_size_bytes(k->store),
	                                .events = k->records.tree.size,
	                                .unsealed = k->records.tree.size - k->records.sealed,
	                                .checkpoint_us = k->records.sealed_us,
	                                .checkpoint_size = k->records.sealed,
	                                .started_us = k->started_us,
	                                .schema = (uint64_t) store_schema(k->store)};
	int r = person_count(k->store, &out->people);
	if (r >= 0)
		r = case_count(k->store, &open, &out->open_cases);
	if (r >= 0)
		r = house_get_number(k->store, "backup.time", &backup_us);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	out->backup_us = (int64_t) backup_us;
	return key_text(k, &out->ledger_key);
}

static int begin_backup(struct keeper *k, struct str path)
{
	char *target = arena_cstr(k->arena, path);
	struct str staging = arena_printf(k->arena, "%s/run/backup-%lld", k->data_folder, (long long) k->now_us);

	if (!target || path.n == 0 || path.p[0] != '/' || memchr(path.p, '\0', path.n))
		return ERR_INVALID;
	if (access(target, F_OK) == 0)
		return ERR_EXISTS;
	/* The copy is made here, of what is committed: quick, and no child may touch an open database. */
	int r = backup_stage(k->data_folder, staging.p);
	if (r < 0)
		return r;
	*k->job = (struct job){.kind = JOB_ARCHIVE, .staging = staging, .target = str_of(target)};
	return KEEPER_JOB;
}

int handle_backup_now(struct keeper *k, const struct keep_backup_now_in *in, struct keep_backup_now_out *out)
{
	struct event e = event_make("backup.made", k->now_us);

	if (!k->job->is_done)
		return begin_backup(k, in->path);
	if (k->job->result < 0)
		return k->job->result;
	out->bytes = k->job->bytes;
	out->files = k->job->files;
	int r = house_set_number(k->store, "backup.time", (uint64_t) k->now_us);
	event_add_number(&e, "bytes", (int64_t) out->bytes);
	event_add_number(&e, "files", (int64_t) out->files);
	return r < 0 ? r : keeper_record(k, &e);
}
