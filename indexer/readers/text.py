"""Plain text and Markdown: BOM, else strict UTF-8, else GB18030, else Big5."""

from __future__ import annotations

import re
from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.reading import Block, Reading

FORMATS = ("txt", "md")

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
#: Characters that GB18030 decodes Big5 bytes to, but that no Chinese text is made of: private
#: use, and the four-byte region's rare signs.
_UNLIKELY = re.compile("[\ue000-\uf8ff\U00010000-\U0010ffff\u0080-\u009f]")


def decode(data: bytes) -> str:
    """The text of `data`. Raises ReadError("corrupt") where no coding fits at all."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = []
    for codec in ("gb18030", "big5hkscs"):
        try:
            candidates.append(data.decode(codec))
        except UnicodeDecodeError:
            continue
    if candidates:
        return max(candidates, key=_likelihood)
    text = data.decode("gb18030", "replace")
    if text.count("\ufffd") * 50 > len(text):
        return data.decode("cp1252", "replace")
    return text


#: The commonest characters of modern Chinese in both scripts; enough to tell GBK from Big5, whose
#: byte ranges overlap so far that most Big5 text is also valid GB18030.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
    "过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心"
    "教研校本计划总结工作课组老师语文数英物化级这個們來為國說時會對這過發後裡種經麼學現當沒動還"
    "進樣計劃總結課組師語數級，。、：；（）《》「」"
)


def _likelihood(text: str) -> float:
    common = sum(1 for sign in text if sign in _COMMON)
    return common - 5 * len(_UNLIKELY.findall(text))


def read(path: Path, limits: Limits) -> Reading:
    """Each line a paragraph. Raises ReadError: empty, unreadable."""
    data, cut = _bytes(path, limits)
    text = decode(data)
    if not text.strip("\ufeff\x1a \t\r\n\f\v\0\u3000"):
        raise ReadError("empty", "only white space")
    left_out = (f"超过 {limits.characters} 字，后面的内容没有读",) if cut else ()
    return Reading(
        format="txt",
        status="partial" if cut else "complete",
        blocks=tuple(_blocks(text, path.suffix.lower() == ".md")),
        left_out=left_out,
    )


def _bytes(path: Path, limits: Limits) -> tuple[bytes, bool]:
    most = limits.characters * 3
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    if len(data) <= most:
        return data, False
    # Cut at a line's end so that no character is torn.
    end = data.rfind(b"\n", 0, most)
    return data[: end if end > 0 else most], True


def _blocks(text: str, markdown: bool) -> list[Block]:
    found = []
    for line in re.split(r"\r\n|[\r\n\f\v\u2028\u2029]", text.replace("\0", "")):
        line = line.strip("\ufeff\x1a \t\u3000\xa0")
        if not line:
            continue
        heading = _MARKDOWN_HEADING.match(line) if markdown else None
        if heading:
            found.append(
                Block("heading", heading.group(2), len(heading.group(1)), by="style")
            )
        else:
            found.append(Block("paragraph", line))
    return found
