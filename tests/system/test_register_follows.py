"""What a new register changes in the index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from archives import COUNTY, report

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest


def test_a_renamed_school_is_found_by_its_new_name(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive import intake
    from archive.outbox import wait
    from archive.registering import import_register
    from indexer.engines import Search

    file = report(tmp_path / "a.docx", "孙镇初中", "语文", 10)
    intake.add(ingest, intake.find([file], ingest.ignored))
    record = next(iter(house.engine().ids()))
    org = tmp_path / "名册.json"
    org.write_text(renamed(), "utf-8")
    register, _ = import_register(house, org, actor="测试")
    assert register.school_named("孙镇新校") is not None
    assert wait(house, [record])
    answer = house.engine().search(Search(filters={"school": ["孙镇新校"]}))
    assert [hit.id for hit in answer.hits] == [record]


def renamed() -> str:
    """The sample county with 孙镇初中 under another name, the old one an alias."""
    county = json.loads(COUNTY.read_text("utf-8").replace("孙镇初中", "孙镇新校"))
    county["aliases"]["孙镇新校"] = ["孙镇初中"]
    return json.dumps(county, ensure_ascii=False)
