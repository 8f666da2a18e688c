"""Whole archives, driven through the `yanxiu` command as a person would."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from docx import Document

ROOT = Path(__file__).resolve().parents[2]
COUNTY = ROOT / "yanxiu" / "demo" / "county.json"


def surroundings(env: dict[str, str]) -> dict[str, str]:
    """The environment of a command; modules may be kept compiled, as for any user."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **env}


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines() if line.strip()]

    @property
    def line(self) -> dict[str, Any]:
        return self.lines[-1]


@dataclass
class Archive:
    """An archive in a folder of its own, by its command line."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "yanxiu", "--home", str(self.home), *map(str, words)]

    def run(self, *words: str | Path, **env: str) -> Done:
        done = subprocess.run(
            self.command(*words),
            cwd=self.home.parent,
            env=surroundings({**self.env, **env}),
            capture_output=True,
            timeout=240,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *words: str | Path, **env: str) -> Done:
        done = self.run(*words, **env)
        assert done.code == 0, f"{words} -> {done.code}\n{done.out}\n{done.err}"
        return done

    @property
    def inbox(self) -> Path:
        return self.home / "收件箱"

    def hits(self, query: str, *words: str) -> list[str]:
        """The ids an archive answers with, in order."""
        answer = self.ok("search", query, "--limit", "100", *words, "--json").line
        return [hit["id"] for hit in answer["hits"]]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new archive of the sample county, to be copied."""
    home = tmp_path_factory.mktemp("founded") / "档案 库"
    Archive(home).ok("init", "--org", COUNTY)
    return home


@pytest.fixture
def archive(founded: Path, tmp_path: Path) -> Archive:
    """An empty archive of its own, in a folder with Chinese and a space in its name."""
    return copied(founded, tmp_path)


def copied(home: Path, folder: Path) -> Archive:
    """An archive that was made once, as one's own: making it takes seconds, copying it none."""
    shutil.copytree(home, folder / "档案 库")
    return Archive(folder / "档案 库")


@dataclass
class Served:
    """A running `yanxiu serve`."""

    process: subprocess.Popen[str]
    address: str
    output: list[str]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Start `yanxiu serve` on an archive; stopped at the end of the test."""
    running: list[Served] = []

    def start(archive: Archive, **env: str) -> Served:
        port = free_port()
        process = subprocess.Popen(
            archive.command("serve", "--port", str(port)),
            env=surroundings({**archive.env, **env}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        output: list[str] = []
        threading.Thread(target=_drain, args=(process, output), daemon=True).start()
        served = Served(process, f"http://127.0.0.1:{port}/", output)
        running.append(served)
        until(lambda: _answers(port) or process.poll() is not None, "the server to answer")
        assert process.poll() is None, "".join(output)
        return served

    yield start
    for served in running:
        if served.process.poll() is None:
            served.kill()


def _drain(process: subprocess.Popen[str], output: list[str]) -> None:
    assert process.stdout is not None
    output.extend(iter(process.stdout.readline, ""))


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait on a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def report(path: Path, school: str, subject: str, month: int, *, lacking: str = "") -> Path:
    """A stage report as a school writes it; every one different. `lacking`: a section left out."""
    paper = Document()
    paper.add_paragraph(f"{school}{subject}学科校本研修工作{month}月阶段报告")
    paper.add_paragraph(f"学校：{school}    学科：{subject}    报告时间：2014年{month}月")
    sections = {
        "工作开展情况": f"本月{subject}组在{school}开展集体备课{month}次，"
        f"听评课{month + 3}节，主题是第{month}单元的教学。",
        "取得成效": f"{subject}课堂上学生发言的人数比上月多了{month + 11}人。",
        "存在问题": f"{school}的{subject}教师外出学习少，第{month}单元的练习偏难。",
        "下阶段安排": f"{month % 12 + 1}月组织{subject}同课异构，由教研组长负责。",
    }
    for number, (name, body) in enumerate(sections.items()):
        if name != lacking:
            paper.add_paragraph(f"{'一二三四'[number]}、{name}")
            paper.add_paragraph(body)
    path.parent.mkdir(parents=True, exist_ok=True)
    paper.save(str(path))
    return path
