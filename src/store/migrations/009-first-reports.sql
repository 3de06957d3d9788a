-- SPDX-License-Identifier: GPL-3.0-or-later
-- When a reported mail says that it was sent; 0: unknown, or no mail.
ALTER TABLE case_file ADD COLUMN mail_us INTEGER NOT NULL DEFAULT 0;
CREATE INDEX case_file_created ON case_file (created_us);
