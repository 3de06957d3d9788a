-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the company changed of the dated facts, one row per change; the last one of an id and region counts. yaml empty:
-- the one that came with Sonae counts again, or there is none.
CREATE TABLE own_fact (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL,
	region TEXT NOT NULL,
	yaml TEXT NOT NULL,
	changed_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT;
CREATE INDEX own_fact_id ON own_fact (id, region, number);
