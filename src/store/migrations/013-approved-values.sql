-- SPDX-License-Identifier: GPL-3.0-or-later
-- marks of the values that an approval is about (policy/mark.h); empty: of every value of its kinds.
ALTER TABLE ai_approval ADD COLUMN marks TEXT NOT NULL DEFAULT '';
