#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-migrations.py OUTPUT FILE...: the migrations as one C table, in the order of their numbers; as numbers rather
# than as string literals, which standard C lets be 4095 bytes long.
import os
import sys

output, files = sys.argv[1], sorted(sys.argv[2:], key=os.path.basename)
with open(output, 'w', encoding='utf-8') as out:
    out.write('#include "store/migrations.h"\n\n')
    for wanted, path in enumerate(files, 1):
        number = int(os.path.basename(path).split('-')[0])
        if number != wanted:
            sys.exit(f'{path}: number {number} where {wanted} was expected')
        out.write(f'static const char migration_{number}[] = {{\n')
        for line in open(path, 'rb'):
            out.write(''.join(f'{byte},' for byte in line) + '\n')
        out.write('0};\n\n')
    out.write('const struct migration migration_table[] = {\n')
    out.writelines(f'\t{{{number}, migration_{number}}},\n' for number in range(1, len(files) + 1))
    out.write('\t{0, NULL},\n};\n')
