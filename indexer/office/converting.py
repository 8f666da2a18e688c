"""`Office`: files into another format through LibreOffice, several at one start."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from types import TracebackType

import psutil

from indexer import sniff
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.office import profile, soffice
from indexer.office.formats import Source, source
from indexer.office.running import Bounds, Ending, run

#: Wall clock for one file, the start of the program included. Measured with LibreOffice 7.4 on two
#: cores: 2.2 s for a small file, 4.7 s with a new profile; ten at one start 3 s.
SECONDS = 60.0
#: Files at one start, and wall clock for all of them.
BATCH = 10
BATCH_SECONDS = 240.0
#: Its own folder in scratch: this, the number of the process, something unique.
_PREFIX = "office-"


@dataclass(slots=True)
class _Job:
    """A file to convert and what became of it, None while that is open."""

    path: Path
    name: str
    source: Source
    outcome: Path | ReadError | None = None


class Office:
    """A converter that may be shared by threads; they take turns.

    `scratch` is a folder under which everything happens; `program` starts LibreOffice (default:
    where it is found). Nothing is made and nothing started before the first conversion. Use as a
    context manager, or call `close`, which takes the outcomes away too.
    """

    def __init__(
        self,
        scratch: Path,
        limits: Limits = DEFAULT,
        *,
        program: Path | None = None,
        seconds: float = SECONDS,
        batch_seconds: float = BATCH_SECONDS,
    ) -> None:
        self.program = program or soffice.find()
        self._scratch, self._limits = scratch.absolute(), limits
        self._seconds, self._batch_seconds = seconds, batch_seconds
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._folder: Path | None = None
        self._numbers = count(1)

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def present(self) -> bool:
        """Whether there is a LibreOffice on this machine."""
        return self.program is not None

    def convert(self, files: Sequence[Path], to: str) -> list[Path | ReadError]:
        """Each of `files` as docx, xlsx, pptx or pdf: a new file in scratch, which is the caller's
        to remove, or why there is none.

        Codes: unsupported (no LibreOffice, or a format that is not given to it), timeout,
        too_large, corrupt, unreadable. A file that hangs or crashes LibreOffice costs only itself:
        the others of its batch are converted again one by one. Raises RuntimeError where it is
        closed, or closed meanwhile.
        """
        if to not in soffice.TARGETS:
            raise ValueError(f"unknown target {to!r}")
        if self.program is None:
            return [ReadError("unsupported", "no LibreOffice") for _ in files]
        outcomes: dict[int, Path | ReadError] = {}
        jobs: dict[int, _Job] = {}
        for place, path in enumerate(files):
            try:
                jobs[place] = _job(path, place, self._limits)
            except ReadError as error:
                outcomes[place] = error
        with self._lock:
            for batch in _batches(list(jobs.values())):
                self._convert(batch, to)
            if self._closed.is_set():
                raise RuntimeError("the office is closed")
        for place, job in jobs.items():
            assert job.outcome is not None
            outcomes[place] = job.outcome
        return [outcomes[place] for place in range(len(files))]

    def close(self) -> None:
        """End the conversion under way and take everything away that was made, for good."""
        self._closed.set()
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _convert(self, jobs: Sequence[_Job], to: str) -> None:
        self._attempt(jobs, to)
        for job in jobs:
            if job.outcome is None:
                self._attempt([job], to)

    def _attempt(self, jobs: Sequence[_Job], to: str) -> None:
        """One start. A job of a batch that went wrong may stay open."""
        if self._closed.is_set():
            return
        with self._workplace() as place:
            files = _lay(jobs, place)
            jobs = [job for job in jobs if job.outcome is None]
            if not jobs:
                return
            ending = self._run(place, files, jobs[0].source, to)
            made = [place / "outputs" / f"{job.name}.{to}" for job in jobs]
            if ending.code:
                self._forget_profile()
                _settle_broken(jobs, made, ending)
            else:
                _settle(jobs, made, ending)
            for job in jobs:
                if isinstance(job.outcome, Path):
                    job.outcome = job.outcome.replace(
                        self._results() / f"{next(self._numbers)}.{to}"
                    )

    def _run(self, place: Path, files: Sequence[Path], given: Source, to: str) -> Ending:
        assert self.program is not None
        outputs = place / "outputs"
        size = sum(file.stat().st_size for file in files)
        bounds = Bounds(
            seconds=min(self._seconds * len(files), max(self._seconds, self._batch_seconds)),
            standstill=self._seconds,
            memory=self._limits.memory,
            disk=self._limits.expanded + size,
        )
        line = soffice.command(self.program, self._profile(), files, given.importer, to, outputs)
        environment = soffice.environment(self._home() / "profile", place / "temporary")
        try:
            return run(line, environment, place, bounds, lambda: _count(outputs), self._closed)
        except OSError as error:
            return Ending("unreadable", f"LibreOffice does not start: {error}", "")

    # --- folders --------------------------------------------------------------------------------

    def _home(self) -> Path:
        if self._folder is None:
            self._scratch.mkdir(parents=True, exist_ok=True)
            _sweep(self._scratch)
            made = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=self._scratch)
            self._folder = Path(made)
        return self._folder

    def _results(self) -> Path:
        folder = self._home() / "results"
        folder.mkdir(exist_ok=True)
        return folder

    def _profile(self) -> Path:
        """Made once and used again; one that saw a crash or a kill is not trusted any more."""
        folder = self._home() / "profile"
        if not folder.is_dir():
            profile.write(folder)
        return folder

    def _forget_profile(self) -> None:
        shutil.rmtree(self._home() / "profile", ignore_errors=True)

    @contextlib.contextmanager
    def _workplace(self) -> Iterator[Path]:
        place = Path(tempfile.mkdtemp(dir=self._home()))
        try:
            for name in ("inputs", "outputs", "temporary"):
                (place / name).mkdir()
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _job(path: Path, place: int, limits: Limits) -> _Job:
    """Raises ReadError: unreadable, too_large, unsupported."""
    given = source(path, sniff.detect(path))
    if given is None:
        raise ReadError("unsupported", f"{path.name} is not for LibreOffice")
    if path.stat().st_size > limits.file:
        raise ReadError("too_large", f"{path.stat().st_size} bytes")
    # What a file is called is none of LibreOffice's business, and two may be called the same.
    name = hashlib.sha256(f"{place} {path}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return _Job(path, name, given)


def _batches(jobs: list[_Job]) -> Iterator[list[_Job]]:
    """At most BATCH at one start, all of them for the same filter."""
    jobs.sort(key=lambda job: job.source.importer)
    for _, same in groupby(jobs, key=lambda job: job.source.importer):
        group = list(same)
        for start in range(0, len(group), BATCH):
            yield group[start : start + BATCH]


def _lay(jobs: Sequence[_Job], place: Path) -> list[Path]:
    """Copies, since LibreOffice leaves lock files beside what it opens; the outcome of what cannot
    be copied is settled."""
    files = []
    for job in jobs:
        copy = place / "inputs" / f"{job.name}{job.source.suffix}"
        try:
            files.append(Path(shutil.copyfile(job.path, copy)))
        except OSError as error:
            job.outcome = ReadError("unreadable", str(error))
    return files


def _settle(jobs: Sequence[_Job], made: Sequence[Path], ending: Ending) -> None:
    for job, path in zip(jobs, made, strict=True):
        job.outcome = path if _is_whole(path) else _refused(ending)


def _settle_broken(jobs: Sequence[_Job], made: Sequence[Path], ending: Ending) -> None:
    """Files are converted in the order given: what was made before the last one is whole, the last
    one may have been cut short, and all from there on stay open."""
    if len(jobs) == 1:
        jobs[0].outcome = ReadError(ending.code, f"LibreOffice: {ending.detail}")
        return
    last = max((place for place, path in enumerate(made) if path.exists()), default=0)
    _settle(jobs[:last], made[:last], ending)


def _refused(ending: Ending) -> ReadError:
    """It ended well and made nothing of the file."""
    if "no export filter" in ending.said:
        return ReadError("unsupported", "this LibreOffice lacks a part")
    words = " ".join(ending.said.split())[-200:]
    return ReadError("corrupt", f"LibreOffice made nothing of it: {words}")


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir())


def _is_whole(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size > 0


def _sweep(scratch: Path) -> None:
    """Take away what processes left that were killed."""
    for folder in scratch.glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(ValueError, OverflowError):  # not a folder of ours
            if not psutil.pid_exists(int(number)):
                shutil.rmtree(folder, ignore_errors=True)
