"""Fields of a word-processing document (17.16): what they show, not what they are told to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.readers import equations
from indexer.readers.docx.styles import W, integer, on
from indexer.readers.package import Element

FIELD_CHARACTER, INSTRUCTION = W + "fldChar", W + "instrText"
_TYPE, _DELETED = W + "fldCharType", frozenset({W + "del", W + "moveFrom"})
#: Longest instruction that is looked at: an equation (EQ) is spelled out in it.
_LONGEST = 2000
#: Deeper nesting than Word's own (20) is an attack; it still reads, as one level.
_DEEPEST = 64


@dataclass(slots=True)
class _Field:
    #: What a form field shows: a tick box or the entry that was picked.
    form: str = ""
    code: list[str] = field(default_factory=list)
    in_code: bool = True
    shows: bool = False


@dataclass(slots=True)
class Fields:
    """The fields that are open at a point of a part, outermost first."""

    #: Begin marks that have no end: what follows them is text, not an instruction.
    loose: frozenset[Element] = frozenset()
    open: list[_Field] = field(default_factory=list)
    #: How many of the open ones are still in their instruction.
    in_code: int = 0

    def enter(self, part: Element) -> None:
        """Begin to read another part: no field runs from one into the next."""
        self.open, self.in_code = [], 0
        self.loose = _loose(part.iter(FIELD_CHARACTER))

    def instruct(self, text: str) -> None:
        if self.open and self.open[-1].in_code:
            self.open[-1].code.append(text[:_LONGEST])

    def meet(self, mark: Element) -> str:
        """Take a w:fldChar; the text to show where the field ends without a result of its own."""
        kind = mark.get(_TYPE)
        if kind == "begin" and mark not in self.loose and len(self.open) < _DEEPEST:
            self.open.append(_Field(_form_value(mark)))
            self.in_code += 1
        elif kind == "separate" and self.open and self.open[-1].in_code:
            self.open[-1].in_code = False
            self.in_code -= 1
        elif kind == "end" and self.open:
            ended = self.open.pop()
            self.in_code -= ended.in_code
            return "" if ended.shows else ended.form or _computed("".join(ended.code))
        return ""

    def show(self) -> None:
        """Text was read while these fields are open: they have a result."""
        for opened in self.open:
            opened.shows = True


def _loose(marks: Iterable[Element]) -> frozenset[Element]:
    """The begin marks without an end among the marks that are not deleted."""
    open_marks: list[Element] = []
    for mark in marks:
        kind = mark.get(_TYPE)
        if kind == "separate" or any(over.tag in _DELETED for over in mark.iterancestors()):
            continue
        if kind == "begin":
            open_marks.append(mark)
        elif open_marks:
            open_marks.pop()
    return frozenset(open_marks)


def _form_value(mark: Element) -> str:
    """What a form field shows (17.16.17): ☑ or □, or an entry of its list."""
    data = mark.find(W + "ffData")
    if data is None:
        return ""
    box = data.find(W + "checkBox")
    if box is not None:
        state = box.find(W + "checked")
        state = state if state is not None else box.find(W + "default")
        return "☑" if state is not None and on(state) else "□"
    choices = data.find(W + "ddList")
    if choices is None:
        return ""
    picked = choices.find(W + "result")
    picked = picked if picked is not None else choices.find(W + "default")
    at = integer(picked.get(W + "val"), 0) if picked is not None else 0
    entries = [entry.get(W + "val", "") for entry in choices.iterfind(W + "listEntry")]
    return entries[at] if 0 <= at < len(entries) else ""


def _computed(code: str) -> str:
    """What Word draws from the instruction alone: an equation."""
    name, _, rest = code.strip().partition(" ")
    return equations.linear(rest) if name.upper() == "EQ" else ""
