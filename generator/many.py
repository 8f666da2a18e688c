"""Many copies of one form: the first some hundred here, the others by processes of their own.

A copy takes about a millisecond of one core. What a month needs is printed before another process
has begun; a year's forms take as many cores as there are (bench/forms.py measures both).
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from generator.compiling import compile_bytes
from generator.form import Form, Mode
from generator.spec import FormSpec
from generator.stamp import Stamp

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

#: What `Form.render` is given: values, mode, stamp.
Job: TypeAlias = tuple[Mapping[str, Any], Mode, Stamp | None]

#: Copies printed before further processes are begun: their start takes as long as so many do.
HERE = 1_000
#: Copies of one order to a process, and the most processes.
PORTION, MOST = 50, 8

log = logging.getLogger("generator")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One copy to print: where to, with what, for whom."""

    path: Path
    values: Mapping[str, Any]
    stamp: Stamp | None = None
    mode: Mode = "prefilled"


def render_many(form: Form, jobs: Iterable[Job]) -> Iterator[bytes]:
    """`form.render` of each, in their order; a job is asked for some hundred copies before its
    copy is given. Raises `FormError` at the first that cannot be printed."""
    left = iter(jobs)
    for job in islice(left, HERE):
        yield form.render(*job)
    processes = min(os.cpu_count() or 1, MOST)
    if processes > 1 and (next_one := list(islice(left, 1))):
        yield from _by_processes(form, chain(next_one, left), processes)
    else:
        yield from (form.render(*job) for job in left)


def write_many(form: Form, sheets: Iterable[Sheet]) -> list[Path]:
    """Print every sheet to its path; folders are made where missing, and a reader of one never
    sees half a file. Stops at the first `FormError`."""
    asked: deque[Path] = deque()
    done: list[Path] = []
    folders: set[Path] = set()

    def jobs() -> Iterator[Job]:
        for sheet in sheets:
            asked.append(sheet.path)
            yield sheet.values, sheet.mode, sheet.stamp

    for data in render_many(form, jobs()):
        path = asked.popleft()
        if path.parent not in folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
        draft = path.with_name(f".{path.name}.part")
        with draft.open("wb", buffering=0) as file:
            file.write(data)
        draft.replace(path)
        done.append(path)
    return done


# --- by processes ----------------------------------------------------------------


def _by_processes(form: Form, jobs: Iterator[Job], processes: int) -> Iterator[bytes]:
    """Spawned, not forked: the service that prints has threads. A process that dies, as one may
    for want of memory, costs time only: what it did not print is printed here."""
    from concurrent.futures import ProcessPoolExecutor  # 30 ms that a month's forms need not pay
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(form.source, form.spec)
    )
    ordered: deque[tuple[list[Job], Future[list[bytes]] | None]] = deque()
    try:
        while True:
            while len(ordered) <= 2 * processes and (portion := list(islice(jobs, PORTION))):
                ordered.append((portion, _ordered(pool, portion)))
            if not ordered:
                return
            yield from _printed(form, *ordered.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _ordered(pool: ProcessPoolExecutor, portion: list[Job]) -> Future[list[bytes]] | None:
    """None where the processes are no more, or cannot be begun."""
    from concurrent.futures import BrokenExecutor

    try:
        return pool.submit(_print, portion)
    except (BrokenExecutor, OSError):
        return None


def _printed(
    form: Form, portion: Sequence[Job], order: Future[list[bytes]] | None
) -> Iterable[bytes]:
    from concurrent.futures import BrokenExecutor

    if order is not None:
        try:
            return order.result()
        except BrokenExecutor:
            log.warning("a process that printed forms has died; going on without it")
    return (form.render(*job) for job in portion)


_form: list[Form] = []


def _begin(source: bytes, spec: FormSpec) -> None:
    """In the process: the form is compiled once."""
    _form[:] = [compile_bytes(source, spec)]


def _print(portion: Sequence[Job]) -> list[bytes]:
    (form,) = _form
    return [form.render(*job) for job in portion]
