"""What is wrong with a template apart from the words of its tags: where they stand, what is between
their letters, what rows and fields will do to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.active import BAD_ELEMENTS, FIELDS
from generator.cleaning import texts
from generator.lint.atoms import Atom, Field, atoms, fields, is_hidden, text_at
from generator.lint.misread import known
from generator.ooxml import Element, w
from generator.part import Found, Part, lists_by_row
from generator.spec import ROW_NUMBER, Names
from generator.tags import Tag

_BRACES = re.compile(r"\{\{|\}\}")
_REVISIONS = (w("ins"), w("del"), w("moveFrom"), w("moveTo"))
#: Fields whose result an author may write into: the words stay when fields are updated.
_KEEPS_RESULT = frozenset(("HYPERLINK", "FORMTEXT", "TOC", "INDEX", "REF", "QUOTE"))
#: Body text height of an A4 page with the official margins, in twips (225 mm; GB/T 9704-2012, 5.2).
_BODY_HEIGHT = 12_756
#: A row is high from here on (12 mm): a long list of lower ones is meant to fill several pages.
HIGH_ROW = 680
#: Empty rows counted below a list; a page has 30 rows.
MOST_EMPTY_ROWS = 60
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


@dataclass(frozen=True, slots=True)
class Seen:
    """Something found in a paragraph (None: in the part as a whole), at characters `start` to
    `end` of its text (0, 0: all of it)."""

    code: str
    message: str
    paragraph: Element = None
    start: int = 0
    end: int = 0
    tag: str = ""
    nearest: str = ""


def seen_in(part: Part, names: Names) -> Iterator[Seen]:
    """Everything, check by check."""
    yield from _around_tags(part)
    yield from _fields(part, names)
    yield from _revisions(part)
    yield from _out_of_reach(part)
    yield from _rows(part, names)


def _at(code: str, message: str, found: Found, nearest: str = "") -> Seen:
    span = found.span
    return Seen(code, message, found.paragraph, span.start, span.end, span.tag.text, nearest)


def _around_tags(part: Part) -> Iterator[Seen]:
    """Tags with something between their letters, or that nobody sees."""
    in_paragraph: dict[Element, list[Atom]] = {}
    for found in part.found:
        span = found.span
        if not isinstance(span.tag, Tag):
            continue
        if found.paragraph not in in_paragraph:
            in_paragraph[found.paragraph] = atoms(found.paragraph)
        between = [a for a in in_paragraph[found.paragraph] if span.start < a.at < span.end]
        if between:
            yield _at("broken", f"“{span.tag.text}”中间夹着{between[0].name}", found)
        if is_hidden(found.paragraph, span.start):
            yield _at("hidden", f"“{span.tag.text}”是隐藏文字", found)


# --- fields -----------------------------------------------------------------------------------


def _fields(part: Part, names: Names) -> Iterator[Seen]:
    by_text = {text_at(f.paragraph, f.span.start): f for f in part.found}
    for item in fields(part.root):
        yield from _field(item, names)
        if item.name in _KEEPS_RESULT:
            continue
        for text in item.results:
            if text in by_text:
                found = by_text[text]
                message = f"“{found.span.tag.text}”写在域 {item.name[:20]} 的结果里"
                yield _at("field_result", message, found)
    for element in part.root.iter(*BAD_ELEMENTS):
        paragraph = next(element.iterancestors(w("p")), None)
        yield Seen("active_content", "插入了别的文件或对象", paragraph)


def _field(item: Field, names: Names) -> Iterator[Seen]:
    words = item.instruction.strip()
    if item.name == "MERGEFIELD":
        name = [*words.split(None, 2), "", ""][1].strip('"“”')
        meant = known(name, names)
        message = f"有邮件合并域“{name[:20]}”"
        yield Seen("mail_merge", message, item.paragraph, tag=words[:60], nearest=meant)
    elif item.name and not item.name.startswith("=") and item.name not in FIELDS:
        message = f"有不能使用的域 {item.name[:20]}"
        yield Seen("active_content", message, item.paragraph, tag=words[:60])
    elif _BRACES.search(words):
        yield Seen("in_field", "标记写在域代码里", item.paragraph, tag=words[:60])


# --- revisions, drawings ----------------------------------------------------------------------


def _revisions(part: Part) -> Iterator[Seen]:
    gone: dict[Element, str] = {}
    for text in part.root.iter(w("delText")):
        paragraph = next(text.iterancestors(w("p")), None)
        if paragraph is not None:
            gone[paragraph] = gone.get(paragraph, "") + (text.text or "")
    for paragraph, words in gone.items():
        if _BRACES.search(words):
            message = f"删除修订里还留着标记“{words.strip()[:24]}”"
            yield Seen("deleted_tag", message, paragraph, tag=words.strip()[:60])
    revised = list(part.root.iter(*_REVISIONS))
    if revised:
        first = next(
            (p for r in revised for p in (*r.iterancestors(w("p")), *r.iter(w("p")))), None
        )
        yield Seen("revisions", f"有 {len(revised)} 处修订还没有接受或拒绝", first)


def _out_of_reach(part: Part) -> Iterator[Seen]:
    """Words of WordArt and shapes that are no text of the document."""
    for element in part.root.iter(_TEXT_PATH, _DRAWN):
        words = element.get("string") if element.tag == _TEXT_PATH else element.text
        if words and _BRACES.search(words):
            paragraph = next(element.iterancestors(w("p")), None)
            yield Seen("unreachable", "艺术字里的标记不会填写", paragraph, tag=words[:60])


# --- rows -------------------------------------------------------------------------------------


def _rows(part: Part, names: Names) -> Iterator[Seen]:
    first: dict[Element, Found] = {}
    for found in part.found:
        if found.row is not None:
            first.setdefault(found.row, found)
    lists = lists_by_row(part)
    for row, used in lists.items():
        yield from _list_row(part, row, used[0], lists, first[row], names)
    for found in part.found:
        if _may_be_long(found) and _height(found.row)[1] == "exact":
            yield _at("cut_off", "这一行的行高是固定值", found)


def _may_be_long(found: Found) -> bool:
    """Whether it stands in a row and is more than a word: a section or a column of a list."""
    tag = found.span.tag
    if found.row is None or not isinstance(tag, Tag):
        return False
    return tag.name is None or tag.name.kind == "section"


def _list_row(
    part: Part, row: Element, rows: str, lists: dict[Element, list[str]], found: Found, names: Names
) -> Iterator[Seen]:
    before = next(row.itersiblings(w("tr"), preceding=True), None)
    if before is not None and rows in lists.get(before, ()):
        yield _at("repeated_row", f"列表“{rows}”在相连的两行里各写了一遍", found)
    empty = _empty_rows_after(row)
    blank = next(r.blank for r in names.spec.all_lists if r.name == rows)
    if empty and rows not in lists.get(before, ()):
        message = f"列表“{rows}”的行下面还有 {empty} 个空行，空白表会多出来"
        yield _at("extra_rows", message, found)
    if row.find(f"{w('trPr')}/{w('tblHeader')}") is not None:
        yield _at("header_row", f"列表“{rows}”的行设成了重复的标题行", found)
    high = _height(row)[0] * blank
    if high > _BODY_HEIGHT and _height(row)[0] > HIGH_ROW:
        message = f"列表“{rows}”有 {blank} 个空白行，合计高 {high * 25.4 / 1440:.0f} 毫米，超过一页"
        yield _at("list_too_long", message, found)


def missing_columns(parts: list[Part], names: Names) -> Iterator[tuple[Part, Found, str]]:
    """For each list in use the columns that stand nowhere: (part, its first tag, sentence)."""
    used: dict[str, set[str]] = {}
    first: dict[str, tuple[Part, Found]] = {}
    for part in parts:
        for found in part.found:
            tag = found.span.tag
            if isinstance(tag, Tag) and tag.rows:
                used.setdefault(tag.rows, set()).add(tag.column)
                first.setdefault(tag.rows, (part, found))
    for rows, columns in used.items():
        spec = next(r for r in names.spec.all_lists if r.name == rows)
        lacking = [c for c in spec.columns if c not in columns and c != ROW_NUMBER]
        if lacking:
            yield (*first[rows], f"列表“{rows}”没有用到：{'、'.join(lacking)}")


def _empty_rows_after(row: Element) -> int:
    """How many rows of the same shape and without any word follow at once."""
    count = 0
    for after in row.itersiblings(w("tr")):
        cells = after.findall(w("tc"))
        if len(cells) != len(row.findall(w("tc"))) or any(
            (t.text or "").strip() for t in after.iter(w("t"))
        ):
            break
        if next(after.iter(w("drawing"), w("pict"), w("tbl")), None) is not None:
            break
        count += 1
        if count == MOST_EMPTY_ROWS:
            break
    return count


def _height(row: Element) -> tuple[int, str]:
    """(least height in twips, rule) of a row; (0, "") where it states none."""
    height = row.find(f"{w('trPr')}/{w('trHeight')}")
    value = "" if height is None else height.get(w("val")) or ""
    return (int(value), height.get(w("hRule")) or "") if value.isdecimal() else (0, "")


def words_of(paragraph: Element) -> str:
    return "".join(t.text or "" for t in texts(paragraph))
