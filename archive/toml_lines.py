"""On which line a key of a TOML text stands: tomllib gives values without their places."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\-]+|\"[^\"]*\"|'[^']*')\s*=")
#: One step through a value: a string of any of the four kinds, a comment, a bracket.
_STEP = re.compile(
    r'"""(?:\\.|(?!""").)*"""|\'\'\'(?:(?!\'\'\').)*\'\'\''
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]|\n',
    re.S,
)

Lines = dict[tuple[str, ...], int]


def _value_end(text: str, start: int) -> int:
    """Where the value that begins at `start` ends: the first line end outside brackets."""
    depth = 0
    for step in _STEP.finditer(text, start):
        token = step.group()
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        elif token == "\n" and depth <= 0:
            return step.end()
    return len(text)


def key_lines(text: str) -> Lines:
    """Paths of keys -> line, from 1. A path is the table's name, its number within an array of
    tables (from "0"), the key: ("section", "2", "also"); the table alone gives its header's line.
    An inline table's own keys are looked up under the key that holds it."""
    lines: Lines = {}
    counts: dict[str, int] = {}
    table: tuple[str, ...] = ()
    at, line = 0, 1
    while at < len(text):
        newline = text.find("\n", at)
        stop = len(text) if newline < 0 else newline + 1
        header = _HEADER.match(text, at, stop)
        key = None if header else _KEY.match(text, at, stop)
        if header:
            name = header.group(2)
            table = (name,)
            if header.group(1) == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (name, str(counts[name]))
            lines.setdefault(table, line)
        elif key:
            lines.setdefault((*table, key.group(1).strip("\"'")), line)
            stop = _value_end(text, key.end())
        line += text.count("\n", at, stop)
        at = stop
    return lines


def line_of(lines: Lines, path: tuple[str, ...]) -> int:
    """The line of the longest known beginning of `path`, 1 where none is known."""
    for n in range(len(path), 0, -1):
        if path[:n] in lines:
            return lines[path[:n]]
    return 1
