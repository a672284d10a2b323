#!/usr/bin/env python3
"""Makes simplified.txt from OpenCC's table: simplified.py TSCharacters.txt > simplified.txt"""

import sys

HEAD = """\
# Characters of Chinese that are folded, each followed by its simplified form: the first one of OpenCC's table
# TSCharacters (https://github.com/BYVoid/OpenCC, copyright OpenCC contributors, Apache License 2.0).
# Made by simplified.py. A form that the table simplifies further is replaced by the last one.
"""

rows = (line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8") if line.strip() and line[0] != "#")
first = {old: forms.split(" ")[0] for old, forms in rows}


def simplify(character):
    form = first.get(character, character)
    return character if form == character else simplify(form)


pairs = [old + simplify(old) for old in sorted(first) if simplify(old) != old]
print(HEAD, end="")
for start in range(0, len(pairs), 25):
    print(" ".join(pairs[start : start + 25]))
