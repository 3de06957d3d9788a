/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of fields in rows.def and messages.def as members of structs. No #pragma once: fields-end.h takes them
 * away, another place may give them another meaning. Every member is 8 bytes wide or made of 8-byte members. */
#define NUMBER(name) uint64_t name;
#define TIME(name) int64_t name; /* microseconds; 0: none */
#define FLAG(name) _Alignas(8) bool name;
#define REAL(name) double name;
#define TEXT(name) struct str name; /* UTF-8 */
#define BYTES(name) struct str name;
#define LIST(row, name) struct keep_##row##_list name;
