"""The register in force as the store keeps it: to be had without the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

from archive.ocfl import Store
from archive.register import Register

OBJECT = "urn:yanxiu:register"


def stored_register(home: Path) -> Register | None:
    """The newest register of the archive at `home`, None before the first. Raises StoreError."""
    store = Store(home / "store", home / "workspace")
    if not store.exists(OBJECT):
        return None
    return Register.from_json(json.loads(store.read(OBJECT, "register.json")))
