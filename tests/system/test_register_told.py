"""What an import of a register tells of the file: keys left out, units that are gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.register_import import build_register, changes

if TYPE_CHECKING:
    from archive.house import House

TWO = {"county": "甲县", "clusters": [{"no": 1, "centre": "乙校", "members": ["丙校"]}]}
ONE = {"county": "甲县", "clusters": [{"no": 1, "centre": "乙校", "members": []}]}


def test_a_key_that_is_not_known_is_told_with_the_nearest(house: House, tmp_path: Path) -> None:
    from archive.registering import import_register

    file = tmp_path / "名册.toml"
    file.write_text(
        'subject = ["语文"]\ncounty = "甲县"\n[[clusters]]\ncentre = "乙校"\nsubject = ["语文"]\n',
        "utf-8",
    )
    told = import_register(house, file, actor="测试")[0].warnings
    assert told == (
        "键 subject 不认识，最接近的是 subjects；已略去",
        "clusters 第 1 项的键 subject 不认识，是否应写在文件开头的 subjects；已略去",
    )


def test_a_corrected_register_withdraws_and_a_later_one_closes() -> None:
    old = build_register(TWO)
    assert changes(old, build_register(ONE, old)) == ["撤销学校丙校（更正）"]
    later = build_register({**ONE, "valid_from": "2015-09-01"}, old)
    assert changes(old, later) == ["停用学校丙校（至 2015-08-31）"]


def test_the_store_gives_the_register_without_the_catalogue(house: House, tmp_path: Path) -> None:
    from archive.register_stored import stored_register

    stored = stored_register(house.home)
    assert stored is not None
    assert [u.name for u in stored.schools()] == [u.name for u in house.register.schools()]
