"""When a file counts as finished, over scans and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from watch.folders import Seen
from watch.settle import Settled, Settler

START = datetime(2014, 10, 31, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def feed(settler: Settler, seconds: float, *seen: Seen) -> list[Settled]:
    return settler.feed(seen, at(seconds), seconds)


def file(size: int = 10, mtime: int = 1, inode: int = 1, name: str = "报告.doc") -> Seen:
    return Seen(name, size, mtime, inode)


def test_it_settles_after_standing_unchanged() -> None:
    settler = Settler(5, 50, lambda seen: True)
    assert feed(settler, 0, file()) == []
    assert feed(settler, 4.9, file()) == []
    assert feed(settler, 5, file()) == [Settled(file(), at(0))]


def test_every_change_starts_anew() -> None:
    for changed in (file(size=11), file(mtime=2), file(inode=2)):
        settler = Settler(5, 50, lambda seen: True)
        feed(settler, 0, file())
        assert feed(settler, 5, changed) == []
        assert feed(settler, 10, changed) == [Settled(changed, at(5))]


def test_an_incomplete_file_waits_for_its_ending() -> None:
    complete = False
    settler = Settler(5, 50, lambda seen: complete)
    feed(settler, 0, file())
    assert feed(settler, 20, file()) == []
    complete = True
    assert feed(settler, 21, file()) == [Settled(file(), at(0))]


def test_an_incomplete_file_is_taken_in_the_end() -> None:
    settler = Settler(5, 50, lambda seen: False)
    feed(settler, 0, file())
    assert feed(settler, 49, file()) == []
    assert feed(settler, 50, file()) == [Settled(file(), at(0), incomplete=True)]


def test_it_is_reported_until_forgotten() -> None:
    settler = Settler(5, 50, lambda seen: True)
    feed(settler, 0, file())
    assert feed(settler, 5, file()) == feed(settler, 6, file()) != []
    settler.forget("报告.doc")
    assert len(settler) == 0


def test_a_file_that_went_and_came_is_new() -> None:
    settler = Settler(5, 50, lambda seen: True)
    feed(settler, 0, file())
    feed(settler, 1)
    assert feed(settler, 6, file()) == []


def test_a_folder_that_cannot_be_listed_loses_nothing() -> None:
    for unseen in ("", "三中"):
        settler = Settler(5, 50, lambda seen: True)
        there = file(name="三中/报告.doc")
        feed(settler, 0, there)
        assert settler.feed([], at(3), 3, [unseen]) == []
        assert feed(settler, 9, there) == [Settled(there, at(0))]


def test_it_says_when_to_look_again() -> None:
    settler = Settler(5, 50, lambda seen: False)
    assert settler.next_due(0) is None
    feed(settler, 2, file())
    assert settler.next_due(2) == 7
    assert settler.next_due(8) == 13


histories = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 3), st.booleans()), min_size=1, max_size=30
)


@given(histories)
def test_nothing_settles_that_did_not_stand_and_nothing_waits_for_ever(
    history: list[tuple[int, int, bool]],
) -> None:
    """However scans and changes fall: settled means unchanged for `settle` seconds as seen, and
    complete or given up; and a file left alone does settle."""
    complete = False
    settler = Settler(5, 20, lambda seen: complete)
    now, since, last = 0, 0, -1
    for step, size, complete in [*history, (20, history[-1][1], False)]:
        now += step
        if size != last:
            since, last = now, size
        settled = feed(settler, now, file(size=size))
        due = now - since >= 5 and (complete or now - since >= 20)
        assert bool(settled) == due
        if settled:
            assert settled[0].first_seen == at(since)
    assert now - since >= 20
    assert settled
