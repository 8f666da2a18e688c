"""Build `t2s.txt`, the Traditional -> Simplified character table, from OpenCC's dictionaries.

    python indexer/data/build_t2s.py DICTIONARY_FOLDER > indexer/data/t2s.txt

DICTIONARY_FOLDER holds TSCharacters.txt, TWVariants.txt and HKVariants.txt as OpenCC (Apache-2.0)
ships them; the table in the package was made from opencc-python-reimplemented 0.1.7 on PyPI.

The table is context-free and one to one, so that folding a part of a text gives the same as the
part of the folded text: that is what keeps a quoted phrase exact. Where OpenCC offers several
Simplified characters the first is taken. Regional forms (衞, 粧, 枱 …) join the standard form
they stand for, unless they are characters of GB 2312, which Simplified texts write themselves
(著, 抬, 颚 stay what they are).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

HEADER = """\
# Traditional -> Simplified, one character to one. Made by build_t2s.py; do not edit.
# Source: TSCharacters.txt, TWVariants.txt, HKVariants.txt of OpenCC
# (https://github.com/BYVoid/OpenCC, (c) BYVoid and the OpenCC contributors, Apache License 2.0,
# see LICENSE-OpenCC.txt beside this file), as packaged in opencc-python-reimplemented 0.1.7.
# Changed: first candidate only, regional forms added.
# sha256 of TSCharacters.txt: {sha256}
# Line 1: {count} Traditional characters; line 2: their Simplified ones, in the same order.
"""


def pairs(path: Path) -> list[tuple[str, list[str]]]:
    lines = (line.rstrip("\n").split("\t") for line in path.read_text("utf-8").splitlines())
    return [(line[0], line[1].split()) for line in lines if len(line) == 2]


def in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def table(folder: Path) -> dict[str, str]:
    simple = {old: new[0] for old, new in pairs(folder / "TSCharacters.txt")}
    for name in ("TWVariants.txt", "HKVariants.txt"):
        for standard, regional in pairs(folder / name):
            for form in regional:
                if form not in simple and not in_gb2312(form):
                    simple[form] = simple.get(standard, standard)
    return settled(simple)


def settled(simple: dict[str, str]) -> dict[str, str]:
    """Follow chains (薴 -> 苧 -> 苎) to their end and drop characters that stay themselves."""
    final = {}
    for old, new in simple.items():
        seen = {old}
        while new in simple and new not in seen:
            seen.add(new)
            new = simple[new]
        if new != old:
            final[old] = new
    return final


def main(folder: Path) -> None:
    mapping = sorted(table(folder).items())
    digest = hashlib.sha256((folder / "TSCharacters.txt").read_bytes()).hexdigest()
    out = HEADER.format(sha256=digest, count=len(mapping))
    out += "".join(old for old, _ in mapping) + "\n" + "".join(new for _, new in mapping) + "\n"
    sys.stdout.buffer.write(out.encode("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
