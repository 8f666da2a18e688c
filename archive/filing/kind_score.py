"""Which kind a document is: title before headings before file name, the longest match first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from archive.filing.scan import Line, Scan, squeeze
from archive.filing.values import Evidence
from archive.filing.weighing import combined
from archive.kinds import Kind, Recognise
from indexer.folding import fold

UNRELATED = "unrelated"

#: Weights of places, chosen on the labelled samples and kept where every change by 0.05 left the
#: decisions alone.
TITLE, HEAD, HEADINGS, NAME, FOLDER, WORD = 0.92, 0.85, 0.55, 0.6, 0.35, 0.08
#: What a match is worth that does not end its line (质检分析报告 in 质检分析报告会记录 …): Chinese
#: titles carry their noun at the end.
LOOSE_END, INNER = 0.85, 0.6
#: Most that words of the text can add.
WORDS_MOST = 0.24

_BOOK = re.compile(r"《[^》]{0,60}》")
_ASIDE = re.compile(r"[（(【\[][^（()）】\]]{0,40}[)）】\]]")
_SEGMENT = re.compile(r"——|(?<!\d)—|--+|[:：|｜;；。]")
#: The school year and term in a title stand between the words of its kind.
_TERM = re.compile(
    r"\(?(?:19|20)\d\d年?[—–\-~至/]{1,2}(?:19|20)?\d\d年?(?:学年度?|年度)?(?:第?[一二上下12]学期|[上下]期?(?!半|报))?\)?"
)
#: What may follow the noun of a title without making it another: 表, 一份, 第3期, 四, 2015.
_TAIL = re.compile(
    r"(?:[表书稿单册一二三四五六七八九十\d、.\-_]|第.{1,3}[期周次篇]|材料|资料|模板|样表)*$"
)

#: A paper without any of these words has nothing to do with teaching and research.
_RESEARCH = re.compile(
    "教研|研修|研训|备课|听课|评课|议课|教学|课堂|课题|反思|质检|教师|学科|考试|成绩|培训|校本|学习|"
    "听评课|课程|教育|班级|年级|试卷|公开课|教案|读书|学时|签到|考勤|送教|工作室|督导|评估|论文|学生"
)
#: A shorter text says too little to be called unrelated for what it lacks.
ENOUGH_TEXT = 40
_CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True)
class Patterns:
    """The compiled regular expressions of one kind; `any_title` and `any_not` are None for none."""

    titles: tuple[re.Pattern[str], ...]
    names: tuple[re.Pattern[str], ...]
    headings: tuple[re.Pattern[str], ...]
    words: tuple[re.Pattern[str], ...]
    any_title: re.Pattern[str]
    any_name: re.Pattern[str]
    any_not: re.Pattern[str] | None
    needs: tuple[re.Pattern[str], ...] = ()


@dataclass
class Score:
    """The evidence for one kind. `weight` is that of all of it together, 0..1."""

    kind: str
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return combined(e.weight for e in self.evidence)

    @property
    def from_content(self) -> float:
        outside = ("文件名", "文件夹")
        return combined(e.weight for e in self.evidence if e.place not in outside)


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: str
    start: int
    end: int
    words: str


@lru_cache(maxsize=256)
def _compile(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


@lru_cache(maxsize=256)
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)")


@lru_cache(maxsize=512)
def patterns_of(kind: Kind) -> Patterns:
    """A kind's names count as patterns for its titles; those of unrelated papers do not."""
    names = () if kind.id == UNRELATED else (kind.name, *kind.also)
    return _patterns(kind.recognise, names)


def _patterns(own: Recognise, called: tuple[str, ...]) -> Patterns:
    titles = own.titles + tuple(re.escape(squeeze(fold(name))) for name in called)
    names = titles + own.names
    return Patterns(
        titles=_compile(titles),
        names=_compile(names),
        headings=_compile(own.headings),
        words=_compile(own.words),
        any_title=_any(titles),
        any_name=_any(names),
        any_not=_any(own.not_) if own.not_ else None,
        needs=_compile(own.needs),
    )


def score_kinds(scan: Scan, kinds: dict[str, Kind], mask: Callable[[str], str]) -> list[Score]:
    """Every kind with evidence, the best first. `mask` hides school names in a line, so that the
    county before 蒲城县孙镇初中 does not make its plan the county's."""
    patterns = {kind_id: patterns_of(kind) for kind_id, kind in kinds.items()}
    title = mask(scan.title)
    barred = {k for k, p in patterns.items() if p.any_not and p.any_not.search(title)}
    patterns = {k: p for k, p in patterns.items() if k not in barred}
    scores = {kind_id: Score(kind_id) for kind_id in patterns}
    _score_lines(scan, patterns, scores, mask)
    _score_names(scan, patterns, scores, mask)
    _score_headings(scan, patterns, scores)
    _score_words(scan, patterns, scores)
    _drop_needy(scan, patterns, scores)
    _score_nothing(scan, scores)
    found = [score for score in scores.values() if score.evidence]
    return sorted(found, key=lambda s: -s.weight)


