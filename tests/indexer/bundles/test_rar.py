from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from made_rar import Packed, rar4, rar5
from taken_out import contents, names, refusal

from indexer.bundles import rar_tool
from indexer.limits import Limits

Make = Callable[..., Path]
both = pytest.mark.parametrize("make", [rar4, rar5])


@pytest.fixture
def no_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rar_tool, "tool", lambda: None)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A program for .rar played by a line of Python."""

    def play(script: str) -> None:
        monkeypatch.setattr(rar_tool, "tool", lambda: (sys.executable, "-c", script))

    return play


def need_tool() -> None:
    rar_tool.tool.cache_clear()
    if rar_tool.tool() is None:
        pytest.skip("no unrar, unar or bsdtar on this machine")


def printing(data: bytes) -> str:
    return f"import sys; sys.stdout.buffer.write({data!r})"


@both
def test_what_is_stored_needs_no_program(tmp_path: Path, make: Make, no_tool: None) -> None:
    path = make(tmp_path / "a.rar", Packed(b"a.txt", b"first"), Packed(b"b.txt", b""))
    assert contents(path) == {"a.txt": b"first", "b.txt": b""}


@both
def test_without_a_program_the_remedy_is_told(tmp_path: Path, make: Make, no_tool: None) -> None:
    path = make(tmp_path / "a.rar", Packed(b"a.txt", b"first"), Packed(b"b", b"x", b"packed"))
    assert refusal(path) == "no_unrar"


def test_chinese_names_of_each_generation(tmp_path: Path) -> None:
    name = "语文/质检分析（师春玲）.docx"
    assert names(rar5(tmp_path / "5.rar", Packed(name.encode(), b"x"))) == [name]
    gbk = Packed(name.replace("/", "\\").encode("gb18030"), b"x")
    assert names(rar4(tmp_path / "4.rar", gbk)) == [name]


@both
def test_climbing_names_are_made_safe(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", Packed(b"../../etc/passwd", b"x"), Packed(b"/abs/a.txt", b"y"))
    assert names(path) == ["etc/passwd", "abs/a.txt"]


@both
def test_links_are_no_members(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", Packed(b"link", b"", link=True), Packed(b"a.txt", b"x"))
    assert contents(path) == {"a.txt": b"x"}


@both
def test_an_encrypted_archive_is_encrypted(tmp_path: Path, make: Make) -> None:
    assert refusal(make(tmp_path / "a.rar", Packed(b"a", b"x", encrypted=True))) == "encrypted"


@both
def test_an_encrypted_member_leaves_the_others(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", Packed(b"a", b"x", encrypted=True), Packed(b"b", b"y"))
    assert contents(path) == {"a": "encrypted", "b": b"y"}


@both
def test_a_damaged_member_leaves_the_others(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", Packed(b"a", b"first"), Packed(b"b", b"second"))
    path.write_bytes(path.read_bytes().replace(b"first", b"fIrst"))
    assert contents(path) == {"a": "corrupt", "b": b"second"}


@both
def test_a_cut_archive_is_corrupt(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", Packed(b"a", b"x" * 900), Packed(b"b", b"y" * 900))
    path.write_bytes(path.read_bytes()[:1200])
    assert refusal(path) == "corrupt"


def test_an_archive_cut_between_two_members_is_corrupt(tmp_path: Path) -> None:
    assert refusal(rar5(tmp_path / "a.rar", Packed(b"a", b"x"), ended=False)) == "corrupt"


@both
def test_a_volume_says_so(tmp_path: Path, make: Make) -> None:
    assert refusal(make(tmp_path / "a.rar", Packed(b"a", b"x"), flags=1)) == "volumes"


@both
def test_a_bomb_is_too_large(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", Packed(b"a", b"x", b"tiny", size=17_000_000))
    assert refusal(path) == "too_large"


@both
def test_too_many_members(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", *[Packed(b"%d" % at, b"x") for at in range(100)])
    assert refusal(path, Limits(members=10)) == "too_large"


@both
def test_many_members_take_no_time(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "a.rar", *[Packed(b"%d.txt" % at, b"x") for at in range(300)])
    begun = time.process_time()
    assert len(contents(path)) == 300
    assert time.process_time() - begun < 5


# --- the program ------------------------------------------------------------


def packed(*contents: bytes) -> list[Packed]:
    return [Packed(b"%d.txt" % at, data, b"packed") for at, data in enumerate(contents)]


@both
def test_one_run_gives_all_members(
    tmp_path: Path, make: Make, played: Callable[[str], None]
) -> None:
    played(printing(b"onetwothree"))
    path = make(tmp_path / "a.rar", *packed(b"one", b"two", b"three"))
    assert list(contents(path).values()) == [b"one", b"two", b"three"]


def test_the_program_learns_no_name_from_outside(
    tmp_path: Path, played: Callable[[str], None]
) -> None:
    log = tmp_path / "arguments"
    played(f"import sys; open({str(log)!r}, 'w').write(repr(sys.argv)); print('x', end='')")
    evil = Packed(b"-o@list;$(touch x).txt", b"x", b"packed")
    (tmp_path / "-p*[x].rar").write_bytes(rar5(tmp_path / "a.rar", evil).read_bytes())
    assert list(contents(tmp_path / "-p*[x].rar").values()) == [b"x"]
    said = log.read_text()
    assert said.endswith("all.rar']")
    assert "list" not in said
    assert "[x]" not in said


def test_a_program_that_hangs_is_ended(tmp_path: Path, played: Callable[[str], None]) -> None:
    played("import time; time.sleep(60)")
    path = rar5(tmp_path / "a.rar", *packed(b"one", b"two"))
    begun = time.monotonic()
    assert contents(path, Limits(bundle_seconds=0.5)) == {"0.txt": "timeout", "1.txt": "timeout"}
    assert time.monotonic() - begun < 10


def test_a_program_that_prints_without_end_is_ended(
    tmp_path: Path, played: Callable[[str], None]
) -> None:
    played("while True: print('0' * 60000, end='')")
    path = rar5(tmp_path / "a.rar", *packed(b"one", b"0" * 70000))
    begun = time.monotonic()
    assert contents(path) == {"0.txt": "corrupt", "1.txt": b"0" * 70000}
    assert time.monotonic() - begun < 10


def test_a_member_that_upsets_the_program_is_asked_for_alone(
    tmp_path: Path, played: Callable[[str], None]
) -> None:
    """It ends at a broken member; those behind it come one by one."""
    played("import sys; print('two' if 'one.rar' in sys.argv[1] else 'xx', end='')")
    path = rar5(tmp_path / "a.rar", *packed(b"one", b"two"))
    assert contents(path) == {"0.txt": "corrupt", "1.txt": b"two"}


def test_what_the_program_cannot_do_is_not_the_archives_fault(
    tmp_path: Path, played: Callable[[str], None]
) -> None:
    played("import sys; sys.exit('Parsing filters is unsupported.')")
    assert refusal(rar5(tmp_path / "a.rar", *packed(b"one", b"two"))) == "no_unrar"


def test_a_program_that_does_not_work_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("unrar", "bsdtar"):
        (tmp_path / name).write_text("#!/bin/sh\necho usage\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    rar_tool.tool.cache_clear()
    try:
        assert rar_tool.tool() is None
    finally:
        rar_tool.tool.cache_clear()


def test_a_real_archive(samples: Path) -> None:
    need_tool()
    found = contents(samples / "files" / "apache+tika" / "test-documents.rar")
    assert len(found) == 9
    assert {type(data) for data in found.values()} == {bytes}
    assert found["test-documents/testPDF.pdf"].startswith(b"%PDF")  # type: ignore[arg-type]


def test_a_real_encrypted_archive(samples: Path) -> None:
    assert refusal(samples / "files" / "apache+tika" / "test-documents-enc.rar") == "encrypted"


def test_a_solid_archive_of_rar_4_is_beyond_bsdtar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rar_tool, "tool", lambda: ("/usr/bin/bsdtar", "-x", "-O", "-f"))
    path = rar4(tmp_path / "a.rar", *packed(b"one", b"two"), flags=8)
    assert refusal(path) == "no_unrar"
