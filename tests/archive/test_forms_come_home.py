"""Every form of the house, issued and filled in, is filed where it was issued for."""

from __future__ import annotations

from typing import Any

import pytest
from returned_forms import KINDS, PAPERS, example, printed, reading_of

from archive.batch import issues
from archive.filing import Clues
from archive.forms import Paper
from archive.issue import Issue
from archive.judging import judge
from archive.register import Register
from yanxiu.demo import county

#: Kind.period -> the period asked for.
PERIODS = {
    "month": "2014-10", "term": "2014-2015-1", "school_year": "2014-2015",
    "calendar_year": "2014", "test": "2014-2015-1-期中", "activity": "2014-10", "none": "2014-10",
}  # fmt: skip


@pytest.fixture(scope="module")
def register() -> Register:
    return county()


def issued(paper: Paper, register: Register) -> Issue:
    """One for 孙镇初中 (or its cluster, or the county), of the subject of the example."""
    school = register.school_named("孙镇初中")
    assert school is not None
    schools = None if paper.each == "county" else [school.id]
    batch = issues(register, paper, PERIODS[paper.kind.period], schools)
    subject = example(paper.id).get("学科")
    return next((issue for issue in batch if issue.subject == subject), batch[0])


def prefilled(issue: Issue, register: Register) -> dict[str, Any]:
    """What the house prints of unit, subject, period and author."""
    school = register.school_of(issue.unit.id)
    owner = issue.unit if issue.unit.level == "cluster" else school
    known = {
        "unit.name": owner and (owner.official or owner.name),
        "subject": "、".join(issue.subjects),
        "period.label": issue.period.label if issue.period else "",
        "teacher.name": issue.unit.name if issue.unit.level == "teacher" else "",
    }
    fields = (*issue.paper.kind.fields, *issue.paper.text.fields)
    return {field.key: known[field.source] for field in fields if known.get(field.source)}


@pytest.mark.parametrize("form", PAPERS)
def test_it_is_filed_where_it_was_issued_for(form: str, register: Register) -> None:
    paper = PAPERS[form]
    issue = issued(paper, register)
    reading = reading_of(printed(form, issue.stamp, **prefilled(issue, register)))
    judgement = judge(reading, Clues("新建 Microsoft Word 文档.docx"), KINDS, register)
    filing = judgement.filing
    assert (filing.status, filing.kind) == ("filed", paper.kind.id), filing.reasons
    if paper.each == "county":
        assert (filing.unit, filing.school) == (register.county.id, "")
    else:
        assert register.units[filing.school].name == "孙镇初中"
    if issue.subject:
        assert filing.subjects == (issue.subject,)
    if paper.kind.period not in ("activity", "none"):
        assert filing.period == issue.period
    assert judgement.findings.complete, judgement.findings
    assert not judgement.blank
