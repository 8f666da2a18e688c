"""The subjects a document is about: fields and title before group names, file name and text."""

from __future__ import annotations

from collections import Counter

from archive.filing.scan import Scan
from archive.filing.values import Evidence
from archive.filing.weighing import Choice, weigh
from archive.kinds import Kind
from archive.register import Register
from archive.subjects import SubjectMention, find_subjects

FIELD, TITLE, HEAD, SIGNATURE, EDGE, NAME, FOLDER = 0.98, 0.96, 0.85, 0.82, 0.5, 0.82, 0.6
#: A subject that most of the mentions in the text are of; a teacher's in the register.
IN_TEXT, OF_TEACHER = 0.5, 0.6

_LABELS = frozenset((
    "学科", "科目", "任教学科", "所教学科", "学科组", "教研组", "组别", "任课学科", "考试学科",
    "考试科目", "学科名称", "研修学科", "科别", "学段学科",
))  # fmt: skip
#: Values of several subjects are written with this between them; no subject's name has it.
JOIN = "、"


def choose_subjects(
    scan: Scan, kind: Kind | None, author: str, school: str, register: Register
) -> Choice:
    """A choice whose value is the subjects joined by 、 ("" for none)."""
    found: list[Evidence] = []

    def add(text: str, place: str, weight: float, in_name: bool = False) -> None:
        mentions = find_subjects(text, in_name)
        if mentions:
            value, words, strength = _together(mentions)
            clear = 1.0 if _alone(value, mentions) else 0.55
            weight *= clear * min(1.0, strength + 0.08)
            found.append(Evidence(value, words, place, weight))

    for label, value in scan.fields.items():
        if label in _LABELS and len(value) <= 30:
            add(value, f"栏目“{label}”", FIELD, True)
    add(scan.title, "标题", TITLE)
    for line in scan.head:
        if line.bare != scan.title and len(line.bare) <= 44:
            add(line.text, line.place, HEAD, True)
    for line in scan.signature:
        add(line.text, "落款", SIGNATURE)
    add(scan.name, "文件名", NAME, True)
    for folder in scan.folders[-2:]:
        add(folder, "文件夹", FOLDER, True)
    if _speaks_of_one(kind):
        found += _of_text(scan)
        found += _of_teacher(author, school, register)
    return weigh(_narrowed(found))


def _together(mentions: list[SubjectMention]) -> tuple[str, str, float]:
    """Subjects named side by side (理化组, 语文、数学) are one value."""
    strong = [m for m in mentions if m.strength >= 0.7] or mentions
    first = strong[0]
    near = [first]
    for mention in strong[1:]:
        if mention.start - near[-1].end <= 1:
            near.append(mention)
    value = JOIN.join(dict.fromkeys(m.subject for m in near))
    return value, first.words, min(m.strength for m in near)


def _alone(value: str, mentions: list[SubjectMention]) -> bool:
    """Whether no other subject is named in the same line (数学思想在物理教学中的应用)."""
    return all(m.subject in value.split(JOIN) for m in mentions if m.strength >= 0.7)


def _speaks_of_one(kind: Kind | None) -> bool:
    """Papers of a teacher or a group; a school's plan names every subject it has."""
    return kind is None or kind.unit in ("teacher", "group") or "subject" in kind.identity


def _of_text(scan: Scan) -> list[Evidence]:
    counts = Counter(m.subject for m in find_subjects(scan.text[:4000]) if m.strength >= 0.8)
    if not counts:
        return []
    (subject, count), *others = counts.most_common(2)
    if count < 2 or (others and count < 2 * others[0][1]):
        return []
    return [Evidence(subject, f"文中 {count} 次提到{subject}", "正文", IN_TEXT)]


def _of_teacher(author: str, school: str, register: Register) -> list[Evidence]:
    teacher = register.teacher_named(author, school or None) if author else None
    if teacher is None or len(teacher.subjects) != 1:
        return []
    return [Evidence(teacher.subjects[0], author, "教师名册", OF_TEACHER)]


def _narrowed(found: list[Evidence]) -> list[Evidence]:
    """Evidence for one of several subjects agrees with them: 化学 beside 物理、化学."""
    values = {e.value for e in found}
    wide = [v for v in values if JOIN in v]
    narrowed = []
    for evidence in found:
        inside = [v for v in wide if evidence.value in v.split(JOIN)]
        if len(inside) == 1 and evidence.place in ("正文", "教师名册"):
            evidence = Evidence(inside[0], evidence.words, evidence.place, evidence.weight * 0.5)
        narrowed.append(evidence)
    return narrowed
