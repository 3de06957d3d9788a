/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Group commit: reading has the higher priority in the loop, so that a batch begins when nothing more is to be read.
 * Each question of a batch is a part (savepoint) of one transaction; one sync makes all of them durable, then the
 * answers go out. A question whose handler wants a job waits outside of any transaction until a worker is done. */
#include "keep/serve.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "ipc/frame.h"
#include "ipc/socket.h"
#include "keep/keeper.h"
#include "keep/syncer.h"
#include "keep/worker.h"

enum {
	CONNECTIONS_MAX = 256,
	QUESTIONS_EACH_MAX = 512, /* of one connection, not yet answered */
	BATCH_MAX = 1024,
	OUT_MAX_BYTES = 32 * 1024 * 1024,
	OUT_TOGETHER_BYTES = 64 * 1024, /* of the answers of one batch; beyond it they go out at once */
	QUESTION_ARENA_BYTES = 32 * 1024 * 1024,
	WORKER_COUNT = 2, /* 64 MiB each while at work */
	JOBS_WAITING_MAX = 64,
	PASSWORD_SECONDS_MAX = 30,
	ARCHIVE_SECONDS_MAX = 3600,
	PATH_MAX_BYTES = 4096,
	SEAL_AFTER_SECONDS = 50, /* a checkpoint at least once a minute */
	SEAL_AFTER_RECORDS = 20000,
	CLOCK_EVERY_SECONDS = 60,
	PRIORITY_READ = 0,
	PRIORITY_BATCH = 1,
	PRIORITIES = 2,
};

struct connection {
	struct server *server;
	int fd;
	struct event *read_event, *write_event;
	struct frame_parser parser;
	struct buf out;
	unsigned open_questions; /* also keeps the connection in memory */
	bool is_closed;
	int pid;      /* of the other side, as the kernel says */
	bool is_gate; /* known to be; asked when it matters */
	bool is_post;
	struct connection *next;
};

struct question {
	struct connection *connection;
	enum keep_call call;
	uint32_t id;
	uint64_t person;
	struct str program, remote;
	void *in, *out;
	struct arena *arena;
	struct job job;
	int code; /* answer, or KEEPER_JOB */
	struct question *next;
};

struct worker {
	struct server *server;
	int fd; /* -1: gone */
	pid_t pid;
	struct event *event;
	struct question *question; /* what it is busy with */
};

/* The relaxed ledger: what was acknowledged is asked to the disk at the latest within_ms later. */
struct relaxed {
	uint64_t within_ms; /* 0: every commit waits for the disk */
	int fd;
	pid_t pid;
	struct event *answer_event, *timer;
	bool is_waiting;   /* a commit is not asked for yet, the timer runs */
	bool is_asked;     /* the syncer is at work */
	bool is_overtaken; /* it took longer than within_ms: commits wait for the disk until it is done */
};

struct queue {
	struct question *first, **last;
	unsigned count;
};

struct server {
	struct keeper keeper;
	const struct keep_serve_options *options;
	struct event_base *base;
	struct event *listen_event, *batch_event, *tick_event, *term_event, *interrupt_event;
	struct connection *connections;
	unsigned connection_count;
	struct worker workers[WORKER_COUNT];
	struct relaxed relaxed;
	int failure;
	struct queue ready, waiting; /* for the next batch; for a free job */
	int64_t last_seal_us, last_clock_us;
};

/* ---- queues ---- */

static void queue_init(struct queue *q)
{
	*q = (struct queue){.last = &q->first};
}

static void queue_add(struct queue *q, struct question *question)
{
	question->next = NULL;
	*q->last = question;
	q->last = &question->next;
	q->count++;
}

static struct question *queue_take(struct queue *q)
{
	struct question *question = q->first;
	if (!question)
		return NULL;
	q->first = question->next;
	if (!q->first)
		q->last = &q->first;
	q->count--;
	return question;
}

/* ---- connections ---- */

