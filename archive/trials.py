"""A template that somebody uploaded to try: kept for a week beside what was found in it.

Trials are no part of the record: a template in use is (`archive.own_templates`).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.durable import write_new
from archive.forms import Paper
from archive.house import House
from archive.template_trial import examine_template
from generator.lint.comments import annotate
from generator.lint.remarks import Remark

KEPT_DAYS = 7
KEPT = 100
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Trial:
    """An uploaded template of the form `paper`. `name` is what its author calls the file."""

    token: str
    paper: str
    name: str
    actor: str
    remarks: tuple[Remark, ...]
    path: Path

    @property
    def faults(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.stops]

    @property
    def warnings(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.stops]

    def data(self) -> bytes:
        return self.path.read_bytes()

    def annotated(self) -> bytes:
        """The author's file with comments. Raises FormError not_docx."""
        return annotate(self.data(), self.remarks)


def begin(house: House, paper: Paper, name: str, data: bytes, *, actor: str) -> Trial:
    """Keep and examine a template. Raises FormError where nobody can look at it as one; it is not
    kept then."""
    root = house.home / "trials"
    root.mkdir(exist_ok=True)
    _sweep(root)
    digest = hashlib.sha256(f"{paper.id}\n{actor}\n{name}\n".encode() + data).hexdigest()[:32]
    with tempfile.TemporaryDirectory(prefix="new-", dir=root) as made:
        folder = Path(made)
        template = folder / "form.docx"
        write_new(template, data)
        remarks = examine_template(template, paper)
        about = {"paper": paper.id, "name": name, "actor": actor,
                 "remarks": [remark.to_json() for remark in remarks]}  # fmt: skip
        write_new(folder / "about.json", json.dumps(about, ensure_ascii=False).encode())
        shutil.rmtree(root / digest, ignore_errors=True)
        shutil.copytree(folder, root / digest)
    return _load(root / digest)


def trial(house: House, token: str) -> Trial | None:
    folder = house.home / "trials" / token
    if not _TOKEN.match(token) or not (folder / "about.json").is_file():
        return None
    return _load(folder)


def _load(folder: Path) -> Trial:
    about = json.loads((folder / "about.json").read_text("utf-8"))
    remarks = tuple(Remark.from_json(one) for one in about["remarks"])
    path = folder / "form.docx"
    return Trial(folder.name, about["paper"], about["name"], about["actor"], remarks, path)


def _sweep(root: Path) -> None:
    """Take away what is old, and the oldest where there are too many."""
    found = sorted(_dated(root), reverse=True)
    for number, (when, folder) in enumerate(found):
        if number >= KEPT or when < time.time() - KEPT_DAYS * 86400:
            shutil.rmtree(folder, ignore_errors=True)


def _dated(root: Path) -> Iterator[tuple[float, Path]]:
    for folder in root.iterdir():
        try:
            yield folder.stat().st_mtime, folder
        except OSError:  # another upload has just swept it away
            continue
