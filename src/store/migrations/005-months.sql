-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the president's page says of a month, as it stood when the month was over. month: year * 100 + month; name: see
-- keep/handle-month.c.
CREATE TABLE month_figure (
	month INTEGER NOT NULL,
	name TEXT NOT NULL,
	value INTEGER NOT NULL,
	made_us INTEGER NOT NULL,
	PRIMARY KEY (month, name)
) STRICT, WITHOUT ROWID;
