"""How answers are held against what stands in a file, and what is made of readers that fail."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.readers import papers, peers
from bench.readers.expected import Answer, Expectation, judge, load, share_found, squeezed
from bench.readers.fidelity import Kept, compare, longest_rise, shares, starts

FORM = Expectation(
    "a.docx",
    strings=("一、工作开展情况", "合格率 61.8%", "（盖章）"),
    order=("一、", "二、", "三、"),
    once=("组织管理",),
    absent=("请在此处输入",),
)
WHOLE = "一、工作开展情况\n组织\n管理\n合格率61.8%\n二、成效\n三、问题\n(盖章)"


def fault(text: str) -> str:
    """Which of the four kinds of fault a reading of the form has."""
    found = judge(FORM, Answer(text))
    faults = {
        "missing": found.missing,
        "disordered": found.disordered,
        "repeated": found.repeated,
        "leaked": found.leaked,
    }
    assert found.outcome == "right"
    assert found.faultless is not any(faults.values())
    return " ".join(name for name, value in faults.items() if value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WHOLE, ""),
        (WHOLE.replace("61.8%", "68.1%"), "missing"),
        ("二、成效\n" + WHOLE.replace("二、成效", ""), "disordered"),
        (WHOLE + "\n组织管理", "repeated"),
        (WHOLE + "\n请在此处输入", "leaked"),
        (WHOLE.replace("三、问题", ""), ""),
    ],
)
def test_each_fault_of_a_reading_is_seen(text: str, found: str) -> None:
    assert fault(text) == found


def test_layout_and_signs_of_markdown_count_for_nothing() -> None:
    assert squeezed("| **组织** |  管理\u3000| \\_Ａ１ |") == squeezed("组织管理A1")


@pytest.mark.parametrize(
    ("wanted", "answer", "outcome"),
    [
        (("encrypted",), Answer(refused="encrypted"), "right"),
        (("encrypted",), Answer(refused="corrupt"), "wrong code"),
        (("encrypted",), Answer(), "silent"),
        (("encrypted",), Answer("乱码"), "text"),
        (("encrypted",), Answer(refused="timeout"), "hung"),
        (("corrupt", "timeout"), Answer(refused="timeout"), "right"),
        ((None,), Answer(refused="corrupt"), "refused"),
        (("empty", None), Answer(), "right"),
        (("empty", None), Answer(refused="empty"), "right"),
        ((None,), Answer(failed="hung"), "hung"),
        (("corrupt",), Answer(failed="crashed"), "crashed"),
    ],
)
def test_a_refusal_is_right_with_its_own_code(
    wanted: tuple[str | None, ...], answer: Answer, outcome: str
) -> None:
    assert judge(Expectation("a.doc", outcomes=wanted), answer).outcome == outcome


def test_another_reader_may_refuse_in_its_own_words() -> None:
    said = Answer(refused="FileConversionException: no password")
    locked, open_ = Expectation("a.doc", outcomes=("encrypted",)), Expectation("b.doc")
    assert judge(locked, said, codes=False).outcome == "right"
    assert judge(open_, said, codes=False).outcome == "refused"
    assert judge(locked, Answer(), codes=False).outcome == "silent"


def test_what_a_reader_wrongly_refuses_is_missing() -> None:
    refused, read = judge(FORM, Answer(refused="corrupt")), judge(FORM, Answer(WHOLE))
    assert refused.missing == FORM.strings
    assert share_found([refused, read]) == 50.0
    rightly = judge(
        Expectation("b.pdf", strings=("甲",), outcomes=(None, "too_large")),
        Answer(refused="too_large"),
    )
    assert (rightly.outcome, rightly.asked) == ("right", 0)


def test_the_list_names_every_sample_once_in_short_quotations(samples: Path) -> None:
    listed = load()
    assert len({one.file for one in listed}) == len(listed)
    folders = (samples / "files", samples / "filing" / "files")
    there = {
        path.relative_to(samples).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert {one.file for one in listed} == there
    quoted = [s for one in listed for s in (*one.strings, *one.order, *one.once, *one.absent)]
    assert max(map(len, quoted)) <= 45
    assert all(one.strings or one.outcomes != (None,) for one in listed)


# --- fidelity -------------------------------------------------------------------

TEXTS = [
    "二〇一五年四月数学组阶段报告",
    "学校",
    "本月开展集体备课与课堂观察四次",
    "下月安排期中质检",
]


def test_a_whole_reading_keeps_everything_in_order() -> None:
    found = shares([compare(TEXTS, "\n".join(TEXTS), ["下月安排期中质检"])])
    assert (found.kept, found.true, found.order, found.once) == (100, 100, 100, 100)


def test_what_is_lost_and_what_is_doubled_are_told_apart() -> None:
    lost = shares([compare(TEXTS, "\n".join(TEXTS[:2]))])
    assert lost.kept < 60
    assert lost.true == 100
    doubled = shares([compare(TEXTS, "\n".join([*TEXTS, TEXTS[3]]), [TEXTS[3]])])
    assert doubled.kept == 100
    assert doubled.true < 90
    assert doubled.once == 0


def test_order_is_that_of_the_starts_of_paragraphs() -> None:
    turned = [TEXTS[3], *TEXTS[:3]]
    found = compare(TEXTS, "\n".join(turned))
    assert (found.found, found.ordered) == (3, 2)


def test_a_start_that_stands_elsewhere_too_shows_no_order() -> None:
    assert starts(["校本研修阶段报告之一", "校本研修阶段报告之二", "完成校本研修任务的情况"]) == [
        "完成校本研修任务"
    ]


def test_the_longest_rise_leaves_out_what_lies_between() -> None:
    assert longest_rise([5, 1, 2, 9, 3, 4]) == 4
    assert longest_rise([]) == 0


def test_nothing_to_divide_by_is_no_share() -> None:
    assert shares([Kept(0, 0, 0, 0, 0)]).kept == 0


def test_made_papers_hold_the_texts_that_are_told_of_them(tmp_path: Path) -> None:
    made = papers.write(tmp_path, 20, office=False)
    assert {paper.form for paper in made} == {"docx", "xlsx", "html", "txt"}
    for paper in made:
        assert paper.path.is_file()
    texts = [paper for paper in made if paper.form == "txt"]
    for paper in texts:
        data = paper.path.read_bytes()
        try:
            given = data.decode("utf-8")
        except UnicodeDecodeError:
            given = data.decode("gb18030")
        found = shares([compare(paper.texts, given)])
        assert (found.kept, found.true, found.order) == (100, 100, 100)


# --- readers that fail -----------------------------------------------------------

DRIVER = """
import os, time
from loop import serve

