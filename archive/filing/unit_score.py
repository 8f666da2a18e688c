"""Which school a document comes from: fields, title and 落款 before file name and sender."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.filing.foreign import foreign_schools
from archive.filing.scan import Line, Scan
from archive.filing.values import Evidence
from archive.filing.weighing import weigh
from archive.kinds import Kind
from archive.names import Mention, find_units
from archive.register import Register

FIELD, TITLE, HEAD, SIGNATURE, EDGE, NAME, FOLDER = 0.97, 0.96, 0.9, 0.92, 0.75, 0.8, 0.75
#: A school's own folder decides where the text names none (the sender is a weak prior beside it).
SENDER, SENDER_BESIDE = 0.78, 0.3
#: 我校, 本校 beside a name in the text, and a name the text only mentions.
MENTIONED, MENTIONED_MOST = 0.06, 0.3

#: Labels whose value is the school that speaks; 送教学校 and 受援学校 are not among them.
_LABELS = frozenset((
    "学校", "学校名称", "单位", "单位名称", "工作单位", "所在单位", "所在学校", "填报单位",
    "填报学校", "报送单位", "报送学校", "被检查单位", "被检查学校", "受检学校", "受检单位",
    "被评估单位", "被评学校", "自评单位", "检查学校", "申报单位", "申报学校", "参赛学校",
    "姓名单位", "学校班级", "学校/班级", "学校及班级", "作者单位", "督导学校", "被督导学校",
    "承担学校", "执教学校", "上报单位", "编印单位", "主办单位",
))  # fmt: skip
#: 赴实验中学学习汇报 comes from another school.
_VISITED = re.compile(
    "(?:赴|去往?|前往|参观|考察|走进|观摩|走访|送教到|送教至|来自|学习到|听了?|评)$|[^报送交收]到$"
)
#: From here on a school is taken for the author of a kind that is usually the county's.
OWN_SCHOOL = 0.7
#: A school of which there is less than this evidence is not even proposed.
LEAST = 0.3
_COUNTY = re.compile(
    "(?P<name>[一-鿿]{2,4}?)(?:县|区|旗|市)(?=教育|教研|中小学|中学|小学|初中|人民政府|文教)"
)
_OFFICE = re.compile("教育局|教研室|教研中心|进修学校|领导小组办公室|督导室|县局|局室")
_NO_COUNTY = frozenset(("各", "全县", "我们", "各片", "全"))
_OF_CLUSTER = re.compile(
    "(?P<name>[一-鿿]{2,8}?)(?:中心校)?(?:片区|联片研修区|联片区|研修区|联片|教育集团)"
)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """`unit`: the school, or the cluster that speaks for `covers`."""

    unit: str
    school: str
    covers: tuple[str, ...]
    confidence: float
    evidence: tuple[Evidence, ...]
    conflict: bool = False


def choose_unit(scan: Scan, kind: Kind | None, register: Register) -> UnitChoice:
    """The school, or the cluster where title or kind speak of one."""
    cluster = _cluster(scan, kind, register)
    found = _evidence(scan, kind, register)
    choice = weigh([*_resolved(found, scan, register), *foreign_schools(scan, register)])
    if kind is not None and kind.unit == "county" and choice.confidence < OWN_SCHOOL:
        return _county(scan, register)
    if cluster is not None:
        unit_id, evidence = cluster
        centre = register.centre(unit_id)
        covers = tuple(member.id for member in register.members(unit_id))
        school = centre.id if centre else ""
        return UnitChoice(unit_id, school, covers, evidence.weight, (evidence, *choice.evidence))
    ours = choice.value in register.units and choice.confidence >= LEAST
    value = choice.value if ours else ""
    confidence = choice.confidence if choice.value in register.units else 0.0
    return UnitChoice(value, value, (), confidence, choice.evidence, choice.conflict)


def _county(scan: Scan, register: Register) -> UnitChoice:
    """An office's paper is the county's where office or county sign it; not another county's."""
    county = register.county
    for text in (scan.title, *(line.bare for line in scan.head[:3])):
        for match in _COUNTY.finditer(text):
            words = match.group()
            if county.name in words or words in county.name or match["name"] in _NO_COUNTY:
                continue
            if county.name not in text:
                foreign = Evidence(words, words, "标题", 0.5)
                return UnitChoice("", "", (), 0.0, (foreign,), True)
    told = [*scan.head, *scan.signature, *(ln for ln in scan.lines if ln.role == "edge")]
    for line in told:
        office = _OFFICE.search(line.bare)
        if office or county.name in line.bare:
            words = office.group() if office else county.name
            evidence = Evidence(county.id, words, line.place, 0.9)
            return UnitChoice(county.id, "", (), 0.9, (evidence,))
    weak = Evidence(county.id, county.name, "文种", 0.5)
    return UnitChoice(county.id, "", (), 0.5, (weak,))


def _cluster(scan: Scan, kind: Kind | None, register: Register) -> tuple[str, Evidence] | None:
    """The cluster named in the title, or that of the school in 孙镇片区 … 计划. Lines under the
    title, the field of the unit and the file name count for kinds that clusters write; there
    孙镇片区 椿林初中 is a school with its address."""
    lines = [(scan.title, "标题")]
    if kind is not None and kind.unit == "cluster":
        lines += [(line.bare, line.place) for line in scan.head[:3] if line.bare != scan.title]
        named = [(v, f"栏目“{label}”") for label, v in scan.fields.items() if label in _LABELS]
        lines += [*named, (scan.name, "文件名")]
    for text, place in lines:
        weight = 0.8 if place == "文件名" else 0.9
        for match in _OF_CLUSTER.finditer(text):
            unit = _cluster_called(match["name"], match.group(), register)
            if unit and not _school_beside(text, match.end(), register):
                return unit, Evidence(unit, match.group(), place, weight)
    return None


