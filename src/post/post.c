/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "post/post.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "post/compose.h"
#include "post/round.h"

enum { ARENA_BYTES = 48 * 1024 * 1024, MAILS_EACH = 20, ROUND_AGAIN_SECONDS = 600 };

static const struct keep_actor actor = {.program = {"post", 4}};

static int add_all(struct post *p, const struct keep_mail_round_out *day, const struct keep_mail_new_list *mails,
                   struct arena *a)
{
	size_t done = 0;
	int r;
	do {
		size_t n = mails->n - done < MAILS_EACH ? mails->n - done : MAILS_EACH;
		struct keep_mail_add_in in = {.day = day->today, .is_last = done + n == mails->n};
		struct keep_mail_add_out out;
		in.mails.at = mails->at + done;
		in.mails.n = n;
		r = keep_mail_add(p->keep, &actor, &in, a, &out);
		done += n;
	} while (r >= 0 && done < mails->n);
	return r;
}

static int make_round(struct post *p, struct arena *a)
{
	struct keep_mail_round_out day;
	struct keep_mail_new_list mails = {0};
	int r = keep_mail_round(p->keep, &actor, &(struct keep_mail_round_in){0}, a, &day);
	if (r >= 0)
		r = round_make(&day, a, &mails);
	if (r >= 0)
		r = add_all(p, &day, &mails, a);
	if (r >= 0)
		log_event(LOG_LEVEL_INFO, "post.round", LOG_NUMBER("mails", (int64_t) mails.n));
	return r;
}

static void send_one(struct post *p, const struct keep_mail_server *server, const struct keep_mail_job *job,
                     struct send_result *ret)
{
	CLEANUP(buf_wipe_done) struct buf message = buf_make(COMPOSE_MAX_BYTES);
	int r = compose_mail(job, server, clock_now_us(), &message);
	if (r < 0)
		*ret = (struct send_result){.outcome = r == ERR_TOO_LARGE ? SEND_TOO_LARGE : SEND_OTHER,
		                            .is_final = true};
	else
		sender_send(p->sender, server, job->address, buf_str(&message), ret);
}

static int deliver(struct post *p, const struct keep_mail_take_out *taken, struct arena *a)
{
	const struct keep_mail_job *job = &taken->jobs.at[0];
	struct keep_mail_result_out out;
	struct send_result result;

	send_one(p, &taken->servers.at[0], job, &result);
	const char *word = send_outcome_word(result.outcome);
	log_event(result.outcome == SEND_OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "post.mail",
	          LOG_TEXT("outcome", word), LOG_NUMBER("mail", (int64_t) job->id));
	struct keep_mail_result_in in = {.id = job->id,
	                                 .outcome = str_of(word),
	                                 .answer = str_of(result.said),
	                                 .is_final = result.is_final,
	                                 .is_server = result.is_server};
	int r = keep_mail_result(p->keep, &actor, &in, a, &out);
	return r < 0 && r != ERR_NOT_FOUND ? r : 1;
}

static int step(struct post *p, struct arena *a)
{
	struct keep_mail_take_out out;
	int r = keep_mail_take(p->keep, &actor, &(struct keep_mail_take_in){0}, a, &out);
	if (r < 0)
		return r;
	bool has_round = out.is_round_due && clock_monotonic_us() >= p->round_after_us;
	if (has_round)
		r = make_round(p, a);
	if (r < 0) {
		p->round_after_us = clock_monotonic_us() + ROUND_AGAIN_SECONDS * CLOCK_SECOND_US;
		log_event(LOG_LEVEL_WARNING, "post.no-round", LOG_TEXT("why", err_word(r)));
	}
	if (out.jobs.n == 1 && out.servers.n == 1)
		return deliver(p, &out, a);
	return r >= 0 && has_round;
}

int post_step(struct post *p)
{
	struct arena *a = arena_new(ARENA_BYTES);
	int r = step(p, a);
	arena_free_wiped(a);
	return r;
}
