/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What others read in our docx. With the argument "office" LibreOffice sets it, and its text is that of our own PDF. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "paper/test-tools.h"

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

enum { ROWS = 60 };

static void write_both(const struct tools *t, const struct paper *p)
{
	CLEANUP(buf_done) struct buf docx = buf_make(TOOLS_OUT_BYTES), pdf = buf_make(TOOLS_OUT_BYTES);

	assert_int_equal(paper_write_docx(p, &docx), 0);
	assert_int_equal(paper_write_pdf(p, &pdf), 0);
	tools_write(t, "p.docx", buf_str(&docx));
	tools_write(t, "own.pdf", buf_str(&pdf));
}

static void every_part_is_well_formed(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf said = buf_make(TOOLS_OUT_BYTES);
	struct tools t;
	struct paper *p = tools_paper(a, true, ROWS);

	assert_int_equal(paper_add(p, PAPER_TEXT, STR("a\x01\x0b\x0c\x1f\t\xef\xbf\xbf\xef\xbf\xbe]]>&amp;"), STR("")),
	                 0);
	assert_int_equal(paper_add(p, PAPER_PAIR, STR("\x7f\xc2\x85"), STR("\xf0\x9f\xbf\xbf")), 0);
	tools_begin(&t);
	write_both(&t, p);
	tools_run(&t,
	          "unzip -qq p.docx -d x && find x -name '*.xml' -o -name '*.rels' | xargs -d '\\n' xmllint --noout",
	          NULL);
	tools_run(&t,
	          "unzip -Z1 p.docx && cat x/word/*.xml x/docProps/core.xml && od -An -tx1 -N4 x/word/media/code1.png",
	          &said);
	struct str all = buf_str(&said);
	assert_true(str_starts_with(all, STR("[Content_Types].xml\n")));
	assert_true(str_contains(all, STR(">a</w:t><w:tab/></w:r><w:r><w:t xml:space=\"preserve\">]]&gt;&amp;amp;<")));
	assert_true(str_contains(all, STR("<dc:title>情報セキュリティ基本方針</dc:title>")));
	assert_true(str_contains(all, STR("<dc:language>ja-JP</dc:language>")));
	assert_true(str_contains(all, STR("<w:lang w:val=\"ja-JP\" w:eastAsia=\"ja-JP\"/>")));
	assert_true(str_contains(all, STR("w:eastAsia=\"BIZ UDPゴシック\"")));
	assert_true(
	        str_contains(all, STR("<w:pStyle w:val=\"Heading2\"/></w:pPr><w:r><w:t xml:space=\"preserve\">費用")));
	assert_true(str_contains(all, STR("89 50 4e 47")));
	assert_int_equal(tools_count(all, "<w:startOverride w:val=\"3\"/>"), 1);
	assert_int_equal(tools_count(all, "<w:tblHeader/>"), 1);
	tools_end(&t);
}

/* Without the feet of pages and white space; of the headings of the table only the first ones, because its pages end
 * elsewhere. */
static void read_text(const struct tools *t, const char *file, struct buf *ret)
{
	char command[256];

	snprintf(command, sizeof(command),
	         "pdftotext -raw %s - | tr '\\f' '\\n' | grep -Ev '^[0-9]+/[0-9]+$' | tr -d ' \\n\\t' | "
	         "sed 's/品目金額/@/; s/品目金額//g'",
	         file);
	tools_run(t, command, ret);
}

static void compare_in_office(bool is_letter)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf said = buf_make(TOOLS_OUT_BYTES), own = buf_make(TOOLS_OUT_BYTES);
	CLEANUP(buf_done) struct buf theirs = buf_make(TOOLS_OUT_BYTES);
	struct tools t;

	tools_begin(&t);
	write_both(&t, tools_paper(a, is_letter, ROWS));
	tools_run(&t,
	          "timeout 80 soffice -env:UserInstallation=file://\"$PWD\"/office --headless --convert-to pdf p.docx",
	          &said);
	read_text(&t, "own.pdf", &own);
	read_text(&t, "p.pdf", &theirs);
	assert_true(own.n > 1000);
	assert_string_equal(buf_cstr(&own), buf_cstr(&theirs));
	buf_clear(&said);
	tools_run(&t, "pdfinfo p.pdf && pdffonts p.pdf", &said);
	assert_true(str_contains(buf_str(&said), STR("(A4)")));
	assert_true(str_contains(buf_str(&said), STR("BIZUDPGothic")));
	assert_true(str_contains(buf_str(&said), STR("Title:           情報セキュリティ基本方針")));
	tools_end(&t);
}

static void libreoffice_reads_what_the_pdf_says(void **state)
{
	compare_in_office(false);
	compare_in_office(true);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest parts[] = {cmocka_unit_test(every_part_is_well_formed)};
	const struct CMUnitTest office[] = {cmocka_unit_test(libreoffice_reads_what_the_pdf_says)};

	if (argc > 1 && strcmp(argv[1], "office") == 0)
		return cmocka_run_group_tests(office, NULL, NULL);
	return cmocka_run_group_tests(parts, NULL, NULL);
}
