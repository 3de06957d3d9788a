/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * No manifest names a file outside the folders of a backup. */
#include "base/check.h"
#include "keep/backup.h"
#include "keep/files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 24);
	struct file_list files = {0};

	if (backup_read_manifest(str_make(data, size), a, &files) < 0)
		return 0;
	for (size_t i = 0; i < files.n; i++) {
		struct str path = str_of(files.at[i].path);
		CHECK(files_path_is_safe(path));
		CHECK(str_eq(path, STR("sonae.db")) || str_starts_with(path, STR("keys/")) ||
		      str_starts_with(path, STR("rules/")) || str_starts_with(path, STR("tls/")));
	}
	return 0;
}
