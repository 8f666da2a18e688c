"""Subjects named in text, under one canonical name each; the names are data (subjects.toml).

All text is taken as already folded (NFKC, Traditional characters made simplified, lower case).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: How sure a name is: the subject's own, another one, one word for several subjects, one that is
#: as often a common word, one character after a grade.
STRENGTH = {"name": 0.9, "other": 0.85, "compound": 0.8, "loose": 0.4, "short": 0.75}

_DATA = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text("utf-8"))

#: Canonical names in the order of the timetable. Wider than the subjects due (the register's).
SUBJECTS: tuple[str, ...] = tuple(_DATA["subject"])

#: One word for several subjects (理化组).
COMPOUNDS: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in _DATA["compounds"].items()}

#: After these, a loose name or a compound of two characters does mean the subject.
_SUBJECT_FOLLOWS = re.compile(
    r"\s*(?:学科|教研|备课组|组|课(?!题|堂|程|改)|教师|老师|科目|试卷|成绩|质检)"
)

_CANONICAL: dict[str, str] = {name: name for name in SUBJECTS} | {
    other: name for name, entry in _DATA["subject"].items() for other in entry.get("also", ())
}
_LOOSE = frozenset(n for entry in _DATA["subject"].values() for n in entry.get("loose", ())) | {
    name for name in COMPOUNDS if len(name) == 2 and name[1] != "综"
}


@dataclass(frozen=True, slots=True)
class SubjectMention:
    """`subject` is canonical; `words` is text[start:end]. A compound (理化组) gives one mention
    for each of its subjects, all at the same place. `strength` 0..1."""

    subject: str
    words: str
    start: int
    end: int
    strength: float


def canonical(name: str) -> str:
    """The canonical name of a subject, "" where it is none. 初中语文, 语文学科, 语文组 are 语文."""
    bare = re.sub(
        "^(?:小学|初中|高中|[七八九]年级)|(?:学科|教研组|备课组|组|课)$", "", name.strip()
    )
    return _CANONICAL.get(bare, "")


def subjects_of(name: str) -> tuple[str, ...]:
    """The subjects that a group's folded name says: 理化组 -> 物理, 化学; () where none."""
    return tuple(dict.fromkeys(mention.subject for mention in find_subjects(name)))


def find_subjects(text: str, in_name: bool = False) -> list[SubjectMention]:
    """Subjects named in folded `text`, in order. `in_name` also takes one character after a grade
    (八英, 九数), as file and folder names have it. Linear in the length of the text."""
    found: list[SubjectMention] = []
    for match in _names_in(text):
        found += _mentions(match, text)
    found += _runs(text, found)
    if in_name:
        found += _short_forms(text)
    return sorted(found, key=lambda mention: mention.start)


def _names_in(text: str) -> Iterator[re.Match[str]]:
    """Matches that are no pieces of other words; 物理 is still found in 学生物理成绩."""
    at = 0
    while match := _name_pattern().search(text, at):
        if _is_other_word(match, text):
            at = match.start() + 1
        else:
            at = match.end()
            yield match


@cache
def _name_pattern() -> re.Pattern[str]:
    """Any name, the longest first; white space may stand between its characters (语　文)."""
    names = sorted([*_CANONICAL, *COMPOUNDS], key=len, reverse=True)
    return re.compile("|".join(r"\s{0,4}".join(map(re.escape, name)) for name in names))


@cache
def _guards(subject: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What a subject's names must not follow, and what must not follow them."""
    entry = _DATA["subject"][subject]
    before = _any_of(entry.get("not_before", ()), "(?:{})$")
    return before, _any_of(entry.get("not_after", ()), "(?:{})")


def _any_of(words: Iterable[str], frame: str) -> re.Pattern[str] | None:
    joined = "|".join(words)
    return re.compile(frame.format(joined)) if joined else None


def _is_other_word(match: re.Match[str], text: str) -> bool:
    """历史 in 历史悠久, 化学 in 强化学习 …; never when 组, 课 or 教师 follows."""
    subject = _CANONICAL.get("".join(match[0].split()))
    if subject is None or _SUBJECT_FOLLOWS.match(text, match.end()):
        return False
    before, after = _guards(subject)
    if after and after.match(text, match.end()):
        return True
    return bool(before and before.search(text[max(0, match.start() - 3) : match.start()]))


def _mentions(match: re.Match[str], text: str) -> list[SubjectMention]:
    name = "".join(match[0].split())
    loose = name in _LOOSE and not _SUBJECT_FOLLOWS.match(text, match.end())
    if name in COMPOUNDS:
        sort, subjects = "compound", COMPOUNDS[name]
    else:
        subject = _CANONICAL[name]
        sort, subjects = "name" if name == subject else "other", (subject,)
    strength = STRENGTH["loose" if loose else sort]
    return [SubjectMention(s, match[0], *match.span(), strength) for s in subjects]


_RUN = {**_DATA["short"], **_DATA["run"]}
_RUN_BEFORE_GROUP = re.compile(rf"[{''.join(_RUN)}]{{2,8}}(?=(?:综合)?(?:教研|备课|学科|课题)?组)")


def _runs(text: str, found: list[SubjectMention]) -> list[SubjectMention]:
    """Groups named by one character a subject (生化组), where no name was found."""
    taken = {at for mention in found for at in range(mention.start, mention.end)}
    return [
        SubjectMention(subject, match[0], *match.span(), STRENGTH["compound"])
        for match in _RUN_BEFORE_GROUP.finditer(text)
        if taken.isdisjoint(range(*match.span()))
        for subject in dict.fromkeys(_RUN[char] for char in match[0])
    ]


#: 八英, 九年级数, 初三化: a grade, one character, and then no word that it begins.
_SHORT_FORM = re.compile(
    r"(?<![一-鿿\d.])(?:[初高][一二三]|[一二三四五六七八九1-9])(?:年级)?"
    rf"(?P<short>[{''.join(_DATA['short'])}])"
    r"(?!文|学|理|治|史|物|语|育|乐|术|活|源|区|方|点|字|量|班|[年级月日])"
)


def _short_forms(text: str) -> list[SubjectMention]:
    return [
        SubjectMention(_DATA["short"][match["short"]], match[0], *match.span(), STRENGTH["short"])
        for match in _SHORT_FORM.finditer(text)
    ]
