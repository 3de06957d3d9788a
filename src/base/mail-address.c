/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mail-address.h"

#include <string.h>

enum { LABEL_MAX_BYTES = 63 };

static bool is_label(struct str label, const char *others)
{
	for (size_t i = 0; i < label.n; i++)
		if (!ascii_is_alnum(label.p[i]) && !(label.p[i] && strchr(others, label.p[i])))
			return false;
	return label.n > 0;
}

static bool is_domain(struct str domain)
{
	struct str label;
	size_t labels = 0;
	if (str_ends_with(domain, STR(".")))
		return false;
	for (; str_split(&domain, '.', &label); labels++)
		if (!is_label(label, "-") || label.n > LABEL_MAX_BYTES || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
	return labels >= 2;
}

bool mail_address_is_fit(struct str address)
{
	size_t at = str_find_char(address, '@', 0);
	struct str name = str_slice(address, 0, at), label;
	if (at == STR_NOT_FOUND || address.n > MAIL_ADDRESS_MAX_BYTES || name.n == 0 || name.n > MAIL_NAME_MAX_BYTES ||
	    str_ends_with(name, STR(".")))
		return false;
	while (str_split(&name, '.', &label))
		if (!is_label(label, "!#$%&'*+-/=?^_`{|}~"))
			return false;
	return is_domain(str_slice(address, at + 1, address.n));
}
