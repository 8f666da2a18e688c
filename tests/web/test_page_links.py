"""The state of a page in its address."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

#: Django's settings come with the opened archive.
pytestmark = pytest.mark.usefixtures("filled")
VALUES = st.text(alphabet="ab校研&=?#% +", min_size=1, max_size=5)
QUERIES = st.lists(st.tuples(st.sampled_from(["q", "kind", "page"]), VALUES), max_size=6)


def pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


@given(QUERIES, VALUES)
def test_a_filter_put_on_and_taken_off_leaves_the_address(
    query: list[tuple[str, str]], value: str
) -> None:
    from web.links import toggled

    kept = [pair for pair in query if pair != ("kind", value)]
    factory = RequestFactory()
    on = toggled(factory.get("/search", kept_query(kept)), "kind", value)
    off = toggled(factory.get(on), "kind", value)
    assert ("kind", value) in pairs(on)
    without_page = [pair for pair in kept if pair[0] != "page"]
    assert sorted(pairs(off)) == sorted(without_page)


def kept_query(query: list[tuple[str, str]]) -> QueryDict:
    made = QueryDict(mutable=True)
    for key, value in query:
        made.appendlist(key, value)
    return made


@given(st.dictionaries(st.sampled_from(["q", "kind", "from", "to", "sort", "page"]), st.text()))
def test_any_address_makes_a_question_within_bounds(query: dict[str, str]) -> None:
    from web.asking import LAST_PAGE, SORTS, Asked

    asked = Asked.of(kept_query(list(query.items())))
    assert 1 <= asked.page <= LAST_PAGE
    assert asked.sort in SORTS
    assert len(asked.text) <= 2000


@given(st.text())
def test_any_text_is_a_period_or_not(text: str) -> None:
    from web.terms import is_period

    assert is_period(text) in (True, False)


def test_periods_have_names() -> None:
    from web.terms import is_period, name, of_year

    named = dict(of_year("2014-2015"))
    assert all(is_period(period) for period in named)
    assert name("2014-10") == "2014年10月"
    assert name("2014-2015-2") == "2014-2015学年第二学期"
    assert name("2014-2015") == "2014-2015学年"
