"""Lines that a form carries for reference: they say of themselves that nobody wrote them now.

    〔上学期目标与任务（供参考）：……〕

The brackets tell where they end, also where a print has broken them into several lines.

`archive.contents` does not count such a line as content.
"""

from __future__ import annotations

from archive.contents import REFERENCE
from archive.kinds import Kind
from indexer.reading import Reading

#: So much of what is taken over is printed; it must not push the form onto another page.
LONGEST = 60

_INSIDE = str.maketrans("〔〕", "（）")

#: Period.type -> what the one before is called.
BEFORE = {"month": "上月", "term": "上学期", "school_year": "上学年", "calendar_year": "上年度"}


def reference(about: str, text: str, longest: int = LONGEST) -> str:
    """One line: `about` names what is taken over (上学期目标与任务). "" where there is no text."""
    plain = "；".join(part.strip("；; ") for part in text.splitlines() if part.strip("；; "))
    if not plain:
        return ""
    short = plain if len(plain) <= longest else plain[: longest - 1] + "…"
    return f"〔{about}（{REFERENCE}）：{short.translate(_INSIDE)}〕"


def section_text(reading: Reading, kind: Kind, name: str) -> str:
    """What a paper has under the heading that answers the section; "" where nothing stands."""
    from archive.headings import answers, candidates  # long to load, seldom needed

    claimed = answers(candidates(reading, kind), kind.sections).get(name, [])
    for candidate in (c for c in claimed if c.has_content):
        for item in reading.outline:
            if (item.block, item.title) == (candidate.block, candidate.title) and item.body.strip():
                return item.body.strip()
        text = _after(reading.blocks[candidate.block].text, candidate.title)
        if text:
            return text
    return ""


def _after(text: str, title: str) -> str:
    """The rest of the line after `title：`."""
    for line in text.splitlines():
        _, found, rest = line.partition(title)
        if found and rest.strip("：: 】]"):
            return rest.strip("：: 】]\t")
    return ""
