/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses as browsers read them, and what a host imitates. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "judge/lookalike.h"

enum { TEST_ARENA_BYTES = 4 * 1024 * 1024 };

static struct rules *rules;

static int load_rules(void **state)
{
	char path[256];
	struct rules_complaint c;
	snprintf(path, sizeof(path), "%s/rules", getenv("SONAE_SOURCE"));
	if (rules_load(path, NULL, &rules, &c) < 0)
		fail_msg("%s:%u: %s", c.file, c.line, c.text);
	return 0;
}

static int free_rules(void **state)
{
	rules_free(rules);
	return 0;
}

static void want_str(const char *input, const char *what, struct str have, const char *want)
{
	if (!str_eq_c(have, want))
		fail_msg("%s: %s is \"%.*s\", not \"%s\"", input, what, STR_ARG(have), want);
}

static void test_read(void **state)
{
	static const struct {
		const char *input, *host, *registrable, *rest;
		uint32_t flags; /* all of these, and of IP, PUNYCODE, MIXED, USERINFO, PORT, RENTED, SCRIPT, BAD_HOST no
		                   others */
	} cases[] = {
	        {"https://www.example.co.jp/a?b#c", "www.example.co.jp", "example.co.jp", "/a?b#c", ADDRESS_WEB},
	        {"HTTPS://WWW.Example.CO.JP", "www.example.co.jp", "example.co.jp", "", ADDRESS_WEB},
	        {"www.example.jp", "www.example.jp", "example.jp", "", ADDRESS_WEB},
	        {"//example.com/x", "example.com", "example.com", "/x", ADDRESS_WEB},
	        {"https:example.com", "example.com", "example.com", "", ADDRESS_WEB},
	        {"https:/\\example.com\\x", "example.com", "example.com", "/x", ADDRESS_WEB},
	        {" ht\ttps://exam\nple.com ", "example.com", "example.com", "", ADDRESS_WEB},
	        {"http://https://example.com/", "https", "", "//example.com/", ADDRESS_WEB},
	        {"https://example.com./", "example.com", "example.com", "/", ADDRESS_WEB},
	        {"https://example.com:443/", "example.com", "example.com", "/", ADDRESS_WEB},
	        {"https://example.com:8443/", "example.com", "example.com", "/", ADDRESS_WEB | ADDRESS_PORT},
	        {"https://amazon.co.jp@evil.example.com/", "evil.example.com", "example.com", "/",
	         ADDRESS_WEB | ADDRESS_USERINFO},
	        {"https://a:b@c@example.com", "example.com", "example.com", "", ADDRESS_WEB | ADDRESS_USERINFO},
	        {"https://example.com/@amazon.co.jp", "example.com", "example.com", "/@amazon.co.jp", ADDRESS_WEB},
	        {"https://ex%61mple%2ecom/", "example.com", "example.com", "/", ADDRESS_WEB},
	        {"https://ｅｘａｍｐｌｅ。ｃｏｍ/", "example.com", "example.com", "/", ADDRESS_WEB},
	        {"https://例え.jp/", "例え.jp", "例え.jp", "/", ADDRESS_WEB | ADDRESS_PUNYCODE},
	        {"https://xn--r8jz45g.jp/", "例え.jp", "例え.jp", "/", ADDRESS_WEB | ADDRESS_PUNYCODE},
	        {"https://аmazon.com/", "аmazon.com", "аmazon.com", "/",
	         ADDRESS_WEB | ADDRESS_PUNYCODE | ADDRESS_MIXED},
	        {"https://аррӏе.com/", "аррӏе.com", "аррӏе.com", "/", ADDRESS_WEB | ADDRESS_PUNYCODE | ADDRESS_MIXED},
	        {"http://192.0.2.1/x", "192.0.2.1", "", "/x", ADDRESS_WEB | ADDRESS_IP},
	        {"http://192.168.10.20:5000/", "192.168.10.20", "", "/",
	         ADDRESS_WEB | ADDRESS_IP | ADDRESS_PRIVATE | ADDRESS_PORT},
	        {"http://172.31.0.1/", "172.31.0.1", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_PRIVATE},
	        {"http://172.32.0.1/", "172.32.0.1", "", "/", ADDRESS_WEB | ADDRESS_IP},
	        {"http://3232238100/", "192.168.10.20", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_IP_ODD},
	        {"http://3221225985/", "192.0.2.1", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_IP_ODD},
	        {"http://0xC0.0.2.1/", "192.0.2.1", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_IP_ODD},
	        {"http://0300.0.02.01/", "192.0.2.1", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_IP_ODD},
	        {"http://0xc0000201/", "192.0.2.1", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_IP_ODD},
	        {"http://192.513/", "192.0.2.1", "", "/", ADDRESS_WEB | ADDRESS_IP | ADDRESS_IP_ODD},
	        {"http://１９２.0.2.1/", "192.0.2.1", "", "/", ADDRESS_WEB | ADDRESS_IP},
	        {"http://[2001:db8::1]/", "[2001:db8::1]", "", "/", ADDRESS_WEB | ADDRESS_IP},
	        {"http://[::ffff:192.0.2.1]:8080/", "[::ffff:192.0.2.1]", "", "/",
	         ADDRESS_WEB | ADDRESS_IP | ADDRESS_PORT},
	        {"http://[fe80::1%25eth0]/", "[fe80::1%eth0]", "", "/", ADDRESS_WEB | ADDRESS_IP},
	        {"https://abc123.workers.dev/", "abc123.workers.dev", "abc123.workers.dev", "/",
	         ADDRESS_WEB | ADDRESS_RENTED},
	        {"https://x.y.duckdns.org/", "x.y.duckdns.org", "y.duckdns.org", "/", ADDRESS_WEB | ADDRESS_RENTED},
	        {"https://www.city.yokohama.lg.jp/", "www.city.yokohama.lg.jp", "yokohama.lg.jp", "/", ADDRESS_WEB},
	        {"localhost", "localhost", "", "", ADDRESS_WEB},
	        {"https://co.jp/", "co.jp", "", "/", ADDRESS_WEB},
	        {"javascript:alert(1)", "", "", "", ADDRESS_SCRIPT},
	        {"java\nscript:alert(1)", "", "", "", ADDRESS_SCRIPT},
	        {"data:text/html,x", "", "", "", ADDRESS_SCRIPT},
	        {"blob:https://example.com/1", "", "", "", ADDRESS_SCRIPT},
	        {"mailto:a@example.co.jp?subject=x", "example.co.jp", "example.co.jp", "", ADDRESS_MAIL},
	        {"tel:0312345678", "", "", "", ADDRESS_TEL},
	        {"\\\\server.example.com\\share", "server.example.com", "example.com", "/share", ADDRESS_FILE},
	        {"file://server.example.com/share", "server.example.com", "example.com", "/share", ADDRESS_FILE},
	        {"intent://scan/#Intent;end", "scan", "", "/#Intent;end", ADDRESS_WEB},
	        {"", "", "", "", 0},
	        {"https://", "", "", "", 0},
	};
	const uint32_t watched = ADDRESS_IP | ADDRESS_IP_ODD | ADDRESS_PUNYCODE | ADDRESS_MIXED | ADDRESS_USERINFO |
	                         ADDRESS_PORT | ADDRESS_RENTED | ADDRESS_SCRIPT;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
		struct address address;
		assert_int_equal(address_read(str_of(cases[i].input), a, &address), 0);
		want_str(cases[i].input, "host", address.host, cases[i].host);
		want_str(cases[i].input, "registrable", address.registrable, cases[i].registrable);
		want_str(cases[i].input, "rest", address.rest, cases[i].rest);
		if ((address.flags & cases[i].flags) != cases[i].flags ||
		    (address.flags & watched) != (cases[i].flags & watched))
			fail_msg("%s: flags %x, not %x", cases[i].input, address.flags, cases[i].flags);
	}
}

