"""Every page opens for the office with what belongs on it; its colours and scripts are sound."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("/", "全县概况"),
        ("/search", "全部材料"),
        ("/search?q=校本研修", "2</strong> 份"),
        ("/upload", "代哪所学校提交"),
        ("/review", "没有认出文种"),
        ("/matrix?period=2014-10", "2014年10月报送一览"),
        ("/matrix?period=2014-2015-1", "2014-2015学年第一学期报送一览"),
        ("/forms", "空白表"),
        ("/arrivals", "收件台账"),
        ("/users", "一次性密码"),
        ("/password", "修改密码"),
    ],
)
def test_the_office_sees(county: County, office: Client, address: str, word: str) -> None:
    answer = office.get(address)
    assert answer.status_code == 200
    assert word in answer.content.decode()


def test_vendored_files_are_those_of_the_list() -> None:
    folder = ROOT / "web" / "static" / "vendor"
    listed = dict(
        re.findall(r"^\| `(\S+)` .*\| ([0-9a-f]{64}) \|$", read(folder / "README.md"), re.M)
    )
    assert set(listed) == {p.name for p in folder.iterdir() if p.suffix in (".js", ".css")}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


#: (text, ground) pairs of the stylesheet's properties that meet on a page.
PAIRS = [
    ("ink", "paper"), ("soft", "paper"), ("soft", "faint"), ("accent", "paper"),
    ("accent", "accent-soft"), ("ok", "ok-soft"), ("late", "late-soft"), ("part", "part-soft"),
    ("bad", "bad-soft"), ("bad", "sheet"), ("ink", "mark"), ("sheet", "accent"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    """WCAG 2.1, 1.4.3: at least 4.5 to 1."""
    css = read(ROOT / "web" / "static" / "yanxiu.css")
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", css))
    lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def read(path: Path) -> str:
    return path.read_text("utf-8")
