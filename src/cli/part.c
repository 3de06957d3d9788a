/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the programs of single processes (reader, press, post) begin with. The master starts them, or `sonae check`;
 * never a person. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "proc/proc.h"

enum { EXIT_NOT_FOR_PEOPLE = 1 };

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "run-process") == 0)
		return proc_run(argc, argv);
	fputs("This is a part of Sonae and nothing that people start; see sonae --help.\n", stderr);
	return EXIT_NOT_FOR_PEOPLE;
}