static void release_connection(struct connection *c)
{
	if (!c->is_closed || c->open_questions > 0)
		return;
	for (struct connection **at = &c->server->connections; *at; at = &(*at)->next) {
		if (*at == c) {
			*at = c->next;
			break;
		}
	}
	c->server->connection_count--;
	frame_parser_done(&c->parser);
	buf_wipe_done(&c->out);
	free(c);
}

static void close_connection(struct connection *c)
{
	if (c->is_closed)
		return;
	event_free(c->read_event);
	event_free(c->write_event);
	fd_close(c->fd);
	c->is_closed = true;
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
	struct connection *c = context;

	(void) what;
	while (c->out.n > 0) {
		ssize_t n = send(fd, c->out.p, c->out.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			event_add(c->write_event, NULL);
			return;
		}
		if (n <= 0) {
			close_connection(c);
			release_connection(c);
			return;
		}
		buf_consume(&c->out, (size_t) n);
	}
}

static void free_question(struct question *q)
{
	struct connection *c = q->connection;
	c->open_questions--;
	release_connection(c);
	arena_free_wiped(q->arena);
	free(q);
}

static int write_answer(struct question *q, struct buf *body)
{
	wire_put_i64(body, q->code);
	int r = q->code < 0 ? 0 : codec_put(body, keep_call_table[q->call].out, q->out);
	if (r < 0 || buf_failed(body)) {
		buf_clear(body);
		wire_put_i64(body, r < 0 ? r : ERR_TOO_LARGE);
	}
	return frame_encode(&q->connection->out, q->call, q->id, buf_str(body));
}

/* most: what may wait for others to the same connection. */
static void answer_within(struct question *q, size_t most)
{
	CLEANUP(buf_wipe_done) struct buf body = buf_make(KEEP_ANSWER_MAX_BYTES);
	struct connection *c = q->connection;

	if (!c->is_closed) {
		if (write_answer(q, &body) < 0)
			close_connection(c);
		else if (c->out.n > most)
			on_writable(c->fd, EV_WRITE, c);
	}
	free_question(q);
}

static void answer(struct question *q)
{
	answer_within(q, 0);
}

/* What waited: the answers of a batch to one connection go out together. */
static void flush_all(struct server *s)
{
	for (struct connection *c = s->connections, *next; c; c = next) {
		next = c->next;
		if (!c->is_closed && c->out.n > 0)
			on_writable(c->fd, EV_WRITE, c);
	}
}

/* ---- batches ---- */

static void aim_keeper(struct keeper *k, struct question *q)
{
	k->now_us = clock_now_us();
	k->arena = q->arena;
	k->program = q->program;
	k->remote = q->remote;
	k->job = &q->job;
}

/* A process that says that it is the gate, or the post, may be any of ours; its number tells. */
static bool may_ask(struct question *q)
{
	struct connection *c = q->connection;
	const struct keep_serve_options *options = c->server->options;

	if (keep_call_table[q->call].who == POST) {
		if (!c->is_post && options->is_post)
			c->is_post = options->is_post(options->context, c->pid);
		return c->is_post;
	}
	if (keep_call_table[q->call].who != GATE)
		return true;
	if (!c->is_gate && options->is_gate)
		c->is_gate = options->is_gate(options->context, c->pid);
	return c->is_gate;
}

/* Its handler writes one row, last of all, or nothing: there is no half of it that would have to be undone. */
static bool is_one_write(const struct question *q)
{
	return q->call == KEEP_CALL_ai_admit;
}

static int carry_out_whole(struct keeper *k, struct question *q)
{
	memset(q->out, 0, keep_call_table[q->call].out_bytes);
	q->code = keeper_handle(k, q->call, q->person, q->in, q->out);
	return store_is_writing(k->store) ? 0 : ERR_STORE;
}

