#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-prices.py OUTPUT INPUT: facts/ai-prices.yaml as a C table. Strict: a line that is not an entry of the one form
# stops the build.
import datetime
import re
import sys

output, source = sys.argv[1:3]
PRICE = re.compile(r'  - \{model: ([a-z0-9.:/-]{1,60}), currency: (USD|JPY), in: ([0-9.]+), out: ([0-9.]+), '
                   r'checked: (\d{4}-\d\d-\d\d), until: (\d{4}-\d\d-\d\d), source: "([^"\\]{1,200})"\}$')
RATE = re.compile(r'  - \{currency: (USD), yen: ([0-9.]+), checked: (\d{4}-\d\d-\d\d), '
                  r'until: (\d{4}-\d\d-\d\d), source: "([^"\\]{1,200})"\}$')


def micros(day, end):
    moment = datetime.datetime.fromisoformat(day + ('T23:59:59+00:00' if end else 'T00:00:00+00:00'))
    return int(moment.timestamp()) * 1000000


section, prices, rates = None, [], []
for number, line in enumerate(open(source, encoding='utf-8'), 1):
    line = line.rstrip('\n')
    if line.startswith('#') or not line:
        continue
    if line in ('prices:', 'rates:'):
        section = line
        continue
    match = (PRICE if section == 'prices:' else RATE).match(line)
    if not match:
        sys.exit(f'{source}:{number}: not an entry')
    (prices if section == 'prices:' else rates).append(match.groups())
names = [p[0] for p in prices]
if len(set(names)) != len(names):
    sys.exit(f'{source}: a model stands there twice')
with open(output, 'w', encoding='utf-8') as out:
    out.write('#include "keep/ai-price.h"\n\nconst struct keep_ai_price ai_price_table[] = {\n')
    for model, currency, price_in, price_out, checked, until, where in sorted(prices):
        out.write(f'\t{{{{"{model}", {len(model)}}}, {{"{currency}", 3}}, {float(price_in)}, {float(price_out)}, '
                  f'{{"{where}", {len(where.encode())}}}, {micros(checked, False)}, {micros(until, True)}, false}},\n')
    out.write(f'}};\nconst size_t ai_price_count = {len(prices)};\n\nconst struct keep_ai_exchange ai_exchange_table[] = {{\n')
    for currency, yen, checked, until, where in rates:
        out.write(f'\t{{{{"{currency}", 3}}, {float(yen)}, {{"{where}", {len(where.encode())}}}, '
                  f'{micros(checked, False)}, {micros(until, True)}, false}},\n')
    out.write(f'}};\nconst size_t ai_exchange_count = {len(rates)};\n')