def _school_beside(text: str, after: int, register: Register) -> bool:
    """Whether a school is named behind the cluster: then it is the school that writes."""
    mentions = find_units(text[after:], register)
    return any(m.unit_id and register.is_school(m.unit_id) for m in mentions)


def _cluster_called(name: str, whole: str, register: Register) -> str:
    """The cluster of the name itself, else that of the school or place before 片区."""
    for mention in find_units(whole, register):
        if mention.unit_id and register.unit(mention.unit_id).level == "cluster":
            return mention.unit_id
    for start in range(max(1, len(name) - 1)):
        for mention in find_units(name[start:], register, in_name=True):
            school = register.school_of(mention.unit_id) if mention.unit_id else None
            if school is not None and mention.end == len(name) - start:
                cluster = register.cluster_of(school.id)
                centre = register.centre(cluster.id) if cluster else None
                return cluster.id if cluster and centre == school else ""
    return ""


def _evidence(
    scan: Scan, kind: Kind | None, register: Register
) -> list[tuple[Mention, str, float]]:
    """Every mention in a telling place with the weight of the place."""
    found: list[tuple[Mention, str, float]] = []

    def add(text: str, place: str, weight: float, in_name: bool = False) -> None:
        mentions = _counted(find_units(text, register, in_name=in_name), register)
        for n, mention in enumerate(mentions):
            share = 0.15 if _VISITED.search(text[: mention.start]) else 0.4 if n else 1.0
            found.append((mention, place, weight * share))

    labels = _LABELS | _own_labels(kind)
    for label, value in scan.fields.items():
        if label in labels and len(value) <= 40:
            add(value, f"栏目“{label}”", FIELD, True)
    add(scan.title, "标题", TITLE)
    for line in _bylines(scan):
        add(line.text, line.place, HEAD)
    for line in scan.signature:
        add(line.text, "落款", SIGNATURE)
    for line in scan.lines:
        if line.role == "edge":
            add(line.text, line.place, EDGE)
    add(scan.name, "文件名", NAME, True)
    for folder in scan.folders[-3:]:
        add(folder, "文件夹", FOLDER, True)
    _add_text(scan, register, found)
    return found


def _own_labels(kind: Kind | None) -> frozenset[str]:
    """The labels of the kind's own field for the unit that hands the paper in."""
    if kind is None:
        return frozenset()
    mine = [f for f in kind.fields if f.type == "unit" and f.source == "unit.name"]
    return frozenset(name for f in mine for name in (f.key, *f.also))


def _bylines(scan: Scan) -> list[Line]:
    return [line for line in scan.head if line.bare != scan.title and len(line.bare) <= 44]


def _add_text(scan: Scan, register: Register, found: list[tuple[Mention, str, float]]) -> None:
    """Schools the running text only mentions: they may be others (联片学校, 送教学校)."""
    text = _around_schools(scan.text[:8000])
    counts: dict[str, list[Mention]] = {}
    for mention in _counted(find_units(text, register), register):
        if mention.unit_id:
            counts.setdefault(mention.unit_id, []).append(mention)
    for mentions in counts.values():
        weight = min(MENTIONED_MOST, MENTIONED * len(mentions))
        found.append((mentions[0], "正文", weight))


_SCHOOL_WORD = re.compile("学校|初中|中学|小学|镇中|高中|初级|中心校")


def _around_schools(text: str) -> str:
    """The pieces of a text in which a school may be named; the search for names is not cheap."""
    pieces, end = [], 0
    for match in _SCHOOL_WORD.finditer(text):
        start = max(end, match.start() - 10)
        apart = "\n" if start > end else ""
        end = min(len(text), match.end() + 5)
        pieces.append(apart + text[start:end])
    return "".join(pieces)


def _counted(mentions: list[Mention], register: Register) -> list[Mention]:
    """Mentions of schools; a cluster's name says nothing about which of its schools writes."""
    return [m for m in mentions if not m.unit_id or register.school_of(m.unit_id) is not None]


def _resolved(
    found: list[tuple[Mention, str, float]], scan: Scan, register: Register
) -> list[Evidence]:
    """Evidence by school. A name that fits several counts for those that other evidence names."""
    evidence = []
    named = set()
    for mention, place, weight in found:
        school = register.school_of(mention.unit_id) if mention.unit_id else None
        if school is not None:
            named.add(school.id)
            strength = weight * mention.strength
            evidence.append(Evidence(school.id, mention.words, place, strength))
    evidence += _sender(scan, register, evidence)
    named |= {e.value for e in evidence}
    for mention, place, weight in found:
        fitting = [c for c in mention.candidates if c in named]
        if not mention.unit_id and len(fitting) == 1:
            evidence.append(Evidence(fitting[0], mention.words, place, weight * 0.5))
    return evidence


def _sender(scan: Scan, register: Register, evidence: list[Evidence]) -> list[Evidence]:
    sender = scan.clues.sender
    if not sender or sender not in register.units:
        return []
    school = register.school_of(sender)
    if school is None:
        return []
    telling = any(e.place != "正文" and e.weight >= 0.3 for e in evidence)
    weight = SENDER_BESIDE if telling else SENDER
    return [Evidence(school.id, school.name, "提交人", weight)]
