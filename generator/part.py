"""One part of a template (document, header, footer, notes): its tags found and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from generator.cleaning import clean, texts
from generator.errors import Fault
from generator.ooxml import Element, W, parse, w
from generator.places import Places
from generator.spec import Names
from generator.tags import MAX_PER_PARAGRAPH, BadTag, Span, Tag, scan

#: Most tags of a part; the largest known form has 60.
MAX_TAGS = 1000
MAX_FAULTS = 100
_BRACES = re.compile("[{}｛｝]")


@dataclass(slots=True)
class Found:
    """A tag in its paragraph; `row` is the innermost table row around it, if any; `alone` says
    that the paragraph has no other words."""

    paragraph: Element
    span: Span
    row: Element | None
    alone: bool


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

    def shows(self, key: str) -> bool:
        """Whether the single value of that name stands somewhere in the part."""
        tags = (found.span.tag for found in self.found)
        return any(isinstance(t, Tag) and t.name is not None and t.name.key == key for t in tags)


def open_part(name: str, data: bytes, names: Names) -> Part:
    """Read and clean a part and look at all its tags. Raises `ValueError` if it is no XML."""
    root = parse(data)
    if root.nsmap.get("w") != W:
        raise ValueError("the part is not written in the transitional w: namespace")
    clean(root)
    part = Part(name, root)
    for paragraph in root.iter(w("p")):
        if not len(paragraph):
            continue
        text = "".join(t.text or "" for t in texts(paragraph))
        if _BRACES.search(text):
            part.found += _found(paragraph, text, names)
        if len(part.found) > MAX_TAGS:
            break
    part.faults = list(islice(_faults(part), MAX_FAULTS))
    return part


def _found(paragraph: Element, text: str, names: Names) -> list[Found]:
    row = next(paragraph.iterancestors(w("tr")), None)
    spans = scan(text, names)
    return [
        Found(paragraph, span, row, text.strip() == text[span.start : span.end]) for span in spans
    ]


def _faults(part: Part) -> Iterator[Fault]:
    """Faults in reading order. Places are only looked for where something is wrong."""
    if not part.found:
        return
    places = Places(part.name, part.root)
    if crowded(part):
        yield Fault("too_many", "标记过多", places.story or "正文")
        return
    for found, wrong in wrong_tags(part):
        yield Fault(
            wrong.code, wrong.message, places.of(found.paragraph), wrong.text, wrong.nearest
        )


def wrong_tags(part: Part) -> Iterator[tuple[Found, BadTag]]:
    """Every bad tag and every good one that stands where it cannot, in reading order."""
    places = Places(part.name, part.root)
    lists = lists_by_row(part)
    rest = iter(range(len(part.found)))
    for index in rest:
        found = part.found[index]
        tag = found.span.tag
        if isinstance(tag, Tag):
            wrong = _row_fault(found, tag, lists)
        elif _is_split(part.found, index):
            other = places.of(part.found[next(rest)].paragraph)
            wrong = BadTag("split", f"标记跨段：“{tag.text}”的后半截在{other}", tag.text)
        else:
            wrong = tag
        if wrong:
            yield found, wrong


def crowded(part: Part) -> bool:
    """Whether there are more tags than any form has."""
    if len(part.found) > MAX_TAGS:
        return True
    counts = Counter(found.paragraph for found in part.found)
    return max(counts.values()) > MAX_PER_PARAGRAPH


def lists_by_row(part: Part) -> dict[Element, list[str]]:
    """The lists whose tags stand in a row, in order of appearance."""
    lists: dict[Element, list[str]] = {}
    for found in part.found:
        tag = found.span.tag
        if isinstance(tag, Tag) and tag.rows and found.row is not None:
            used = lists.setdefault(found.row, [])
            if tag.rows not in used:
                used.append(tag.rows)
    return lists


def _row_fault(found: Found, tag: Tag, lists: dict[Element, list[str]]) -> BadTag | None:
    """What is wrong with where a list's tag stands."""
    if not tag.rows:
        return None
    if found.row is None:
        return BadTag("list_outside_row", f"列表标记“{tag.text}”不在表格的行里", tag.text)
    if tag.rows != lists[found.row][0]:
        both = "、".join(lists[found.row])
        return BadTag("mixed_lists", f"一行里混用了列表：{both}", tag.text)
    return None


def _is_split(found: list[Found], index: int) -> bool:
    """Whether a tag begins in one paragraph and ends in another one."""
    if index + 1 == len(found):
        return False
    here, after = found[index], found[index + 1]
    return (
        _only_begins(here.span.tag)
        and _only_ends(after.span.tag)
        and after.paragraph is not here.paragraph
    )


def _only_begins(tag: Tag | BadTag) -> bool:
    """A first half, with braces of whatever width or of a control tag."""
    if not isinstance(tag, BadTag):
        return False
    open_end = not tag.text.rstrip().endswith(("｝｝", "%}", "#}", "…"))
    return tag.code == "unclosed" or (tag.code in ("fullwidth", "control") and open_end)


def _only_ends(tag: Tag | BadTag) -> bool:
    if not isinstance(tag, BadTag):
        return False
    wide = tag.code == "fullwidth" and tag.text.startswith("｝｝")
    return tag.code == "unopened" or wide
