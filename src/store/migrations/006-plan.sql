-- SPDX-License-Identifier: GPL-3.0-or-later
-- Registers (devices, partners, businesses, tasks ...): every change is a row, the last one of an item counts.
-- body: a JSON object of texts as src/plan/register.h knows them, '' when the item was taken out.
CREATE TABLE item_change (
	number INTEGER PRIMARY KEY,
	item INTEGER NOT NULL,
	register TEXT NOT NULL,
	body TEXT NOT NULL,
	due TEXT NOT NULL,
	changed_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT;
CREATE INDEX item_change_by_item ON item_change (item, number);

-- What happened, and everything that was written down about it: rows are added, never changed.
CREATE TABLE incident (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	is_drill INTEGER NOT NULL,
	known_us INTEGER NOT NULL,
	started_us INTEGER NOT NULL,
	started_by INTEGER NOT NULL,
	closed_us INTEGER NOT NULL DEFAULT 0,
	closed_by INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE incident_entry (
	number INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL REFERENCES incident (id),
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	text TEXT NOT NULL,
	digest TEXT NOT NULL,
	value INTEGER NOT NULL,
	at_us INTEGER NOT NULL,
	made_us INTEGER NOT NULL,
	made_by INTEGER NOT NULL,
	salt BLOB NOT NULL
) STRICT;
CREATE INDEX incident_entry_by_incident ON incident_entry (incident, number);
-- Who came in with the short code of the paper, without an account.
CREATE TABLE incident_pass (
	hash BLOB PRIMARY KEY,
	incident INTEGER NOT NULL REFERENCES incident (id),
	expires_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
