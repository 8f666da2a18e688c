"""Which receipts are to be brought up to date because something was decided since: by a
person, or by the text that was recognised on a scan.

The truth is the events of the catalogue; a small file keeps how far they were looked at and whose
receipts still wait. Without the file everything is looked at anew, which does no harm.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from pathlib import Path

from archive.models import Arrival, Event
from watch.clearing import replace_text

log = logging.getLogger("yanxiu.told")

DECIDED = ("accepted", "corrected", "recognised")
#: Events looked at in one round: receipts must not hold up what comes in.
ROUND = 50
#: Receipts that could not be written are tried again after this long. Seconds.
RETRY = 30.0


class Told:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._last, self._open = _load(file)
        self._again = 0.0

    def waiting(self) -> list[str]:
        """Ids of the outermost arrivals whose receipts may be out of date, oldest first."""
        events = Event.objects.filter(type__in=DECIDED, id__gt=self._last).order_by("id")
        found = list(events.values_list("id", "record_id")[:ROUND])
        if found:
            fresh = _outermost({record for _, record in found if record})
            self._last = found[-1][0]
            self._open = list(dict.fromkeys([*self._open, *fresh]))
            self._save()
        elif time.monotonic() < self._again:
            return []
        self._again = time.monotonic() + RETRY
        return list(self._open)

    def done(self, arrivals: Iterable[str]) -> None:
        told = set(arrivals)
        if told:
            self._open = [a for a in self._open if a not in told]
            self._save()

    def _save(self) -> None:
        state = {"last": self._last, "waiting": self._open}
        replace_text(self._file, json.dumps(state).encode())


def _load(file: Path) -> tuple[str, list[str]]:
    try:
        state = json.loads(file.read_bytes())
        return str(state["last"]), [str(a) for a in state["waiting"]]
    except FileNotFoundError:
        return "", []
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("%s is damaged; all receipts are looked at again", file)
        return "", []


def _outermost(records: Iterable[str]) -> list[str]:
    """The arrivals by folder that became these records; of members the bundle they came in."""
    found = []
    rows = Arrival.objects.filter(record_id__in=list(records), source="folder").order_by("id")
    for arrival in rows.select_related("bundle"):
        top = arrival
        while top.bundle is not None:
            top = top.bundle
        found.append(top.id)
    return list(dict.fromkeys(found))
