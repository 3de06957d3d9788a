-- SPDX-License-Identifier: GPL-3.0-or-later
-- What stands as evidence beside a criterion: "", "register:<word>", "paper:<word>:<id>", "ledger:<number>" or
-- "file:<SHA-256 in hex>:<name>".
ALTER TABLE scs_change ADD COLUMN proof TEXT NOT NULL DEFAULT '';
