/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of pages, made from pages.def. */
#include "web/page.h"

const struct page_entry page_table[] = {
#define PAGE(path, methods, who, run, template_name, flags) {path, methods, who, run, template_name, flags},
#include "web/pages.def"
#undef PAGE
        {NULL, 0, 0, NULL, NULL, 0},
};
