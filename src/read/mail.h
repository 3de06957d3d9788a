/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message of RFC 5322 into the document. */
#pragma once

#include "read/reading.h"

reader_bid mail_bid;
reader_read mail_read;
