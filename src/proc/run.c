/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way into a process of the table: arguments, user, namespaces; then its own main, and from there its jail. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/proc.h"

enum { ARGUMENT_NAME = 2, ARGUMENT_INDEX, ARGUMENT_DATA, ARGUMENT_RULES, ARGUMENT_REPORT, ARGUMENT_LISTENERS };
enum { NOBODY = 65534, EXIT_USE = 1, RUN_PATH_MAX_BYTES = 4096 + 8 };

static const struct proc_entry *entry_of(const char *name)
{
	for (const struct proc_entry *e = proc_table; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

static int read_descriptor(const char *text, int *ret)
{
	uint64_t number;
	int r = str_parse_u64(str_of(text), INT32_MAX, &number);
	if (r < 0 || fcntl((int) number, F_GETFD) < 0)
		return ERR_INVALID;
	*ret = (int) number;
	return fd_set_inherited((int) number, 0);
}

static int read_arguments(int argc, char **argv, struct proc_context *ret)
{
	uint64_t index;

	if (argc < ARGUMENT_LISTENERS || argc > ARGUMENT_LISTENERS + PROC_LISTENERS_MAX ||
	    str_parse_u64(str_of(argv[ARGUMENT_INDEX]), PROC_COUNT_MAX, &index) < 0)
		return ERR_INVALID;
	*ret = (struct proc_context){.name = argv[ARGUMENT_NAME],
	                             .index = (unsigned) index,
	                             .data_folder = argv[ARGUMENT_DATA],
	                             .rules_folder = argv[ARGUMENT_RULES],
	                             .report_fd = -1};
	if (strcmp(argv[ARGUMENT_REPORT], "-") != 0 && read_descriptor(argv[ARGUMENT_REPORT], &ret->report_fd) < 0)
		return ERR_INVALID;
	for (int i = ARGUMENT_LISTENERS; i < argc; i++)
		if (read_descriptor(argv[i], &ret->listeners[ret->listener_count++]) < 0)
			return ERR_INVALID;
	return 0;
}

/* As root: readers become nobody, the others whoever owns the data folder. */
static int separate(const struct proc_entry *entry, const struct proc_context *context)
{
	struct stat folder;
	jail_set in_force;

	if (stat(context->data_folder, &folder) != 0)
		return ERR_NOT_FOUND;
	bool is_zygote = entry->jail == JAIL_ZYGOTE;
	int r = jail_separate(entry->jail, is_zygote ? NOBODY : folder.st_uid, is_zygote ? NOBODY : folder.st_gid,
	                      &in_force);
	/* After a change of user the kernel forgets it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* What root wrote its owner could not read. */
	if (r >= 0 && !is_zygote && geteuid() == 0 && folder.st_uid != 0)
		return ERR_SYSTEM;
	return r;
}

int proc_run(int argc, char **argv)
{
	struct proc_context context;

	if (read_arguments(argc, argv, &context) < 0)
		return EXIT_USE;
	const struct proc_entry *entry = entry_of(context.name);
	if (!entry || !entry->run)
		return EXIT_USE;
	log_set_process(entry->name);
	signal(SIGPIPE, SIG_IGN);
	int r = chdir(context.data_folder) == 0 ? separate(entry, &context) : ERR_NOT_FOUND;
	if (r >= 0)
		r = entry->run(&context);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "process.failed", LOG_TEXT("why", err_text(r)));
	return r < 0 ? EXIT_USE : 0;
}

static int enter(const struct proc_entry *entry, const struct proc_context *context, jail_set *ret)
{
	const char *const read[] = {context->rules_folder,
	                            context->data_folder,
	                            "/usr/share/zoneinfo",
	                            "/etc/localtime",
	                            "/dev/null",
	                            "/dev/urandom",
	                            NULL};
	const char *const mail[] = {"/etc/ssl",
	                            "/usr/lib/ssl",
	                            "/usr/share/ca-certificates",
	                            "/usr/share/zoneinfo",
	                            "/etc/localtime",
	                            "/etc/resolv.conf",
	                            "/etc/hosts",
	                            "/etc/host.conf",
	                            "/etc/gai.conf",
	                            "/etc/nsswitch.conf",
	                            "/etc/services",
	                            "/dev/null",
	                            "/dev/urandom",
	                            NULL};
	const char *const fonts[] = {"/etc/fonts",
	                             "/usr/share/fonts",
	                             "/usr/share/fontconfig",
	                             "/var/cache/fontconfig",
	                             "/dev/null",
	                             "/dev/urandom",
	                             NULL};
	const char *const write[] = {context->data_folder, NULL};
	/* Certificates that are looked up by name; the resolver's files, when they change; the way to the keeper. */
	char run[RUN_PATH_MAX_BYTES];
	snprintf(run, sizeof(run), "%s/run", context->data_folder);
	const char *const trusted[] = {"/etc/ssl",
	                               "/usr/lib/ssl",
	                               "/usr/share/ca-certificates",
	                               "/etc/resolv.conf",
	                               "/etc/hosts",
	                               "/dev/null",
	                               "/dev/urandom",
	                               run,
	                               NULL};

	switch (entry->jail) {
	case JAIL_KEEPER:
		return jail_enter(entry->jail, &(struct jail_grants){read, write}, NULL, ret);
	case JAIL_GATE:
		return jail_enter(entry->jail, &(struct jail_grants){.read = trusted, .connects = true}, NULL, ret);
	case JAIL_POST:
		return jail_enter(entry->jail, &(struct jail_grants){.read = mail, .connects = true}, NULL, ret);
	case JAIL_WEB:
		return jail_enter(entry->jail, &(struct jail_grants){read, NULL}, NULL, ret);
	case JAIL_PRESS:
		return jail_enter(entry->jail, &(struct jail_grants){.read = fonts}, NULL, ret);
	default:
		return jail_enter(entry->jail, NULL, NULL, ret);
	}
}

int proc_enter_jail(const struct proc_context *context)
{
	const struct proc_entry *entry = entry_of(context->name);
	jail_set in_force;

	CHECK(entry);
	int r = enter(entry, context, &in_force);
	if (r < 0)
		return r;
	if (context->report_fd >= 0) {
		r = fd_write_all(context->report_fd, &in_force, sizeof(in_force));
		fd_close(context->report_fd);
	}
	return r;
}