/* ERR_STORE when the whole transaction is lost, else 0; the handler's answer is in q->code. */
static int carry_out(struct keeper *k, struct question *q)
{

	if (q->code >= 0 && !may_ask(q))
		q->code = ERR_DENIED;
	if (q->code < 0)
		return 0;
	aim_keeper(k, q);
	if (is_one_write(q))
		return carry_out_whole(k, q);
	struct records_state before = k->records;
	/* What the gate's questions before this one counted is written outside of its part: it stays if this one is
	 * undone. */
	if (keep_call_table[q->call].who != GATE && keeper_before_commit(k, false) < 0)
		return ERR_STORE;
	if (store_part_begin(k->store) < 0)
		return ERR_STORE;
	memset(q->out, 0, keep_call_table[q->call].out_bytes);
	q->code = keeper_handle(k, q->call, q->person, q->in, q->out);
	if (q->code > 0 && q->code != KEEPER_JOB)
		q->code = 0;
	if (!store_is_writing(k->store))
		return ERR_STORE;
	if (q->code >= 0 || k->keeps_changes)
		return store_part_end(k->store) < 0 ? ERR_STORE : 0;
	store_part_undo(k->store);
	k->records = before;
	return store_is_writing(k->store) ? 0 : ERR_STORE;
}

static int carry_out_all(struct keeper *k, struct question *first)
{
	bool may_wait = true;
	int r = store_begin(k->store);
	if (r >= 0) {
		aim_keeper(k, first);
		r = keeper_after_begin(k);
	}
	for (struct question *q = first; q && r >= 0; q = q->next) {
		may_wait &= is_one_write(q);
		r = carry_out(k, q);
	}
	if (r >= 0)
		r = keeper_before_commit(k, may_wait);
	return r < 0 ? r : store_commit(k->store);
}

/* ---- the relaxed ledger ---- */

static void fail(struct server *s, int r, const char *what)
{
	log_event(LOG_LEVEL_ERROR, what, LOG_TEXT("why", err_word(r)));
	s->failure = r;
	/* Not loopexit: its own event would wait for ever behind a dead child's socket, which is always readable. */
	event_base_loopbreak(s->base);
}

static void ask_syncer(struct server *s)
{
	struct relaxed *x = &s->relaxed;

	x->is_waiting = false;
	x->is_asked = true;
	int r = syncer_ask(x->fd);
	if (r < 0)
		fail(s, r, "keeper.syncer-lost");
}

static void on_sync_due(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;

	(void) fd;
	(void) what;
	if (!s->relaxed.is_asked) {
		ask_syncer(s);
		return;
	}
	/* The disk is behind: nothing more is acknowledged ahead of it. */
	s->relaxed.is_overtaken = true;
	int r = store_set_durable(s->keeper.store, true);
	if (r < 0)
		fail(s, r, "keeper.not-durable");
}

static void on_synced(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;
	struct relaxed *x = &s->relaxed;

	(void) what;
	int r = syncer_take(fd);
	x->is_asked = false;
	if (r >= 0 && x->is_overtaken) {
		x->is_overtaken = false;
		r = store_set_durable(s->keeper.store, x->within_ms == 0);
		if (r >= 0 && x->is_waiting)
			ask_syncer(s);
	}
	if (r < 0)
		fail(s, r, "keeper.sync-failed");
}

/* After a commit that may not be on disk yet. */
static void note_commit(struct server *s)
{
	struct relaxed *x = &s->relaxed;
	struct timeval within = {.tv_sec = (time_t) (x->within_ms / 1000),
	                         .tv_usec = (suseconds_t) (x->within_ms % 1000 * 1000)};

	if (x->within_ms == 0 || x->is_waiting)
		return;
	x->is_waiting = true;
	event_add(x->timer, &within);
}

static void read_relaxed(struct server *s)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(QUESTION_ARENA_BYTES);
	uint64_t within_ms = 0;

	s->keeper.arena = a;
	int r = keeper_setting_number(&s->keeper, "ledger.acknowledge-within-ms", &within_ms);
	s->keeper.arena = NULL;
	if (r >= 0 && within_ms != s->relaxed.within_ms && !s->relaxed.is_overtaken)
		r = store_set_durable(s->keeper.store, within_ms == 0);
	if (r < 0)
		fail(s, r, "keeper.setting-unread");
	else
		s->relaxed.within_ms = within_ms;
}

