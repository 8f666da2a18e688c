"""Words that were meant for a tag and are none: other braces, other programs' marks, other dots."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.chinese import FILTERS
from generator.spec import Names, fold
from generator.tags import BadTag, Span

#: Most characters looked at in one paragraph; a page has 616.
_MOST = 20_000
_INNER = r"[^{}｛｝﹛﹜\[\]<>《》«»〈〉]{1,40}"
_SHORT = r"[^{}#%$]{1,20}"
_SPACED = re.compile(
    r"\{\s+\{[^{}]{0,40}(?:\}\s*\})?|\}\s+\}|\{\s+[%#](?:[^{}]{0,60}[%#]\s*\})?|[%#]\s+\}"
)
#: (what it looks like, whether a known name in it leaves no doubt).
_FOREIGN = (
    (re.compile(rf"[$#]\{{({_INNER})\}}"), True),
    (re.compile(rf"\[\[({_INNER})\]\]"), True),
    (re.compile(rf"<<({_INNER})>>|«({_INNER})»|《《({_INNER})》》"), True),
    (re.compile(rf"<%=?({_INNER})%>"), True),
    (re.compile(rf"《({_INNER})》|〈({_INNER})〉|<({_INNER})>"), False),
    (re.compile(rf"\[({_INNER})\]|#({_SHORT})#|%({_SHORT})%|\$({_SHORT})\$"), False),
)
_BRACED = re.compile(rf"[{{｛﹛]{{1,4}}({_INNER})[}}｝﹜]{{1,4}}")
_BRACE = re.compile("[{}｛｝﹛﹜]")
#: As much of a tag without an end as can have been meant for it: what follows may be another.
_HALF = re.compile(r"\{\{[^{}｛｝\[\]<>《》«»]{0,40}[}｝]?[ \u3000]?[}｝]?")
_DOTS = re.compile("[:·・‧•、,。/\\\\_>→;-]+")
_PIPES = re.compile("[丨│︱¦]")
_QUOTES = "\"'‘’“”„‟«»"
_WRAPPING = " \t\u3000{}%#-" + _QUOTES


@dataclass(frozen=True, slots=True)
class Misread:
    """Characters `start` to `end` of a paragraph's text and what is wrong with them."""

    start: int
    end: int
    wrong: BadTag


def known(words: str, names: Names) -> str:
    """The name as the form spells it for words that say it in some way; "" for none. Takes white
    space, invisible characters and wrong separators, not wrong letters."""
    seen = (c for c in words if unicodedata.category(c) != "Cf" and c not in _QUOTES)
    plain = fold("".join(seen).strip(_WRAPPING))
    head, *pipes = _PIPES.sub("|", plain).split("|")
    tail = "".join(f"|{pipe}" for pipe in pipes if pipe in FILTERS)
    name = names.find(head)
    if name:
        return name.key + tail
    for dot in [".", *_DOTS.findall(head)]:
        left, _, right = head.partition(dot)
        rows = names.find_list(left)
        column = names.column(rows, right) if rows else None
        if column:
            return f"{rows}.{column}{tail}"
        name = names.find(left)
        if name and right in FILTERS:
            return f"{name.key}|{right}"
    return ""


def close_name(words: str, names: Names) -> str:
    """The known name that the words nearly spell, "" for none."""
    near = difflib.get_close_matches(fold(words), names.known, n=1, cutoff=0.6)
    return names.known[near[0]].key if near else ""


def explained(wrong: BadTag, names: Names) -> BadTag:
    """The same fault, with the name that was meant and the true cause where they can be told. What
    is written right and only stands in the wrong place has no other way to be written."""
    if wrong.code in ("list_outside_row", "mixed_lists"):
        return wrong
    inner = wrong.text.strip(_WRAPPING).removesuffix("…")
    if wrong.code == "unknown_filter":
        name = known(inner.partition("|")[0], names)
        return replace(wrong, nearest=f"{name}|{wrong.nearest}" if wrong.nearest else name)
    meant = known(inner, names)
    if not meant:
        return _closer(wrong, inner, names)
    if wrong.code in ("unknown_name", "forbidden"):
        if any(unicodedata.category(c) == "Cf" for c in inner):
            message = f"“{wrong.text}”里夹着看不见的字符"
            return BadTag("invisible", message, wrong.text, meant)
        message = f"“{wrong.text}”应写作“{{{{ {meant} }}}}”"
        return BadTag("separator", message, wrong.text, meant)
    return replace(wrong, nearest=wrong.nearest or meant)


