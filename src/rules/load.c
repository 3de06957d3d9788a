/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading: the project's files, then the company's, then indexes and the scanner. */
#include <math.h>

#include "base/err.h"
#include "base/fd.h"
#include "rules/image.h"
#include "rules/inside.h"

enum { PATH_MAX_BYTES = 256 };

typedef int read_fn(struct rules *r, struct yaml_file *f, bool own);

/* Of rules_file_names; NULL: a list of domains, not YAML. */
static read_fn *const readers[RULES_FILE_COUNT] = {rules_read_brands, rules_read_lists, NULL, rules_read_words,
                                                   rules_read_weights};

static int read_yaml(struct rules *r, const char *path, struct str bytes, read_fn *read, bool own,
                     struct rules_complaint *c)
{
	struct yaml_file f = {.path = path, .arena = r->arena, .complaint = c};
	int result = yaml_file_open(&f, bytes);
	if (result < 0)
		return result;
	if (yaml_file_root(&f))
		result = read(r, &f, own);
	else if (!own)
		result = yaml_complain(&f, NULL, "the file is empty");
	yaml_file_done(&f);
	return result;
}

static int read_one(struct rules *r, const char *folder, size_t number, bool own, struct rules_complaint *c)
{
	char *path = arena_cstr(r->arena, arena_printf(r->arena, "%s/%s", folder, rules_file_names[number]));
	if (!path)
		return ERR_TOO_LARGE;
	struct buf b = buf_make(RULES_FILE_MAX_BYTES);
	int result = fd_read_file(path, &b);
	if (result == ERR_NOT_FOUND && own) {
		buf_done(&b);
		return 0;
	}
	if (result < 0)
		rules_complain(c, path, err_text(result));
	else
		r->version = (r->version ^ str_hash(buf_str(&b))) * 0x100000001b3ULL;
	if (result >= 0)
		result = readers[number] ? read_yaml(r, path, buf_str(&b), readers[number], own, c)
		                         : rules_read_popular(r, path, buf_str(&b), c);
	buf_done(&b);
	return result;
}

static int read_folder(struct rules *r, const char *folder, bool own, struct rules_complaint *c)
{
	int result = 0;
	for (size_t i = 0; result >= 0 && i < RULES_FILE_COUNT; i++)
		result = read_one(r, folder, i, own, c);
	return result;
}

static int finish(struct rules *r, const char *folder, struct rules_complaint *c)
{
	char path[PATH_MAX_BYTES];
	snprintf(path, sizeof(path), "%s/weights.yaml", folder);
	int result = rules_check_weights(r, path, c);
	if (result >= 0)
		result = rules_index_domains(r);
	if (result >= 0)
		result = rules_compile(r, c);
	return result;
}

int rules_load(const char *folder, const char *company_folder, struct rules **ret,
               struct rules_complaint *ret_complaint)
{
	struct rules *r = calloc(1, sizeof(*r));
	CHECK(r);
	r->arena = arena_new(RULES_ARENA_MAX_BYTES);
	for (size_t i = 0; i < FINDING_GROUP_COUNT; i++)
		r->caps[i] = HUGE_VAL;
	*ret_complaint = (struct rules_complaint){0};
	int result = read_folder(r, folder, false, ret_complaint);
	if (result >= 0 && company_folder)
		result = read_folder(r, company_folder, true, ret_complaint);
	if (result >= 0)
		result = finish(r, folder, ret_complaint);
	if (result < 0 && ret_complaint->text[0] == '\0')
		rules_complain(ret_complaint, folder, err_text(result));
	if (result < 0)
		rules_free(r);
	else
		*ret = r;
	return result;
}

int rules_load_cached(const char *folder, const char *company_folder, const char *cache, struct rules **ret,
                      struct rules_complaint *ret_complaint)
{
	uint64_t key = 0;

	*ret_complaint = (struct rules_complaint){0};
	if (cache && rules_load_image(folder, company_folder, cache, ret) >= 0)
		return 0;
	bool keep = cache && rules_image_key(folder, company_folder, &key) >= 0;
	int r = rules_load(folder, company_folder, ret, ret_complaint);
	if (r >= 0 && keep)
		rules_image_keep(*ret, folder, company_folder, cache, key);
	return r;
}
