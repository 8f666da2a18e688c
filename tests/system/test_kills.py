"""SIGKILL at every named step between inbox and receipt: afterwards every file is in exactly one
place with its bytes, and index and catalogue agree."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from archives import ROOT, Archive, report, surroundings

from archive.faults import POINTS

RESERVED = {"已收", "隔离", "回执", "待填"}
#: Reached only where an inbox lies on another file system; tests/watch kills it there.
ELSEWHERE = {"clear-copied"}


def drop(inbox: Path) -> set[str]:
    """Seven files as a school would drop them; the sha256 of every leaf."""
    inbox.mkdir(exist_ok=True)
    leaves = [
        report(inbox / "孙镇初中语文10月.docx", "孙镇初中", "语文", 10, lacking="存在问题"),
        report(inbox / "孙镇初中语文10月（重交）.docx", "孙镇初中", "语文", 10),
        report(inbox / "椿林初中" / "数学11月.docx", "椿林初中", "数学", 11),
    ]
    (inbox / "数学11月(1).docx").write_bytes(leaves[-1].read_bytes())
    encrypted = ROOT / "yanxiu" / "demo" / "binaries" / "locked.docx"
    (inbox / "加密.docx").write_bytes(encrypted.read_bytes())
    leaves.append(inbox / "加密.docx")
    shas = {sha256(p) for p in leaves}
    inner = [report(inbox.parent / f"{n}.docx", "兴镇初中", "英语", n) for n in (9, 12)]
    with zipfile.ZipFile(inbox / "兴镇.zip", "w") as out:
        for path in inner:
            out.write(path, path.name)
        out.writestr("坏.docx", b"PK\x03\x04 not really a zip" * 10)
    shas |= {sha256(p) for p in inner}
    shas.add(hashlib.sha256(b"PK\x03\x04 not really a zip" * 10).hexdigest())
    for path in inner:
        path.unlink()
    return shas


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def settle(archive: Archive, mode: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    script = str(Path(__file__).with_name("settle.py"))
    return subprocess.run(
        [sys.executable, script, str(archive.home), mode],
        env=surroundings(env),
        capture_output=True,
        timeout=150,
    )


def settled(archive: Archive, mode: str = "") -> dict[str, Any]:
    done = settle(archive, mode)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return found


def places(archive: Archive, found: dict[str, Any]) -> Counter[str]:
    """sha256 -> in how many places (inbox, quarantine, archive) it stands."""
    counted: Counter[str] = Counter(s for shas in found["records"].values() for s in shas)
    for path in archive.inbox.rglob("*"):
        top = path.relative_to(archive.inbox).parts[0]
        if path.is_file() and (top == "隔离" or top not in RESERVED) and path.suffix != ".txt":
            counted[sha256(path)] += 1
    return counted


def check(archive: Archive, shas: set[str], found: dict[str, Any]) -> None:
    counted = places(archive, found)
    assert {s: counted[s] for s in shas} == dict.fromkeys(shas, 1)
    assert set(counted) == shas
    assert sorted(found["records"]) == found["indexed"]
    assert len(found["records"]) == found["objects"] == 4
    assert found["faults"] == []
    assert found["staging"] == []


def test_without_a_kill(archive: Archive) -> None:
    shas = drop(archive.inbox)
    check(archive, shas, settled(archive))


@pytest.mark.parametrize("point", [p for p in POINTS if p not in ELSEWHERE])
def test_killed_at(archive: Archive, point: str) -> None:
    shas = drop(archive.inbox)
    killed = settle(archive, YANXIU_FAULT=point)
    assert killed.returncode == -9, killed.stderr.decode()
    check(archive, shas, settled(archive))


def test_a_deaf_watcher_changes_only_the_delay(archive: Archive) -> None:
    shas = drop(archive.inbox)
    check(archive, shas, settled(archive, "deaf"))


@pytest.mark.parametrize("point", ["store-built", "ingest-staged", "deposit-stored"])
def test_a_full_disk_loses_nothing(archive: Archive, point: str) -> None:
    shas = drop(archive.inbox)
    settle_once = settle(archive, YANXIU_FAULT_ERROR=f"{point}:2")
    assert settle_once.returncode == 0, settle_once.stderr.decode()
    check(archive, shas, settled(archive))
