"""Names of schools, clusters and teachers found in text.

All text is taken as already folded (NFKC, Traditional characters made simplified, lower case):
`start` and `end` are places in the text as given. The register's own names are folded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from indexer.folding import fold

if TYPE_CHECKING:
    from archive.register import Register, Unit

#: How sure a form of a name is, before its surroundings are looked at.
STRENGTH = {
    "official": 1.0,
    "short": 0.95,
    "alias": 0.95,
    "inferred": 0.8,
    "host": 0.6,
    "bare": 0.5,
    "place": 0.35,
    "ambiguous": 0.0,
}

#: Strength of a name that many counties have (实验中学) when other words run into it.
EMBEDDED = 0.5


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named in a text. `words` is text[start:end]. `how`: official | short | alias |
    inferred (X中学 for X初中) | host (the larger school that a department belongs to) | bare (X
    alone, three characters or more) | place (any name of two characters: only in file names) |
    ambiguous (fits several: `unit_id` is "" and `candidates` names them). `strength` 0..1."""

    unit_id: str
    words: str
    start: int
    end: int
    how: str
    strength: float
    candidates: tuple[str, ...] = ()


#: Endings of short and official names, longest first, and what may stand in their place.
_JUNIOR = ("初中", "初级中学", "中学", "中", "初中部", "中学初中部")
_JUNIOR_TOWN = ("镇初中", "镇初级中学", "镇中学", "镇中")
_THROUGH = ("九年制学校", "九年制初中", "九年一贯制学校", "九年制", "学校")
_PRIMARY = ("小学", "小")
_CENTRAL = ("中心小学", "中心校", "镇中心小学", "镇中心校", "中小")
#: Schools of mines and works for their people's children: 马村矿子校, 马村矿子弟校.
_CHILDREN = (
    "职工子弟学校", "职工子弟中学", "子弟学校", "子弟中学", "子弟初中", "子弟校", "子校", "学校",
)  # fmt: skip
ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("九年一贯制学校", _THROUGH),
    ("九年制学校", _THROUGH),
    ("九年制初中", _THROUGH),
    ("中心小学", _CENTRAL),
    ("中心校", _CENTRAL),
    ("初级中学", _JUNIOR + _JUNIOR_TOWN),
    ("高级中学", ("高中", "高级中学", "中学", "中")),
    ("初中", _JUNIOR + _JUNIOR_TOWN),
    ("高中", ("高中", "高级中学", "中学", "中")),
    ("中学", _JUNIOR),
    ("小学", _PRIMARY),
    ("子弟学校", _CHILDREN),
    ("子弟中学", _CHILDREN),
    ("学校", ("学校", *_CHILDREN, "中学", "初中", "初级中学", "九年制学校", "九年一贯制学校")),
    ("镇中", ("镇中", "镇中学", "镇初中", "镇初级中学", "中学", "初中", "初级中学")),
)

#: What runs a school of its own, as the last character of the school's core name.
_WORKS = frozenset("矿厂局场")

#: Names that many counties have; without a clear left edge they are weak.
COMMON_NAMES = frozenset(
    ("实验", "希望", "育才", "第一", "第二", "第三", "第四", "中心", "红旗", "光明", "民族")
)

#: Cores that are words of their own: 实验中 (在实验中), 电力中, 中心中 are no names.
COMMON_CORES = COMMON_NAMES | {"电力", "职业"}

#: What must not follow: 孙镇中 in 孙镇中心小学, 北小 in 北小组, 平路庙 in 平路庙镇.
_NOT_AFTER = {
    "中": re.compile("[心央间华秋旬午]|考(?!试)|等(?!校|学校)|期(?![中末])|国(?!庆|培)|年(?!度)"),
    "小": re.compile("[学组区时型镇小班数]"),
}
#: Names that end so are whole: 兴镇初中期中质检, 孙镇初中国培.
_WHOLE = ("初中", "高中")
_NOT_AFTER_BARE = re.compile("[镇乡村街路河人学小中高片]")

