"""The door's side of the ingest: offers go in, originals are cleared away, receipts go out.

It satisfies `watch.watcher.IngestPort` for one worker of the archive (`archive.ingest.Ingest`).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count

from archive.deposit import DAMAGED
from archive.durable import StoreError
from archive.facts import error_line
from archive.house import House
from archive.ingest import Ingest
from archive.kinds import Kind
from archive.models import Arrival, Record
from archive.named_period import name_of
from archive.paper import Paper
from archive.periods import Period
from archive.report import paper_facts, paper_of
from archive.staging import Offer, as_text, staged_file, unstage
from watch.clearing import Cleared, Expected, Reason, clear, quarantine, quarantine_copy
from watch.folders import Inbox, Seen
from watch.forms import FormWanted, being_written, in_forms, left_alone, waiting_form
from watch.names import FORMS, RECEIPTS
from watch.receipts import Lack, Member, Receipt, ReceiptMark, rewrite_receipt, write_receipt
from watch.tidying import Emptied
from watch.told import Told
from watch.watcher import FolderCounts

log = logging.getLogger("yanxiu.reception")

OPEN = ("staged", "decided", "committed")
#: Copies that may wait to be read before the door takes no more for now.
WAITING = 500
#: And when it looks again whether there is room: after so many more copies, or seconds.
OFTEN, LOOK = 50, 0.5
#: Files cleared and answered between two commits that say so.
TOGETHER = 32
#: A file that seems damaged is read again after so long. Seconds.
SECOND_LOOK = 5.0
#: A file that cannot be cleared away is tried again after this long, doubling. Seconds.
RETRY, RETRY_MOST = 0.2, 60.0


@dataclass(frozen=True, slots=True)
class _Closed:
    """A file that was cleared away and answered. `path` as the catalogue has it, `relpath` as the
    disk; `ids` of its arrival and of all in it; `changed`: another file stands there by now."""

    inbox: Inbox
    path: str
    relpath: str
    ids: tuple[str, ...]
    changed: bool


class Reception:
    """`inboxes` by name, as the watcher has them. `again` is told of a file that changed after it
    was read, so that it is offered anew (`Watcher.offer_again`)."""

    def __init__(self, house: House, ingest: Ingest, inboxes: Mapping[str, Inbox]) -> None:
        self.house, self.ingest, self.inboxes = house, ingest, inboxes
        self._full_until = 0.0
        self._room = 0
        self._stuck: dict[str, tuple[float, float]] = {}
        self.emptied = Emptied()
        self._told = Told(house.home / "receipts.json")
        self._seconds: dict[tuple[str, str], tuple[str, float]] = {}
        #: The sha256 of forms in 待填 that were merely saved again. Not kept over a restart: the
        #: reading is, so that telling it anew costs nothing.
        self._saved_again: set[str] = set()
        self.again: Callable[[Inbox, str], None] = lambda inbox, relpath: None
        ingest.second_look = self.second_look
        ingest.forgotten = self._offer_again
        ingest.waits = _waits
        ingest.left_there = lambda arrival: self._saved_again.add(arrival.sha256)

    # --- IngestPort ------------------------------------------------------------

    def known(self, inbox: Inbox, files: Sequence[Seen]) -> Collection[str]:
        """Those already taken over as they are and not yet cleared away, and what stands in 待填
        unfilled."""
        # By state alone: few are open, while an inbox has as many rows as files ever came.
        rows = Arrival.objects.filter(state__in=OPEN, member="")
        found = rows.values_list("inbox", "path", "size", "mtime_ns").order_by()
        taken = {tuple(row[1:]) for row in found if row[0] == inbox.name}
        waiting = (f for f in files if in_forms(f.relpath))
        alone = left_alone(inbox, waiting, tuple(self._saved_again))
        return [
            f.relpath
            for f in files
            if f.relpath in alone or (as_text(f.relpath), f.size, f.mtime_ns) in taken
        ]

    def offer(
        self, inbox: Inbox, relpath: str, path: Path, first_seen: datetime, stat: Seen
    ) -> bool:
        if self._crowded() or self._too_soon(inbox, as_text(relpath)):
            return False
        if in_forms(relpath) and being_written(path):
            return False
        sender = inbox.unit or self._folder_unit(as_text(relpath))
        offer = Offer("folder", relpath, path, inbox.name, sender, "", first_seen)
        return bool(self.ingest.offer([offer]))

    def second_look(self, arrival: Arrival) -> bool:
        """A file of an inbox that seems damaged is read a second time before that is said: an
        upload that paused looks the same. True when it will be offered again."""
        inbox, key = self.inboxes.get(arrival.inbox), (arrival.inbox, arrival.path)
        seen, _ = self._seconds.pop(key, ("", 0.0))
        if inbox is None or arrival.member or seen == arrival.sha256:
            return False
        self._seconds[key] = (arrival.sha256, time.monotonic() + SECOND_LOOK)
        return True

    def _offer_again(self, arrival: Arrival) -> None:
        inbox = self.inboxes.get(arrival.inbox)
        if inbox is not None:
            self.again(inbox, name_on_disk(inbox, arrival.path))

    def _too_soon(self, inbox: Inbox, path: str) -> bool:
        _, until = self._seconds.get((inbox.name, path), ("", 0.0))
        return time.monotonic() < until

    def counts(self, inbox: Inbox) -> FolderCounts:
        rows = (
            Arrival.objects.filter(inbox=inbox.name, source="folder")
            .exclude(outcome="unpacked")
            .values("outcome")
            .annotate(n=Count("*"))
            .order_by()
        )
        found = {row["outcome"] or "pending": row["n"] for row in rows}
        return FolderCounts(seen=sum(found.values()), **found)

    def _crowded(self) -> bool:
        """Do enough copies wait to be read? The next scan offers again what is left now, so that
        a burst of many files does not stand on the disk twice."""
        if time.monotonic() < self._full_until:
            return True
        if self._room == 0:
            waiting = Arrival.objects.filter(state="staged", worker=self.ingest.worker)
            self._room = min(WAITING - len(waiting.values_list("id")[:WAITING]), OFTEN)
        if self._room == 0:
            self._full_until = time.monotonic() + LOOK
            return True
        self._room -= 1
        return False

    def _folder_unit(self, relpath: str) -> str:
        """A top folder named for exactly one school is that school's own; so is one in 待填."""
        top, slash, _ = relpath.removeprefix(FORMS + "/").partition("/")
        unit = self.house.register.school_named(top) if slash else None
        return unit.id if unit else ""

    # --- after the ingest --------------------------------------------------------

    def close_all(self) -> int:
        """Clear away and answer every arrival that is committed with all its members; how many.

        A file still held open stays for the next round; so does everything while the disk of
        the inbox is full or away.
        """
        tops = Arrival.objects.filter(state="committed", source="folder", member="").order_by("id")
        arrivals = list(tops)
        starts = range(0, len(arrivals), TOGETHER)
        return sum(self._close_some(arrivals[start : start + TOGETHER]) for start in starts)

    def _close_some(self, arrivals: Sequence[Arrival]) -> int:
        """What was cleared and answered is noted together: each commit waits for the disk."""
        now = time.monotonic()
        closed: list[_Closed] = []
        for arrival in arrivals:
            inbox = self.inboxes.get(arrival.inbox)
            if inbox is None or self._stuck.get(arrival.id, (0.0, now))[1] > now:
                continue
            members = descendants(arrival)
            if any(m.state in ("staged", "decided") for m in members):
                continue
            try:
                done = self._close(inbox, arrival, members)
            except (StoreError, OSError, ValueError):
                log.exception("inbox %s: %r not cleared yet", inbox.name, arrival.path)
                done = None
            if done is not None:
                closed.append(done)
                self._stuck.pop(arrival.id, None)
            else:
                wait = min(2 * self._stuck.get(arrival.id, (RETRY / 2, 0.0))[0], RETRY_MOST)
                self._stuck[arrival.id] = (wait, now + wait)
        self._note(closed)
        self._full_until = 0.0
        self._room = 0
        return len(closed)

    def _note(self, closed: Sequence[_Closed]) -> None:
        ids = [arrival_id for one in closed for arrival_id in one.ids]
        with transaction.atomic():
            for start in range(0, len(ids), 500):
                Arrival.objects.filter(id__in=ids[start : start + 500]).update(state="done")
        for arrival_id in ids:
            unstage(self.house.staging, arrival_id)
        for one in closed:
            if one.changed:
                self.again(one.inbox, one.relpath)
            elif not in_forms(one.relpath):
                kept = self._folder_unit(one.path) != ""
                self.emptied.note(one.inbox, one.relpath, keep=kept)

    def refresh(self) -> int:
        """Rewrite the receipts of what a person accepted or corrected since; how many. Those of an
        inbox that is away wait, also over a restart."""
        told = [a for a in self._told.waiting() if self._refresh(a)]
        self._told.done(told)
        return len(told)

    def _refresh(self, arrival_id: str) -> bool:
        """Whether the arrival's sender needs to be told nothing more."""
        arrival = Arrival.objects.filter(id=arrival_id).first()
        inbox = self.inboxes.get(arrival.inbox) if arrival else None
        if arrival is None or inbox is None:
            return True
        if arrival.state != "done" or not (inbox.path / RECEIPTS).is_dir():
            return False
        try:
            receipt = self.receipt(arrival, descendants(arrival))
            rewrite_receipt(inbox, arrival.path, receipt, mark_of(arrival))
        except ValueError:
            return True
        except (StoreError, OSError) as error:
            if isinstance(error, StoreError) and error.code in DAMAGED:
                return True  # `yanxiu verify` names it; there is nothing new to tell
            log.exception("inbox %s: receipt of %r not rewritten yet", inbox.name, arrival.path)
            return False
        return True

    def _close(self, inbox: Inbox, arrival: Arrival, members: Sequence[Arrival]) -> _Closed | None:
        """None for a file that is held open."""
        for member in members:
            if member.outcome == "quarantined":
                self._quarantine_member(inbox, member)
        relpath = name_on_disk(inbox, arrival.path)
        status = self._clear(inbox, arrival, relpath).status
        if status == "busy":
            return None
        write_receipt(inbox, arrival.path, self.receipt(arrival, members), mark_of(arrival))
        ids = (arrival.id, *(m.id for m in members))
        return _Closed(inbox, arrival.path, relpath, ids, status == "changed")

    def _clear(self, inbox: Inbox, arrival: Arrival, relpath: str) -> Cleared:
        expected = Expected(arrival.size, arrival.mtime_ns, arrival.sha256)
        if arrival.outcome == "quarantined":
            reason = _reason(arrival)
            return quarantine(inbox, relpath, reason, expected, arrival.first_seen)
        return clear(inbox, relpath, expected)

    def _quarantine_member(self, inbox: Inbox, member: Arrival) -> None:
        staged = self.house.staging / staged_file(member.id)
        if staged.exists():
            name = f"{member.path}/{member.member}"
            quarantine_copy(inbox, name, staged, _reason(member), member.first_seen)

    # --- receipts ------------------------------------------------------------------

    def receipt(self, arrival: Arrival, members: Sequence[Arrival]) -> Receipt:
        """What the sender is told of a file (and of the files in it)."""
        base = Receipt(
            file=arrival.path,
            status=arrival.outcome,
            received=arrival.first_seen,
            error=_reason(arrival) if arrival.error else None,
            members=tuple(self._member(m) for m in members if m.outcome != "unpacked"),
            size=arrival.size,
            sha256=arrival.sha256,
            office=f"{self.house.register.county.name}教研室",
        )
        return self._with_facts(base, arrival) if arrival.record_id else base

    def _with_facts(self, base: Receipt, arrival: Arrival) -> Receipt:
        paper = paper_of(self.house, arrival)
        facts = paper_facts(self.house, paper)
        period = facts["period"]
        error = facts["error"]
        form, form_path = self._form(arrival, facts)
        status = _status(arrival, paper)
        blank = paper["blank"] and status in ("review", "duplicate")
        lacks = () if blank else _lacks(facts, self.house.kinds.get(facts["kind"] or ""))
        return replace(
            base,
            status=status,
            kind_name=facts["kind_name"] or "",
            unit=facts["unit"] or "",
            school=facts["school"] or "",
            subjects=tuple(facts["subjects"]),
            period=period["label"] if period else facts["month"] or facts["school_year"] or "",
            author=facts["author"] or "",
            title=facts["title"] or "",
            number=paper["id"],
            version=arrival.version or 1,
            same_as=facts["title"] or paper["versions"][0]["name"]
            if arrival.outcome == "duplicate"
            else "",
            reasons=tuple(facts["reasons"]),
            error=Reason(**error) if error else base.error,
            lacks=tuple(lacks),
            form=form,
            form_path=form_path,
            blank=blank,
        )

    def _form(self, arrival: Arrival, facts: dict[str, Any]) -> tuple[str, str]:
        """Name and place of the form that waits for a paper which lacks something, "" for none."""
        inbox, period = self.inboxes.get(arrival.inbox), facts["period"]
        if inbox is None or not period or not (facts["missing"] or facts["empty"]):
            return "", ""
        register = self.house.register
        school = register.school_named(facts["school"] or "")
        about = Period(period["type"], _day(period["start"]), _day(period["end"]), period["label"])
        wanted = FormWanted(
            facts["kind"] or "", school.id if school else "", tuple(facts["subjects"]),
            name_of(register.calendar, about),
        )  # fmt: skip
        return waiting_form(self.house, inbox, wanted) or ("", "")

    def _member(self, member: Arrival) -> Member:
        error = error_line(member.error)
        if not member.record_id:
            return Member(member.member, member.outcome, message=error["message"] if error else "")
        paper = paper_of(self.house, member)
        facts = paper_facts(self.house, paper)
        return Member(
            member.member,
            _status(member, paper),
            facts["kind_name"] or "",
            paper["id"],
            len(facts["missing"]) + len(facts["empty"]),
            "；".join(facts["reasons"]),
        )


