/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All processes. What each level of jail allows is in src/jail/level.c; pauses before a restart are the same for all
 * (master.c). */
#include "proc/proc.h"

const struct proc_entry proc_table[] = {
        {"keeper", keeper_main, JAIL_KEEPER, PROC_KEEPER_SOCKET, 1, PROC_NO_ADDRESSES},
        {"reader", reader_main, JAIL_ZYGOTE, PROC_READER_SOCKET, 1, PROC_NO_ADDRESSES},
        {"press", press_main, JAIL_PRESS, PROC_PRESS_SOCKET, 1, PROC_NO_ADDRESSES},
        {"post", post_main, JAIL_POST, NULL, 1, PROC_NO_ADDRESSES},
        {"gate", gate_main, JAIL_GATE, PROC_GATE_SOCKET, 1, PROC_GATE_ADDRESSES},
        {"web", web_main, JAIL_WEB, NULL, 2, PROC_WEB_ADDRESSES},
        {"private-reader", private_reader_main, JAIL_ZYGOTE, NULL, 0, PROC_NO_ADDRESSES},
        {NULL, NULL, JAIL_WEB, NULL, 0, PROC_NO_ADDRESSES},
};
