/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inputs without measure: each gives a right document with the bit that says what was left out, soon and in bounded
 * memory. And reading in the jail of the reader process, where nothing can be opened any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/clock.h"
#include "base/fd.h"
#include "jail/jail.h"
#include "read/read.h"

enum { INPUT_MAX_BYTES = 128 * 1024 * 1024, TIME_MAX_US = SONAE_SANITIZED ? 30 * 1000 * 1000 : 2 * 1000 * 1000 };

#define HEAD                                                                                                           \
	"From: a@shop.example\r\nTo: b@company.example\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\nMIME-Version: "     \
	"1.0\r\n"
#define HTML HEAD "Content-Type: text/html\r\n\r\n"

struct row {
	const char *name;
	const char *head, *unit, *tail;
	size_t count;
	enum unchecked want;
};

/* A "%zu" in unit becomes the number of the repetition. */
static const struct row rows[] = {
        {"100 MB", HEAD "\r\n", "some words and https://shop.example/x on a line\r\n", "", 2100000,
         UNCHECKED_TOO_LARGE},
        {"10,000 parts", HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
         "--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n", "--b--\r\n", 10000, UNCHECKED_TOO_MANY},
        {"1,000 levels", HEAD, "Content-Type: multipart/mixed; boundary=b%zu\r\n\r\n--b%zu\r\n", "\r\nx\r\n", 1000,
         UNCHECKED_TOO_DEEP},
        {"messages in messages", HEAD, "Content-Type: message/rfc822\r\n\r\n", "x", 100000, UNCHECKED_TOO_DEEP},
        {"1,000,000 links", HTML, "<a href=http://a%zu.example/>l</a> ", "", 1000000, UNCHECKED_TOO_MANY},
        {"1,000,000 bare links", HEAD "\r\n", "http://a%zu.example/ ", "", 1000000, UNCHECKED_TOO_MANY},
        {"40,000 divs", HTML, "<div>", "text", 40000, UNCHECKED_TOO_DEEP},
        {"elements that never close", HTML, "<b><i><xy>", "text", 700000, UNCHECKED_TOO_DEEP},
        {"closing tags of nothing", HTML, "</b></div></xy>", "text", 500000, UNCHECKED_AUTHENTICATION},
        {"comments that never close", HTML, "<!--", "text", 2000000, UNCHECKED_NO_TEXT},
        {"a header of 10 MB", HEAD "X-Long: ", "0123456789", "\r\n\r\ntext", 1000000, UNCHECKED_TOO_LARGE},
        {"a million fields", HEAD, "X-Field: 1\r\n", "\r\ntext", 1000000, UNCHECKED_AUTHENTICATION},
        {"a list of addresses", HEAD "Cc: ", "a b <a@shop.example>, ", "\r\n\r\ntext", 500000, UNCHECKED_TOO_LARGE},
        {"open quotes in an address", HEAD "Cc: ", "\"(<", "\r\n\r\ntext", 3000000, UNCHECKED_TOO_LARGE},
        {"lines that look like boundaries", HEAD "Content-Type: multipart/mixed; boundary=bbbb\r\n\r\n", "--b\r\n", "",
         8000000, UNCHECKED_TOO_LARGE},
        {"dots", "", "a.", "", 4000000, UNCHECKED_TOO_LARGE},
        {"at signs", "", "a@", "", 4000000, UNCHECKED_TOO_LARGE},
        {"schemes", "", "http://", "", 4000000, UNCHECKED_TOO_LARGE},
        {"escapes", "", "\033$B", "", 4000000, UNCHECKED_TOO_LARGE},
        {"forwards", "", "From: a\n", "", 2000000, UNCHECKED_TOO_LARGE},
        {"nothing", "", "", "", 0, UNCHECKED_NO_TEXT},
};

static void add_unit(struct buf *b, const char *unit, size_t number)
{
	for (const char *p = unit; *p; p++) {
		if (p[0] == '%' && p[1] == 'z') {
			buf_add_u64(b, number);
			p += 2;
		} else {
			buf_add_char(b, *p);
		}
	}
}

static int64_t processor_us(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void read_within(const char *name, struct str bytes, enum unchecked want)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(READ_ARENA_BYTES);
	struct document d;
	/* The limit of time is the other limits' last resort; on a busy machine it would come first. */
	struct read_limits limits = READ_LIMITS_DEFAULT;
	limits.time_us = 60 * 1000 * 1000;
	int64_t start = processor_us();
	assert_int_equal(read_input(INPUT_AUTO, STR(""), bytes, &limits, a, &d), 0);
	int64_t took = processor_us() - start;
	if (took > TIME_MAX_US)
		fail_msg("%s: %lld us", name, (long long) took);
	if (!SONAE_SANITIZED && !document_is_unchecked(&d, want))
		fail_msg("%s: not unchecked: %s", name, unchecked_word(want));
	assert_int_equal(document_check(&d), 0);
	assert_false(arena_is_full(a));
}

