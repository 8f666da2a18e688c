"""The county's own templates, `<home>/kinds/<kind>/form[-id].docx`: put in use, taken back.

They are files of the home, taken along by every backup. What was in use before stays beside under
a name with its date; who changed it when is an event in the store, which a rebuild brings back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import paper as papers
from archive.catalogue import event_row
from archive.durable import replace_file, sync_dir, sync_file
from archive.errors import ArchiveError
from archive.forms import Paper
from archive.house import House
from archive.journal import append, events_of
from archive.models import Event
from generator.lint.comments import without_our_comments

OBJECT = "urn:yanxiu:template:"
SET, TAKEN_BACK = "template_set", "template_taken_back"


def adopt(house: House, paper: Paper, data: bytes, *, actor: str, name: str = "") -> Path:
    """Put a template in use, without the comments that `annotate` put in; the caller has examined
    it. Returns where it stands. Raises OSError, FormError."""
    data = without_our_comments(data)
    target = place(house, paper)
    target.parent.mkdir(parents=True, exist_ok=True)
    with house.locks.deciding():
        before = _kept_aside(target, move=False)
        draft = target.with_name(f".{target.name}.part")
        draft.write_bytes(data)
        sync_file(draft)
        replace_file(draft, target)
        _note(house, paper, SET, actor, file=name or target.name, before=before,
              sha256=hashlib.sha256(data).hexdigest())  # fmt: skip
    return target


def take_back(house: House, paper: Paper, *, actor: str) -> str:
    """Print the form from the template that came with the program again; the name under which the
    county's own is kept. Raises ArchiveError own_template where there is none."""
    target = place(house, paper)
    with house.locks.deciding():
        if not target.is_file():
            raise ArchiveError(
                "own_template", f"「{paper.name}」用的就是自带模板", "不用恢复；请刷新页面"
            )
        before = _kept_aside(target, move=True)
        _note(house, paper, TAKEN_BACK, actor, before=before)
    return before


def place(house: House, paper: Paper) -> Path:
    """Where the county's own template of the form stands or would stand."""
    return house.own_kinds / paper.kind.id / paper.text.file


def history(paper: Paper) -> list[Event]:
    """Who changed the form's template, the latest first."""
    found = Event.objects.filter(type__in=(SET, TAKEN_BACK), data__form=paper.id)
    return list(found.order_by("-at")[:20])


def restore(house: House, objects: Iterable[str]) -> None:
    """Bring the events back from the store (rebuild)."""
    for event in events_of(house, objects, OBJECT):
        event_row(event, None).save()


def _kept_aside(target: Path, *, move: bool) -> str:
    """The template in use under a name with the date; "" where there is none."""
    if not target.is_file():
        return ""
    aside = next(free for free in _names(target) if not free.exists())
    if move:
        target.rename(aside)
        sync_dir(target.parent)
    else:
        aside.write_bytes(target.read_bytes())
        sync_file(aside)
    return aside.name


def _names(target: Path) -> Iterator[Path]:
    day = datetime.now(UTC).astimezone().strftime("%Y-%m-%d")
    yield target.with_name(f"{target.stem}.{day}.docx")
    for number in range(2, 10_000):
        yield target.with_name(f"{target.stem}.{day}-{number}.docx")


def _note(house: House, paper: Paper, what: str, actor: str, **data: Any) -> None:
    event = papers.event(what, actor, form=paper.id, **data)
    append(house, OBJECT + paper.id, event)
    event_row(event, None).save()
