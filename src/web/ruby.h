/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Readings over Chinese characters, for やさしい日本語. The catalogue writes them as Aozora Bunko does: 電話《でんわ》,
 * the reading in 《》 behind the run of characters that it belongs to. */
#pragma once

#include "base/buf.h"
#include "base/str.h"

/* Appends text as HTML, everything escaped: <ruby>電話<rp>（</rp><rt>でんわ</rt><rp>）</rp></ruby>. A reading without
 * characters before it, and one that does not end, stay as they are written. */
int ruby_add(struct buf *b, struct str text);
/* The same without readings. */
int ruby_add_plain(struct buf *b, struct str text);