def read(path):
    if path.endswith("hang"):
        time.sleep(60)
    if path.endswith("crash"):
        os._exit(3)
    if path.endswith("refuse"):
        raise ValueError("damaged")
    print("a library that talks")
    return "read " + os.path.basename(path)

serve(read)
"""


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[peers.Processes]:
    """One process of a made-up peer."""
    shutil.copy(peers.DRIVERS / "loop.py", tmp_path)
    (tmp_path / "with_madeup.py").write_text(DRIVER, "utf-8")
    monkeypatch.setattr(peers, "DRIVERS", tmp_path)
    monkeypatch.setattr(peers, "PATIENCE", 0.6)
    monkeypatch.setattr(peers.Peer, "python", property(lambda self: Path(sys.executable)))
    made = peers.Processes(peers.Peer("madeup", "madeup==1.0"), 1)
    yield made
    made.close()


def test_a_peer_that_hangs_or_crashes_is_told_and_reads_the_next_file(
    processes: peers.Processes,
) -> None:
    told = [processes.read(Path(f"/x/{name}")) for name in ("a", "hang", "b", "crash", "refuse")]
    assert [one.failed for one in told] == ["", "hung", "", "crashed", ""]
    assert [one.text for one in told] == ["read a", "", "read b", "", ""]
    assert told[4].refused == "ValueError: damaged"


def test_a_peer_that_takes_too_much_memory_is_ended(
    processes: peers.Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "MEMORY", 1)
    assert processes.read(Path("/x/hang")).failed == "crashed"


def test_a_peer_that_cannot_be_installed_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "HOME", tmp_path)
    monkeypatch.setattr(peers.dev, "find_uv", lambda: None)
    assert peers.install(peers.PEERS[0]) == "no uv"
    refusing = [sys.executable, "-c", "raise SystemExit('no such version')"]
    monkeypatch.setattr(peers.dev, "find_uv", lambda: refusing)
    assert peers.install(peers.PEERS[0]) == "no such version"
