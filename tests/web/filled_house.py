"""A small filled archive for the page tests: papers go through the store, the catalogue and the
index as ingest sends them, but their filing is stated here, so that a page's test does not hang
on the filing's judgement."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from small_county import ORG

from archive import paper as papers
from archive.completeness import Findings, SectionFinding
from archive.deposit import Deposit, enter_all, store_all
from archive.filing import Evidence, Filing
from archive.house import House
from archive.ids import uuid7
from archive.models import Arrival, Profile
from archive.outbox import wait
from archive.paper import Paper
from archive.periods import Period
from archive.registering import import_register
from archive.staging import staged_file
from indexer.reading import Block, OutlineItem, Reading

PASSWORD = "qinghe-2014-yanxiu"
SCRIPT = "<script>alert(1)</script>"


@dataclass(frozen=True)
class County:
    """The filled archive: ids of its papers and schools."""

    house: House
    mine: str
    others: str
    waiting: str
    east: str
    south: str


def import_county(house: House, folder: Path) -> None:
    file = folder / "清河县.json"
    file.write_text(json.dumps(ORG, ensure_ascii=False), "utf-8")
    import_register(house, file, actor="测试")


def school(house: House, name: str) -> str:
    return next(s.id for s in house.register.schools() if s.name == name)


def put(house: House, school_name: str, title: str, text: str, **more: Any) -> str:
    """Keep one document of a school; the id of its record. `more`: kind, status, subjects, month,
    near, error, name, missing."""
    unit = school(house, school_name) if school_name else ""
    reading = reading_of(title, text)
    filing = filing_of(house, unit, title, more)
    arrival = arrival_of(house, unit, more.get("name", f"{title}.docx"), text)
    house.readings.save(arrival.sha256, reading)
    paper = paper_of(arrival, filing, more)
    event = papers.event("received", "测试", version=1, name=paper["versions"][0]["name"])
    content = {paper["versions"][0]["logical"]: staged_file(arrival.id)}
    deposit = Deposit(arrival.id, paper, event, content)
    store_all(house.store, house.staging, [deposit])
    enter_all([deposit])
    arrival.state, arrival.outcome = "done", filing.status
    arrival.record_id, arrival.version = paper["id"], 1
    arrival.save(force_insert=True)
    return paper["id"]


def reading_of(title: str, text: str) -> Reading:
    heads = ("工作开展情况", "取得成效")
    blocks = [Block("heading", title, level=0)]
    outline = [OutlineItem(0, title, 0, "第 1 段")]
    for head, line in zip(heads, text.split("\n"), strict=False):
        outline.append(OutlineItem(1, head, len(blocks), f"第 {len(blocks) + 1} 段", line))
        blocks += [Block("heading", head, level=1), Block("paragraph", line)]
    rows = (("时间", "主题"), ("10月8日", SCRIPT))
    table = "\n".join("\t".join(row) for row in rows)
    return Reading("docx", "complete", (*blocks, Block("table", table, rows=rows)), tuple(outline))


def filing_of(house: House, unit: str, title: str, more: dict[str, Any]) -> Filing:
    month = more.get("month", "2014-10")
    year, number = (int(part) for part in month.split("-"))
    filing = Filing(
        kind=more.get("kind", "stage_report"),
        unit=unit,
        school=unit,
        subjects=tuple(more.get("subjects", ("数学",))),
        school_year="2014-2015",
        term=1,
        month=month,
        period=Period(
            "month", date(year, number, 1), date(year, number, 28), f"{year}年{number}月"
        ),
        title=title,
        date=f"{month}-28",
        confidence=0.93,
        status=more.get("status", "filed"),
        evidence={"kind": (Evidence("stage_report", "阶段报告", "标题", 0.9),)},
    )
    return replace(filing, reasons=tuple(more.get("reasons", ())))


def arrival_of(house: House, unit: str, name: str, text: str) -> Arrival:
    body = f"{name}\n{text}".encode()
    arrival = Arrival(
        id=uuid7(),
        source="folder",
        inbox="收件箱",
        path=name,
        sender_id=unit,
        first_seen=datetime.now(UTC),
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        state="decided",
    )
    target = house.staging / staged_file(arrival.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
    return arrival


def paper_of(arrival: Arrival, filing: Filing, more: dict[str, Any]) -> Paper:
    missing = more.get("missing", ())
    findings = Findings(
        tuple(
            SectionFinding(name, True, "missing" if name in missing else "present", name, "第 2 段")
            for name in ("工作开展情况", "取得成效", *missing)
        )
    )
    name = arrival.path.rpartition("/")[2]
    received = arrival.first_seen.isoformat()
    version: papers.VersionPaper = {
        "n": 1, "name": name, "logical": papers.logical_path(1, name), "sha256": arrival.sha256,
        "size": arrival.size, "format": "docx", "reading": "complete", "received": received,
        "sketch": [], "bands": [], "arrival": arrival.id,
    }  # fmt: skip
    paper: Paper = {
        "id": uuid7(), "county": "main", "status": filing.status, "sender": arrival.sender_id,
        "filing": {}, "sections": [], "missing_fields": [], "blank": False,
        "error": more.get("error"), "identity": None, "near": more.get("near", []),
        "retention": "", "received": received, "settled": False, "versions": [version],
    }  # fmt: skip
    papers.refile(paper, filing, findings, None)
    return paper


def fill(house: House, home: Path) -> County:
    import_county(house, home)
    mine = put(house, "东河初中", "东河初中2014年10月数学校本研修阶段报告",
               "十月组织集体备课四次，主题为校本研修与课堂实效。\n校本研修取得成效。")  # fmt: skip
    others = put(house, "南桥初中", "南桥初中2014年10月语文校本研修阶段报告",
                 "十月开展听评课，独有词琉璃。\n校本研修稳步推进。", subjects=("语文",),
                 missing=("下阶段安排",))  # fmt: skip
    waiting = put(house, "南桥初中", "质量分析<b>材料", "一份看不准的材料。\n内容。", kind=None,
                  status="review", reasons=("没有认出文种",))  # fmt: skip
    wait(house, [mine, others, waiting])
    return County(
        house, mine, others, waiting, school(house, "东河初中"), school(house, "南桥初中")
    )


def account(username: str, role: str, unit_id: str = "") -> User:
    user = User.objects.create_user(username, password=PASSWORD)
    Profile.objects.create(user=user, role=role, unit_id=unit_id)
    return user


def signed_in(user: User | None = None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client
