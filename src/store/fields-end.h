/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ends what fields.h began. */
#undef NUMBER
#undef TIME
#undef FLAG
#undef REAL
#undef TEXT
#undef BYTES
#undef LIST
