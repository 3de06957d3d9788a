/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands around the body: types, styles, fonts, lists, the foot, properties. Names of fonts are given in the form
 * that Word in Japan shows, with those to take when it is not there (ECMA-376 part 1, 17.8.3.1). */
#include "base/err.h"
#include "paper/docx.h"

#define TYPE_PREFIX "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OVERRIDE(name, type) "<Override PartName=\"/word/" name ".xml\" ContentType=\"" TYPE_PREFIX type "+xml\"/>"
static const char types[] = DOCX_XML
        "<Types xmlns=\"" PACKAGE "content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Default Extension=\"png\" ContentType=\"image/png\"/>" OVERRIDE("document",
                                                                          "document.main") OVERRIDE("styles", "styles")
                OVERRIDE("settings", "settings") OVERRIDE("fontTable", "fontTable") OVERRIDE("numbering", "numbering")
                        OVERRIDE("footer1", "footer") "<Override PartName=\"/docProps/core.xml\" "
                                                      "ContentType=\"application/"
                                                      "vnd.openxmlformats-package.core-properties+xml\"/></Types>\n";

static const char top_relations[] =
        DOCX_XML "<Relationships xmlns=\"" PACKAGE "relationships\">"
                 "<Relationship Id=\"document\" Type=\"" DOCX_R "/officeDocument\" Target=\"word/document.xml\"/>"
                 "<Relationship Id=\"core\" Type=\"" PACKAGE "relationships/metadata/core-properties\" "
                 "Target=\"docProps/core.xml\"/></Relationships>\n";
#define RELATION(id, type, file) "<Relationship Id=\"" id "\" Type=\"" DOCX_R "/" type "\" Target=\"" file ".xml\"/>\n"
static const char first_relations[] =
        DOCX_XML "<Relationships xmlns=\"" PACKAGE "relationships\">" RELATION("styles", "styles", "styles")
                RELATION("settings", "settings", "settings") RELATION("fonts", "fontTable", "fontTable")
                        RELATION("numbering", "numbering", "numbering") RELATION("footer", "footer", "footer1");

/* Mode 15 is that of Word 2013 and later; without it Word opens an older one. */
static const char settings[] =
        DOCX_XML "<w:settings xmlns:w=\"" DOCX_W "\"><w:compat><w:compatSetting w:name=\"compatibilityMode\" "
                 "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>"
                 "</w:settings>\n";

#define FONT(name, others)                                                                                             \
	"<w:font w:name=\"" name "\"><w:altName w:val=\"" others "\"/><w:charset w:val=\"80\"/>"                       \
	"<w:family w:val=\"swiss\"/><w:pitch w:val=\"variable\"/></w:font>"
static const char fonts[] =
        DOCX_XML "<w:fonts xmlns:w=\"" DOCX_W "\">" FONT("BIZ UDPゴシック", "BIZ UDPGothic,Yu Gothic,游ゴシック")
                FONT("BIZ UDPGothic", "BIZ UDPゴシック,Yu Gothic,游ゴシック") "</w:fonts>\n";

#define FONTS                                                                                                          \
	"<w:rFonts w:ascii=\"BIZ UDPGothic\" w:hAnsi=\"BIZ UDPGothic\" w:eastAsia=\"BIZ UDPゴシック\" "            \
	"w:cs=\"BIZ UDPGothic\"/>"
#define STYLE(id, name, more, runs)                                                                                    \
	"<w:style w:type=\"paragraph\" w:styleId=\"" id "\"><w:name w:val=\"" name "\"/><w:basedOn w:val=\"Normal\"/>" \
	"<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr>" more "</w:pPr><w:rPr>" runs "</w:rPr></w:style>\n"
#define SIDE(side) "<w:" side " w:val=\"single\" w:sz=\"12\" w:space=\"4\" w:color=\"000000\"/>"
#define OUTLINE(level) "<w:outlineLvl w:val=\"" level "\"/>"
static const char styles_head[] = DOCX_XML "<w:styles xmlns:w=\"" DOCX_W "\"><w:docDefaults><w:rPrDefault><w:rPr>" FONTS
                                           "<w:sz w:val=\"21\"/><w:lang w:val=\"";
