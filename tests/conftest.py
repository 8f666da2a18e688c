"""What all tests share: where the samples are, and no silent skips where everything is required.

With YANXIU_REQUIRE set (a list such as chromium,soffice,samples; CI sets it) a skipped test is a
failed run: a machine that is meant to have everything must not quietly test less.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_skipped: list[str] = []


def shared() -> Path:
    """The folder of samples and seeds: beside the project, or above YANXIU_SAMPLES."""
    given = os.environ.get("YANXIU_SAMPLES")
    return Path(given).parent if given else ROOT.parent / "shared"


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = shared() / "samples"
    if not folder.is_dir():
        pytest.skip("no sample files beside the project (set YANXIU_SAMPLES)")
    return folder


@pytest.fixture(scope="session")
def seeds() -> Path:
    folder = shared() / "seeds"
    if not folder.is_dir():
        pytest.skip("no seed documents beside the project (set YANXIU_SAMPLES)")
    return folder


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and os.environ.get("YANXIU_REQUIRE"):
        _skipped.append(f"{report.nodeid}: {report.longrepr[-1] if report.longrepr else ''}")  # type: ignore[index]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped and not hasattr(session.config, "workerinput"):
        print("\nskipped although YANXIU_REQUIRE asks for everything:", *_skipped, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
