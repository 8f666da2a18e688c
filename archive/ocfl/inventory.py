"""An OCFL inventory as a value: parsed strictly, written always in the same order.

One value, one sequence of bytes: `dump(parse(b)) == b` for every inventory this house wrote, and
the inventory of an earlier version can be recomputed from a later one (`as_of`). `verify` uses
that to say which of two disagreeing files was damaged.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from archive.durable import StoreError
from archive.ocfl.layout import INVENTORY

TYPE = "https://ocfl.io/1.1/spec/#inventory"
_TOKEN = re.compile(r" ?\[([^\[\]\s]+)\]$")


@dataclass(frozen=True, slots=True)
class Version:
    """`created` is RFC 3339; `state` maps logical paths to sha512 digests."""

    created: str
    message: str
    user: tuple[str, str]
    state: Mapping[str, str]

    @property
    def token(self) -> str:
        found = _TOKEN.search(self.message)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """`manifest` maps content paths (relative to the object's root) to sha512 digests;
    `versions[0]` is v1."""

    id: str
    manifest: Mapping[str, str]
    versions: tuple[Version, ...]

    @property
    def head(self) -> int:
        return len(self.versions)

    def version(self, number: int | None = None) -> Version:
        """The version `number`, by default the head. Raises StoreError `store_missing`."""
        number = self.head if number is None else number
        if not 1 <= number <= self.head:
            raise StoreError("store_missing", f"{self.id} v{number}")
        return self.versions[number - 1]

    def content_of(self, digest: str) -> str:
        """A content path with these bytes. Raises StoreError `store_missing`."""
        for path, found in self.manifest.items():
            if found == digest:
                return path
        raise StoreError("store_missing", f"{self.id} {digest[:16]}")

    def with_token(self, token: str) -> int:
        """The number of the version written under this token, 0 if none."""
        for number, version in enumerate(self.versions, 1):
            if token and version.message.endswith(f"[{token}]"):
                return number
        return 0

    def extended(self, version: Version, contents: Mapping[str, str]) -> Inventory:
        """The next inventory; `contents` are the new content paths with their digests."""
        manifest = {**self.manifest, **contents}
        return replace(self, manifest=manifest, versions=(*self.versions, version))

    def as_of(self, number: int) -> Inventory:
        """The inventory as it was written with version `number`."""
        held = {p: d for p, d in self.manifest.items() if content_version(p) <= number}
        return replace(self, manifest=held, versions=self.versions[:number])


def content_version(content_path: str) -> int:
    return int(content_path.partition("/")[0][1:])


def sidecar(inventory: bytes) -> bytes:
    return f"{hashlib.sha512(inventory).hexdigest()} {INVENTORY}\n".encode()


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime says no instant")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def dump(inventory: Inventory) -> bytes:
    value = {
        "id": inventory.id,
        "type": TYPE,
        "digestAlgorithm": "sha512",
        "head": f"v{inventory.head}",
        "manifest": _by_digest(inventory.manifest),
        "versions": {f"v{n}": _version_json(v) for n, v in enumerate(inventory.versions, 1)},
    }
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _by_digest(paths: Mapping[str, str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for path in sorted(paths):
        grouped.setdefault(paths[path], []).append(path)
    return grouped


def _version_json(version: Version) -> dict[str, Any]:
    name, address = version.user
    user = {"name": name, "address": address} if address else {"name": name}
    return {
        "created": version.created,
        "message": version.message,
        "user": user,
        "state": _by_digest(version.state),
    }


def parse(data: bytes) -> Inventory:
    """Raises StoreError `store_damaged` for anything but a well-formed sha512 inventory."""
    try:
        return _parse(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError("store_damaged", f"inventory: {error!r}") from error


def _parse(value: Any) -> Inventory:
    count = len(value["versions"])
    if value["type"] != TYPE or value["digestAlgorithm"] != "sha512":
        raise ValueError("not an OCFL 1.1 inventory with sha512")
    if value["head"] != f"v{count}" or not count:
        raise ValueError("head is not the last version")
    manifest = _by_path(value["manifest"])
    versions = tuple(_parse_version(value["versions"][f"v{n}"]) for n in range(1, count + 1))
    for path in manifest:
        _check_content_path(path, count)
    held = set(manifest.values())
    if any(digest not in held for v in versions for digest in v.state.values()):
        raise ValueError("a state names bytes that the manifest does not have")
    return Inventory(str(value["id"]), manifest, versions)


def _parse_version(value: Any) -> Version:
    user = value.get("user", {})
    names = (str(user.get("name", "")), str(user.get("address", "")))
    state = _by_path(value["state"])
    return Version(str(value["created"]), str(value.get("message", "")), names, state)


def _by_path(grouped: Any) -> dict[str, str]:
    return {str(path): str(digest) for digest, paths in grouped.items() for path in paths}


def _check_content_path(path: str, count: int) -> None:
    parts = path.split("/")
    number = parts[0][1:]
    inside = len(parts) > 2 and parts[1] == "content" and number.isascii() and number.isdigit()
    if not inside or not 1 <= int(number) <= count or {"", ".", ".."} & set(parts):
        raise ValueError(f"content path {path!r}")