#: Endings of place names: 西安市实验中学 is not ours. Not places: 学区, 片区, 城区, 我县 …
_PLACE_BEFORE = re.compile(r"[一-鿿]{1,4}[省市县区州旗盟]$")
_NO_PLACE = re.compile(
    "(?:学区|片区|校区|研修区|城区|辖区|灾区|山区|地区|我县|本县|全县|该县|我市|我区|[在到于赴由是]县)$"
)

#: Places that are named without an ending (a capital, a city or a county of Shaanxi).
_FOREIGN_PLACE = re.compile(
    "(?:北京|上海|天津|重庆|石家庄|太原|沈阳|长春|哈尔滨|南京|杭州|合肥|福州|南昌|济南|郑州|武汉|长沙|"
    "广州|深圳|南宁|海口|成都|贵阳|昆明|拉萨|西安|兰州|西宁|银川|乌鲁木齐|宝鸡|咸阳|铜川|渭南|延安|"
    "榆林|汉中|安康|商洛|临渭|华州|华县|华阴|韩城|潼关|大荔|合阳|澄城|白水|富平|陕西)$"
)

#: Words that may stand right before a name without being part of it.
_LEFT_EDGE = re.compile(
    "(?:^|[^一-鿿]|[在由与和及跟同到至是为于对赴往向从了给被让请县校位名如的以把将即])$"
    "|(?:参观|访问|学习|来自|走进|单位|学校|送教|观摩|组织|承办|协办|主办|邀请)$"
)


@dataclass(frozen=True)
class NameForms:
    """All forms of a register's names, by their first two characters, the longest first."""

    by_text: dict[str, tuple[tuple[str, str], ...]]
    by_start: dict[str, tuple[str, ...]]
    county: tuple[str, ...]

    @classmethod
    def of(cls, register: Register) -> NameForms:
        county = county_prefixes(register.county)
        by_text: dict[str, dict[str, str]] = {}
        for unit in register.units.values():
            for text, how in _forms_of(unit, register, county):
                hows = by_text.setdefault(fold(text), {})
                if unit.id not in hows or STRENGTH[how] > STRENGTH[hows[unit.id]]:
                    hows[unit.id] = how
        starts: dict[str, list[str]] = {}
        for text in sorted(by_text, key=len, reverse=True):
            starts.setdefault(text[:2], []).append(text)
        return cls(
            {text: tuple(hows.items()) for text, hows in by_text.items()},
            {start: tuple(texts) for start, texts in starts.items()},
            county,
        )

    def fitting(self, text: str, register: Register, on: date | None) -> tuple[str, list[str]]:
        """How the form is meant and which units it then fits: only the surest reading counts, so
        that 贾曲初中 is the school of that name although another's short form is the same."""
        hows = [(how, uid) for uid, how in self.by_text.get(text, ()) if _known(register, uid, on)]
        if not hows:
            return "", []
        best = max(STRENGTH[how] for how, _ in hows)
        sure = [(how, uid) for how, uid in hows if STRENGTH[how] == best]
        return sure[0][0], [uid for _, uid in sure]

    def unit_named(self, text: str, register: Register, on: date | None = None) -> str:
        """The one school that `text` names as a whole, "" where none or several."""
        name = "".join(fold(text).split())
        for prefix in ("", *self.county):
            if prefix and not name.startswith(prefix):
                continue
            _, units = self.fitting(name[len(prefix) :], register, on)
            schools = {unit for unit in units if register.school_of(unit)}
            if len(schools) == 1:
                return schools.pop()
        return ""


def county_prefixes(county: Unit) -> tuple[str, ...]:
    """蒲城县, 蒲城, 县: what may stand before a school's name, longest first."""
    full = fold(county.name)
    bare = re.sub("(?:自治县|县|区|市|旗)$", "", full)
    return tuple(dict.fromkeys(prefix for prefix in (full, bare, full[-1]) if prefix))


