"""A rebuild in the middle of things: what is under way goes on, and nothing else is forgotten."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import report

if TYPE_CHECKING:
    from archive.house import House
    from archive.ingest import Ingest


def bundle_of(folder: Path) -> Path:
    """Two reports and a name that is no submission."""
    bundle = folder / "打包.zip"
    with zipfile.ZipFile(bundle, "w") as out:
        for month in (9, 10):
            out.write(report(folder / "in.docx", "孙镇初中", "语文", month), f"{month}.docx")
        out.writestr("Thumbs.db", b"x")
    return bundle


def offer(ingest: Ingest, file: Path) -> None:
    """A file of an inbox, taken over and not cleared away."""
    from archive.staging import Offer

    ingest.offer([Offer("folder", file.name, file, "收件箱", "", "", datetime.now(UTC))])


def rebuilt(house: House) -> None:
    from django.db import connection

    from archive.rebuild import rebuild

    rebuild(house)
    connection.check_constraints()


def told() -> list[tuple[str, str, str]]:
    from archive.models import Arrival

    return sorted(Arrival.objects.values_list("member", "outcome", "state"))


@pytest.fixture
def opened_bundle(ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """A bundle of an inbox was opened; its members wait."""
    offer(ingest, bundle_of(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(type(ingest), "_settle", _killed)
        with pytest.raises(KeyboardInterrupt):
            ingest.run()
    return ingest


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_members_of_a_bundle_under_way(house: House, opened_bundle: Ingest) -> None:
    before = told()
    assert [state for _, _, state in before].count("staged") == 2
    rebuilt(house)
    assert told() == before
    opened_bundle.run()
    assert {outcome for _, outcome, _ in told()} == {"unpacked", "ignored", "filed"}


def test_a_bundle_whose_outcome_could_not_be_kept(
    house: House, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import outcomes

    offer(ingest, bundle_of(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(outcomes, "keep_unpacked", _killed)
        with pytest.raises(KeyboardInterrupt):
            ingest.run()
    rebuilt(house)
    ingest.run()
    assert [outcome for _, outcome, _ in told()].count("filed") == 2


def test_files_not_cleared_away_yet_stay_to_be_cleared(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    offer(ingest, bundle_of(tmp_path))
    ingest.run()
    before = told()
    assert {state for _, _, state in before} == {"committed"}
    rebuilt(house)
    assert told() == before


def test_a_lost_catalogue_brings_ignored_members_back(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive import intake
    from archive.models import Arrival

    intake.add(ingest, intake.find([bundle_of(tmp_path)], ingest.ignored))
    before = told()
    assert ("Thumbs.db", "ignored", "done") in before
    Arrival.objects.all().delete()
    rebuilt(house)
    assert told() == before


def test_one_damaged_object_does_not_keep_the_others_away(
    house: House, ingest: Ingest, tmp_path: Path
) -> None:
    from archive import intake
    from archive.models import Record
    from archive.rebuild import rebuild

    for month in (9, 10):
        report(tmp_path / "交" / f"{month}.docx", "孙镇初中", "语文", month)
    intake.add(ingest, intake.find([tmp_path / "交"], ingest.ignored))
    spoil = next(p for p in (house.home / "store").rglob("record.json"))
    spoil.write_bytes(spoil.read_bytes().replace(b"2014", b"2O14"))
    done = rebuild(house)
    assert (done.records, len(done.damaged)) == (1, 1)
    assert Record.objects.count() == 1