static void start_jobs(struct server *s);

static void finish_batch(struct server *s, struct question *first, int r)
{
	for (struct question *q = first, *next; q; q = next) {
		next = q->next;
		if (r < 0)
			q->code = r == ERR_BUSY ? ERR_BUSY : ERR_STORE;
		if (q->code == KEEPER_JOB && s->waiting.count < JOBS_WAITING_MAX) {
			queue_add(&s->waiting, q);
			continue;
		}
		if (q->code == KEEPER_JOB)
			q->code = ERR_BUSY;
		answer_within(q, OUT_TOGETHER_BYTES);
	}
	flush_all(s);
	start_jobs(s);
}

static void run_batch(struct server *s)
{
	struct queue batch;
	struct records_state before = s->keeper.records;

	queue_init(&batch);
	while (s->ready.first && batch.count < BATCH_MAX)
		queue_add(&batch, queue_take(&s->ready));
	if (!batch.first)
		return;
	int r = carry_out_all(&s->keeper, batch.first);
	if (r >= 0)
		note_commit(s);
	if (r < 0) {
		store_rollback(s->keeper.store);
		s->keeper.records = before;
		keeper_after_rollback(&s->keeper);
		log_event(LOG_LEVEL_ERROR, "keeper.batch-failed", LOG_TEXT("why", err_word(r)),
		          LOG_NUMBER("questions", batch.count));
	}
	finish_batch(s, batch.first, r);
}

static void on_batch(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;

	(void) fd;
	(void) what;
	run_batch(s);
	if (s->ready.first)
		event_active(s->batch_event, EV_TIMEOUT, 0);
}

static void make_ready(struct server *s, struct question *q)
{
	queue_add(&s->ready, q);
	event_active(s->batch_event, EV_TIMEOUT, 0);
}

/* ---- jobs ---- */

static void drop_worker(struct worker *w)
{
	event_free(w->event);
	fd_close(w->fd);
	kill(w->pid, SIGKILL);
	waitpid(w->pid, NULL, 0);
	w->fd = -1;
}

/* Workers are forked before the keeper locks itself in; when the last one is gone only a new start helps. */
static void lose_worker(struct server *s, struct worker *w)
{
	unsigned left = 0;

	log_event(LOG_LEVEL_WARNING, "keeper.worker-lost", LOG_NUMBER("pid", w->pid));
	drop_worker(w);
	for (unsigned i = 0; i < WORKER_COUNT; i++)
		left += s->workers[i].fd >= 0;
	if (left == 0)
		fail(s, ERR_CRASHED, "keeper.workers-lost");
}

static void on_worker(evutil_socket_t fd, short what, void *context)
{
	struct worker *w = context;
	struct server *s = w->server;
	struct question *q = TAKE(w->question);

	int r = what & EV_TIMEOUT ? ERR_TIMEOUT : worker_receive(fd, q ? &q->job : NULL);
	if (q) {
		q->job.is_done = true;
		if (r < 0)
			q->job.result = r == ERR_TIMEOUT ? ERR_TIMEOUT : ERR_CRASHED;
		make_ready(s, q);
	}
	if (r < 0)
		lose_worker(s, w);
	else
		event_add(w->event, NULL);
	start_jobs(s);
}

static struct worker *free_worker(struct server *s)
{
	for (unsigned i = 0; i < WORKER_COUNT; i++) {
		if (s->workers[i].fd >= 0 && !s->workers[i].question)
			return &s->workers[i];
	}
	return NULL;
}

