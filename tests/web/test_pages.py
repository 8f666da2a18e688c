"""Every page opens for the office, with what belongs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


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
        ("/forms", "下载空白表"),
        ("/arrivals", "收件台账"),
        ("/users", "一次性密码"),
        ("/password", "修改密码"),
    ],
)
def test_the_office_sees(county: County, office: Client, address: str, word: str) -> None:
    answer = office.get(address)
    assert answer.status_code == 200
    assert word in answer.content.decode()
