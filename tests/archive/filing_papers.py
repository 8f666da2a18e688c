"""Papers and a small county for the tests of filing and completeness."""

from __future__ import annotations

from archive.register import Register
from archive.register_import import build_register
from indexer.outline import recover
from indexer.reading import Block, Reading

Rows = list[list[str]]

COUNTY = {
    "county": "蒲城县",
    "valid_from": "2014",
    "stage": "初中",
    "subjects": ["语文", "数学", "英语", "物理", "化学", "政治", "历史", "地理", "生物"],
    "clusters": [
        {"no": 1, "centre": "孙镇初中", "members": ["椿林初中"]},
        {"no": 2, "centre": "荆姚初中", "members": ["甜水井初中"]},
        {"no": 3, "centre": "罕中初中部", "members": ["高阳初中", "东党初中"]},
        {"no": 4, "centre": "实验中学", "members": ["贾曲初中", "贾曲九年制初中"]},
    ],
    "teachers": [
        {"name": "王淑霞", "school": "孙镇初中", "subjects": ["语文"], "roles": ["教研组长"]},
        {"name": "雷亚锋", "school": "孙镇初中", "subjects": ["化学"], "roles": ["教师"]},
    ],
}


def county() -> Register:
    return build_register(COUNTY)


def paper(*parts: str | Rows, form: str = "docx") -> Reading:
    """A reading of paragraphs (text) and tables (rows); the first line stands centred in bold."""
    blocks = []
    for part in parts:
        if isinstance(part, str):
            first = not blocks
            blocks.append(Block("paragraph", part, bold=first, centred=first))
        else:
            rows = tuple(tuple(row) for row in part)
            text = "\n".join("\t".join(row) for row in rows)
            blocks.append(Block("table", text, rows=rows))
    found = recover(blocks)
    return Reading(form, "complete", found.blocks, found.outline, found.fields)
