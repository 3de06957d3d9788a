/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kills the keeper and its clients 200 times at moments by chance while events come in, and proves that every event
 * that was acknowledged is there, at the number that was told, and that the ledger verifies. */
#include "keep/test-house.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/clock.h"
#include "keep/backup.h"
#include "store/records.h"

enum {
	CLIENTS = 4,
	KILLS = 200,
	EVENTS_EACH_MAX = 400000,
	LONGEST_LIFE_MS = 60,
	CALL_TIMEOUT_MS = 5000,
};

/* Shared with the clients: they are killed as well. */
struct shared {
	uint64_t next[CLIENTS];                   /* number of the event to send next */
	uint64_t place[CLIENTS][EVENTS_EACH_MAX]; /* of an acknowledged event: its record's number + 1 */
};

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static _Noreturn void run_client(const struct house *h, struct shared *shared, unsigned me)
{
	struct keep_client *client = NULL;
	struct keep_actor actor = {.program = STR("kill-test")};

	while (keep_client_open(h->folder, &client) < 0)
		pause_ms(1);
	keep_client_set_timeout(client, CALL_TIMEOUT_MS, CALL_TIMEOUT_MS);
	while (shared->next[me] < EVENTS_EACH_MAX) {
		uint64_t number, n = shared->next[me]++;
		struct event e = event_make("check.verdict", clock_now_us());
		event_add_number(&e, "client", me);
		event_add_number(&e, "n", (int64_t) n);
		if (keep_append_event(client, &actor, &e, &number) >= 0)
			shared->place[me][n] = number + 1;
		else
			pause_ms(1); /* nobody is there: the numbers are for who is */
	}
	_exit(0);
}

static pid_t start_client(const struct house *h, struct shared *shared, unsigned me)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_client(h, shared, me);
	return pid;
}

static void kill_one(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void kill_again_and_again(struct house *h, struct shared *shared)
{
	pid_t clients[CLIENTS];

	house_start(h);
	for (unsigned i = 0; i < CLIENTS; i++)
		clients[i] = start_client(h, shared, i);
	for (unsigned i = 0; i < KILLS; i++) {
		pause_ms(random() % LONGEST_LIFE_MS);
		if (i % 4 == 3) {
			unsigned victim = (unsigned) random() % CLIENTS;
			kill_one(clients[victim]);
			clients[victim] = start_client(h, shared, victim);
		} else {
			house_stop(h, SIGKILL);
			house_start(h);
		}
	}
	pause_ms(200);
	for (unsigned i = 0; i < CLIENTS; i++)
		kill_one(clients[i]);
	house_stop(h, SIGKILL);
}

struct check {
	struct shared *shared;
	uint64_t found;
};

static int check_record(void *context, uint64_t number, const struct ledger_hash *leaf, struct str bytes)
{
	struct check *c = context;
	struct record record;

	(void) leaf;
	assert_int_equal(record_decode(bytes, &record), 0);
	const struct event_fact *client = event_find_fact(&record.event, "client"),
	                        *n = event_find_fact(&record.event, "n");
	if (!client)
		return 0;
	uint64_t place = c->shared->place[client->number][n->number];
	if (place) {
		assert_int_equal(place, number + 1);
		c->found++;
	}
	return 0;
}

static int pass_checkpoint(void *context, struct str note)
{
	(void) context;
	(void) note;
	return 0;
}

static void every_acknowledged_event_is_there(void **state)
{
	struct house h = {0};
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct check check = {.shared = shared};
	struct verify_result verified;
	struct store *store = NULL;
	char store_path[128], key_path[128];
	uint64_t acknowledged = 0;

	(void) state;
	assert_true(shared != MAP_FAILED);
	srandom((unsigned) clock_monotonic_us());
	house_open(&h);
	int64_t began_us = clock_monotonic_us();
	kill_again_and_again(&h, shared);
	int64_t took_us = clock_monotonic_us() - began_us;

	snprintf(store_path, sizeof(store_path), "%s/" STORE_FILE_NAME, h.folder);
	snprintf(key_path, sizeof(key_path), "%s/keys/ledger.key", h.folder);
	assert_int_equal(store_open(store_path, STORE_READ, &store), 0);
	assert_int_equal(records_walk(store, &(struct records_visitor){check_record, pass_checkpoint, &check}), 0);
	store_free(store);
	for (unsigned c = 0; c < CLIENTS; c++) {
		for (uint64_t n = 0; n < EVENTS_EACH_MAX; n++)
			acknowledged += shared->place[c][n] > 0;
	}
	assert_int_equal(check.found, acknowledged);
	assert_int_equal(backup_verify_ledger(store_path, key_path, (struct str){NULL, 0}, &verified), 0);
	assert_true(verify_is_good(&verified));
	print_message("%d kills in %lld ms: %llu events acknowledged, all there, %llu records, %llu checkpoints\n",
	              KILLS, (long long) took_us / 1000, (unsigned long long) acknowledged,
	              (unsigned long long) verified.records, (unsigned long long) verified.checkpoints);
	assert_true(acknowledged > KILLS);
	house_close(&h);
	munmap(shared, sizeof(*shared));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_acknowledged_event_is_there)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
