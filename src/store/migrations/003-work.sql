-- SPDX-License-Identifier: GPL-3.0-or-later
-- Work with AI that belongs to a person: conversations, to-dos, how often and how. What people wrote is sealed under a
-- key of the person (keep/handle-talk.c); the database alone gives none of it away.

CREATE TABLE talk (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person INTEGER NOT NULL,
	sealed_title BLOB NOT NULL,
	template TEXT NOT NULL,
	model TEXT NOT NULL,
	created_us INTEGER NOT NULL,
	used_us INTEGER NOT NULL
) STRICT;
CREATE INDEX talk_person ON talk (person, used_us);

-- speaker: 0 the person, 1 the model
CREATE TABLE talk_turn (
	talk INTEGER NOT NULL REFERENCES talk (id) ON DELETE CASCADE,
	number INTEGER NOT NULL,
	speaker INTEGER NOT NULL CHECK (speaker IN (0, 1)),
	sealed_text BLOB NOT NULL,
	created_us INTEGER NOT NULL,
	PRIMARY KEY (talk, number)
) STRICT, WITHOUT ROWID;

-- Reading somebody's conversations takes two people and a reason, and the person is told. state: 0 asked, 1 open,
-- 2 refused.
CREATE TABLE talk_opening (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person INTEGER NOT NULL,
	asked_by INTEGER NOT NULL,
	reason TEXT NOT NULL,
	asked_us INTEGER NOT NULL,
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
	decided_by INTEGER NOT NULL DEFAULT 0,
	decided_us INTEGER NOT NULL DEFAULT 0,
	seen_us INTEGER NOT NULL DEFAULT 0
) STRICT;

-- due: YYYY-MM-DD or empty
CREATE TABLE todo (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person INTEGER NOT NULL,
	owner TEXT NOT NULL,
	due TEXT NOT NULL,
	sealed_task BLOB NOT NULL,
	created_us INTEGER NOT NULL,
	done_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX todo_person ON todo (person, done_us, due);

-- A company's own work templates; one with the id of a shipped one takes its place.
CREATE TABLE work_template (
	id TEXT PRIMARY KEY,
	yaml TEXT NOT NULL,
	changed_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person did with AI in a month, by name: "use.AI-2", "minutes", "copied", "copied-unchanged", "exported",
-- "exported-unchecked", "check.1" ... month: year * 100 + month.
CREATE TABLE work_sum (
	person INTEGER NOT NULL,
	month INTEGER NOT NULL,
	name TEXT NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (person, month, name)
) STRICT, WITHOUT ROWID;
