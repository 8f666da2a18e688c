"""One part of a template (document, header, footer, notes): its tags found and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.cleaning import clean, texts
from generator.errors import Fault
from generator.ooxml import Element, parse, w
from generator.places import Places
from generator.spec import Names
from generator.tags import BadTag, Span, Tag, scan

MAX_TAGS = 2000
MAX_FAULTS = 100
_BRACES = re.compile("[{}｛｝]")


@dataclass(slots=True)
class Found:
    """A tag in its paragraph; `row` is the innermost table row around it, if any."""

    paragraph: Element
    span: Span
    row: Element | None


@dataclass(slots=True)
class Part:
    """A part of a template, cleaned, with its tags and every fault found in it."""

    name: str
    root: Element
    found: list[Found] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def story(self) -> str:
        """正文, 页眉, 页脚, 脚注, 尾注."""
        return Places(self.name, self.root).story or "正文"

    @property
    def tags(self) -> list[Tag]:
        return [f.span.tag for f in self.found if isinstance(f.span.tag, Tag)]


def open_part(name: str, data: bytes, names: Names) -> Part:
    """Read and clean a part and look at all its tags. Raises `ValueError` if it is no XML."""
    root = parse(data)
    clean(root)
    part = Part(name, root)
    for paragraph in root.iter(w("p")):
        text = "".join(t.text or "" for t in texts(paragraph))
        if _BRACES.search(text):
            row = next(paragraph.iterancestors(w("tr")), None)
            part.found += [Found(paragraph, span, row) for span in scan(text, names)]
    part.faults = list(_faults(part))[:MAX_FAULTS]
    return part


def _faults(part: Part) -> Iterator[Fault]:
    if not part.found:
        return
    places = Places(part.name, part.root)
    if len(part.found) > MAX_TAGS:
        yield Fault("too_many", f"标记超过 {MAX_TAGS} 处", places.story or "正文")
        return
    lists = lists_by_row(part)
    rest = iter(range(len(part.found)))
    for index in rest:
        found = part.found[index]
        tag, place = found.span.tag, places.of(found.paragraph)
        if isinstance(tag, Tag):
            yield from _row_faults(found, tag, place, lists)
        elif _is_split(part.found, index):
            other = places.of(part.found[next(rest)].paragraph)
            yield Fault("split", f"“{tag.text}”的后半截在{other}", place, tag.text)
        else:
            yield Fault(tag.code, tag.message, place, tag.text, tag.nearest)


def lists_by_row(part: Part) -> dict[Element, list[str]]:
    """The lists whose tags stand in a row, in order of appearance."""
    lists: dict[Element, list[str]] = {}
    for found in part.found:
        tag = found.span.tag
        if isinstance(tag, Tag) and tag.column and found.row is not None:
            used = lists.setdefault(found.row, [])
            if tag.name.key not in used:
                used.append(tag.name.key)
    return lists


def _row_faults(
    found: Found, tag: Tag, place: str, lists: dict[Element, list[str]]
) -> Iterator[Fault]:
    if not tag.column:
        return
    if found.row is None:
        message = f"列表标记“{tag.text}”不在表格的行里"
        yield Fault("list_outside_row", message, place, tag.text)
    elif tag.name.key != lists[found.row][0]:
        both = "、".join(lists[found.row])
        yield Fault("mixed_lists", f"一行里混用了列表：{both}", place, tag.text)


def _is_split(found: list[Found], index: int) -> bool:
    """Whether a tag begins in one paragraph and ends in another one."""
    here = found[index].span.tag
    after = found[index + 1] if index + 1 < len(found) else None
    return (
        isinstance(here, BadTag)
        and here.code == "unclosed"
        and after is not None
        and isinstance(after.span.tag, BadTag)
        and after.span.tag.code == "unopened"
        and after.paragraph is not found[index].paragraph
    )