static const char styles_rest[] =
        "\" w:eastAsia=\"ja-JP\"/></w:rPr></w:rPrDefault>"
        "<w:pPrDefault><w:pPr><w:spacing w:after=\"100\" w:line=\"300\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault>"
        "</w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
        "<w:name w:val=\"Normal\"/><w:qFormat/></w:style>\n" STYLE(
                "Heading1", "heading 1", "<w:keepNext/><w:spacing w:after=\"160\"/>" OUTLINE("0"),
                "<w:b/><w:sz w:val=\"36\"/>")
                STYLE("Heading2", "heading 2", "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"80\"/>" OUTLINE("1"),
                      "<w:b/><w:sz w:val=\"26\"/>") STYLE("Caption", "caption", "<w:keepNext/>", "<w:b/>")
                        STYLE("Cell", "Cell", "<w:spacing w:before=\"40\" w:after=\"40\"/>", "<w:sz w:val=\"20\"/>")
                                STYLE("Box", "Box",
                                      "<w:pBdr>" SIDE("top") SIDE("left") SIDE("bottom") SIDE("right") "</w:pBdr>", "")
                                        STYLE("Large", "Large", "<w:spacing w:after=\"60\"/><w:jc w:val=\"center\"/>",
                                              "<w:b/><w:sz w:val=\"96\"/>")
                                                STYLE("Small", "Small", "", "<w:sz w:val=\"16\"/>") "</w:styles>\n";

#define FIELD(code)                                                                                                    \
	"<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> " code               \
	" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r>"               \
	"<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
static const char footer[] =
        DOCX_XML "<w:ftr xmlns:w=\"" DOCX_W "\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>" FIELD(
                "PAGE") "<w:r><w:t>/</w:t></w:r>" FIELD("NUMPAGES") "</w:p></w:ftr>\n";

#define LIST(id, format, text)                                                                                         \
	"<w:abstractNum w:abstractNumId=\"" id "\"><w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\">"      \
	"<w:start w:val=\"1\"/><w:numFmt w:val=\"" format "\"/><w:lvlText w:val=\"" text "\"/><w:lvlJc "               \
	"w:val=\"left\"/><w:pPr><w:ind w:left=\"567\" w:hanging=\"567\"/></w:pPr></w:lvl></w:abstractNum>\n"
static const char lists[] =
        DOCX_XML "<w:numbering xmlns:w=\"" DOCX_W "\">" LIST("0", "decimal", "%1.") LIST("1", "bullet", "・");

void docx_escape(struct buf *b, struct str s)
{
	static const char *const names[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char) s.p[i];
		bool is_no_character = str_starts_with(str_slice(s, i, s.n), STR("\xef\xbf\xbe")) ||
		                       str_starts_with(str_slice(s, i, s.n), STR("\xef\xbf\xbf")); /* U+FFFE, U+FFFF */
		if (is_no_character)
			i += 2;
		else if (c < sizeof(names) / sizeof(*names) && names[c])
			buf_add_c(b, names[c]);
		else if (c >= 0x20)
			buf_add_char(b, (char) c);
	}
}

int docx_begin_parts(struct docx *d)
{
	buf_add_str(&d->relations, STR(first_relations));
	buf_add_str(&d->numbering, STR(lists));
	return zip_add(d->zip, "[Content_Types].xml", STR(types), 0);
}

static int add_core(struct docx *d)
{
	CLEANUP(buf_done) struct buf b = buf_make(DOCX_PART_MAX_BYTES);

	buf_add_c(&b, DOCX_XML "<cp:coreProperties xmlns:cp=\"" PACKAGE "metadata/core-properties\" "
	                       "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
	docx_escape(&b, d->paper->title);
	buf_add_c(&b, "</dc:title><dc:creator>");
	docx_escape(&b, d->paper->company);
	buf_add_c(&b, "</dc:creator><dc:language>");
	buf_add_c(&b, paper_language(d->paper));
	buf_add_c(&b, "</dc:language></cp:coreProperties>\n");
	return buf_failed(&b) ? ERR_TOO_LARGE : zip_add(d->zip, "docProps/core.xml", buf_str(&b), 0);
}

static int add_styles(struct docx *d)
{
	CLEANUP(buf_done) struct buf b = buf_make(DOCX_PART_MAX_BYTES);

	buf_add_str(&b, STR(styles_head));
	buf_add_c(&b, paper_language(d->paper));
	buf_add_str(&b, STR(styles_rest));
	return zip_add(d->zip, "word/styles.xml", buf_str(&b), 0);
}

int docx_add_parts(struct docx *d)
{
	buf_add_c(&d->relations, "</Relationships>\n");
	buf_add_c(&d->numbering, "</w:numbering>\n");
	if (buf_failed(&d->relations) || buf_failed(&d->numbering))
		return ERR_TOO_LARGE;
	const struct {
		const char *name;
		struct str bytes;
	} parts[] = {
	        {"_rels/.rels", STR(top_relations)},
	        {"word/settings.xml", STR(settings)},
	        {"word/_rels/document.xml.rels", buf_str(&d->relations)},
	        {"word/fontTable.xml", STR(fonts)},
	        {"word/numbering.xml", buf_str(&d->numbering)},
	        {"word/footer1.xml", STR(footer)},
	};
	int r = 0;
	for (size_t i = 0; r >= 0 && i < sizeof(parts) / sizeof(*parts); i++)
		r = zip_add(d->zip, parts[i].name, parts[i].bytes, 0);
	if (r >= 0)
		r = add_styles(d);
	return r < 0 ? r : add_core(d);
}
