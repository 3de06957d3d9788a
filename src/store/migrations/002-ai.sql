-- SPDX-License-Identifier: GPL-3.0-or-later
-- The use of generative AI: what is registered, who may, what it costs, what the company lets through.
-- Amounts of money are millionths of a yen.

-- A registered service is the only place that a request can go to. destination: what it was declared as (local,
-- contracted, other). training_us: when somebody saw that training use is switched off, 0 never.
CREATE TABLE ai_service (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	plan TEXT NOT NULL,
	contract TEXT NOT NULL,
	commercial INTEGER NOT NULL CHECK (commercial IN (0, 1, 2)),
	destination INTEGER NOT NULL CHECK (destination IN (0, 1, 2)),
	base_url TEXT NOT NULL,
	protocol INTEGER NOT NULL CHECK (protocol IN (0, 1)),
	path_style INTEGER NOT NULL CHECK (path_style IN (0, 1)),
	api_version TEXT NOT NULL,
	auth INTEGER NOT NULL CHECK (auth BETWEEN 0 AND 3),
	priority INTEGER NOT NULL,
	connect_ms INTEGER NOT NULL,
	first_ms INTEGER NOT NULL,
	idle_ms INTEGER NOT NULL,
	total_ms INTEGER NOT NULL,
	retries INTEGER NOT NULL,
	images INTEGER NOT NULL CHECK (images IN (0, 1)),
	active INTEGER NOT NULL CHECK (active IN (0, 1)),
	training_us INTEGER NOT NULL DEFAULT 0,
	training_by INTEGER NOT NULL DEFAULT 0,
	training_note TEXT NOT NULL DEFAULT '',
	recheck_months INTEGER NOT NULL,
	sealed_key BLOB NOT NULL DEFAULT x'',
	key_us INTEGER NOT NULL DEFAULT 0,
	created_us INTEGER NOT NULL,
	created_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT;

-- uses: bits (store/ai-service.h).
CREATE TABLE ai_model (
	service INTEGER NOT NULL REFERENCES ai_service (id) ON DELETE CASCADE,
	name TEXT NOT NULL,
	upstream TEXT NOT NULL,
	uses INTEGER NOT NULL,
	PRIMARY KEY (service, name)
) STRICT, WITHOUT ROWID;

-- person: 0 for a program. The minute that is being counted lies beside the key, so that a restart forgets nothing.
CREATE TABLE ai_key (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	key_hash BLOB NOT NULL UNIQUE,
	tail TEXT NOT NULL,
	name TEXT NOT NULL,
	person INTEGER NOT NULL,
	department TEXT NOT NULL,
	models TEXT NOT NULL,
	requests_per_minute INTEGER NOT NULL,
	tokens_per_minute INTEGER NOT NULL,
	created_us INTEGER NOT NULL,
	created_by INTEGER NOT NULL,
	expires_us INTEGER NOT NULL,
	used_us INTEGER NOT NULL DEFAULT 0,
	revoked_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ai_key_person ON ai_key (person);

-- id: of the key, or 1 << 40 + person for a person on the page. minute: minutes since 1970.
CREATE TABLE ai_rate (
	id INTEGER PRIMARY KEY,
	minute INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	tokens INTEGER NOT NULL,
	before_requests INTEGER NOT NULL,
	before_tokens INTEGER NOT NULL
) STRICT;

CREATE TABLE ai_member (
	person INTEGER PRIMARY KEY,
	department TEXT NOT NULL
) STRICT;

-- scope: 0 company, 1 department (name), 2 person (id; 0: everybody who has none of their own), 3 key (id).
-- 0 microyen: no limit.
CREATE TABLE ai_budget (
	scope INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 3),
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	month_microyen INTEGER NOT NULL,
	year_microyen INTEGER NOT NULL,
	changed_us INTEGER NOT NULL,
	changed_by INTEGER NOT NULL,
	PRIMARY KEY (scope, id, name)
) STRICT, WITHOUT ROWID;

-- month: year * 100 + month, of the zone that the company lives in.
CREATE TABLE ai_spend (
	scope INTEGER NOT NULL,
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	month INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	tokens_in INTEGER NOT NULL,
	tokens_out INTEGER NOT NULL,
	microyen INTEGER NOT NULL,
	PRIMARY KEY (scope, id, name, month)
) STRICT, WITHOUT ROWID;

-- Own prices; what is not here comes with Sonae (facts/ai-prices.yaml). Prices are per million tokens.
CREATE TABLE ai_price (
	model TEXT PRIMARY KEY,
	currency TEXT NOT NULL CHECK (currency IN ('JPY', 'USD')),
	price_in REAL NOT NULL,
	price_out REAL NOT NULL,
	source TEXT NOT NULL,
	checked_us INTEGER NOT NULL,
	until_us INTEGER NOT NULL,
	changed_us INTEGER NOT NULL,
	changed_by INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ai_rate_of_exchange (
	currency TEXT PRIMARY KEY,
	yen REAL NOT NULL,
	source TEXT NOT NULL,
	checked_us INTEGER NOT NULL,
	until_us INTEGER NOT NULL,
	changed_us INTEGER NOT NULL,
	changed_by INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- kind, destination, roles, action: numbers of policy/policy.h as words where they are listed there.
CREATE TABLE ai_rule (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	destination TEXT NOT NULL,
	roles INTEGER NOT NULL,
	department TEXT NOT NULL,
	action TEXT NOT NULL,
	reason TEXT NOT NULL,
	changed_us INTEGER NOT NULL,
	changed_by INTEGER NOT NULL,
	UNIQUE (kind, destination, roles, department)
) STRICT;

-- reason, note: people's own words, never the text that was stopped. state: 0 waiting, 1 approved, 2 refused.
CREATE TABLE ai_approval (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person INTEGER NOT NULL,
	kinds INTEGER NOT NULL,
	destination TEXT NOT NULL,
	reason TEXT NOT NULL,
	asked_us INTEGER NOT NULL,
	state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
	decided_by INTEGER NOT NULL DEFAULT 0,
	decided_us INTEGER NOT NULL DEFAULT 0,
	expires_us INTEGER NOT NULL DEFAULT 0,
	note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX ai_approval_state ON ai_approval (state, id);
CREATE INDEX ai_approval_person ON ai_approval (person, state);

-- Every list of house words that was ever put in, the newest counts. pieces: parts of the CSV in order.
CREATE TABLE ai_word_list (
	version INTEGER PRIMARY KEY AUTOINCREMENT,
	made_us INTEGER NOT NULL,
	made_by INTEGER NOT NULL,
	word_count INTEGER NOT NULL,
	byte_count INTEGER NOT NULL,
	note TEXT NOT NULL,
	finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1))
) STRICT;
CREATE TABLE ai_word_piece (
	version INTEGER NOT NULL REFERENCES ai_word_list (version) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (version, place)
) STRICT;

-- place: where the person was when marking, so that one finding is not counted twice.
CREATE TABLE ai_mark (
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	person INTEGER NOT NULL,
	place TEXT NOT NULL,
	marked_us INTEGER NOT NULL,
	PRIMARY KEY (kind, text, person, place)
) STRICT, WITHOUT ROWID;
-- state: 1 let through from now on, 2 looked at and kept.
CREATE TABLE ai_exception (
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	state INTEGER NOT NULL CHECK (state IN (1, 2)),
	decided_us INTEGER NOT NULL,
	decided_by INTEGER NOT NULL,
	PRIMARY KEY (kind, text)
) STRICT, WITHOUT ROWID;

-- wish: 0 "I use this", 1 "I would like this". person 0: did not want to be named.
CREATE TABLE ai_declaration (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	wish INTEGER NOT NULL CHECK (wish IN (0, 1)),
	person INTEGER NOT NULL,
	service TEXT NOT NULL,
	purpose TEXT NOT NULL,
	created_us INTEGER NOT NULL,
	state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
	note TEXT NOT NULL DEFAULT '',
	answered_by INTEGER NOT NULL DEFAULT 0,
	answered_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ai_declaration_state ON ai_declaration (state, id);

-- Sums by month; person 0: programs. Shown to the person themselves, and added up over all to the company.
CREATE TABLE ai_sum (
	month INTEGER NOT NULL,
	person INTEGER NOT NULL,
	name TEXT NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (month, person, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE ai_guideline (
	field TEXT PRIMARY KEY,
	value TEXT NOT NULL,
	changed_us INTEGER NOT NULL,
	changed_by INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- week: ISO 8601 year * 100 + week.
CREATE TABLE ai_patrol (
	week INTEGER NOT NULL,
	item TEXT NOT NULL,
	done_us INTEGER NOT NULL,
	done_by INTEGER NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (week, item)
) STRICT, WITHOUT ROWID;
