/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/rules.h"
#include "cli/setup.h"
#include "cli/table.h"
#include "jail/jail.h"
#include "proc/master.h"

enum { PROCESSES_MAX = 8, KEY_MAX_BYTES = 64, CACHE_PATH_MAX_BYTES = 4096, ZONE_WORD_LEAST = 3, ZONE_HOURS_MAX = 14 };

static const char default_address[] = "127.0.0.1:8119", default_gate[] = "127.0.0.1:8120", default_zone[] = "JST-9";

static void say_missing_mechanisms(const struct command_call *call)
{
	struct jail_probe found[JAIL_MECHANISM_COUNT];
	jail_probe(found);
	for (size_t i = 0; i < JAIL_MECHANISM_COUNT; i++) {
		char key[KEY_MAX_BYTES];
		if (found[i].available)
			continue;
		snprintf(key, sizeof(key), "mechanism.%s.name", jail_mechanism_word(found[i].mechanism));
		COMMAND_SAY(call, "server.mechanism-missing", {"name", str_of(i18n_text(call->language, key))},
		            {"detail", str_of(found[i].detail)});
	}
}

/* The web process serves HTTPS alone when there is one. */
static bool has_certificate(const struct command_call *call)
{
	char path[CACHE_PATH_MAX_BYTES];
	snprintf(path, sizeof(path), "%s/tls/certificate.pem", call->data_folder);
	return access(path, F_OK) == 0;
}

/* Runs beside the master as soon as the processes are started. */
static void greet(void *context)
{
	const struct command_call *call = context;
	const char *listen = command_value(call, "listen");
	char address[256];

	say_missing_mechanisms(call);
	/* A page on "every address" is opened at this machine's own. */
	struct str where = str_of(listen ? listen : default_address);
	bool everywhere = str_starts_with(where, STR("0.0.0.0:")) || str_starts_with(where, STR("[::]:"));
	snprintf(address, sizeof(address), "http%s://%s%.*s/", has_certificate(call) ? "s" : "",
	         everywhere ? "localhost" : "",
	         STR_ARG(everywhere ? str_slice(where, str_rfind_char(where, ':'), where.n) : where));
	COMMAND_SAY(call, "server.address", {"address", str_of(address)});
	(void) cli_say_setup_code(call);
}

/* A mistake in the rules is better told here than by a process that keeps dying. They are not kept: the master does
 * nothing but watch. */
static int check_rules(const struct command_call *call)
{
	struct rules *rules = NULL;
	char cache[CACHE_PATH_MAX_BYTES];

	/* The patterns compiled here are there for the web processes, which only read them. */
	(void) mkdir(call->data_folder, 0700);
	snprintf(cache, sizeof(cache), "%s/cache", call->data_folder);
	int r = cli_load_rules_keeping(call, cache, &rules);
	rules_free(rules);
	malloc_trim(0);
	return r;
}

/* COMMAND_OK, or what is wrong with the number. */
static int read_count(const struct command_call *call, const char *option, unsigned *ret)
{
	const char *text = command_value(call, option);
	uint64_t number = 0;

	if (text && (str_parse_u64(str_of(text), PROCESSES_MAX, &number) < 0 || number == 0)) {
		COMMAND_COMPLAIN(call, "cli.bad-value", 0, {"option", str_of(option)}, {"value", str_of(text)});
		return COMMAND_BAD_USE;
	}
	*ret = (unsigned) number;
	return COMMAND_OK;
}

/* "JST-9": a word, then the offset. */
static bool is_offset_zone(struct str zone)
{
	size_t word = 0;
	while (word < zone.n && ascii_is_alpha(zone.p[word]))
		word++;
	struct str rest = str_slice(zone, word, zone.n);
	if (rest.n > 0 && (rest.p[0] == '+' || rest.p[0] == '-'))
		rest = str_slice(rest, 1, rest.n);
	uint64_t hours;
	return word >= ZONE_WORD_LEAST && str_parse_u64(rest, ZONE_HOURS_MAX, &hours) >= 0;
}

static bool is_named_zone(struct str zone)
{
	char path[CACHE_PATH_MAX_BYTES];
	struct stat file;
	if (zone.n == 0 || zone.p[0] == '/' || str_find(zone, STR(".."), 0) != STR_NOT_FOUND)
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", STR_ARG(zone));
	return stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

/* A rented machine runs on UTC; the people are in Japan. All processes inherit it. */
static int choose_zone(const struct command_call *call)
{
	const char *asked = command_value(call, "zone"), *inherited = getenv("TZ");
	const char *zone = asked ? asked : inherited && *inherited ? inherited : default_zone;
	if (asked && !is_offset_zone(str_of(zone)) && !is_named_zone(str_of(zone))) {
		COMMAND_COMPLAIN(call, "server.bad-zone", 0, {"zone", str_of(zone)});
		return COMMAND_BAD_USE;
	}
	CHECK(setenv("TZ", zone, 1) == 0);
	tzset();
	return COMMAND_OK;
}

int command_server(struct command_call *call)
{
	const char *listen = command_value(call, "listen"), *gate = command_value(call, "gate-listen");
	struct master_settings settings = {
	        .data_folder = call->data_folder,
	        .rules_folder = call->rules_folder,
	        .addresses = {str_of(listen ? listen : default_address)},
	        .address_count = 1,
	        .on_ready = greet,
	        .context = call,
	};

	if (!gate || !str_eq_c(str_of(gate), "none")) {
		settings.gate_addresses[0] = str_of(gate ? gate : default_gate);
		settings.gate_address_count = 1;
	}
	int counted = read_count(call, "web-processes", &settings.web_count);
	if (counted == COMMAND_OK)
		counted = read_count(call, "gate-processes", &settings.gate_count);
	if (counted == COMMAND_OK)
		counted = choose_zone(call);
	if (counted != COMMAND_OK)
		return counted;
	if (check_rules(call) < 0)
		return COMMAND_PROBLEM;
	int r = master_run(&settings);
	if (r == ERR_INVALID)
		COMMAND_COMPLAIN(call, "server.bad-listen", 0);
	else if (r == ERR_CONFLICT)
		COMMAND_COMPLAIN(call, "server.address-taken", 0, {"web", settings.addresses[0]},
		                 {"gate", settings.gate_address_count ? settings.gate_addresses[0] : STR("none")});
	else if (r == ERR_EXISTS)
		COMMAND_COMPLAIN(call, "server.folder-taken", 0, {"path", str_of(call->data_folder)});
	else if (r < 0)
		COMMAND_COMPLAIN(call, "server.failed", r);
	return r == ERR_INVALID ? COMMAND_BAD_USE : r < 0 ? COMMAND_PROBLEM : COMMAND_OK;
}
