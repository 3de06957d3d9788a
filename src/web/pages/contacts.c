/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * いつもの道: the official addresses and numbers that the company has noted itself, from paper, never from a mail. */
#include "base/err.h"
#include "web/pages/rows.h"

enum { CSV_MAX_BYTES = 1024 * 1024 };

static struct str brand_label(const struct page *p, struct str id)
{
	const struct brand *brand = p->rules ? rules_find_brand(p->rules, id) : NULL;
	if (!brand)
		return id;
	return p->language == LANGUAGE_JA ? brand->name_ja : brand->name_en;
}

static int get_all(struct page *p, struct keep_contact_list_out *ret)
{
	return keep_contact_list(p->keep, &p->actor, &(struct keep_contact_list_in){0}, p->arena, ret);
}

static int show(struct page *p)
{
	static const char *const kept[] = {"brand", "name", "url", "phone", NULL};
	struct keep_contact_list_out out;
	struct str asked = page_query(p, "brand");
	json_t *list = json_array();
	rows_keep_fields(p, kept);
	page_put(p, "contacts", list);
	if (asked.n > 0 && p->method == HTTP_GET) {
		json_t *form = json_object_get(p->model, "form");
		json_object_set_new(form, "brand", page_json_str(asked));
		json_object_set_new(form, "name", page_json_str(brand_label(p, asked)));
	}
	int r = get_all(p, &out);
	for (size_t i = 0; r >= 0 && i < out.contacts.n; i++) {
		json_t *j = rows_contact(&out.contacts.at[i]);
		json_object_set_new(j, "brand_label", page_json_str(brand_label(p, out.contacts.at[i].brand)));
		json_array_append_new(list, j);
	}
	return r;
}

/* A name of the table of brands becomes its id, so that a claim finds the note. */
static struct str brand_of_name(const struct page *p, struct str name)
{
	for (size_t i = 0; p->rules && i < rules_brand_count(p->rules); i++) {
		const struct brand *brand = rules_brand(p->rules, (uint32_t) i);
		if (str_eq(brand->name_ja, name) || str_eq_icase(brand->name_en, name) || str_eq(brand->id, name))
			return brand->id;
	}
	return name;
}

int contacts_page(struct page *p)
{
	struct keep_contact_add_out out;
	if (p->method == HTTP_GET)
		return show(p);
	struct str name = str_trim(page_field(p, "name")), brand = str_trim(page_field(p, "brand"));
	struct keep_contact_add_in in = {
	        .brand = brand.n > 0 ? brand : brand_of_name(p, name),
	        .name = name,
	        .url = str_trim(page_field(p, "url")),
	        .phone = str_trim(page_field(p, "phone")),
	        .checked_us = p->now_us,
	};
	bool has_way = in.url.n > 0 || in.phone.n > 0;
	int r = name.n == 0 || !has_way ? ERR_INVALID : keep_contact_add(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, "contacts.problem", name.n == 0 ? "name" : has_way ? "url" : "phone");
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/contacts");
}

int contact_delete_page(struct page *p)
{
	struct keep_contact_delete_in in = {0};
	struct keep_contact_delete_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_contact_delete(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/contacts");
}

int contacts_csv_page(struct page *p)
{
	struct keep_contact_list_out out;
	int r = get_all(p, &out);
	if (r < 0)
		return r;
	struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "contacts.name")), false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "contacts.phone")), false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "contacts.url")), true);
	for (size_t i = 0; i < out.contacts.n; i++) {
		rows_csv_cell(&b, out.contacts.at[i].name, false);
		rows_csv_cell(&b, out.contacts.at[i].phone, false);
		rows_csv_cell(&b, out.contacts.at[i].url, true);
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "contacts.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
