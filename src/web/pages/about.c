/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this is, and its licence. */
#include "web/page.h"

int about_page(struct page *p)
{
	page_put(p, "licence", json_string("GPL-3.0-or-later"));
	return 0;
}
