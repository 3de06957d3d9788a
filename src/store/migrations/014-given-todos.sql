-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who wrote a to-do down; it stands on the list of whom it names, and on that of who gave it.
ALTER TABLE todo ADD COLUMN given_by INTEGER NOT NULL DEFAULT 0;
UPDATE todo SET given_by = person;
CREATE INDEX todo_given_by ON todo (given_by, done_us, due);
