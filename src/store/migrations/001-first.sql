-- SPDX-License-Identifier: GPL-3.0-or-later
-- Times are microseconds since 1970-01-01 UTC, 0 for "none"; hashes are 32 bytes of SHA-256 or BLAKE2b.

CREATE TABLE ledger_record (
	number INTEGER PRIMARY KEY,
	leaf BLOB NOT NULL CHECK (length(leaf) = 32),
	bytes BLOB NOT NULL,
	kind TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_record_kind ON ledger_record (kind, number);

-- frontier: roots of the full subtrees (docs/ledger.md), lowest level first, so that a start reads few leaves.
CREATE TABLE ledger_checkpoint (
	size INTEGER PRIMARY KEY,
	time_us INTEGER NOT NULL,
	note TEXT NOT NULL,
	frontier BLOB NOT NULL
) STRICT;

CREATE TABLE person (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	login TEXT NOT NULL UNIQUE,
	role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
	language TEXT NOT NULL CHECK (language IN ('ja', 'en')),
	state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
	password_hash TEXT NOT NULL DEFAULT '',
	totp_secret BLOB NOT NULL DEFAULT x'',
	totp_pending BLOB NOT NULL DEFAULT x'',
	totp_last_step INTEGER NOT NULL DEFAULT 0,
	expires_us INTEGER NOT NULL DEFAULT 0,
	created_us INTEGER NOT NULL,
	last_login_us INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_code (
	person INTEGER NOT NULL REFERENCES person (id),
	hash BLOB NOT NULL,
	PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

-- person: 0 for somebody new, else whose password is to be set anew.
CREATE TABLE invitation (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	token_hash BLOB NOT NULL UNIQUE,
	person INTEGER NOT NULL DEFAULT 0,
	name TEXT NOT NULL,
	role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
	language TEXT NOT NULL,
	person_expires_us INTEGER NOT NULL DEFAULT 0,
	expires_us INTEGER NOT NULL,
	created_by INTEGER NOT NULL
) STRICT;

-- stage: 0 logged in, 1 waiting for the second factor.
CREATE TABLE session (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	token_hash BLOB NOT NULL UNIQUE,
	person INTEGER NOT NULL REFERENCES person (id),
	stage INTEGER NOT NULL CHECK (stage IN (0, 1)),
	created_us INTEGER NOT NULL,
	seen_us INTEGER NOT NULL,
	expires_us INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person);

CREATE TABLE api_token (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	token_hash BLOB NOT NULL UNIQUE,
	person INTEGER NOT NULL REFERENCES person (id),
	name TEXT NOT NULL,
	scopes INTEGER NOT NULL,
	created_us INTEGER NOT NULL,
	expires_us INTEGER NOT NULL,
	used_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX api_token_person ON api_token (person);

CREATE TABLE login_throttle (
	key BLOB PRIMARY KEY,
	failures INTEGER NOT NULL,
	last_us INTEGER NOT NULL,
	until_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL,
	changed_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Single values of the house itself: the setup code's hash, the key of the sender hashes ...
CREATE TABLE house (
	name TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- question and note are people's own words, never the text of what was checked.
CREATE TABLE case_file (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person INTEGER NOT NULL,
	created_us INTEGER NOT NULL,
	kind TEXT NOT NULL,
	verdict TEXT NOT NULL,
	score REAL NOT NULL,
	brand TEXT NOT NULL,
	sender_hash BLOB NOT NULL,
	sender_domain TEXT NOT NULL,
	question TEXT NOT NULL,
	steps INTEGER NOT NULL,
	state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
	note TEXT NOT NULL DEFAULT '',
	answered_by INTEGER NOT NULL DEFAULT 0,
	answered_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX case_file_state ON case_file (state, id);
CREATE INDEX case_file_person ON case_file (person, id);

CREATE TABLE case_finding (
	case_id INTEGER NOT NULL REFERENCES case_file (id),
	place INTEGER NOT NULL,
	finding TEXT NOT NULL,
	weight REAL NOT NULL,
	PRIMARY KEY (case_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_host (
	case_id INTEGER NOT NULL REFERENCES case_file (id),
	place INTEGER NOT NULL,
	host TEXT NOT NULL,
	PRIMARY KEY (case_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_contact (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	brand TEXT NOT NULL,
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	phone TEXT NOT NULL,
	checked_us INTEGER NOT NULL,
	checked_by INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_contact_brand ON saved_contact (brand);

CREATE TABLE brand_override (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	brand TEXT NOT NULL,
	name TEXT NOT NULL,
	domain TEXT NOT NULL,
	effect TEXT NOT NULL CHECK (effect IN ('add', 'remove')),
	added_by INTEGER NOT NULL,
	added_us INTEGER NOT NULL,
	UNIQUE (brand, domain)
) STRICT;

CREATE TABLE known_sender (
	hash BLOB PRIMARY KEY,
	first_seen_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