static void test_sizes(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct buf b = buf_make(INPUT_MAX_BYTES);
		buf_add_c(&b, rows[i].head);
		/* The sanitizer looks at the whole rest of the input at each search in it: less of everything there. */
		for (size_t k = 0; k < rows[i].count / (SONAE_SANITIZED ? 100 : 1); k++)
			add_unit(&b, rows[i].unit, k);
		buf_add_c(&b, rows[i].tail);
		assert_false(buf_failed(&b));
		read_within(rows[i].name, buf_str(&b), rows[i].want);
		buf_done(&b);
	}
}

static void test_random(void **state)
{
	struct buf b = buf_make(INPUT_MAX_BYTES);
	uint64_t seed = 88172645463325252ULL;
	for (size_t i = 0; i < 3 * 1024 * 1024; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		buf_add_char(&b, (char) seed);
	}
	read_within("random bytes", buf_str(&b), UNCHECKED_CHARSET);
	buf_done(&b);
}

/* An archive of members, each of so many zero bytes, packed. */
static struct str make_zip(size_t members, size_t member_bytes, char *space, size_t space_bytes)
{
	static const char zeros[64 * 1024];
	size_t used = 0;
	struct archive *z = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	archive_write_set_format_zip(z);
	archive_write_open_memory(z, space, space_bytes, &used);
	for (size_t i = 0; i < members; i++) {
		char name[32];
		snprintf(name, sizeof(name), "member-%zu.txt", i);
		archive_entry_clear(e);
		archive_entry_set_pathname(e, name);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_size(e, (la_int64_t) member_bytes);
		archive_write_header(z, e);
		for (size_t left = member_bytes; left > 0; left -= left < sizeof(zeros) ? left : sizeof(zeros))
			archive_write_data(z, zeros, left < sizeof(zeros) ? left : sizeof(zeros));
	}
	archive_entry_free(e);
	archive_write_free(z);
	return str_make(space, used);
}

static void test_archives(void **state)
{
	size_t space_bytes = 8 * 1024 * 1024;
	char *space = malloc(space_bytes);
	CLEANUP(arena_freep) struct arena *a = arena_new(READ_ARENA_BYTES);
	struct document d;
	assert_non_null(space);
	struct str bomb = make_zip(1, 512UL * 1024 * 1024, space, space_bytes);
	read_within("bomb", bomb, UNCHECKED_TOO_LARGE);
	assert_int_equal(read_input(INPUT_AUTO, STR(""), bomb, &READ_LIMITS_DEFAULT, a, &d), 0);
	assert_true(d.attachments.at[0].flags & ATTACHMENT_BOMB);
	read_within("members", make_zip(5000, 1, space, space_bytes), UNCHECKED_TOO_MANY);
	free(space);
}

static int load(const char *file, struct buf *ret)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/tests/mail/reader/%s", getenv("SONAE_SOURCE"), file);
	return fd_read_file(path, ret);
}

/* In the child: 0 when everything was read in the jail. */
static int read_in_jail(const struct buf *files, size_t count)
{
	jail_set set = 0;
	struct arena *a = arena_new(READ_ARENA_BYTES);
	if (jail_enter(JAIL_READER, NULL, &(struct jail_limits){.memory_bytes = 1024UL * 1024 * 1024}, &set) < 0)
		return 77;
	for (size_t i = 0; i < count; i++) {
		struct document d;
		arena_reset(a);
		if (read_input(INPUT_AUTO, STR(""), buf_str(&files[i]), &READ_LIMITS_DEFAULT, a, &d) < 0 ||
		    document_check(&d) < 0)
			return 1;
		if (document_is_unchecked(&d, UNCHECKED_NO_TEXT))
			return 2;
	}
	return 0;
}

static void test_jail(void **state)
{
	static const char *const names[] = {"charset-iso-2022-jp-ms.eml",
	                                    "charset-gbk-as-gb2312.eml",
	                                    "charset-latin1.eml",
	                                    "html.eml",
	                                    "header-split.eml",
	                                    "attachments.eml",
	                                    "forward-attached.eml",
	                                    "qr-inline.eml",
	                                    "qr.png",
	                                    "qr.jpg",
	                                    "qr.gif",
	                                    "qr.webp",
	                                    "forward-iphone.eml",
	                                    "names.7z.eml",
	                                    "names.iso.eml"};
	struct buf files[ARRAY_SIZE(names)];
	int status = 0;
	if (SONAE_SANITIZED)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		files[i] = buf_make(INPUT_MAX_BYTES);
		assert_int_equal(load(names[i], &files[i]) < 0, 0);
	}
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(read_in_jail(files, ARRAY_SIZE(names)));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		buf_done(&files[i]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int prepare(void **state)
{
	const char *missing = "";
	return read_prepare(&missing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_sizes),
	        cmocka_unit_test(test_random),
	        cmocka_unit_test(test_archives),
	        cmocka_unit_test(test_jail),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}
