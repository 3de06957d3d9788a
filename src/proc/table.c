/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All processes. What each level of jail allows is in src/jail/level.c; pauses before a restart are the same for all
 * (master.c). Compiled into each program but the front with SONAE_PROGRAM saying which one it is. */
#include "proc/proc.h"

enum { HOUSE = 1, READER, PRESS, POST };

#define HERE(program, main) (SONAE_ONE_PROGRAM || SONAE_PROGRAM == (program) ? (main) : NULL)

const struct proc_entry proc_table[] = {
        {"keeper", HERE(HOUSE, keeper_main), JAIL_KEEPER, PROC_KEEPER_SOCKET, 1, PROC_NO_ADDRESSES, PROC_HOUSE_PROGRAM},
        {"reader", HERE(READER, reader_main), JAIL_ZYGOTE, PROC_READER_SOCKET, 1, PROC_NO_ADDRESSES,
         PROC_READER_PROGRAM},
        {"press", HERE(PRESS, press_main), JAIL_PRESS, PROC_PRESS_SOCKET, 1, PROC_NO_ADDRESSES, PROC_PRESS_PROGRAM},
        {"post", HERE(POST, post_main), JAIL_POST, NULL, 1, PROC_NO_ADDRESSES, PROC_POST_PROGRAM},
        {"gate", HERE(HOUSE, gate_main), JAIL_GATE, PROC_GATE_SOCKET, 1, PROC_GATE_ADDRESSES, PROC_HOUSE_PROGRAM},
        {"web", HERE(HOUSE, web_main), JAIL_WEB, NULL, 2, PROC_WEB_ADDRESSES, PROC_HOUSE_PROGRAM},
        {"private-reader", HERE(READER, private_reader_main), JAIL_ZYGOTE, NULL, 0, PROC_NO_ADDRESSES,
         PROC_READER_PROGRAM},
        {NULL, NULL, JAIL_WEB, NULL, 0, PROC_NO_ADDRESSES, NULL},
};
