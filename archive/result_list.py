"""The answer to a search as a list to file or to work on: its columns, and the list as CSV.

Whatever a paper says may be opened in a spreadsheet, and a value that begins like a formula must
not become one (https://owasp.org/www-community/attacks/CSV_Injection). No Django here: the command
line lists without the catalogue.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from indexer.engines import Hit

COLUMNS = (
    "标题", "文种", "学校", "学科", "学年", "学期/月份", "日期", "作者", "完整性", "状态",
    "文件名", "摘录", "链接",
)  # fmt: skip
#: Rows of one list: what a person still reads, and a workbook of a few hundred kilobytes.
MOST = 5_000
#: Characters of an excerpt.
EXCERPT = 300

#: Between two excerpts, each of which may itself be cut there.
_JOINT = re.compile("…? …… …?")
_TERMS = {"1": "第一学期", "2": "第二学期"}
#: Neither a workbook (XML 1.0, 2.2) nor UTF-8 has them.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Excel in Chinese and Japanese takes the full-width signs too; blanks before them it leaves out.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def row(hit: Hit, address: str = "") -> tuple[str, ...]:
    """The values of COLUMNS; `address` is where the paper can be seen."""
    values = {name: "、".join(texts) for name, texts in hit.values.items()}
    found = (
        hit.title,
        values.get("kind", "文种未定"),
        *(values.get(name, "") for name in ("school", "subject", "school_year")),
        _period(values) or str(hit.extra.get("period", "")),
        str(hit.extra.get("date", hit.date)),
        *(values.get(name, "") for name in ("author", "completeness", "status")),
        str(hit.extra.get("file", "")),
        excerpt(hit),
        address,
    )
    return tuple(_NO_CHARACTERS.sub("", value) for value in found)


def excerpt(hit: Hit) -> str:
    """The sentences that were found, on one line."""
    text = " …… ".join(" ".join(snippet.text.split()) for snippet in hit.snippets)
    text = _JOINT.sub(" …… ", text)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _period(values: dict[str, str]) -> str:
    year, dash, month = values.get("month", "").partition("-")
    if dash and month.isdecimal():
        return f"{year}年{int(month)}月"
    return _TERMS.get(values.get("term", "").rpartition("-")[2], "")


def cut_note(total: int, listed: int) -> str:
    """What a list says that does not hold the whole answer; "" of one that does."""
    if total <= listed:
        return ""
    return f"全部 {total:,} 份，这里只列出前 {listed:,} 份；请缩小检索范围，分几次导出"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return _FORMULA.match(text) is not None


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The rows as CSV in UTF-8, a piece each, after the mark by which Excel and WPS know UTF-8.
    A value that begins like a formula gets an apostrophe before it."""
    yield b"\xef\xbb\xbf"
    for values in rows:
        line = io.StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow(
            f"'{value}" if is_formula(value) else value for value in values
        )
        yield line.getvalue().encode()
