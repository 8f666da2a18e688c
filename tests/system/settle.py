"""Run as a child process: serve an archive's inboxes without pages until everything is settled,
then print what the archive holds as one line of JSON. Killed on purpose by the tests."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from yanxiu.opening import open_archive


def main(home: Path, mode: str) -> None:
    house = open_archive(home)
    from archive.models import Arrival, Order, Record
    from archive.paper import OBJECT
    from watch import watcher
    from yanxiu.config import Config, InboxConfig
    from yanxiu.serving import Service, scanned

    if mode == "deaf":
        # Every event is lost: what the observer would say never arrives.
        watcher.Ears.start = lambda ears: ""  # type: ignore[method-assign]
    config = Config(inbox=(InboxConfig(settle=0.1, interval=0.2),))
    with Service(house, config) as service:
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            waiting = sum(n for _, n in scanned(service.inboxes).values())
            at_work = Arrival.objects.exclude(state="done").exists() or Order.objects.exists()
            if not (waiting or at_work):
                break
            time.sleep(0.05)
        else:
            raise SystemExit("not settled in time")
    records = {}
    for record in Record.objects.order_by("id"):
        paper = json.loads(house.store.read(OBJECT + record.id, "record.json"))
        records[record.id] = [v["sha256"] for v in paper["versions"]]
    objects = sum(1 for o in house.store.objects() if o.startswith(OBJECT))
    print(json.dumps({
        "records": records,
        "objects": objects,
        "indexed": sorted(house.engine().ids()),
        "faults": [f.message for f in house.store.verify()],
        "staging": sorted(p.name for p in house.staging.iterdir()),
        "arrivals": sorted(Arrival.objects.values_list("path", "member", "outcome")),
    }))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
