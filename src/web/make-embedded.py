#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes C tables of files: make-embedded.py OUT DEPFILE TABLE=FOLDER[,FOLDER...]:ENDING[,ENDING...] ...

The name of a file in its table is its path below the folder. The folders themselves are dependencies, so that a new
file is noticed."""
import hashlib
import pathlib
import sys

ROW_BYTES = 32


def literal(data):
    rows = []
    for i in range(0, len(data), ROW_BYTES):
        rows.append('\t"' + "".join(f"\\{b:03o}" for b in data[i:i + ROW_BYTES]) + '"')
    return "\n".join(rows) or '\t""'


def files(folders, endings):
    for folder in map(pathlib.Path, folders):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file() and path.suffix.lstrip(".") in endings:
                yield path.relative_to(folder).as_posix(), path


out, depfile, *tables = sys.argv[1:]
text = ["/* Made by make-embedded.py. */", '#pragma GCC diagnostic ignored "-Woverlength-strings"', '#include "web/embed.h"', ""]
depends = []
for table in tables:
    name, rest = table.split("=", 1)
    folders, endings = (part.split(",") for part in rest.rsplit(":", 1))
    rows = []
    for folder in folders:
        if pathlib.Path(folder).is_dir():
            depends += [folder] + [str(p) for p in pathlib.Path(folder).rglob("*") if p.is_dir()]
    for number, (short, path) in enumerate(files(folders, endings)):
        data = path.read_bytes()
        depends.append(str(path))
        text += [f"static const char {name}_{number}[] =", literal(data) + ";"]
        rows.append(f'\t{{{{"{short}", {len(short)}}}, {{{name}_{number}, {len(data)}}}, '
                    f'"{hashlib.sha256(data).hexdigest()[:16]}"}},')
    text += ["", f"const struct embedded {name}[] = {{", *rows, "\t{{0, 0}, {0, 0}, 0},", "};", ""]
pathlib.Path(out).write_text("\n".join(text), encoding="ascii")
pathlib.Path(depfile).write_text(out + ": " + " ".join(d.replace(" ", "\\ ") for d in depends) + "\n", encoding="utf-8")
