/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text that a person pasted or typed: mail without its header, SMS, what a caller said, what a screen shows; and files.
 */
#pragma once

#include "read/reading.h"

/* Any text, the last resort. */
reader_bid text_bid;
reader_read text_read;
/* A saved web page or an HTML mail without its header. */
reader_bid html_bid;
/* Addresses, one on each line. */
reader_bid url_bid;
reader_read url_read;
/* A file that is neither text nor picture: read as an attachment without a message. */
reader_bid file_bid;
reader_read file_read;
