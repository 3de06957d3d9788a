/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs a fuzz harness over files and folders of files: the corpus as a test. With libFuzzer this file is left out. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv); /* for harnesses that prepare something */

enum { INPUT_MAX_BYTES = 16 * 1024 * 1024, PATH_MAX_BYTES = 4096 };

static int replay(const char *path)
{
	struct stat info;
	if (stat(path, &info) != 0) {
		perror(path);
		return -1;
	}
	if (!S_ISDIR(info.st_mode)) {
		struct buf b = buf_make(INPUT_MAX_BYTES);
		int r = fd_read_file(path, &b);
		if (r >= 0)
			LLVMFuzzerTestOneInput((const uint8_t *) (b.p ? b.p : ""), b.n);
		buf_done(&b);
		return r < 0 ? r : 1;
	}
	DIR *folder = opendir(path);
	int count = 0;
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		char inner[PATH_MAX_BYTES];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		int r = replay(inner);
		if (r < 0) {
			count = r;
			break;
		}
		count += r;
	}
	if (folder)
		closedir(folder);
	return count;
}

int main(int argc, char **argv)
{
	int total = 0;
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		int r = replay(argv[i]);
		if (r < 0)
			return 1;
		total += r;
	}
	printf("%d inputs\n", total);
	return total > 0 ? 0 : 1;
}
