"""A template nobody has looked at yet is compiled and tried out in a child process first, so that
a hostile one costs bounded time and memory and never the service (the other side is
`archive.trial_child`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from archive.forms import Paper, spec_of
from generator import Fault, FormError
from generator.lint.remarks import Remark
from indexer.child import kill_tree, resident_size

#: An honest template takes 0.4 s of the processor and 32 MB, the start of the child included; the
#: worst of eight made up to cost much, each within the bounds of the press, 1.9 s and 107 MB.
SECONDS = 20.0
#: Address space of the child on Linux, its resident size elsewhere. Bytes.
MEMORY = 768 * 1024 * 1024
#: Between two looks at the child. Seconds.
_LOOK = 0.02
_MEMORY_WORDS = ("MemoryError", "bad_alloc", "out of memory")


def try_template(path: Path, paper: Paper) -> list[Fault]:
    """Every fault of a template for this form, [] for none: compiled, and printed in all three
    ways with every place filled.

    Raises `FormError` where it is no template that could be mended: not_docx, too_large, too_slow.
    """
    return [Fault(**fault) for fault in _answer("try", path, paper)["faults"]]


def examine_template(path: Path, paper: Paper) -> list[Remark]:
    """As `try_template`, for the person who edits it: every fault and every warning that
    `generator.lint.linting.lint` knows of. A template without a fault has been tried out too."""
    return [Remark.from_json(one) for one in _answer("examine", path, paper)["remarks"]]


def _answer(what: str, path: Path, paper: Paper) -> dict[str, Any]:
    order = {"do": what, "path": str(path.absolute()), "spec": asdict(spec_of(paper)),
             "memory": MEMORY}  # fmt: skip
    answer = _ask(order)
    if "error" in answer:
        raise FormError(answer["error"]["code"], answer["error"]["detail"])
    return answer


def _ask(order: dict[str, Any]) -> dict[str, Any]:
    """What the child answers, or why it did not."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        tempfile.TemporaryFile() as words,
        tempfile.TemporaryFile() as said,
        tempfile.TemporaryFile() as complained,
    ):
        words.write(json.dumps({**order, "scratch": scratch}).encode())
        words.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", "archive.trial_child"],
            stdin=words,
            stdout=said,
            stderr=complained,
            env=_environment(),
        )
        stopped = _watch(process)
        if stopped:
            return {"error": {"code": stopped, "detail": "the child was stopped"}}
        if process.returncode == 0:
            answer: dict[str, Any] = json.loads(_text(said))
            return answer
        return {"error": _cause(process.returncode, _text(complained)[-2000:])}


def _watch(process: subprocess.Popen[bytes]) -> str:
    """Wait for its end; "" or the code of the bound at which it was killed."""
    until = time.monotonic() + SECONDS
    bounded = sys.platform.startswith("linux")  # by the system itself
    try:
        while process.poll() is None:
            if time.monotonic() > until:
                return "too_slow"
            if not bounded and resident_size(process.pid) > MEMORY:
                return "too_large"
            time.sleep(_LOOK)
        return ""
    finally:
        if process.poll() is None:
            kill_tree(process.pid)
            process.wait()


def _cause(status: int, words: str) -> dict[str, str]:
    """A kill that is not ours is the system's, short of memory."""
    short = status == -9 or any(word in words for word in _MEMORY_WORDS)
    tail = words.strip()[-300:]
    return {"code": "too_large" if short else "not_docx", "detail": f"ended with {status}: {tail}"}


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """Ours, with this very tree first on the path: a child must not import another."""
    home = str(Path(__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([home, others] if others else [home])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}
