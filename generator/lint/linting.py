"""Everything that is wrong or doubtful about a template, found in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from generator.active import (
    active_fields,
    active_members,
    is_xml,
    loaded_from_outside,
    without_attached_template,
)
from generator.errors import Fault, FormError
from generator.lint.atoms import fields
from generator.lint.misread import explained, misread
from generator.lint.remarks import WHOLE, Remark
from generator.lint.structure import Seen, missing_columns, seen_in, words_of
from generator.lint.typefaces import STYLES, THEME, Typefaces, unofficial
from generator.lint.whereabouts import Whereabouts, pages_of, second_copies
from generator.numbering import DOCUMENT
from generator.ooxml import MAX_XML, Element, parse, w
from generator.package import read_package
from generator.part import Part, crowded, open_part, wrong_tags
from generator.spec import FormSpec, Names
from generator.tags import Span, Tag

#: More is not read by anybody.
MAX_REMARKS = 200
_TEXT_PART = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)[^/]*\.xml\Z")
#: Parts whose words are printed or shown and that no tag reaches: what people call them.
_ELSEWHERE = (
    (re.compile(r"word/(?:charts|diagrams)/[^/]*\.xml\Z"), "图表或 SmartArt 图形"),
    (re.compile(r"docProps/(?:core|custom)\.xml\Z"), "文件属性"),
    (re.compile(r"word/(?:_rels/)?[^/]*\.rels\Z"), "超链接的地址"),
)
_TAG = re.compile(r"\{\{[^{}<>]{1,80}\}\}|%7B%7B[^\"<>]{1,200}?%7D%7D", re.IGNORECASE)
_COMMENTS = "word/comments.xml"
_SETTINGS = "word/settings.xml"


def lint(data: bytes, spec: FormSpec) -> list[Remark]:
    """Faults of the template in reading order, then warnings in reading order, 200 at most.

    Raises `FormError` not_docx, too_large for what cannot be looked at as a template.
    """
    members = read_package(data)
    if DOCUMENT not in members:
        raise FormError("not_docx", "a part every document has is missing")
    try:
        remarks = list(islice(_Examination(members, spec).remarks(), MAX_REMARKS * 5))
    except ValueError as error:
        raise FormError("not_docx", str(error)) from error
    kept = _without_echoes(dict.fromkeys(remarks))
    return sorted(kept, key=lambda r: not r.stops)[:MAX_REMARKS]


def _without_echoes(remarks: Iterable[Remark]) -> list[Remark]:
    """A name that is there, only written wrongly, is not missing besides."""
    remarks = list(remarks)
    meant = {r.nearest for r in remarks if r.stops}
    return [r for r in remarks if r.code != "missing_required" or r.nearest not in meant]


class _Examination:
    """One template, its parts open."""

    def __init__(self, members: Mapping[str, bytes], spec: FormSpec) -> None:
        self.members, self.names = dict(members), Names.of(spec)
        without_attached_template(self.members)
        texts = sorted(filter(_TEXT_PART.match, members), key=lambda n: (n != DOCUMENT, n))
        if sum(len(members[name]) for name in texts) > MAX_XML:
            raise FormError("too_large", "the text of the template")
        pages = pages_of(members)
        self.parts = [open_part(name, members[name], self.names) for name in texts]
        self.where = {
            part.name: Whereabouts(part.name, part.root, pages.get(part.name, ""))
            for part in self.parts
        }
        self.copies = {p for part in self.parts for p in second_copies(part.root)}

    def remarks(self) -> Iterator[Remark]:
        yield from self._package()
        for part in self.parts:
            checks = (self._tags(part), self._misread(part), self._structure(part))
            found = [remark for check in checks for remark in islice(check, MAX_REMARKS)]
            yield from sorted(found, key=_position)
        yield from self._columns()
        yield from self._typefaces()
        yield from self._whole()

    def _remark(self, part: Part, seen: Seen) -> Remark:
        where = self.where[part.name]
        if seen.paragraph is None:
            return Remark(seen.code, seen.message, where.story, seen.tag, seen.nearest)
        spot = where.spot(seen.paragraph, seen.start, seen.end)
        place = where.place(seen.paragraph)
        return Remark(seen.code, seen.message, place, seen.tag, seen.nearest, spot)

    # --- tags -------------------------------------------------------------------------------

    def _tags(self, part: Part) -> Iterator[Remark]:
        if part.found and crowded(part):
            yield Remark("too_many", "标记过多", self.where[part.name].story)
            return
        for found, bad in wrong_tags(part):
            if found.paragraph in self.copies:
                continue
            wrong, span = explained(bad, self.names), found.span
            seen = Seen(wrong.code, wrong.message, found.paragraph, span.start, span.end,
                        wrong.text, wrong.nearest)  # fmt: skip
            yield self._remark(part, seen)

    def _misread(self, part: Part) -> Iterator[Remark]:
        if part.found and crowded(part):
            return
        spans: dict[Element, list[Span]] = {}
        for found in part.found:
            spans.setdefault(found.paragraph, []).append(found.span)
        for paragraph in part.root.iter(w("p")):
            text = words_of(paragraph)
            if not text.strip() or paragraph in self.copies:
                continue
            for item in misread(text, spans.get(paragraph, ()), self.names):
                wrong = item.wrong
                seen = Seen(wrong.code, wrong.message, paragraph, item.start, item.end,
                            wrong.text, wrong.nearest)  # fmt: skip
                yield self._remark(part, seen)

    def _structure(self, part: Part) -> Iterator[Remark]:
        for seen in seen_in(part, self.names):
            if seen.paragraph not in self.copies:
                yield self._remark(part, seen)

    def _columns(self) -> Iterator[Remark]:
        for part, found, message in missing_columns(self.parts, self.names):
            span = found.span
            seen = Seen("missing_column", message, found.paragraph, span.start, span.end)
            yield self._remark(part, seen)

    # --- the package ------------------------------------------------------------------------

    def _package(self) -> Iterator[Remark]:
        for fault in self._active():
            yield Remark(fault.code, fault.message, fault.place, fault.tag, fault.nearest)
        for name, data in self.members.items():
            what = next((what for pattern, what in _ELSEWHERE if pattern.match(name)), "")
            for match in _TAG.finditer(data.decode("utf-8", "replace")) if what else ():
                words = match.group()[:60]
                yield Remark("unreachable", f"{what}里的标记不会填写", what, words)

    def _active(self) -> Iterator[Fault]:
        yield from active_members(self.members)
        for part in self.parts:
            yield from loaded_from_outside(part.name, part.root, self.members)
        for name in sorted(self.members.keys() - self.where.keys()):
            if is_xml(name, self.members[name]):
                yield from active_fields(parse(self.members[name]), WHOLE)

    def _typefaces(self) -> Iterator[Remark]:
        """One remark a font, at the first words set in it."""
        faces, seen = Typefaces(self.members.get(STYLES)), set()
        for part in self.parts:
            for run, font in unofficial(part.root, faces):
                if font in seen:
                    continue
                seen.add(font)
                paragraph = next(run.iterancestors(w("p")))
                words = "文字用的是主题字体" if font == THEME else f"文字用了“{font[:20]}”字体"
                yield self._remark(part, Seen("font", words, paragraph))

    def _whole(self) -> Iterator[Remark]:
        yield from self._missing_names()
        if not any(field.name == "PAGE" for part in self.parts for field in _margins(part)):
            yield Remark("no_page_number", "页眉页脚里没有页码", WHOLE)
        comments = self._count(_COMMENTS, "comment")
        if comments:
            yield Remark("comments", f"有 {comments} 条批注", WHOLE)
        if self._count(_SETTINGS, "trackRevisions"):
            yield Remark("tracking", "打开着“修订”", WHOLE)

    def _count(self, name: str, tag: str) -> int:
        return sum(1 for _ in parse(self.members[name]).iter(w(tag))) if name in self.members else 0

    def _missing_names(self) -> Iterator[Remark]:
        spec = self.names.spec
        tags = [f.span.tag for part in self.parts for f in part.found]
        good = [tag for tag in tags if isinstance(tag, Tag)]
        used = {tag.name.key for tag in good if tag.name} | {tag.rows for tag in good}
        for field in spec.fields:
            if field.required and field.key not in used:
                yield _lacking("必填的", field.key)
        for section in spec.sections:
            given = section.name in used or (section.rows and section.rows.name in used)
            if section.required and not given:
                yield _lacking("必写的栏目", section.name)


def _lacking(what: str, name: str) -> Remark:
    return Remark("missing_required", f"没有{what}“{name}”", WHOLE, nearest=name)


def _position(remark: Remark) -> tuple[int, int]:
    return (remark.spot.paragraph, remark.spot.start) if remark.spot else (-1, 0)


def _margins(part: Part) -> Iterator[Element]:
    if part.name.startswith(("word/header", "word/footer")):
        yield from fields(part.root)
