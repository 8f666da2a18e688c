"""The invented submissions in `filing_cases/`: the truth as TOML between lines of `+++`, then the
paper. `# ` is its title, `## ` a styled heading, `= ` a centred line, `> ` a line at the right,
`| … |` a row of a table: a row's last cell spans the rest, `^` continues the cell above it.

`status` is "filed" where leaving it out; "review" where filing it at all would be wrong; "either"
where a person may be asked, but what is filed must be right. Facts left out are not judged.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.outline import recover
from indexer.readers.tables import table_text
from indexer.reading import Block, Reading

FOLDER = Path(__file__).parent / "filing_cases"


@dataclass(frozen=True)
class Case:
    key: str
    truth: dict[str, Any]
    reading: Reading

    @property
    def name(self) -> str:
        return str(self.truth["file"])

    @property
    def status(self) -> str:
        return str(self.truth.get("status", "filed"))


def cases() -> list[Case]:
    return [case for path in sorted(FOLDER.glob("*.txt")) for case in _of_file(path)]


def _of_file(path: Path) -> Iterator[Case]:
    parts = re.split(r"^\+\+\+\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for number in range(0, len(parts), 2):
        truth = tomllib.loads(parts[number])
        form = Path(truth["file"]).suffix.lstrip(".")
        yield Case(f"{path.stem}-{number // 2 + 1}", truth, _reading(parts[number + 1], form))


def _reading(body: str, form: str) -> Reading:
    blocks: list[Block] = []
    rows: list[list[str]] = []
    for line in [*body.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            blocks.append(_table(rows))
            rows = []
        if line.strip():
            blocks.append(_paragraph(line))
    found = recover(blocks)
    return Reading(form, "complete", found.blocks, found.outline, found.fields)


def _paragraph(line: str) -> Block:
    if line.startswith("# "):
        return Block("heading", line[2:], level=0, by="style")
    if line.startswith("## "):
        return Block("heading", line[3:], level=1, by="style")
    if line.startswith("= "):
        return Block("paragraph", line[2:], bold=True, centred=True)
    return Block("paragraph", line.removeprefix("> "))


def _table(rows: list[list[str]]) -> Block:
    width = max(map(len, rows))
    merged = {(n, column) for n, row in enumerate(rows) for column in range(len(row), width)}
    merged |= {(n, c) for n, row in enumerate(rows) for c, cell in enumerate(row) if cell == "^"}
    grid = [
        tuple("" if (n, c) in merged else row[c] for c in range(width))
        for n, row in enumerate(rows)
    ]
    places = tuple(sorted(merged))
    return Block("table", table_text(grid, places), rows=tuple(grid), merged=places)
