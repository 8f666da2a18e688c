"""How many slips of template authors are found, in their places, by us and by docxtpl-lint."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import docxtpl_lint

from archive.forms import Paper, papers, spec_of
from archive.kind_files import BUILTIN, load_kinds
from bench import Values
from bench.template_faults import FORMS, cases, codes, made, place
from generator import FILTERS, SYSTEM_NAMES, FormSpec
from generator.lint.linting import lint
from generator.lint.remarks import Remark
from generator.spec import ROW_NUMBER

#: How docxtpl-lint calls the parts.
_PARTS = {"word/document.xml": "body"}


def measure(every: int, runs: int) -> Values:
    """`every`: 1 for all cases, 2 for every second one …"""
    known = {paper.id: paper for paper in papers(load_kinds(BUILTIN))}
    slips = [_slip(case, known) for case in cases()[::every]]
    good = [(paper.template.read_bytes(), spec_of(paper)) for paper in known.values()]
    ours = [_found_by_us(*slip) for slip in slips]
    theirs = [_found_by_them(*slip) for slip in slips]
    everything = [*((data, spec) for data, spec, _ in slips), *good]
    return {
        "faults": len(slips),
        "found_share": round(100 * sum(ours) / len(slips), 1),
        "peer_found_share": round(100 * sum(theirs) / len(slips), 1),
        "good": len(good),
        "alarms": sum(bool(lint(data, spec)) for data, spec in good),
        "peer_alarms": sum(bool(_peer(data, spec)) for data, spec in good),
        "ms_each": _timed(everything, lint, runs),
        "peer_ms_each": _timed(everything, _peer, runs),
    }


Slip = tuple[bytes, FormSpec, dict[str, Any]]


def _slip(case: dict[str, Any], known: dict[str, Paper]) -> Slip:
    paper = known[FORMS[case["form"]]]
    data = made(paper.template.read_bytes(), case)
    return data, spec_of(paper), {**case, "place": place(case, data)}


def _timed(
    templates: Sequence[tuple[bytes, FormSpec]],
    look: Callable[[bytes, FormSpec], object],
    runs: int,
) -> float:
    """Milliseconds for one template: the median of several rounds over all of them."""
    rounds = []
    for _ in range(runs):
        start = time.perf_counter()
        for data, spec in templates:
            look(data, spec)
        rounds.append((time.perf_counter() - start) * 1000 / len(templates))
    return round(statistics.median(rounds), 2)


def _found_by_us(data: bytes, spec: FormSpec, case: dict[str, Any]) -> bool:
    """Whether the fault is said with its code at its place."""
    return any(_is_it(remark, case) for remark in lint(data, spec))


def _is_it(remark: Remark, case: dict[str, Any]) -> bool:
    return remark.code in codes(case) and remark.place == case["place"]


def _found_by_them(data: bytes, spec: FormSpec, case: dict[str, Any]) -> bool:
    """Whether anything at all is said of the same paragraph, whatever it is called."""
    spot = next((r.spot for r in lint(data, spec) if _is_it(r, case)), None)
    issues = _peer(data, spec)
    if spot is None:
        return bool(issues)
    part = _PARTS.get(spot.part, spot.part.rpartition("/")[2].removesuffix(".xml"))
    where = (part, spot.paragraph + 1)
    return any((i.location.part, i.location.paragraph) == where for i in issues)


def _peer(data: bytes, spec: FormSpec) -> list[Any]:
    """What docxtpl-lint says, given our filters and our names as its schema."""
    found = docxtpl_lint.lint(data, schema=_schema(spec), filters=FILTERS, autoescape=True)
    return [issue for issue in found.issues if issue.severity in ("error", "warning")]


def _schema(spec: FormSpec) -> dict[str, Any]:
    """Lists as objects: a column stands in a row of ours without any loop."""
    text = {"type": "string"}
    names = [f.key for f in spec.fields] + [s.name for s in spec.sections]
    properties: dict[str, Any] = dict.fromkeys((*SYSTEM_NAMES, *spec.extra, *names), text)
    for rows in spec.all_lists:
        columns = dict.fromkeys((*rows.columns, ROW_NUMBER), text)
        properties[rows.name] = {
            "type": "object", "properties": columns, "additionalProperties": False
        }  # fmt: skip
    return {"type": "object", "properties": properties, "additionalProperties": False}