static void start_jobs(struct server *s)
{
	struct worker *w;

	while (s->waiting.first && (w = free_worker(s))) {
		struct question *q = queue_take(&s->waiting);
		struct timeval limit = {.tv_sec = q->job.kind == JOB_ARCHIVE ? ARCHIVE_SECONDS_MAX
		                                                             : PASSWORD_SECONDS_MAX};
		q->code = worker_send(w->fd, &q->job);
		if (q->code < 0) {
			answer(q);
			continue;
		}
		w->question = q;
		event_del(w->event);
		event_add(w->event, &limit);
	}
}

static int start_workers(struct server *s)
{
	for (unsigned i = 0; i < WORKER_COUNT; i++) {
		struct worker *w = &s->workers[i];
		w->server = s;
		int r = worker_start(&w->fd, &w->pid);
		if (r < 0)
			return r;
	}
	return 0;
}

static int start_syncer(struct server *s)
{
	char path[PATH_MAX_BYTES];
	int n = snprintf(path, sizeof(path), "%s/" STORE_LOG_NAME, s->options->data_folder);
	if (n < 0 || (size_t) n >= sizeof(path))
		return ERR_TOO_LARGE;
	return syncer_start(path, &s->relaxed.fd, &s->relaxed.pid);
}

/* ---- questions ---- */

static int read_question(struct connection *c, const struct frame *frame, struct question *q)
{
	struct wire_reader reader = wire_reader_make(frame->body);

	q->connection = c;
	q->id = frame->id;
	q->call = (enum keep_call) frame->type;
	q->arena = arena_new(QUESTION_ARENA_BYTES);
	q->person = wire_get_u64(&reader);
	q->program = arena_dup(q->arena, wire_get_str(&reader, EVENT_WORD_MAX_BYTES));
	q->remote = arena_dup(q->arena, wire_get_str(&reader, EVENT_WORD_MAX_BYTES));
	q->in = arena_alloc(q->arena, keep_call_table[q->call].in_bytes);
	q->out = arena_alloc(q->arena, keep_call_table[q->call].out_bytes);
	CHECK(q->in && q->out);
	int r = codec_get(&reader, keep_call_table[q->call].in, q->arena, q->in);
	if (r >= 0)
		r = wire_end(&reader);
	if (r >= 0 && q->program.n && !event_is_word(q->program))
		r = ERR_INVALID;
	return r;
}

/* < 0: the other side does not speak our language, the connection ends. */
static int take_frame(struct connection *c, const struct frame *frame)
{
	if (frame->type >= KEEP_CALL_COUNT || c->open_questions >= QUESTIONS_EACH_MAX)
		return ERR_INVALID;
	struct question *q = calloc(1, sizeof(*q));
	CHECK(q);
	c->open_questions++;
	q->code = read_question(c, frame, q); /* an error is answered in its turn */
	make_ready(c->server, q);
	return 0;
}

static int take_frames(struct connection *c)
{
	struct frame frame;
	int r;

	while (!c->is_closed && (r = frame_parser_next(&c->parser, &frame)) != 0) {
		if (r > 0)
			r = take_frame(c, &frame);
		if (r < 0)
			return r;
	}
	return 0;
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	struct connection *c = context;
	int r;

	(void) what;
	c->open_questions++; /* it must not vanish while its questions are read */
	do {
		r = frame_parser_read(&c->parser, fd);
		if (r > 0 && take_frames(c) < 0)
			r = ERR_INVALID;
	} while (r > 0 && !c->is_closed);
	if (r < 0 && r != ERR_AGAIN)
		close_connection(c);
	c->open_questions--;
	release_connection(c);
}

static bool may_connect(struct server *s, int fd, struct socket_peer *ret_peer)
{
	return s->connection_count < CONNECTIONS_MAX && socket_peer(fd, ret_peer) >= 0 &&
	       (ret_peer->uid == getuid() || ret_peer->uid == 0) && fd_set_nonblocking(fd) >= 0;
}

