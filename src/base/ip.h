/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/str.h"

/* "192.0.2.7", "2001:db8::1": as inet_pton() takes it, without brackets, port or zone. */
bool ip_is_address(struct str text);
