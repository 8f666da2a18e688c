"""What can be thought of an arrival without asking the catalogue: its reading, the judgement on it,
its sketch. Done beside the ingest, while that waits for disk and database: in a thread, which has
its turns with the others; where many wait, in a process of its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import likeness
from archive.filing import Clues
from archive.judging import Judgement, judge
from archive.kinds import Kind
from archive.readings import Readings
from archive.register import Register
from indexer.errors import ReadError
from indexer.reading import Reading

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from archive.models import Arrival

log = logging.getLogger("yanxiu.thinking")

#: Papers that wait before a process is begun: it is at work after about as many are thought of.
MANY = 64
#: A process without work ends after so long. Seconds.
IDLE = 30.0


@dataclass(frozen=True, slots=True)
class Thought:
    """`sketch` is that of `archive.likeness.sketch`, ([], []) where nothing was read."""

    read: Reading | ReadError
    judgement: Judgement
    sketch: tuple[list[int], list[int]]

    @property
    def reading(self) -> Reading | None:
        return self.read if isinstance(self.read, Reading) else None


@dataclass(frozen=True, slots=True)
class Known:
    """What thinking needs to know. `own`: the county's folder of kinds."""

    kinds: Mapping[str, Kind]
    register: Register
    own: Path | None
    readings: Readings


def think(sha256: str, read: Reading | ReadError, about: Clues, known: Known) -> Thought:
    """Keep a reading in the cache, and judge it. Asks no database. Raises OSError (a full disk)."""
    if isinstance(read, Reading):
        read = known.readings.save(sha256, read)
    judgement = judge(read, about, known.kinds, known.register, known.own)
    return Thought(read, judgement, _sketch(about.name, read))


class Thinker:
    """Thoughts to come. To be closed."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "think")
        self._aside: _Aside | None = None
        self._given = self._begun = 0

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._end()

    def submit(
        self, sha256: str, about: Clues, reading: Future[Reading], known: Known
    ) -> Future[Thought]:
        """The thought to come; it raises what the reading raises and is no ReadError (a pool that
        was closed)."""
        self._given += 1
        to_come: Future[Thought] = Future()
        self._thread.submit(self._next, to_come, sha256, about, reading, known)
        return to_come

    def prepare(self, known: Known) -> None:
        """Told that many papers will come: the process begins while they are staged."""
        self._thread.submit(self._begin, known)

    def rest(self) -> None:
        """Told when nothing waits: a process that has long had no work is ended."""
        if self._aside is not None and time.monotonic() - self._aside.asked > IDLE:
            self._thread.submit(self._end)

    # --- in the thread ---

    def _next(
        self,
        to_come: Future[Thought],
        sha256: str,
        about: Clues,
        reading: Future[Reading],
        known: Known,
    ) -> None:
        self._begun += 1
        try:
            read: Reading | ReadError = reading.result()
        except ReadError as error:
            read = error
        except BaseException as error:
            to_come.set_exception(error)
            return
        aside = self._process(known) if isinstance(read, Reading) else None
        if aside is None or not aside.give(_Job(to_come, sha256, read, about)):
            _Job(to_come, sha256, read, about).do(known)

    def _process(self, known: Known) -> _Aside | None:
        """The process, where it is at work with the same knowledge; begun where it is worth it."""
        if self._aside is not None and (self._aside.gone or self._aside.known != known):
            self._end()
        if self._given - self._begun >= MANY:
            self._begin(known)
        return self._aside if self._aside is not None and self._aside.ready else None

    def _begin(self, known: Known) -> None:
        if self._aside is None and (os.cpu_count() or 1) > 1:
            try:
                self._aside = _Aside(known)
            except Exception:  # whatever keeps it from starting: one thinks here
                log.exception("no process for judging papers")

    def _end(self) -> None:
        aside, self._aside = self._aside, None
        if aside is not None:
            aside.close()


@dataclass(frozen=True, slots=True)
class _Job:
    to_come: Future[Thought]
    sha256: str
    read: Reading | ReadError
    about: Clues

    def do(self, known: Known) -> None:
        try:
            self.to_come.set_result(think(self.sha256, self.read, self.about, known))
        except Exception as error:
            self.to_come.set_exception(error)

    def answered(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.to_come.set_exception(answer)
        else:
            changed, judgement, sketch = answer
            self.to_come.set_result(Thought(changed or self.read, judgement, sketch))


class _Aside:
    """A process that thinks, and the thread that hears it. The process ends when this end of its
    line is closed, also by a kill; what it had not answered then is thought of here."""

    def __init__(self, known: Known) -> None:
        from multiprocessing import get_context  # where few files come nobody needs it

        context = get_context("spawn")
        self.known = known
        self.asked = time.monotonic()
        #: It takes a second to begin; until then one thinks here.
        self.ready = False
        self.gone = False
        self._jobs: deque[_Job] = deque()
        self._guard = threading.Lock()
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_listen, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._hearing = threading.Thread(target=self._hear, name="thoughts", daemon=True)
        self._hearing.start()

    def give(self, job: _Job) -> bool:
        """False where it is gone."""
        self.asked = time.monotonic()
        with self._guard:
            if self.gone:
                return False
            self._jobs.append(job)
        try:
            self._line.send((job.sha256, job.read, job.about))
        except Exception:  # also what cannot be sent: the other thread finds the process gone
            log.exception("%s could not be handed over", job.about.name)
            self._process.kill()
        return True

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._hearing.join()
        self._line.close()

    def _hear(self) -> None:
        try:
            self._line.send(self.known)
            self.ready = bool(self._line.recv())
            while True:
                answer = self._line.recv()
                self._jobs.popleft().answered(answer)
        except (EOFError, OSError):
            pass
        except Exception:  # nobody may wait for ever
            log.exception("an answer could not be understood")
        with self._guard:
            self.gone = True
        for job in self._jobs:
            job.do(self.known)


def _listen(line: Connection[Any, Any]) -> None:
    """In the process. A reading is not sent back unless keeping it has changed it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asks ends us
    with contextlib.suppress(EOFError, OSError):
        known: Known = line.recv()
        line.send(True)
        while True:
            sha256, read, about = line.recv()
            try:
                thought = think(sha256, read, about, known)
            except Exception as error:
                line.send(error)
            else:
                changed = None if thought.read is read else thought.read
                line.send((changed, thought.judgement, thought.sketch))


def _sketch(name: str, read: Reading | ReadError) -> tuple[list[int], list[int]]:
    try:
        return likeness.sketch(read.text) if isinstance(read, Reading) else ([], [])
    except Exception:
        # Nothing in a text may stop the next paper: this one is only compared with none.
        log.exception("sketch of %r failed", name)
        return [], []


def clues(arrival: Arrival) -> Clues:
    """The names around an arrival: folders of the inbox and of the bundle, outermost first."""
    parts = arrival.path.replace("\\", "/").split("/")
    name = parts[-1]
    # Of a file named by its absolute path only the folder it lies in was chosen for it.
    folders = parts[-2:-1] if Path(arrival.path).is_absolute() else parts[:-1]
    if arrival.member:
        inner = arrival.member.replace("\\", "/").split("/")
        folders = [*folders, name, *inner[:-1]]
        name = inner[-1]
    return Clues(
        name=name,
        folders=tuple(f for f in folders if f not in ("", ".", "..")),
        sender=arrival.sender_id,
        received=arrival.first_seen,
        modified=arrival.modified,
    )
