/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weights.yaml:
 *   bias: -4.5
 *   thresholds: {danger: 0.8, doubtful: 0.4}
 *   caps: {tone: 1.2}          # the most that a group may add
 *   weights: {threat: 0.7}     # one for every finding
 * The promise that tone, craft or language alone never make danger is checked here, when the file is read. */
#include <math.h>

#include "base/err.h"
#include "rules/inside.h"

enum { WEIGHT_MAX = 20 };

static int read_bounded(struct yaml_file *f, const yaml_node_t *node, double least, double most, double *ret)
{
	int r = yaml_read_number(f, node, ret);
	if (r >= 0 && (*ret < least || *ret > most))
		return yaml_complain(f, node, "the number must be from %g to %g", least, most);
	return r;
}

static int add_cap(void *context, struct yaml_file *f, struct str key, const yaml_node_t *key_node,
                   const yaml_node_t *value)
{
	struct rules *r = context;
	enum finding_group group;
	if (finding_group_of(key, &group) < 0)
		return yaml_complain(f, key_node, "\"%.*s\" is not a group of findings", STR_ARG(key));
	return read_bounded(f, value, 0, WEIGHT_MAX, &r->caps[group]);
}

static int add_weight(void *context, struct yaml_file *f, struct str key, const yaml_node_t *key_node,
                      const yaml_node_t *value)
{
	struct rules *r = context;
	enum finding_id id;
	if (finding_id_of(key, &id) < 0)
		return yaml_complain(f, key_node, "\"%.*s\" is not a finding", STR_ARG(key));
	r->has_weight[id] = true;
	bool relief = finding_id_group(id) == GROUP_RELIEF;
	return read_bounded(f, value, relief ? -WEIGHT_MAX : 0, relief ? 0 : WEIGHT_MAX, &r->weights[id]);
}

static int read_bias(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	struct rules *r = target;
	return read_bounded(f, node, -WEIGHT_MAX, 0, &r->bias);
}

static int read_caps(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_each_pair(f, node, add_cap, target);
}

static int read_weights(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_each_pair(f, node, add_weight, target);
}

static int read_thresholds(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	static const struct yaml_field fields[] = {
	        {"danger", YAML_NUMBER, offsetof(struct rules, danger), true, NULL},
	        {"doubtful", YAML_NUMBER, offsetof(struct rules, doubtful), true, NULL},
	};
	struct rules *r = target;
	int result = yaml_read_mapping(f, node, fields, ARRAY_SIZE(fields), r);
	if (result >= 0 && !(r->doubtful > 0 && r->doubtful < r->danger && r->danger < 1))
		return yaml_complain(f, node, "0 < doubtful < danger < 1 is wanted");
	return result;
}

int rules_read_weights(struct rules *r, struct yaml_file *f, bool own)
{
	const struct yaml_field fields[] = {
	        {"bias", YAML_OTHER, 0, !own, read_bias},
	        {"thresholds", YAML_OTHER, 0, !own, read_thresholds},
	        {"caps", YAML_OTHER, 0, !own, read_caps},
	        {"weights", YAML_OTHER, 0, !own, read_weights},
	};
	return yaml_read_mapping(f, yaml_file_root(f), fields, ARRAY_SIZE(fields), r);
}

static int complain(struct rules_complaint *c, const char *path, const char *what, const char *word)
{
	*c = (struct rules_complaint){0};
	snprintf(c->file, sizeof(c->file), "%s", path);
	snprintf(c->text, sizeof(c->text), "%s \"%s\"", what, word);
	return ERR_INVALID;
}

int rules_check_weights(struct rules *r, const char *path, struct rules_complaint *complaint)
{
	for (size_t i = 0; i < FINDING_ID_COUNT; i++) {
		if (!r->has_weight[i])
			return complain(complaint, path, "there is no weight for the finding",
			                finding_id_word((enum finding_id) i));
	}
	static const enum finding_group weak_groups[] = {GROUP_TONE, GROUP_CRAFT, GROUP_LANGUAGE};
	for (size_t i = 0; i < ARRAY_SIZE(weak_groups); i++) {
		double score = 1 / (1 + exp(-(r->bias + r->caps[weak_groups[i]])));
		if (score >= r->danger)
			return complain(complaint, path, "a group alone must not make danger; lower the cap of",
			                finding_group_word(weak_groups[i]));
	}
	return 0;
}

double rules_weight(const struct rules *r, enum finding_id id)
{
	CHECK((size_t) id < FINDING_ID_COUNT);
	return r->weights[id];
}

double rules_bias(const struct rules *r)
{
	return r->bias;
}

double rules_threshold_danger(const struct rules *r)
{
	return r->danger;
}

double rules_threshold_doubtful(const struct rules *r)
{
	return r->doubtful;
}

double rules_group_cap(const struct rules *r, enum finding_group group)
{
	CHECK((size_t) group < FINDING_GROUP_COUNT);
	return r->caps[group];
}