static void on_connection(evutil_socket_t listener, short what, void *context)
{
	struct server *s = context;
	struct socket_peer peer;
	int fd = -1;

	(void) what;
	if (socket_accept(listener, &fd) < 0)
		return;
	if (!may_connect(s, fd, &peer)) {
		fd_close(fd);
		return;
	}
	struct connection *c = calloc(1, sizeof(*c));
	CHECK(c);
	*c = (struct connection){
	        .server = s, .fd = fd, .pid = peer.pid, .next = s->connections, .out = buf_make(OUT_MAX_BYTES)};
	frame_parser_init(&c->parser, KEEP_QUESTION_MAX_BYTES);
	s->connections = c;
	s->connection_count++;
	c->read_event = event_new(s->base, fd, EV_READ | EV_PERSIST, on_readable, c);
	c->write_event = event_new(s->base, fd, EV_WRITE, on_writable, c);
	CHECK(c->read_event && c->write_event);
	event_priority_set(c->read_event, PRIORITY_READ);
	event_add(c->read_event, NULL);
}

/* ---- clock ---- */

static int in_transaction(struct server *s, int (*work)(struct keeper *))
{
	struct records_state before = s->keeper.records;
	CLEANUP(arena_freep) struct arena *a = arena_new(QUESTION_ARENA_BYTES);

	s->keeper.arena = a;
	s->keeper.now_us = clock_now_us();
	s->keeper.person = (struct keep_person){0};
	s->keeper.program = s->keeper.remote = (struct str){NULL, 0};
	int r = store_begin(s->keeper.store);
	if (r >= 0)
		r = keeper_after_begin(&s->keeper);
	if (r >= 0)
		r = work(&s->keeper);
	if (r >= 0)
		r = keeper_before_commit(&s->keeper, false);
	if (r >= 0)
		r = store_commit(s->keeper.store);
	if (r < 0) {
		store_rollback(s->keeper.store);
		s->keeper.records = before;
		keeper_after_rollback(&s->keeper);
		log_event(LOG_LEVEL_ERROR, "keeper.clock-failed", LOG_TEXT("why", err_word(r)));
	}
	s->keeper.arena = NULL;
	return r;
}

static int seal(struct keeper *k)
{
	return records_seal(k->store, &k->records, &k->signer, k->now_us);
}

static int count_only(struct keeper *k)
{
	(void) k;
	return 0;
}

static int record_start(struct keeper *k)
{
	struct event e = event_make("server.started", k->now_us);
	return keeper_record(k, &e);
}

static int record_stop(struct keeper *k)
{
	struct event e = event_make("server.stopped", k->now_us);
	return keeper_record(k, &e);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;
	int64_t now_us = clock_monotonic_us();
	uint64_t open = s->keeper.records.tree.size - s->keeper.records.sealed;

	(void) fd;
	(void) what;
	if (open == 0)
		s->last_seal_us = now_us;
	if (open > 0 &&
	    (open >= SEAL_AFTER_RECORDS || now_us - s->last_seal_us >= SEAL_AFTER_SECONDS * CLOCK_SECOND_US) &&
	    in_transaction(s, seal) >= 0)
		s->last_seal_us = now_us;
	if (keeper_is_counting(&s->keeper))
		(void) in_transaction(s, count_only);
	read_relaxed(s);
	if (now_us - s->last_clock_us >= CLOCK_EVERY_SECONDS * CLOCK_SECOND_US) {
		s->last_clock_us = now_us;
		(void) in_transaction(s, keeper_run_clock);
	}
}

static void on_end(evutil_socket_t number, short what, void *context)
{
	(void) number;
	(void) what;
	event_base_loopbreak(context);
}

/* ---- the whole ---- */