def _score_lines(
    scan: Scan, patterns: dict[str, Patterns], scores: dict[str, Score], mask: Callable[[str], str]
) -> None:
    """The title, and short lines under it that are no label with a value."""
    seen: set[str] = set()
    lines = [(scan.title, "标题", TITLE)] if scan.title else []
    lines += [(line.bare, line.place, HEAD) for line in scan.head if _may_name_kind(line)]
    for text, place, weight in lines:
        if text in seen:
            continue
        seen.add(text)
        for kind_id, factor, words in _line_hits(mask(text), patterns):
            if not any(e.words == words for e in scores[kind_id].evidence):
                scores[kind_id].evidence.append(Evidence(kind_id, words, place, weight * factor))


def _may_name_kind(line: Line) -> bool:
    return len(line.bare) <= 44 and not re.match(r"[^:：]{1,8}[:：]", line.bare)


def _score_names(
    scan: Scan, patterns: dict[str, Patterns], scores: dict[str, Score], mask: Callable[[str], str]
) -> None:
    named = [(scan.name, "文件名", NAME)]
    named += [(folder, "文件夹", FOLDER) for folder in scan.folders[-2:]]
    for text, place, weight in named:
        if text:
            for kind_id, factor, words in _name_hits(mask(squeeze(text)), patterns):
                evidence = Evidence(kind_id, words, place, weight * factor)
                scores[kind_id].evidence.append(evidence)


def _line_hits(text: str, patterns: dict[str, Patterns]) -> list[tuple[str, float, str]]:
    """(kind, factor, words) of the hits in one line that no longer hit of another kind holds."""
    text = _TERM.sub("", text) or text
    masked = _BOOK.sub("《书》", text)
    return _hits(masked, patterns, False) or (
        _hits(text, patterns, False) if masked != text else []
    )


def _name_hits(text: str, patterns: dict[str, Patterns]) -> list[tuple[str, float, str]]:
    text = _TERM.sub("", text) or text
    return _hits(_BOOK.sub("《书》", text), patterns, True)


def _hits(text: str, patterns: dict[str, Patterns], in_name: bool) -> list[tuple[str, float, str]]:
    plain = _ASIDE.sub("", text) or text
    best: dict[str, tuple[float, str]] = {}
    for segment in _SEGMENT.split(plain):
        found = [
            hit
            for kind_id, p in patterns.items()
            if (p.any_name if in_name else p.any_title).search(segment)
            and not (p.any_not and p.any_not.search(text))
            for hit in [_last_hit(kind_id, p.names if in_name else p.titles, segment)]
        ]
        for hit in found:
            if any(_holds(other, hit) for other in found):
                continue
            factor = _factor(hit, segment, found, in_name)
            if factor > best.get(hit.kind, (0.0, ""))[0]:
                best[hit.kind] = (factor, hit.words)
    return [(kind_id, factor, words) for kind_id, (factor, words) in best.items()]


def _last_hit(kind_id: str, patterns: tuple[re.Pattern[str], ...], segment: str) -> _Hit:
    """The hit that ends last, the longest of those."""
    spans = [m.span() for p in patterns for m in p.finditer(segment)]
    start, end = max(spans, key=lambda span: (span[1], span[1] - span[0]))
    return _Hit(kind_id, start, end, segment[start:end])


def _holds(outer: _Hit, inner: _Hit) -> bool:
    same = (outer.start, outer.end) == (inner.start, inner.end)
    return not same and outer.start <= inner.start and inner.end <= outer.end


def _factor(hit: _Hit, segment: str, found: list[_Hit], in_name: bool) -> float:
    rest = segment[hit.end :]
    if _TAIL.match(rest):
        factor = 1.0
    elif in_name or len(rest) <= 4:
        factor = LOOSE_END
    else:
        factor = INNER
    return factor * (0.6 if any(other.end > hit.end for other in found) else 1.0)


def _score_headings(scan: Scan, patterns: dict[str, Patterns], scores: dict[str, Score]) -> None:
    """At least two of a kind's headings, in the outline or as labels of a form."""
    labels = "\n".join((*scan.headings, *scan.fields))
    if not labels:
        return
    for kind_id, p in patterns.items():
        hits = [m for m in (h.search(labels) for h in p.headings) if m]
        if len(hits) >= 2:
            share = (len(hits) - 1) / max(1, len(p.headings) - 1)
            words = "、".join(m.group() for m in hits[:4])
            scores[kind_id].evidence.append(Evidence(kind_id, words, "各级标题", HEADINGS * share))


