"""What a bundle's directory declares, looked at before anything is expanded."""

from __future__ import annotations

from collections.abc import Collection

from indexer.errors import ReadError
from indexer.limits import Limits

#: Below this the ratio says nothing: an empty table or a blank page is small anyhow.
RATIO_FROM = 16 * 1024 * 1024


def check_declared(sizes: Collection[int], packed: int, limits: Limits) -> None:
    """Refuse a bundle of `packed` bytes by the sizes of its entries. Raises ReadError."""
    if len(sizes) > limits.members:
        raise ReadError("too_large", f"{len(sizes)} entries")
    if any(size < 0 for size in sizes):
        raise ReadError("corrupt", "a negative size")
    expanded = sum(sizes)
    if expanded > limits.expanded:
        raise ReadError("too_large", f"{expanded} bytes expanded")
    if expanded > RATIO_FROM and expanded > packed * limits.ratio:
        raise ReadError("too_large", f"ratio {expanded // max(1, packed)}")
