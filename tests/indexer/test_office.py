"""LibreOffice as a converter: bounded, confined, and a bad file costs only itself."""

from __future__ import annotations

import shutil
import socketserver
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from made_office import OWN, docx, old_word

from indexer import readers, sniff
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.office import (
    Given,
    Office,
    is_worth_trying,
    read_through,
    readable_through_office,
)
from indexer.picture import first_page
from indexer.pool import ReaderPool
from indexer.reading import Block, Reading

#: Stands in for soffice: does what the text of each file says, in order, as the real one would.
_FAKE = """
import os, pathlib, subprocess, sys, time
words = sys.argv[1:]
outputs = pathlib.Path(words[words.index("--outdir") + 1])
profile = next(w for w in words if w.startswith("-env:UserInstallation=")).partition("file://")[2]
inputs = [pathlib.Path(w) for w in words[words.index("--outdir") + 2:]]
to = words[words.index("--convert-to") + 1].partition(":")[0]
with open(os.environ["TMPDIR"] + "/../../starts", "a") as starts:
    starts.write(f"{len(inputs)}\\n")
(pathlib.Path(profile) / "used").write_text("")
for file in inputs:
    text = file.read_text()
    if "fork" in text:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pathlib.Path(text.split()[-1].rstrip("}")).write_text(str(child.pid))
    if "show" in text:
        shown = "\\n".join([*words, *(f"{k}={v}" for k, v in os.environ.items())])
        (outputs / (file.stem + "." + to)).write_text(shown)
        continue
    if "hang" in text: time.sleep(600)
    if "crash" in text: os.kill(os.getpid(), 11)
    if "memory" in text: held = b"x" * (300 << 20); time.sleep(600)
    if "disk" in text:
        for n in range(50): (outputs / f"{n}.tmp").write_bytes(bytes(1 << 20))
        time.sleep(600)
    if "nothing" in text: continue
    (outputs / (file.stem + "." + to)).write_text("converted")
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with #!")


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    program = tmp_path / "soffice"
    program.write_text(f"#!{sys.executable}\n{_FAKE}", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def office(fake: Path, tmp_path: Path) -> Iterator[Office]:
    limits = Limits(memory=150 << 20, expanded=10 << 20)
    with Office(tmp_path / "scratch", limits, program=fake, seconds=1.0) as made:
        yield made


def rtf(tmp_path: Path, *words: str) -> list[Path]:
    made = []
    for place, word in enumerate(words):
        path = tmp_path / f"王老师 {place}"
        path.write_text(f"{{\\rtf1 {word}}}", encoding="utf-8")
        made.append(path)
    return made


def said(outcome: Path | ReadError) -> str:
    return outcome.code if isinstance(outcome, ReadError) else outcome.read_text(encoding="utf-8")


def starts(tmp_path: Path) -> list[str]:
    (found,) = (tmp_path / "scratch").rglob("starts")
    return found.read_text().split()


def is_gone(number: int) -> bool:
    """Whether a process ended; a killed orphan may wait a moment for whoever inherits it."""
    for _ in range(50):
        if not psutil.pid_exists(number) or psutil.Process(number).status() == "zombie":
            return True
        time.sleep(0.05)
    return False


@posix
def test_several_files_cost_one_start(office: Office, tmp_path: Path) -> None:
    outcomes = office.convert(rtf(tmp_path, "a", "b", "c"), "docx")
    assert [said(outcome) for outcome in outcomes] == ["converted"] * 3
    assert starts(tmp_path) == ["3"]


@posix
@pytest.mark.parametrize(
    ("word", "code"),
    [("hang", "timeout"), ("crash", "corrupt"), ("memory", "too_large"), ("disk", "too_large")],
)
def test_a_bad_file_costs_only_itself(office: Office, tmp_path: Path, word: str, code: str) -> None:
    outcomes = office.convert(rtf(tmp_path, "a", word, "b"), "docx")
    assert [said(outcome) for outcome in outcomes] == ["converted", code, "converted"]


@posix
def test_a_profile_that_saw_a_crash_is_not_used_again(office: Office, tmp_path: Path) -> None:
    office.convert(rtf(tmp_path, "a"), "docx")
    assert list((tmp_path / "scratch").rglob("used"))
    office.convert(rtf(tmp_path, "crash"), "docx")
    assert not list((tmp_path / "scratch").rglob("used"))


@posix
def test_a_file_of_which_nothing_is_made_is_not_tried_again(office: Office, tmp_path: Path) -> None:
    outcomes = office.convert(rtf(tmp_path, "nothing", "a"), "docx")
    assert [said(outcome) for outcome in outcomes] == ["corrupt", "converted"]
    assert starts(tmp_path) == ["2"]


@posix
@pytest.mark.parametrize("then", ["hang", ""])
def test_what_the_program_started_ends_with_it(office: Office, tmp_path: Path, then: str) -> None:
    note = tmp_path / "number"
    office.convert(rtf(tmp_path, f"fork {then} {note}"), "docx")
    assert is_gone(int(note.read_text()))


@posix
def test_the_program_sees_neither_names_nor_secrets(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "geheim")
    (outcome,) = office.convert(rtf(tmp_path, "show"), "docx")
    shown = said(outcome)
    assert "王老师" not in shown
    assert "geheim" not in shown
    assert "--infilter=Rich Text Format" in shown
    assert f"HOME={tmp_path / 'scratch'}" in shown
    assert "http_proxy=http://127.0.0.1:9" in shown


@posix
def test_its_profile_runs_no_macro_and_follows_no_link(office: Office, tmp_path: Path) -> None:
    office.convert(rtf(tmp_path, "a"), "docx")
    (settings,) = (tmp_path / "scratch").rglob("registrymodifications.xcu")
    text = settings.read_text(encoding="utf-8")
    for name, value in (
        ("MacroSecurityLevel", "3"),
        ("DisableMacrosExecution", "true"),
        ("BlockUntrustedRefererLinks", "true"),
        ("ooInetProxyType", "2"),
    ):
        assert f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value>' in text


@posix
def test_closing_takes_everything_away(office: Office, tmp_path: Path) -> None:
    office.convert(rtf(tmp_path, "a"), "docx")
    office.close()
    assert list((tmp_path / "scratch").iterdir()) == []


@posix
def test_closing_ends_what_is_under_way(fake: Path, tmp_path: Path) -> None:
    office = Office(tmp_path / "scratch", program=fake)
    paths = rtf(tmp_path, "hang")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(office.convert, paths, "docx")
        while not list((tmp_path / "scratch").rglob("used")):
            time.sleep(0.02)
        office.close()
        with pytest.raises(RuntimeError, match="closed"):
            waiting.result(10)
    assert list((tmp_path / "scratch").iterdir()) == []


@posix
def test_what_a_killed_process_left_is_swept(office: Office, tmp_path: Path) -> None:
    left = tmp_path / "scratch" / "office-4194305-x" / "profile"
    left.mkdir(parents=True)
    office.convert(rtf(tmp_path, "a"), "docx")
    assert not left.exists()


@posix
def test_two_files_of_one_name_and_content_are_two(office: Office, tmp_path: Path) -> None:
    (path,) = rtf(tmp_path, "a")
    first, second, other = office.convert([path, path, tmp_path / "none"], "docx")
    assert said(first) == said(second) == "converted"
    assert first != second
    assert said(other) == "unreadable"


# --- which files, and what becomes of them ---------------------------------------------------


class Pretended(Office):
    """Gives a ready file for whatever it is asked to convert."""

    def __init__(self, outcome: Path | ReadError) -> None:
        super().__init__(Path("scratch"), program=Path("soffice"))
        self.outcome = outcome

    def convert(self, files: object, to: str) -> list[Path | ReadError]:
        return [self.outcome]


def through(
    office: Office,
    path: Path,
    form: str,
    error: ReadError | None = None,
    read: Callable[[Path], Reading] = readers.read,
) -> Reading:
    (outcome,) = read_through(office, [Given(path, form, error or OWN)], read)
    if isinstance(outcome, ReadError):
        raise outcome
    return outcome


def test_old_word_and_damaged_office_files_go_through_and_works_does_not() -> None:
    assert readable_through_office("word_old") == "docx"
    assert readable_through_office("ppt") == "pptx"
    assert readable_through_office("xls") == "xlsx"
    assert is_worth_trying("xls", "corrupt")
    assert not is_worth_trying("xls", "encrypted")
    assert not is_worth_trying("doc", "corrupt")
    for form in ("works", "docx", "pdf", "exe"):
        assert readable_through_office(form) is None


def test_a_converted_reading_says_so_and_keeps_its_format(tmp_path: Path) -> None:
    office = Pretended(docx(tmp_path / "a.docx", "教学反思", "今天上了一节课。"))
    reading = through(office, old_word(tmp_path / "a"), "word_old")
    assert (reading.format, reading.status) == ("word_old", "complete")
    assert reading.metadata["converted"] == "LibreOffice"
    assert "今天上了一节课。" in reading.text


def test_a_damaged_file_that_was_saved_is_partial(tmp_path: Path) -> None:
    (tmp_path / "a.ppt").write_bytes(b"\xd0\xcf\x11\xe0")
    office = Pretended(docx(tmp_path / "a.docx", "教学反思"))
    damaged = ReadError("corrupt", "no slide")
    reading = through(office, tmp_path / "a.ppt", "ppt", damaged)
    assert reading.status == "partial"
    assert reading.left_out == ("文件有损坏，经 LibreOffice 打开后读出，内容可能不全",)


def test_bytes_taken_for_text_are_no_reading(tmp_path: Path) -> None:
    # What LibreOffice 7.4 made of a Word document with 200 wrong bytes.
    office = Pretended(docx(tmp_path / "a.docx", "ꗬā⁍Љ0ደ¿00ࠀ0慃汯湡〸0Љွ00Ƭ_xffff_¤00廼ꙮᓼ0"))
    with pytest.raises(ReadError) as caught:
        through(office, old_word(tmp_path / "a"), "word_old")
    assert caught.value.code == "corrupt"


def test_the_feet_that_libreoffice_adds_are_no_reading(tmp_path: Path) -> None:
    foot = Block("footer", "Page", sheet="Sheet1")
    empty = Reading("xlsx", "complete", (foot,))
    full = Reading("xlsx", "complete", (Block("table", "1", sheet="Sheet1"), foot))
    (tmp_path / "a.xls").write_bytes(b"x")
    office, damaged = Pretended(tmp_path / "none"), ReadError("corrupt", "calamine")
    reading = through(office, tmp_path / "a.xls", "xls", damaged, lambda _: full)
    assert [block.text for block in reading.blocks] == ["1"]
    with pytest.raises(ReadError) as caught:
        through(office, tmp_path / "a.xls", "xls", damaged, lambda _: empty)
    assert caught.value.detail.startswith("calamine")


def test_without_libreoffice_the_error_stays_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.office.soffice.find", lambda: None)
    office = Office(tmp_path / "scratch")
    for form, error in (
        ("word_old", ReadError("unsupported", "word_old")),
        ("doc", ReadError("corrupt", "fib")),
    ):
        with pytest.raises(ReadError) as caught:
            through(office, old_word(tmp_path / "a"), form, error)
        assert caught.value is error
    (outcome,) = office.convert([tmp_path / "a"], "docx")
    assert said(outcome) == "unsupported"
    assert not (tmp_path / "scratch").exists()


def test_what_libreoffice_cannot_open_keeps_our_own_words(tmp_path: Path) -> None:
    office = Pretended(ReadError("unsupported", "lacks a part"))
    with pytest.raises(ReadError) as caught:
        through(office, old_word(tmp_path / "a"), "ppt", ReadError("corrupt", "ole"))
    assert (caught.value.code, caught.value.detail) == ("corrupt", "ole; lacks a part")


@posix
def test_an_old_document_with_a_password_is_encrypted(office: Office, tmp_path: Path) -> None:
    (outcome,) = office.convert([old_word(tmp_path / "a", flags=0x0100)], "docx")
    assert said(outcome) == "encrypted"


# --- the real one ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if shutil.which("soffice") is None:
        pytest.skip("no soffice on this machine")
    with Office(tmp_path_factory.mktemp("校本 研修")) as made:
        yield made


def test_word_95_is_read_through_libreoffice(real: Office, samples: Path) -> None:
    path = samples / "files" / "apache+poi" / "Bug60942b.doc"
    reading = through(real, path, sniff.detect(path))
    assert (reading.format, reading.status) == ("word_old", "complete")
    assert "Четыре балла и семь лет" in reading.text


def test_old_files_hold_up_no_other(real: Office, samples: Path, tmp_path: Path) -> None:
    old = samples / "files" / "apache+poi" / "Bug60942b.doc"
    (tmp_path / "新.txt").write_text("本学期开展了十次集体备课。", "utf-8")
    with ReaderPool(1, tmp_path / "scratch") as pool:
        slow = [pool.submit(Path(shutil.copy(old, tmp_path / f"{n}.doc"))) for n in range(4)]
        new = pool.submit(tmp_path / "新.txt")
        assert "集体备课" in new.result(60).text
        assert not slow[-1].done()
        assert all("Четыре балла" in one.result(120).text for one in slow)


def linked(path: Path, address: str, secret: Path) -> Path:
    """An .odt that wants a picture from the network and a section from this machine."""
    names = {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in names.items()
    )
    content = f"""<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink"
    office:version="1.2"><office:body><office:text><text:p>教学反思
    <draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char"><draw:image
    xlink:href="{address}/p.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>
    </draw:frame></text:p><text:section text:name="s"><text:section-source
    xlink:href="{secret.as_uri()}" text:filter-name="Text"/><text:p>空</text:p></text:section>
    </office:text></office:body></office:document-content>"""
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/><m:file-entry '
        'm:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def test_a_document_reaches_nothing_that_it_links_to_and_its_first_page_is_drawn(
    real: Office, tmp_path: Path
) -> None:
    asked: list[str] = []

    class Asked(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().decode())

    secret = tmp_path / "secret.txt"
    secret.write_text("GEHEIM")
    with socketserver.TCPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        path = linked(tmp_path / "a.odt", address, secret)
        document, picture = real.convert([path], "docx"), first_page(path, "odt", Limits(), real)
        server.shutdown()
    assert asked == []
    (outcome,) = document
    assert isinstance(outcome, Path)
    with zipfile.ZipFile(outcome) as package:
        text = package.read("word/document.xml").decode()
    assert "教学反思" in text
    assert "GEHEIM" not in text
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