def _score_words(scan: Scan, patterns: dict[str, Patterns], scores: dict[str, Score]) -> None:
    """Words of the text strengthen what has other evidence; alone they make no kind."""
    text = scan.bare_text[:6000]
    for kind_id, p in patterns.items():
        if not scores[kind_id].evidence:
            continue
        hits = [m.group() for m in (w.search(text) for w in p.words) if m]
        if hits:
            weight = min(WORDS_MOST, WORD * len(hits))
            evidence = Evidence(kind_id, "、".join(hits[:4]), "正文", weight)
            scores[kind_id].evidence.append(evidence)


def _drop_needy(scan: Scan, patterns: dict[str, Patterns], scores: dict[str, Score]) -> None:
    """A notice, a rule, a summary that never speaks of teaching or research is unrelated."""
    for kind_id, p in patterns.items():
        if not (p.needs and scores[kind_id].evidence):
            continue
        if any(need.search(scan.bare_text) for need in p.needs):
            continue
        scores[kind_id].evidence.clear()
        if UNRELATED in scores and _says_enough(scan):
            evidence = Evidence(UNRELATED, "全文没有教学教研用语", "正文", 0.75)
            if evidence not in scores[UNRELATED].evidence:
                scores[UNRELATED].evidence.append(evidence)


def _score_nothing(scan: Scan, scores: dict[str, Score]) -> None:
    """No word of teaching or research anywhere, and no kind with a hit: unrelated."""
    if UNRELATED not in scores or any(s.weight >= 0.3 for s in scores.values()):
        return
    if _says_enough(scan) and not _RESEARCH.search(scan.bare_text + scan.raw_name):
        evidence = Evidence(UNRELATED, "全文没有教学教研用语", "正文", 0.75)
        scores[UNRELATED].evidence.append(evidence)


def _says_enough(scan: Scan) -> bool:
    """Whether what is absent means anything: enough Chinese text, read whole. A foreign or garbled
    text (a PDF without its character table) says nothing about what stands in it."""
    if scan.reading.status != "complete":
        return False
    chinese = len(_CHINESE.findall(scan.bare_text[:4000]))
    return chinese >= ENOUGH_TEXT and chinese * 3 >= min(4000, len(scan.bare_text))


@dataclass(frozen=True, slots=True)
class KindChoice:
    """`kind` is None where nothing fits; `rival` is the second best where it is near. `reason` is
    for the clerk, where there is more to say than that nothing fits."""

    kind: str | None
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    rival: str = ""
    reason: str = ""


#: Below this, a document is said to fit no kind.
LEAST = 0.45


#: The head of one of several papers in one file: 第二篇：…
_PART = re.compile(r"第[一二三四五六七八九十]{1,3}篇[:：](?P<title>.{4,60})$")


def collected(scan: Scan, kinds: dict[str, Kind]) -> KindChoice | None:
    """Where a file holds papers of several kinds one after the other, it has none of its own."""
    parts = [(m, line.place) for line in scan.lines if (m := _PART.match(line.bare))]
    if len(parts) < 2:
        return None
    patterns = {kind_id: patterns_of(kind) for kind_id, kind in kinds.items()}
    evidence = []
    for match, place in parts:
        hits = _line_hits(match["title"], patterns)
        if hits:
            kind_id, factor, words = max(hits, key=lambda hit: hit[1])
            evidence.append(Evidence(kind_id, words, place, HEAD * factor))
    if len({e.value for e in evidence}) < 2:
        return None
    reason = f"文件里汇编了 {len(parts)} 份不同的文稿，请拆开后分别报送，或指定文种"
    return KindChoice(None, 0.0, tuple(evidence[:6]), reason=reason)


def choose_kind(scores: list[Score]) -> KindChoice:
    """The best kind. A rival takes little away where the title is clear, much where it is not."""
    if not scores or scores[0].weight < LEAST:
        weak = tuple(e for score in scores[:2] for e in score.evidence)
        return KindChoice(None, 0.0, weak)
    best = scores[0]
    second = scores[1] if len(scores) > 1 else Score("")
    clear = _title_weight(best) >= 0.75 and _title_weight(second) <= 0.7 * _title_weight(best)
    confidence = best.weight - second.weight * (0.15 if clear else 0.45)
    rival = second.kind if second.weight >= 0.5 else ""
    evidence = (*best.evidence, *(second.evidence if rival else ()))
    return KindChoice(best.kind, round(max(confidence, 0.05), 3), tuple(evidence), rival)


def _title_weight(score: Score) -> float:
    outside = ("文件名", "文件夹", "正文", "各级标题")
    return max((e.weight for e in score.evidence if e.place not in outside), default=0.0)
