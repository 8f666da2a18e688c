"""The way through the house: staged arrivals are read, decided, stored and entered, in batches.

The arrival's row is the job; its states go forward only: staged -> decided -> committed -> done.
Every step may be repeated after a kill: reading is cached by content, the decision is kept in the
row, the store knows the arrival's token, rows are upserts. From decision to commit one process of
the archive works at a time (`Locks.deciding`).
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from types import TracebackType

from django.db import DatabaseError

from archive.decide import Decision, Desk, decide
from archive.deposit import Deposit
from archive.faults import point
from archive.house import House
from archive.issued import by_catalogue, nothing_written
from archive.looking_up import LookedUp
from archive.models import Arrival
from archive.settling import carry_out, deciding, sound
from archive.staging import Offer, StillChanging, claim, stage, staged_file, sweep, unstage
from archive.thinking import MANY, Known, Thinker, Thought, clues
from archive.unpack import sweep as sweep_unpacked
from archive.unpack import unpack
from indexer import sniff
from indexer.bundles import is_bundle
from indexer.errors import ReadError
from indexer.pool import ReaderPool
from indexer.reading import Reading

log = logging.getLogger("yanxiu.ingest")

#: Arrivals decided, stored and committed together; and how far reading runs ahead of that.
BATCH = 32
AHEAD = 96

#: Called with each arrival as it reaches a step: read | filed | review | duplicate | …
Progress = Callable[[str, Arrival], None]


def _silent(step: str, arrival: Arrival) -> None:
    return None


class Ingest:
    """One worker. `ignored` is the name rule for members of bundles."""

    def __init__(
        self,
        house: House,
        pool: ReaderPool,
        *,
        ignored: Callable[[str], object] = lambda name: False,
        progress: Progress = _silent,
    ) -> None:
        self.house = house
        self.pool = pool
        self.ignored = ignored
        self.progress = progress
        #: Asked of a file that seems damaged, before that is said of it: True when the door will
        #: offer it once more (it may be an upload that paused).
        self.second_look: Callable[[Arrival], bool] = lambda arrival: False
        #: Told of such a file once nothing is known of it any more: asked before, the door would
        #: still find it taken over and never offer it again.
        self.forgotten: Callable[[Arrival], None] = lambda arrival: None
        #: Whether a file lies where forms wait to be filled in. One that was merely saved again is
        #: left there: the door is told of it (`left_there`) before it is forgotten here.
        self.waits: Callable[[Arrival], bool] = lambda arrival: False
        self.left_there: Callable[[Arrival], None] = lambda arrival: None
        self.worker, self._alive = house.locks.enrol()
        self._thinker = Thinker()

    def __enter__(self) -> Ingest:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thinker.close()
        self._alive.release()
        (self.house.locks.folder / f"worker-{self.worker}.lock").unlink(missing_ok=True)

    # --- coming in -----------------------------------------------------------

    def expect(self, files: int) -> None:
        """Told before so many files are offered."""
        if files >= MANY:
            self._thinker.prepare(self._known(Desk.of(self.house)))

    def offer(self, offers: Iterable[Offer]) -> list[Arrival]:
        """Stage and claim files; those still changing are left for a later offer."""
        arrivals: list[Arrival] = []
        for one in offers:
            try:
                arrivals.append(stage(self.house.staging, one, self.worker))
            except StillChanging:
                log.info("still changing: %s", one.path)
        claim(arrivals)
        return arrivals

    def recover(self) -> None:
        """Finish what dead workers decided, take over what they had staged, sweep the rest."""
        with self.house.locks.deciding():
            self.house.store.recover()
        with deciding(self.house):
            pass
        self.adopt()
        sweep(self.house.staging, lambda: self.house.locks.alone(self.worker))
        sweep_unpacked(self.house, lambda: self.house.locks.alone(self.worker))

    def adopt(self) -> None:
        """Take over staged arrivals without a living worker (uploads have none at first)."""
        workers = Arrival.objects.filter(state="staged").values_list("worker", flat=True).distinct()
        orphaned = [w for w in workers if w != self.worker and not self.house.locks.alive(w)]
        for arrival in Arrival.objects.filter(state="staged", worker__in=orphaned):
            # Only as long as nobody else has taken it over, or brought it through.
            still = Arrival.objects.filter(id=arrival.id, state="staged", worker=arrival.worker)
            if sound(self.house, arrival):
                still.update(worker=self.worker)
            else:
                still.delete()

    # --- going through -------------------------------------------------------

    def run(self, most: int = sys.maxsize) -> list[str]:
        """Work until none of this worker's arrivals is open, or about `most` are settled; the ids
        of those settled."""
        queue: deque[_Waiting] = deque()
        desk = Desk.of(self.house)
        settled: list[str] = []
        last = ""
        while True:
            last = self._read_ahead(desk, queue, last, most - len(settled) - len(queue))
            if not queue:
                return settled
            if queue[0].thought is None:
                settled += self._open_bundle(queue.popleft())
                continue
            batch = [
                waiting
                for waiting in self._take(queue)
                if not self._comes_again(waiting.arrival, waiting.read)
                and not self._stays(desk, waiting)
            ]
            done = self._settle(desk, batch) if batch else 0
            settled += [waiting.arrival.id for waiting in batch[:done]]
            queue.extendleft(reversed(batch[done:]))

    def rest(self) -> None:
        """Told when nothing waits."""
        self._thinker.rest()

    def _read_ahead(self, desk: Desk, queue: deque[_Waiting], last: str, most: int) -> str:
        room = min(AHEAD - len(queue), most)
        mine = Arrival.objects.filter(state="staged", worker=self.worker, id__gt=last)
        for arrival in mine.select_related("bundle").order_by("id")[: max(room, 0)]:
            queue.append(_Waiting(arrival, self._think(desk, arrival)))
            last = arrival.id
        return last

    def _think(self, desk: Desk, arrival: Arrival) -> Future[Thought] | None:
        """The thought to come; None for a bundle, which is opened instead of read."""
        reading = self._read(arrival)
        if reading is None:
            return None
        return self._thought(desk, arrival, reading)

    def _thought(self, desk: Desk, arrival: Arrival, reading: Future[Reading]) -> Future[Thought]:
        return self._thinker.submit(arrival.sha256, clues(arrival), reading, self._known(desk))

    def _known(self, desk: Desk) -> Known:
        return Known(desk.kinds, desk.register, self.house.own_kinds, self.house.readings)

    def _read(self, arrival: Arrival) -> Future[Reading] | None:
        """The reading to come; None for a bundle, which is opened instead of read."""
        if arrival.error:
            return _failed(ReadError(arrival.error["code"], arrival.error.get("detail", "")))
        cached = self.house.readings.load(arrival.sha256)
        if cached is not None:
            return _ready(cached)
        path = self.house.staging / staged_file(arrival.id)
        name = clues(arrival).name
        try:
            if is_bundle(path, sniff.detect(path, name)):
                return None
        except ReadError as error:
            return _failed(error)
        except OSError as error:
            return _failed(ReadError("unreadable", str(error)))
        return self.pool.submit(path, name)

    def _open_bundle(self, waiting: _Waiting) -> list[str]:
        arrival = waiting.arrival
        try:
            unpack(self.house, self.pool, arrival, self.ignored)
        except ReadError as error:
            if self._comes_again(arrival, error):
                return []
            desk = Desk.of(self.house)
            refused = self._thought(desk, arrival, _failed(error))
            self._settle(desk, [_Waiting(arrival, refused)])
            return [arrival.id]
        self.progress("unpacked", arrival)
        return [arrival.id]

    def _comes_again(self, arrival: Arrival, read: object) -> bool:
        """Whether an arrival was forgotten because the door offers its file once more."""
        damaged = isinstance(read, ReadError) and read.code == "corrupt"
        if not damaged or not self.second_look(arrival):
            return False
        self._forget(arrival)
        self.forgotten(arrival)
        return True

    def _stays(self, desk: Desk, waiting: _Waiting) -> bool:
        """Whether an arrival was forgotten because it is a form that is still to be filled in."""
        arrival, thought = waiting.arrival, waiting.outcome()
        if thought.reading is None or not self.waits(arrival):
            return False
        known = (self.house, desk.kinds, desk.register, thought.reading, clues(arrival))
        try:
            if not nothing_written(thought.reading, by_catalogue(*known, thought.judgement)):
                return False
        except (OSError, DatabaseError):
            raise
        except Exception:
            log.exception("whether %r was filled in cannot be told", arrival.path)
            return False  # it is taken in, and whatever upset the rules goes to a person
        self.left_there(arrival)
        self._forget(arrival)
        return True

    def _forget(self, arrival: Arrival) -> None:
        unstage(self.house.staging, arrival.id)
        arrival.delete()

    def _take(self, queue: deque[_Waiting]) -> list[_Waiting]:
        """The first arrivals whose reading is done, in their order; waits for one at least."""
        batch: list[_Waiting] = []
        while queue and len(batch) < BATCH and queue[0].thought is not None:
            if batch and not queue[0].thought.done():
                break
            waiting = queue.popleft()
            waiting.outcome()
            self.progress("read", waiting.arrival)
            batch.append(waiting)
        point("ingest-read")
        return batch

    def _settle(self, desk: Desk, batch: Sequence[_Waiting]) -> int:
        """Decide, store and commit as many of the batch, from its start, as do not touch each
        other; how many that was."""
        with deciding(self.house):
            decided: list[tuple[Arrival, Decision]] = []
            beside: list[Deposit] = []
            touched: set[str] = set()
            thought_of = [(waiting.arrival, waiting.outcome()) for waiting in batch]
            desk = replace(desk, looked_up=LookedUp.of(thought_of, desk.kinds))
            for arrival, thought in thought_of:
                if keys(arrival) & touched:
                    break
                decision = decide(desk, arrival, thought, beside)
                if decision.touches & touched:
                    break
                touched |= decision.touches | keys(arrival)
                decided.append((arrival, decision))
                beside += [decision.deposit] if decision.deposit else []
            self._note(decided)
            carry_out(self.house, decided)
        for arrival, decision in decided:
            self.progress(decision.outcome, arrival)
        return len(decided)

    def _note(self, decided: Sequence[tuple[Arrival, Decision]]) -> None:
        for arrival, decision in decided:
            arrival.decision, arrival.state = decision.to_json(), "decided"
        Arrival.objects.bulk_update([a for a, _ in decided], ["decision", "state"])
        point("ingest-decided")


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    thought: Future[Thought] | None

    @property
    def read(self) -> Reading | ReadError:
        return self.outcome().read

    def outcome(self) -> Thought:
        if self.thought is None:
            raise RuntimeError("a bundle is opened, not read")
        return self.thought.result()


def keys(arrival: Arrival) -> set[str]:
    """What two arrivals of one batch must not share: their bytes and their place in the inbox."""
    found = {f"sha256:{arrival.sha256}"} if arrival.sha256 else set()
    if arrival.source == "folder" and not arrival.member:
        found.add(f"path:{arrival.inbox}/{arrival.path}")
    return found


def _ready(reading: Reading) -> Future[Reading]:
    future: Future[Reading] = Future()
    future.set_result(reading)
    return future


def _failed(error: ReadError) -> Future[Reading]:
    future: Future[Reading] = Future()
    future.set_exception(error)
    return future