static void add_events(struct server *s, int listener)
{
	struct timeval second = {.tv_sec = 1};

	event_base_priority_init(s->base, PRIORITIES);
	s->listen_event = event_new(s->base, listener, EV_READ | EV_PERSIST, on_connection, s);
	s->batch_event = event_new(s->base, -1, 0, on_batch, s);
	s->tick_event = event_new(s->base, -1, EV_PERSIST, on_tick, s);
	s->term_event = evsignal_new(s->base, SIGTERM, on_end, s->base);
	s->interrupt_event = evsignal_new(s->base, SIGINT, on_end, s->base);
	CHECK(s->listen_event && s->batch_event && s->tick_event && s->term_event && s->interrupt_event);
	event_priority_set(s->listen_event, PRIORITY_READ);
	event_priority_set(s->batch_event, PRIORITY_BATCH);
	event_priority_set(s->tick_event, PRIORITY_BATCH);
	s->relaxed.answer_event = event_new(s->base, s->relaxed.fd, EV_READ | EV_PERSIST, on_synced, s);
	s->relaxed.timer = evtimer_new(s->base, on_sync_due, s);
	CHECK(s->relaxed.answer_event && s->relaxed.timer);
	event_priority_set(s->relaxed.answer_event, PRIORITY_READ);
	event_priority_set(s->relaxed.timer, PRIORITY_READ);
	event_add(s->relaxed.answer_event, NULL);
	event_add(s->listen_event, NULL);
	event_add(s->tick_event, &second);
	event_add(s->term_event, NULL);
	event_add(s->interrupt_event, NULL);
	for (unsigned i = 0; i < WORKER_COUNT; i++) {
		struct worker *w = &s->workers[i];
		w->event = event_new(s->base, w->fd, EV_READ, on_worker, w);
		CHECK(w->event);
		event_priority_set(w->event, PRIORITY_READ);
		event_add(w->event, NULL);
	}
}

/* What was asked before the end is still answered; what a child is busy with is not. */
static void end_everything(struct server *s)
{
	struct event *const events[] = {s->listen_event,    s->batch_event,          s->tick_event,   s->term_event,
	                                s->interrupt_event, s->relaxed.answer_event, s->relaxed.timer};

	while (s->ready.first)
		run_batch(s);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		event_free(events[i]);
	/* The store is closed durably: its log goes into the database, synced. */
	fd_close(s->relaxed.fd);
	kill(s->relaxed.pid, SIGKILL);
	waitpid(s->relaxed.pid, NULL, 0);
	for (unsigned i = 0; i < WORKER_COUNT; i++) {
		if (s->workers[i].question)
			free_question(TAKE(s->workers[i].question));
		if (s->workers[i].fd >= 0)
			drop_worker(&s->workers[i]);
	}
	while (s->waiting.first)
		free_question(queue_take(&s->waiting));
	for (struct connection *c = s->connections, *next; c; c = next) {
		next = c->next;
		c->open_questions = 0;
		close_connection(c);
		release_connection(c);
	}
	event_base_free(s->base);
}

int keep_serve(const struct keep_serve_options *options)
{
	struct server s = {.last_seal_us = clock_monotonic_us(), .options = options};

	queue_init(&s.ready);
	queue_init(&s.waiting);
	/* First of all: a worker must not hold a copy of the key or of the open store. */
	int r = start_workers(&s);
	if (r >= 0)
		r = start_syncer(&s);
	if (r >= 0)
		r = fd_set_nonblocking(options->listener);
	if (r >= 0)
		r = keeper_open(&s.keeper, options->data_folder);
	if (r < 0)
		return r;
	s.base = event_base_new();
	CHECK(s.base);
	add_events(&s, options->listener);
	read_relaxed(&s);
	r = s.failure < 0 ? s.failure : in_transaction(&s, record_start);
	if (r >= 0 && options->ready)
		r = options->ready(options->context);
	if (r >= 0 && event_base_dispatch(s.base) < 0)
		r = ERR_SYSTEM;
	end_everything(&s);
	r = r < 0 ? r : s.failure;
	if (r >= 0)
		r = store_set_durable(s.keeper.store, true);
	if (r >= 0)
		r = in_transaction(&s, record_stop);
	int closed = keeper_close(&s.keeper);
	return r < 0 ? r : closed;
}
