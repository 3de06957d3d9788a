-- SPDX-License-Identifier: GPL-3.0-or-later
-- Papers of the company (policy, guidelines, plans): each version as it was, who approved it, who has read it.
-- fields: a JSON object of what was filled in; body: the paper itself (paper_encode), so that an approved one never
-- changes with the registers.
CREATE TABLE paper_version (
	id INTEGER PRIMARY KEY,
	paper TEXT NOT NULL,
	number INTEGER NOT NULL,
	fields TEXT NOT NULL,
	body BLOB NOT NULL,
	made_by INTEGER NOT NULL,
	made_us INTEGER NOT NULL,
	approved_by INTEGER NOT NULL DEFAULT 0,
	approved_us INTEGER NOT NULL DEFAULT 0,
	published_on TEXT NOT NULL DEFAULT '',
	address TEXT NOT NULL DEFAULT '',
	review_on TEXT NOT NULL DEFAULT '',
	UNIQUE (paper, number)
) STRICT;
CREATE TABLE paper_agreement (
	version INTEGER NOT NULL REFERENCES paper_version (id),
	person INTEGER NOT NULL,
	agreed_us INTEGER NOT NULL,
	PRIMARY KEY (version, person)
) STRICT, WITHOUT ROWID;