static const struct str own[] = {{"company.co.jp", 13}, {"sonae-seiki.jp", 14}};
static const struct str correspondents[] = {{"tanaka-kogyo.co.jp", 18}};
static const struct company company = {
        .own_domains = own, .own_domain_count = 2, .correspondents = correspondents, .correspondent_count = 1};

static enum lookalike_how how_of(const char *input, struct arena *a, struct lookalike *ret)
{
	struct address address;
	assert_int_equal(address_read(str_of(input), a, &address), 0);
	lookalike_find(&address, rules, &company, a, ret);
	return ret->how;
}

static void test_imitations(void **state)
{
	static const struct {
		const char *input;
		enum lookalike_how how;
		enum lookalike_target target;
	} cases[] = {
	        {"cornpany.co.jp", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_OWN},
	        {"c0mpany.co.jp", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_OWN},
	        {"compamy.co.jp", LOOKALIKE_NEAR, LOOKALIKE_OF_OWN},
	        {"comapny.co.jp", LOOKALIKE_NEAR, LOOKALIKE_OF_OWN},
	        {"compny.co.jp", LOOKALIKE_NEAR, LOOKALIKE_OF_OWN},
	        {"commpany.co.jp", LOOKALIKE_NEAR, LOOKALIKE_OF_OWN},
	        {"company.jp", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_OWN},
	        {"company.com", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_OWN},
	        {"company.co.jp.login.example.top", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_OWN},
	        {"sonaeseiki.jp", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_OWN},
	        {"sonae-seikl.jp", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_OWN},
	        {"mail.tanaka-kogyo.com", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_CORRESPONDENT},
	        {"tanaka-kogy0.co.jp", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_CORRESPONDENT},
	        {"tanaka-koygo.co.jp", LOOKALIKE_NEAR, LOOKALIKE_OF_CORRESPONDENT},
	        {"amaz0n.com", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_BRAND},
	        {"arnazon.co.jp", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_BRAND},
	        {"raku1en.example.com", LOOKALIKE_NONE, 0},
	        {"paypa1.com", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_BRAND},
	        {"rnicrosoft.com", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_BRAND},
	        {"аmazon.com", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_BRAND},
	        {"amazom.top", LOOKALIKE_NEAR, LOOKALIKE_OF_BRAND},
	        {"rakutem.xyz", LOOKALIKE_NEAR, LOOKALIKE_OF_BRAND},
	        {"rakutne.shop", LOOKALIKE_NEAR, LOOKALIKE_OF_BRAND},
	        {"amazn.xyz", LOOKALIKE_NEAR, LOOKALIKE_OF_BRAND},
	        {"amazom.jp/login", LOOKALIKE_NEAR, LOOKALIKE_OF_BRAND},
	        {"rakuten.top", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_BRAND},
	        {"amazon.cfd", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_BRAND},
	        {"eki-net.xyz", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_BRAND},
	        {"smbc-card.icu", LOOKALIKE_OTHER_ENDING, LOOKALIKE_OF_BRAND},
	        {"amazon-login.com", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"amazon-account-update.jp", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"login-rakuten.net", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"support-amazon.com", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"secure-amazon-jp.com", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"amazonlogin.com", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"supportamazon.net", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"amazon-jp.top", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"amazon-jpkfz.buzz", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"rakuten-point.shop", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"amazonoss.xyz", LOOKALIKE_KEYWORD, LOOKALIKE_OF_BRAND},
	        {"www.amazon.co.jp.example.cn", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"www2.amazon.co.jp.dfsfeqw.monster", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"grp01.id.rakuten.co.jp.example.info", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"my.jcb.co.jp.example.com", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"www-amazon-co-jp.example.com", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"rakuten-co-jp.top", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"www2.cr.mufg.jp-select-login.example.cn", LOOKALIKE_EMBEDDED, LOOKALIKE_OF_BRAND},
	        {"amazon.example.com", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"www.eki-net.example.com", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"smbc-card.example.com", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"saisoncard.example.net", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"amazon-login.example.net", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"amazon.duckdns.org", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"rakuten-card.workers.dev", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"amazon-support.workers.dev", LOOKALIKE_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"www.amozon.co.jp.example.cc", LOOKALIKE_NEAR_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"amaozn.example.cn", LOOKALIKE_NEAR_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"arnazon.example.top", LOOKALIKE_NEAR_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"raikuten.co.jp.example.com", LOOKALIKE_NEAR_SUBDOMAIN, LOOKALIKE_OF_BRAND},
	        {"facebo0k.com", LOOKALIKE_SAME_LOOK, LOOKALIKE_OF_BRAND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
		struct lookalike found;
		enum lookalike_how how = how_of(cases[i].input, a, &found);
		if (how != cases[i].how || (how != LOOKALIKE_NONE && found.target != cases[i].target))
			fail_msg("%s: how %d of %d (%.*s), not %d of %d", cases[i].input, how, found.target,
			         STR_ARG(found.domain), cases[i].how, cases[i].target);
	}
}

static void test_honest_names(void **state)
{
	static const char *const hosts[] = {
	        /* genuine, and what belongs to them */
	        "www.amazon.co.jp",
	        "amazon.com",
	        "www.rakuten.co.jp",
	        "card.rakuten.co.jp",
	        "www.rakuten-card.co.jp",
	        "www.smbc-card.com",
	        "direct.smbc.co.jp",
	        "www.eki-net.com",
	        "www.paypay-card.co.jp",
	        "www.mufg.jp",
	        "www.google.com",
	        "google.co.jp",
	        "mail.company.co.jp",
	        "tanaka-kogyo.co.jp",
	        "www.saisoncard-promotion.com",
	        "www.nta.go.jp",
	        "www.city.yokohama.lg.jp",
	        /* short names and everyday words */
	        "money.com",
	        "moner.jp",
	        "avon.com",
	        "aon.com",
	        "live.example.com",
	        "online.example.co.jp",
	        "line-up.jp",
	        "liner.jp",
	        "view.example.com",
	        "nta-sports.jp",
	        "ekitan.com",
	        "au-bon-pain.com",
	        "paul-au.com",
	        "ana-s.jp",
	        "jcbi.com",
	        "office.example.com",
	        "apple.example.co.jp",
	        "home.example.jp",
	        "box.example.com",
	        "zoomer.jp",
	        "chase.co.jp",
	        "orange.jp",
	        "target.co.jp",
	        "square.jp",
	        "visa-office.jp",
	        "tokyo-metro.example.jp",
	        "osaka-info.jp",
	        "city-bank.net",
	        "cloudlogin.co",
	        "postoffice.co.za",
	        /* a brand's name inside another word */
	        "rappler.com",
	        "pineapple.jp",
	        "grapples.com",
	        "daiwahouse.co.jp",
	        "daiwa-can.co.jp",
	        "oricon.co.jp",
	        "aeonian.com",
	        "yahooligans.com",
	        "visalia.org",
	        "linear.app",
	        "paulau.com",
	        "docomocomo.jp",
	        /* first letter, trailing digits, a hyphen, one letter of an honest name */
	        "poodle.com",
	        "bank.com",
	        "tank.jp",
	        "amazon2.jp",
	        "rakuten1.jp",
	        "e-bay.jp",
	        "face-book.jp",
	        "telkom.co.za",
	        "nation.co.ke",
	        "hostels.com",
	        "smarter.com",
	        "lifecare.com",
	        "umobile.jp",
	        "allpay.com.tw",
	        "hoteis.com",
	        "blogher.com",
	        "mystore.lk",
	        /* the same name in another country */
	        "google.de",
	        "google.com.tr",
	        "canon.de",
	        "sony.it",
	        "ikea.ru",
	        "disney.fr",
	        "indeed.cl",
	        "citibank.pl",
	        "ebay.at",
	        /* sister companies and partners */
	        "microsoftstore.com",
	        "amazonservices.com",
	        "disneyrewards.com",
	        "toyota-global.com",
	        "rakuten-shop.de",
	        "royalmailgroup.com",
	        "nortonstore.jp",
	        "correosexpress.com",
	        "android-fan.jp",
	        /* services and ordinary firms */
	        "hubspotemail.net",
	        "u1234567.ct.sendgrid.net",
	        "example.my.salesforce.com",
	        "yamada-denki-kouji.co.jp",
	        "suzuki-shoten.jp",
	        "login.example.co.jp",
	        "account.example.com",
	        "www.co.jp.example.net",
	        "tanaka.example.top",
	        "xn--wgv71a.jp",
	        "例え.jp",
	        "mizuho.city.example.jp",
	        "sakura.example.ne.jp",
	        "secure.example.bank",
	        "support.example.shop",
	        "jp.example.com",
	};
	size_t alarms = 0;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
		struct lookalike found;
		if (how_of(hosts[i], a, &found) == LOOKALIKE_NONE)
			continue;
		alarms++;
		print_error("%s: called like %.*s (%d)\n", hosts[i], STR_ARG(found.domain), found.how);
	}
	assert_int_equal(alarms, 0);
}

