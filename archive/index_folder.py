"""Which folder of an archive's home is the index that serves. Knows no catalogue, so that
`yanxiu search` starts at once."""

from __future__ import annotations

from pathlib import Path


def serving(home: Path) -> Path:
    """`index/current` names it, so that a rebuilt index is swapped in at once."""
    root = home / "index"
    try:
        name = (root / "current").read_text("ascii").strip()
    except OSError:
        name = "main"
    return root / name


def serve(folder: Path) -> None:
    """Let `folder` be the index from now on, for every process."""
    partial = folder.parent / "current.tmp"
    partial.write_text(folder.name, "ascii")
    partial.replace(folder.parent / "current")
