"""Lines of an official text in the styles of their levels (GB/T 9704-2012, 7.3.3 and 7.3.4).

Where a tag is all its paragraph holds and the paragraph has one of the styles below, each line of
the value is looked at: 一、 makes a heading of the first level, （一） one of the second, 第一章
a chapter. A heading that goes on in the same line (一、加强领导。各校…) takes the font of its level
up to the full stop only, the article of a rule (第一条) for its number only; a numbered sentence is
plain text. Numbers stay as they were written, none is automatic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ORDINAL = "[一二三四五六七八九十百零〇]{1,4}"
#: A heading: alone in its line without a stop, or short, stopped and followed by text.
_HEADING = "(?:[^。；]{1,50}$|[^。；]{1,28}。(?=.))"


@dataclass(frozen=True, slots=True)
class Level:
    """`pattern` matches a line of this level, its group `head` what is set in the level's font.
    A line that is head alone becomes a paragraph of style `paragraph` ("": stays of the text's
    own), a longer one gets a run of the character style `words` ("": none) in front."""

    pattern: re.Pattern[str]
    paragraph: str
    words: str = ""


_BODY = (
    Level(re.compile(rf"(?P<head>第{_ORDINAL}章[^。]{{0,40}})$"), "OfficialChapter"),
    Level(re.compile(rf"(?P<head>第{_ORDINAL}条)"), "", "OfficialLevel1"),
    Level(re.compile(rf"(?P<head>{_ORDINAL}、{_HEADING})"), "Heading1", "OfficialLevel1"),
    Level(re.compile(rf"(?P<head>[（(]{_ORDINAL}[)）]{_HEADING})"), "Heading2", "OfficialLevel2"),
)
#: Style of the template's paragraph -> levels of its lines.
LEVELS: dict[str, tuple[Level, ...]] = {
    "OfficialBody": _BODY,
    # 份号 (7.2.1) among 密级 and 紧急程度.
    "OfficialMark": (Level(re.compile(r"(?P<head>\d{1,6})$"), "OfficialCopy"),),
    "OfficialAttach": (
        Level(re.compile(r"(?P<head>附件\s?[:：].*)$"), "OfficialAttachFirst"),
        Level(re.compile(r"(?P<head>.*)$"), "OfficialAttachNext"),
    ),
}
#: Styles of running text whose blank is empty lines: its own and those of the template under it.
RULED = frozenset({"OfficialBody", "BriefingAside", "OfficialAttach", "OfficialNote"})
#: Styles of a signature: its blank is a line to write on in a cell too.
SIGNED = frozenset({"OfficialSeal", "OfficialSign"})


@dataclass(frozen=True, slots=True)
class Styled:
    """A line as it is set: style of its paragraph ("" for the template's own), and its first
    `head` characters in the character style `words`."""

    paragraph: str = ""
    words: str = ""
    head: int = 0


def styled(line: str, levels: tuple[Level, ...]) -> Styled:
    """How a line of the value is set under these levels; plain where it is of none."""
    for level in levels:
        match = level.pattern.match(line)
        if match is None:
            continue
        if match.end("head") == len(line.rstrip()):
            return Styled(level.paragraph, "" if level.paragraph else level.words, len(line))
        return Styled("", level.words, match.end("head"))
    return Styled()
