"""The project's own pages, cut into what the tests look at: links, commands, tables, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
#: Made by setting up, testing or running; not ours to write.
FOREIGN = frozenset({"node_modules", "demo-home", "out"})

_FENCE = re.compile(r"^(?P<mark>```+)(?P<kind>[^\n`]*)\n(?P<body>.*?)^(?P=mark)\s*$", re.M | re.S)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.M)


@dataclass(frozen=True)
class Manual:
    """One page: `text` whole, `prose` without its code blocks."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def prose(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """(language, body) of every code block."""
        return [(m["kind"].strip(), m["body"]) for m in _FENCE.finditer(self.text)]

    @property
    def spans(self) -> list[str]:
        """Every `inline code`; a table's escaped bar is a bar again."""
        return [span.replace("\\|", "|") for span in _SPAN.findall(self.prose)]

    @property
    def links(self) -> list[str]:
        return _LINK.findall(_SPAN.sub("", self.prose))

    @property
    def anchors(self) -> set[str]:
        return {slug(heading) for heading in _HEADING.findall(self.prose)}

    def command_lines(self) -> Iterator[str]:
        """Lines of code blocks and inline code that begin with a command of ours."""
        lines = [line.strip() for kind, body in self.blocks if kind in ("", "sh", "bash", "ini")
                 for line in body.splitlines()]  # fmt: skip
        for line in [*lines, *self.spans]:
            command = line.removeprefix("ExecStart=/opt/yanxiu/.venv/bin/").removeprefix("$ ")
            if re.match(r"yanxiu(?:\.exe)?\s+\S", command):
                yield command.replace("yanxiu.exe", "yanxiu")

    def rows(self, heading: str) -> list[list[str]]:
        """The cells of the first table below a heading."""
        _, _, below = f"\n{self.text}".partition(f"\n{heading}\n")
        assert below, f"{self.name} has no heading {heading!r}"
        lines = below.splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("|"))
        table = []
        for line in lines[start:]:
            if not line.startswith("|"):
                break
            table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        return table[2:]


def slug(heading: str) -> str:
    """The anchor that a heading gets on GitHub."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


@cache
def manual(name: str) -> Manual:
    path = ROOT / name
    return Manual(path, path.read_text("utf-8"))


@cache
def manuals() -> tuple[Manual, ...]:
    """Every page of the project."""
    found = []
    for path in sorted(ROOT.rglob("*.md")):
        parts = path.relative_to(ROOT).parts
        if not any(part.startswith(".") or part in FOREIGN for part in parts):
            found.append(manual("/".join(parts)))
    return tuple(found)


def target(page: Manual, link: str) -> tuple[Path, str]:
    """(file, anchor) to which a relative link leads."""
    place, _, anchor = link.partition("#")
    return (page.path.parent / unquote(place) if place else page.path), anchor
