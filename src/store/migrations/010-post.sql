-- SPDX-License-Identifier: GPL-3.0-or-later
-- Mail that goes out. A row is there before anything is sent and stays until it was sent or given up; "once" is the
-- reason that the same thing is not told twice. What a mail says is sealed (keep/handle-mail.c) and forgotten when it
-- is done. state: 0 waiting, 1 sent, 2 given up. person 0: an address without an account, inside what is sealed.
ALTER TABLE person ADD COLUMN mail TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN reminds INTEGER NOT NULL DEFAULT 1;
ALTER TABLE invitation ADD COLUMN mail TEXT NOT NULL DEFAULT '';
CREATE TABLE mail (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	once TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	person INTEGER NOT NULL,
	sealed_facts BLOB NOT NULL,
	made_us INTEGER NOT NULL,
	next_us INTEGER NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0,
	state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),
	done_us INTEGER NOT NULL DEFAULT 0,
	outcome TEXT NOT NULL DEFAULT '',
	answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_next ON mail (state, next_us);
CREATE INDEX mail_person ON mail (person, state, done_us);