def _known(register: Register, unit_id: str, on: date | None) -> bool:
    return on is None or register.units[unit_id].holds(on)


def _forms_of(unit: Unit, register: Register, county: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if unit.level == "cluster":
        yield unit.name, "official"
        yield from ((alias, "alias") for alias in unit.aliases)
    elif register.is_school(unit.id):
        for text, how in (*_school_forms(unit, county), *_host_forms(unit, register, county)):
            yield text, how if len(text) > 2 else "place"


def _school_forms(unit: Unit, county: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield unit.official, "official"
    yield _without(unit.official, county), "official"
    yield unit.name, "short"
    for alias in unit.aliases:
        yield _without(alias, county), "alias"
    for name in {_without(unit.official, county), unit.name}:
        yield from _inferred(name)


def _host_forms(
    unit: Unit, register: Register, county: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """桥山中学 for 桥中初中部, where the larger school is not itself a school of the register."""
    host = register.units.get(unit.parent)
    if unit.level != "department" or host is None or register.is_school(host.id):
        return
    for name in (host.official, host.name, _without(host.official, county)):
        if name and len(name) > 2:
            yield name, "host"
            yield f"{name}初级中学", "inferred"
            yield f"{name}初中", "inferred"


def _without(name: str, prefixes: tuple[str, ...]) -> str:
    for prefix in prefixes:
        if name.startswith(prefix) and len(name) - len(prefix) >= 4:
            return name[len(prefix) :]
    return name


def _inferred(name: str) -> Iterator[tuple[str, str]]:
    """Other ways of writing one school's name, none of them ever shorter than three characters
    save the bare place."""
    for ending, others in ENDINGS:
        core = name.removesuffix(ending)
        if core == name or not core:
            continue
        town = core if core[-1] in "镇乡" else ""
        for other in others:
            if town and other.startswith("镇"):
                continue
            if core not in COMMON_CORES or other not in ("中", "小", "中小"):
                yield core + other, "inferred"
        if core[-1] in _WORKS:
            yield from _of_works(core)
        if len(town) >= 3:
            yield from ((core[:-1] + other, "inferred") for other in others if len(other) > 1)
        if len(core) >= 3 and not town:
            yield core, "bare"
        elif len(core) >= 2 and core not in COMMON_CORES:
            yield core, "place"
        return


def _of_works(core: str) -> Iterator[tuple[str, str]]:
    """马村煤矿子校, 马村矿中, 马村子弟学校 for the school of 马村矿."""
    place, works = core[:-1].removesuffix("煤"), core[-1]
    wholes = [place + works, *([f"{place}煤矿"] if works == "矿" else [])]
    # A works has one school for its people's children, whatever they call it.
    yield from ((place + works + other, "alias") for other in _CHILDREN)
    for whole in wholes:
        yield from ((whole + other, "inferred") for other in (*_CHILDREN, "中学", "初中", "中"))
    yield from ((place + other, "inferred") for other in _CHILDREN if other != "学校")


def find_units(
    text: str, register: Register, on: date | None = None, *, in_name: bool = False
) -> list[Mention]:
    """Schools and clusters named in folded `text`, in order, the longest match winning.

    `on` leaves out the units that did not exist that day. `in_name` also takes a bare place of
    two characters (检查评估表 椿林), as file and folder names have it; in running text it is
    never taken. White space inside a name is allowed. Linear in the length of the text.
    """
    packed = _Packed(text)
    found, at = [], 0
    while at < len(packed.text) - 1:
        mention, after = _match_at(packed, at, register, on, in_name)
        if mention is not None:
            found.append(mention)
        at = after
    return found


class _Packed:
    """A text without its white space (tabs between cells are kept), and the way back."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.places = [i for i, char in enumerate(text) if char == "\t" or not char.isspace()]
        self.text = "".join(text[i] for i in self.places)

    def mention(self, start: int, end: int, how: str, strength: float, units: list[str]) -> Mention:
        first, after = self.places[start], self.places[end - 1] + 1
        words = self.original[first:after]
        if len(units) > 1:
            return Mention("", words, first, after, "ambiguous", 0.0, tuple(units))
        return Mention(units[0], words, first, after, how, strength)

    def before(self, start: int, count: int = 2) -> str:
        """The characters right before a place, "" after white space."""
        place = self.places[start]
        return self.original[max(0, place - count) : place].rpartition(" ")[2]

    def following(self, end: int) -> str:
        """The characters right after a place, "" before white space."""
        after = self.places[end - 1] + 1
        return self.original[after : after + 2].partition(" ")[0].strip()


def _match_at(
    packed: _Packed, at: int, register: Register, on: date | None, in_name: bool
) -> tuple[Mention | None, int]:
    """The mention that begins at `at`, and where to look on."""
    forms, text = register.name_forms, packed.text
    for form in forms.by_start.get(text[at : at + 2], ()):
        if not text.startswith(form, at):
            continue
        how, units = forms.fitting(form, register, on)
        end = at + len(form)
        if not units or not _ends_well(how, form, packed.following(end), in_name):
            continue
        start = _with_county(text, at, forms.county)
        if _is_foreign(text[max(0, start - 8) : start], register):
            return None, end
        strength = STRENGTH[how]
        if start == at and _is_common(form) and not _has_edge(packed, start):
            strength = min(strength, EMBEDDED)
        return packed.mention(start, end, how, strength, units), end
    return None, at + 1


def _has_edge(packed: _Packed, start: int) -> bool:
    before = packed.before(start, 4)
    return bool(_LEFT_EDGE.search(before) or _NO_PLACE.search(before))


def _is_common(form: str) -> bool:
    return any(form.startswith(core) for core in COMMON_NAMES)


def _ends_well(how: str, form: str, following: str, in_name: bool) -> bool:
    if how == "place" and not in_name:
        return False
    if how in ("bare", "place"):
        return not _NOT_AFTER_BARE.match(following)
    if form.endswith(_WHOLE):
        return True
    guard = _NOT_AFTER.get(form[-1])
    return guard is None or not guard.match(following)


def _with_county(text: str, at: int, county: tuple[str, ...]) -> int:
    """Where the name begins when the county's own name stands before it."""
    for prefix in county:
        if len(prefix) > 1 and text.endswith(prefix, 0, at):
            return at - len(prefix)
    return at


def _is_foreign(before: str, register: Register) -> bool:
    if before.endswith(register.county.name):
        return False
    named = _FOREIGN_PLACE.search(before)
    if named and named[0] not in register.county.name:
        return True
    return bool(_PLACE_BEFORE.search(before)) and not _NO_PLACE.search(before)


#: A two-character name may be a piece of other words; between edges it is surer.
TEACHER_STRENGTH = {"long": 0.9, "edged": 0.8, "short": 0.5}


def find_teachers(text: str, register: Register, school_id: str | None = None) -> list[Mention]:
    """Registered teachers named in folded `text`, in order, the longest match winning. A name
    that several teachers bear is ambiguous unless `school_id` leaves one."""
    names: dict[str, list[str]] = {}
    for teacher in register.teachers(school_id):
        names.setdefault(fold(teacher.name), []).append(teacher.id)
    lengths = sorted({len(name) for name in names}, reverse=True)
    packed = _Packed(text)
    found, at = [], 0
    while at < len(packed.text):
        name = next((n for size in lengths if (n := packed.text[at : at + size]) in names), "")
        if name:
            strength = _teacher_strength(packed, at, name)
            found.append(packed.mention(at, at + len(name), "teacher", strength, names[name]))
        at += len(name) or 1
    return found


def _teacher_strength(packed: _Packed, at: int, name: str) -> float:
    if len(name) > 2:
        return TEACHER_STRENGTH["long"]
    edges = packed.before(at, 1), packed.following(at + len(name))[:1]
    inside = any("一" <= char <= "鿿" for char in edges)
    return TEACHER_STRENGTH["short" if inside else "edged"]
