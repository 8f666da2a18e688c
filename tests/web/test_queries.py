"""Lists ask the catalogue as often for fifty rows as for five."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from filled_house import County


def statements(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    "address", ["/", "/arrivals", "/review", "/search", "/matrix?period=2014-10", "/forms"]
)
def test_the_number_of_statements_does_not_grow_with_the_rows(
    county: County, office: Client, put: Callable[..., str], address: str
) -> None:
    before = statements(office, address)
    for i in range(6):
        put("西坡初中", f"又一份{i}", f"子{i}。\n丑。", kind="summary",
            status="review" if i % 2 else "filed", reasons=("学科没有把握",))  # fmt: skip
    assert statements(office, address) == before
    assert before <= 16


def test_the_document_page_asks_a_fixed_number(county: County, office: Client) -> None:
    assert statements(office, f"/documents/{county.mine}") <= 14
