-- SPDX-License-Identifier: GPL-3.0-or-later
-- speaker: 0 the person, 1 the model, 2 a model that was asked the same again; model: which one said it.

CREATE TABLE talk_turn_new (
	talk INTEGER NOT NULL REFERENCES talk (id) ON DELETE CASCADE,
	number INTEGER NOT NULL,
	speaker INTEGER NOT NULL CHECK (speaker IN (0, 1, 2)),
	sealed_text BLOB NOT NULL,
	created_us INTEGER NOT NULL,
	model TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (talk, number)
) STRICT, WITHOUT ROWID;
INSERT INTO talk_turn_new (talk, number, speaker, sealed_text, created_us)
	SELECT talk, number, speaker, sealed_text, created_us FROM talk_turn;
DROP TABLE talk_turn;
ALTER TABLE talk_turn_new RENAME TO talk_turn;
