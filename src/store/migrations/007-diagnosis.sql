-- SPDX-License-Identifier: GPL-3.0-or-later
-- One going over the questions of the self-diagnosis. points_...: what each answer counted when it was closed.
CREATE TABLE diagnosis (
	id INTEGER PRIMARY KEY,
	version TEXT NOT NULL,
	questions INTEGER NOT NULL,
	started_us INTEGER NOT NULL,
	started_by INTEGER NOT NULL,
	closed_us INTEGER NOT NULL DEFAULT 0,
	closed_by INTEGER NOT NULL DEFAULT 0,
	score INTEGER NOT NULL DEFAULT 0,
	most INTEGER NOT NULL DEFAULT 0,
	yes INTEGER NOT NULL DEFAULT 0,
	partly INTEGER NOT NULL DEFAULT 0,
	no INTEGER NOT NULL DEFAULT 0,
	unknown INTEGER NOT NULL DEFAULT 0
) STRICT;

-- answers: one letter for each question in order (store/diagnosis.h). person 0: what was summed up.
CREATE TABLE diagnosis_answers (
	diagnosis INTEGER NOT NULL REFERENCES diagnosis (id),
	person INTEGER NOT NULL,
	site TEXT NOT NULL,
	answers TEXT NOT NULL,
	changed_us INTEGER NOT NULL,
	PRIMARY KEY (diagnosis, person, site)
) STRICT, WITHOUT ROWID;

-- The company's own look at the criteria of SCS: every change is a row, the last one of a criterion counts.
CREATE TABLE scs_change (
	number INTEGER PRIMARY KEY,
	criterion TEXT NOT NULL,
	state INTEGER NOT NULL,
	note TEXT NOT NULL,
	owner TEXT NOT NULL,
	due TEXT NOT NULL,
	version TEXT NOT NULL,
	changed_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT;
CREATE INDEX scs_change_by_criterion ON scs_change (criterion, number);

-- What was declared to SECURITY ACTION; the last row of a star counts. day: YYYY-MM-DD.
CREATE TABLE declaration_change (
	number INTEGER PRIMARY KEY,
	star INTEGER NOT NULL,
	day TEXT NOT NULL,
	declared_id TEXT NOT NULL,
	policy_url TEXT NOT NULL,
	logo TEXT NOT NULL,
	changed_by INTEGER NOT NULL,
	changed_us INTEGER NOT NULL
) STRICT;
