"""A foreign template examined in a process of its own, with bounded time and memory."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from archive.forms import Paper, spec_of
from generator import FormError
from generator.examining import job
from generator.remarks import WHOLE, Remark
from indexer.office.running import Bounds, run

#: Our largest form takes 0.1 s and 60 MB, the start of the process included 0.6 s.
BOUNDS = Bounds(seconds=20.0, standstill=20.0, memory=512 << 20, disk=64 << 20)


def examine_apart(template: Path, paper: Paper, folder: Path) -> list[Remark]:
    """`generator.examining.examine` in a limited process; `folder` is its own. A template that
    takes too long or too much is a fault. Raises FormError not_docx, too_large."""
    told, outcome = folder / "job.json", folder / "outcome.json"
    told.write_text(json.dumps(job(template, spec_of(paper)), ensure_ascii=False), "utf-8")
    command = [sys.executable, "-m", "generator.examining", str(told), str(outcome)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ending = run(command, environment, folder, BOUNDS, lambda: 0, threading.Event())
    if ending.code == "too_large":
        raise FormError("too_large", ending.detail)
    if ending.code or not outcome.is_file():
        return [Remark("unusable", "模板过于复杂，无法检查", WHOLE)]
    answer = json.loads(outcome.read_text("utf-8"))
    if "error" in answer:
        raise FormError(answer["error"]["code"], answer["error"]["detail"])
    return [Remark.from_json(one) for one in answer["remarks"]]
