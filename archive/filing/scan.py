"""A reading laid out for filing: folded lines with their places, head, signature and names.

Filing asks the same questions of the same few places (title, lines under it, 落款, file name) for
each value; a `Scan` is made once and answers them all. All text in it is folded (NFKC, simplified,
lower case); `bare` has no white space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from archive.filing.signature import signature_of
from archive.filing.values import Clues
from indexer.folding import fold
from indexer.reading import Block, Reading

#: A document is judged by its beginning and its end; what lies between in a very long one is left.
MAX_LINES = 1500
MAX_TEXT = 60_000
MAX_ROWS = 400
MAX_HEAD = 10
LONG_LINE = 60

_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节:：]|[（(][一二三四五六七八九十\d]{1,2}[)）]|[1-9l]\d?[、.．](?!\d)|[①-⑳⑴-⒇⒈-⒛])"
)
#: Where the body of a paper begins: a numbered heading, a sentence, a label with nothing after it.
_BODY = re.compile(rf"^{_NUMBERED.pattern}|[。！？；!?]|[:：]$|^[【\[]")
_VERSION = re.compile(
    r"[（(【\[]?(?:修改稿?|修订稿?|定稿|终稿|最终版?|最新版?|新版|副本|重交|重发|补交|打印版?|"
    r"审核稿|上报稿?|正式稿?|初稿|草稿|备份|已改|改自\S{0,6})(?:版|稿)?\d{0,2}[)）】\]]?|[（(]\d{1,2}[)）]|"
    r"[（(](?:改|新|旧|终)[)）]|\s-\s?副本|v\d(?:\.\d)?$|^复件|^附件?\d{0,2}[:：.、\s]?"
)
_SUFFIX = re.compile(r"(?:\.[a-z]{2,5})+$|\.(?:ppt|doc|xls)\s?x?(?:\.[a-z]{2,5})?$")
_EMPTY_NAME = re.compile(
    r"(?:新建)?(?:microsoft)?(?:word|excel|powerpoint)?(?:文档|工作表|演示文稿|文件夹)?\d*|doc\d*|\d+|book\d*|document\d*|无标题|扫描\d*|img\S*|微信图片\S*"
)
_LABEL_LINE = re.compile(r"^[一-鿿（）()、/\s]{1,12}[:：]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document. `role`: title | head | body | cell | edge (header or footer)."""

    text: str
    place: str
    role: str
    bare: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Scan:
    """`head`: the lines before the first numbered heading, long paragraph or table. `name`: the
    file name without suffix and version marks, "" where it says nothing (新建文档)."""

    reading: Reading
    clues: Clues
    lines: tuple[Line, ...]
    title: str
    head: tuple[Line, ...]
    name: str
    raw_name: str
    folders: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)[:MAX_TEXT]

    @cached_property
    def bare_text(self) -> str:
        return "\n".join(line.bare for line in self.lines)[:MAX_TEXT]

    @cached_property
    def signature(self) -> list[Line]:
        """The lines of the 落款."""
        return signature_of([ln for ln in self.lines if ln.role != "edge"], len(self.head))

    @cached_property
    def is_empty(self) -> bool:
        return not any(line.bare for line in self.lines)

    @classmethod
    def of(cls, reading: Reading, clues: Clues) -> Scan:
        lines = _lines(reading)
        title = squeeze(fold(reading.title))
        head = _head(lines, title)
        raw = fold(clues.name)
        return cls(
            reading=reading,
            clues=clues,
            lines=lines,
            title=title or _title_of(head),
            head=head,
            name=clean_name(raw),
            raw_name=raw,
            folders=tuple(clean_name(fold(f)) for f in clues.folders),
            fields=_fields(reading),
            headings=tuple(squeeze(fold(o.title)) for o in reading.outline if o.level > 0),
        )


def squeeze(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())


#: One character with its punctuation; six of them in a row are spread text.
_TOKEN = r"(?:[^\s\w]*\w[^\s\w]*|[^\s\w]+)"
_SPACED = re.compile(rf"(?<!\S)(?:{_TOKEN} ){{5,}}{_TOKEN}(?!\S)")


def closed_up(text: str) -> str:
    """Text that recognition or a typist spread (2 0 1 5 年 1 1 月) without those spaces; wider
    gaps and ordinary spaces stay."""
    if text.count(" ") < 5:
        return text
    return _SPACED.sub(lambda match: squeeze(match.group()), text)