def _closer(wrong: BadTag, words: str, names: Names) -> BadTag:
    """An unknown name with the known one that is nearest by any of its spellings."""
    meant = close_name(words, names) if wrong.code == "unknown_name" and "." not in words else ""
    if not meant or meant == wrong.nearest:
        return wrong
    message = f"没有“{words.strip()}”这个名称，是不是“{meant}”"
    return BadTag(wrong.code, message, wrong.text, meant)


def misread(text: str, spans: Sequence[Span], names: Names) -> Iterator[Misread]:
    """What was meant for a tag outside the `spans` that were taken for one, in no order."""
    text = text[:_MOST]
    free = _without(text, spans)
    for match in _SPACED.finditer(free):
        yield _found(match, "spaced_braces", f"“{match.group()}”的花括号之间有空格", names)
    free = _SPACED.sub(_blank, free)
    for pattern, certain in _FOREIGN:
        for match in pattern.finditer(free):
            meant = known(next(filter(None, match.groups())), names)
            if meant:
                yield Misread(match.start(), match.end(), _foreign(match.group(), meant, certain))
                free = free[: match.start()] + _blank(match) + free[match.end() :]
    for match in _BRACED.finditer(free):
        yield Misread(match.start(), match.end(), _braced(match, names))
    free = _BRACED.sub(_blank, free)
    for match in _BRACE.finditer(free):
        mark = match.group()
        words = free[max(0, match.start() - 8) : match.end() + 8].strip()
        message = f"“{words}”里有单独的花括号“{mark}”"
        yield Misread(match.start(), match.end(), BadTag("lone_brace", message, mark))


def _without(text: str, spans: Sequence[Span]) -> str:
    """The text with blanks where tags were found; half a tag takes its other brace along."""
    for span in spans:
        start, end = span.start, span.end
        if isinstance(span.tag, BadTag) and span.tag.code == "unclosed":
            end = start + len(_HALF.match(text[start:end]).group())  # type: ignore[union-attr]
        if isinstance(span.tag, BadTag) and span.tag.code == "unopened":
            brace = text.rfind("{", max(0, start - 40), start)
            start = brace if brace >= 0 else start
            start -= len(text[:start]) - len(text[:start].rstrip(" {"))
        if isinstance(span.tag, BadTag) and text[end : end + 1] in ("}", "｝"):
            end += 1
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _blank(match: re.Match[str]) -> str:
    return "\n" * len(match.group())


def _found(match: re.Match[str], code: str, message: str, names: Names) -> Misread:
    words = match.group()
    return Misread(match.start(), match.end(), BadTag(code, message, words, known(words, names)))


def _foreign(words: str, meant: str, certain: bool) -> BadTag:
    if certain:
        return BadTag("foreign_tag", f"“{words}”不是这里的标记", words, meant)
    return BadTag("looks_like_tag", f"“{words}”像是一个标记", words, meant)


def _braced(match: re.Match[str], names: Names) -> BadTag:
    words, inner = match.group(), match.group(1)
    meant = known(inner, names)
    wide = any(mark in words for mark in "｛｝﹛﹜")
    if wide and (meant or len(words) - len(inner) > 2):
        return BadTag("fullwidth", f"花括号是全角的“{words}”", words, meant)
    meant = meant or close_name(inner, names)
    if meant:
        return BadTag("single_brace", f"“{words}”只有一个花括号", words, meant)
    return BadTag("lone_brace", f"“{words}”有单独的花括号", words)