static void test_text(void **state)
{
	assert_int_not_equal(lookalike_brand_in_text(STR("/wp/amazon.co.jp/login.php"), rules, false), UINT32_MAX);
	assert_int_not_equal(lookalike_brand_in_text(STR("/smbc-card.com/"), rules, false), UINT32_MAX);
	assert_int_not_equal(lookalike_brand_in_text(STR("/rakuten/x"), rules, true), UINT32_MAX);
	assert_int_equal(lookalike_brand_in_text(STR("/rakuten/x"), rules, false), UINT32_MAX);
	assert_int_equal(lookalike_brand_in_text(STR("/shop/items/paulau"), rules, true), UINT32_MAX);
	assert_int_equal(lookalike_brand_in_text(STR(""), rules, true), UINT32_MAX);
}

static void test_limits(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct address address;
	char *text = arena_alloc(a, ADDRESS_MAX_BYTES * 2);
	memset(text, 'a', ADDRESS_MAX_BYTES * 2);
	assert_true(address_read(str_make(text, ADDRESS_MAX_BYTES * 2), a, &address) < 0);
	for (size_t i = 1; i < 2000; i += 2)
		text[i] = '.';
	struct lookalike found;
	address_read(str_make(text, 2000), a, &address);
	lookalike_find(&address, rules, &company, a, &found);
	assert_int_equal(found.how, LOOKALIKE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_read), cmocka_unit_test(test_imitations), cmocka_unit_test(test_honest_names),
	        cmocka_unit_test(test_text), cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
