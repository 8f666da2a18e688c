"""Many copies of one form: the first some hundred here, the others by processes of their own.

A copy takes about a millisecond of one core. What a month needs is printed before another process
has begun; a year's forms take as many cores as there are (bench/forms.py measures both).
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from generator.compiling import compile_bytes
from generator.form import Form, Mode
from generator.spec import FormSpec
from generator.stamp import Stamp

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

#: What `Form.render` is given: values, mode, stamp.
Job: TypeAlias = tuple[Mapping[str, Any], Mode, Stamp | None]
Item = TypeVar("Item")
Made = TypeVar("Made")

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
    return _each(form, _render, jobs)


def write_many(form: Form, sheets: Iterable[Sheet]) -> list[Path]:
    """Print every sheet to its path; folders are made where missing, and a reader of one never
    sees half a file. Stops at the first `FormError`."""
    return list(_each(form, _write, sheets))


def _render(form: Form, job: Job) -> bytes:
    return form.render(*job)


def _write(form: Form, sheet: Sheet) -> Path:
    data = form.render(sheet.values, sheet.mode, sheet.stamp)
    draft = sheet.path.with_name(f".{sheet.path.name}.part")
    try:
        file = draft.open("wb", buffering=0)
    except FileNotFoundError:
        draft.parent.mkdir(parents=True, exist_ok=True)
        file = draft.open("wb", buffering=0)
    with file:
        file.write(data)
    draft.replace(sheet.path)
    return sheet.path


def _each(form: Form, work: Callable[[Form, Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    left = iter(items)
    for item in islice(left, HERE):
        yield work(form, item)
    processes = min(os.cpu_count() or 1, MOST)
    if processes > 1 and (next_one := list(islice(left, 1))):
        yield from _by_processes(form, work, chain(next_one, left), processes)
    else:
        yield from (work(form, item) for item in left)


# --- by processes ----------------------------------------------------------------


def _by_processes(
    form: Form, work: Callable[[Form, Item], Made], items: Iterator[Item], processes: int
) -> Iterator[Made]:
    """Spawned, not forked: the service that prints has threads. A process that dies, as one may
    for want of memory, costs time only: what it did not print is printed here."""
    from concurrent.futures import ProcessPoolExecutor  # 30 ms that a month's forms need not pay
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(form.source, form.spec)
    )
    ordered: deque[tuple[list[Item], Future[list[Made]] | None]] = deque()
    try:
        while True:
            while len(ordered) <= 2 * processes and (portion := list(islice(items, PORTION))):
                ordered.append((portion, _ordered(pool, work, portion)))
            if not ordered:
                return
            portion, order = ordered.popleft()
            made = _awaited(order)
            yield from (work(form, item) for item in portion) if made is None else made
    finally:
        pool.shutdown(cancel_futures=True)


def _ordered(
    pool: ProcessPoolExecutor, work: Callable[[Form, Item], Made], portion: list[Item]
) -> Future[list[Made]] | None:
    """None where the processes are no more, or cannot be begun."""
    from concurrent.futures import BrokenExecutor

    try:
        return pool.submit(_do, work, portion)
    except (BrokenExecutor, OSError):
        return None


def _awaited(order: Future[list[Made]] | None) -> list[Made] | None:
    from concurrent.futures import BrokenExecutor

    try:
        return order.result() if order is not None else None
    except BrokenExecutor:
        log.warning("a process that printed forms has died; going on without it")
        return None


_form: list[Form] = []


def _begin(source: bytes, spec: FormSpec) -> None:
    """In the process: the form is compiled once."""
    _form[:] = [compile_bytes(source, spec)]


def _do(work: Callable[[Form, Item], Made], portion: Sequence[Item]) -> list[Made]:
    (form,) = _form
    return [work(form, item) for item in portion]