def _waits(arrival: Arrival) -> bool:
    return arrival.source == "folder" and not arrival.member and in_forms(arrival.path)


def name_on_disk(inbox: Inbox, path: str) -> str:
    """A file's path in its inbox by the text that the catalogue calls it: on an old share the
    bytes of a name may be no text (see `as_text`)."""
    if os.path.lexists(inbox.path / path):
        return path
    folder, parts = inbox.path, []
    for part in path.split("/"):
        try:
            name = next((p.name for p in folder.iterdir() if as_text(p.name) == part), None)
        except OSError:
            name = None
        if name is None:
            return path
        parts.append(name)
        folder = folder / name
    return "/".join(parts)


def descendants(arrival: Arrival) -> list[Arrival]:
    """Everything that came in a bundle, at any depth, in order."""
    found: list[Arrival] = []
    if arrival.outcome != "unpacked":
        return found
    for member in arrival.members.order_by("id"):
        found.append(member)
        found += descendants(member)
    return found


def mark_of(arrival: Arrival) -> ReceiptMark:
    return ReceiptMark(arrival.id, arrival.sender_id, str(arrival.record_id or ""))


def _status(arrival: Arrival, paper: Paper) -> str:
    """What was to be reviewed when it came may have been filed since by a person."""
    reviewed = arrival.outcome == "review" and paper["status"] == Record.FILED
    return "filed" if reviewed else arrival.outcome


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _reason(arrival: Arrival) -> Reason:
    line = error_line(arrival.error) or {"code": "corrupt", "message": "", "remedy": ""}
    return Reason(line["code"], line["message"], line["remedy"])


def _lacks(facts: dict[str, list[str]], kind: Kind | None) -> list[Lack]:
    hints = {s.name: s.hint for s in kind.sections} if kind else {}
    lacks = [Lack(name, hints.get(name, "")) for name in facts["missing"]]
    lacks += [Lack(name, hints.get(name, ""), empty=True) for name in facts["empty"]]
    lacks += [Lack(name) for name in facts["missing_fields"]]
    recommended = facts["missing_recommended"]
    return lacks + [Lack(name, hints.get(name, ""), required=False) for name in recommended]