def label_of(text: str) -> str:
    """A label as fields are compared: folded, without spaces, brackets and colon."""
    bare = squeeze(fold(text)).strip(":：")
    return re.sub(r"[（(][^（()）]*[)）]", "", bare) or bare


def clean_name(folded: str) -> str:
    """A file name without suffix and version marks; "" where what is left says nothing."""
    stem = _SUFFIX.sub("", folded.strip())
    stem = _VERSION.sub(" ", stem).strip(" -_—.·")
    return "" if _EMPTY_NAME.fullmatch(squeeze(stem)) else stem


def _lines(reading: Reading) -> tuple[Line, ...]:
    """Every line of the document in reading order, headers and footers last."""
    body: list[Line] = []
    edges: list[Line] = []
    paragraph = table = 0
    for block in reading.blocks:
        if block.kind in ("header", "footer"):
            edges += _split(block, "页眉页脚", "edge")
        elif block.kind == "table":
            table += 1
            body += _cells(block, table)
        else:
            paragraph += 1
            is_title = block.kind == "heading" and block.level == 0
            place = "标题" if is_title else _place(block, paragraph)
            body += _split(block, place, "title" if is_title else "body")
        if len(body) > MAX_LINES:
            break
    return tuple(body + edges)


def _place(block: Block, paragraph: int) -> str:
    page = f"第 {block.page} 页" if block.page else ""
    return page or f"第 {paragraph} 段"


def _split(block: Block, place: str, role: str) -> list[Line]:
    found = []
    for piece in block.text.split("\n"):
        text = closed_up(fold(piece).strip())
        if text:
            found.append(Line(text, place, role, squeeze(text), block.bold))
    return found


def _cells(block: Block, table: int) -> list[Line]:
    """A row of a table is a line; one that has a single cell may be a title (spreadsheets)."""
    found = []
    for n, row in enumerate(block.rows[:MAX_ROWS], 1):
        cells = list(dict.fromkeys(cell.strip() for cell in row if cell and cell.strip()))
        if cells:
            role = "body" if len(cells) == 1 and len(cells[0]) <= LONG_LINE else "cell"
            place = f"{block.sheet or f'表 {table}'} 第 {n} 行"
            text = fold("\t".join(cells).replace("\n", " "))
            found.append(Line(text, place, role, squeeze(text)))
    return found


#: Labels of one person's name; in a table their value stands in the next cell.
_NAME_LABELS = frozenset((
    "作者", "执笔", "执笔人", "撰写人", "撰稿人", "填报人", "填表人", "填写人", "分析人",
    "反思人", "整理人", "汇报人", "报告人", "总结人", "制定人", "拟稿人", "姓名", "教师姓名",
    "任课教师", "授课教师", "主备人", "记录人", "听课人", "主持人", "负责人", "组长", "教研组长",
    "申报人", "课题负责人",
))  # fmt: skip


def _fields(reading: Reading) -> dict[str, str]:
    """The reading's fields, folded, and the persons' names beside their labels in tables."""
    found = {label_of(k): closed_up(fold(v).strip()) for k, v in reading.fields.items()}
    for block in reading.blocks:
        if block.kind != "table":
            continue
        for row in block.rows[:40]:
            cells = [cell for cell in row if cell and cell.strip()]
            for label, value in pairwise(cells):
                key = label_of(label) if len(label) <= 12 else ""
                if key in _NAME_LABELS and len(value) <= 12:
                    found.setdefault(key, fold(value).strip())
    return found


def _head(lines: tuple[Line, ...], title: str) -> tuple[Line, ...]:
    found: list[Line] = []
    for line in lines:
        if line.role in ("cell", "edge") or len(found) == MAX_HEAD:
            break
        if found and (len(line.bare) > LONG_LINE or _BODY.search(line.bare)):
            break
        if len(line.bare) > 2 * LONG_LINE:
            break
        role = "title" if title and line.bare == title else "head"
        found.append(Line(line.text, "标题" if role == "title" else line.place, role, line.bare))
    return tuple(found)


def _title_of(head: tuple[Line, ...]) -> str:
    """The first line of the head that is neither a label with its value nor a mere mark."""
    for line in head[:4]:
        plain = len(line.bare) >= 4 and not _LABEL_LINE.match(line.text)
        if plain and not re.match(r"附件?\d*[:：]?$|[\d年月日.\-/]+$", line.bare):
            return line.bare
    return ""
