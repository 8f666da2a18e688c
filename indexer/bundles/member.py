"""The values of a bundle: what stands in it, what was taken out of it, and the port of a format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from indexer.errors import ReadError


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a bundle.

    `name` is its path inside the bundle made safe: relative, "/" between parts, no "..", unique.
    `size` is in bytes as declared (of a letter's attachment: as large as it can be). `error`:
    encrypted, unsupported, too_large, corrupt or no_unrar, else None. `index` counts from 0 in
    the order of the bundle; `modified` is naive local time, None where the bundle has none.
    """

    name: str
    size: int
    index: int
    modified: datetime | None = None
    error: ReadError | None = None


class Bundle(Protocol):
    """An open bundle of one format, closed by leaving its `with` block.

    Opening raises ReadError for the bundle as a whole: corrupt, too_large, encrypted (all of it),
    volumes (a part of a split one), no_unrar, unsupported, unreadable.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def members(self) -> Iterator[Member]:
        """The files of the bundle in its own order; folders, links and devices are no members."""
        ...

    def extract(self, member: Member, target: Path) -> None:
        """Write the member's bytes to the file `target`, and nothing anywhere else.

        In the order of `members` all of them cost one pass; another order may begin again each
        time. Raises ReadError, `target` is then gone; OSError of our own disk.
        """
        ...


#: The names `unpack_into` gives to files.
_OURS = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Taken:
    """A member as it was taken out. `file` is its name in the folder of `unpack_into`, "" where
    `error` says why there is none; `size` is then what the bundle declares. The rest is as in
    `Member`.

    Crosses a process border as JSON; `from_json` raises ValueError for a file that could lie
    elsewhere than in that folder.
    """

    name: str
    size: int
    index: int
    modified: datetime | None = None
    error: ReadError | None = None
    file: str = ""

    def to_json(self) -> dict[str, Any]:
        error = self.error
        return {
            "name": self.name,
            "size": self.size,
            "index": self.index,
            "modified": self.modified.isoformat() if self.modified else None,
            "error": {"code": error.code, "detail": error.detail[:500]} if error else None,
            "file": self.file,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Taken:
        file, error, modified = data["file"], data["error"], data["modified"]
        if not (_OURS.fullmatch(file) or (error and not file)):
            raise ValueError(f"no name of ours: {file!r}")
        return cls(
            name=data["name"],
            size=int(data["size"]),
            index=int(data["index"]),
            modified=datetime.fromisoformat(modified) if modified else None,
            error=ReadError(error["code"], error["detail"]) if error else None,
            file=file,
        )


def our_name(index: int) -> str:
    """What the file of the index-th member is called outside: never by a name from the bundle."""
    return f"{index:08x}"
