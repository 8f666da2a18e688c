"""Opaque identifiers: UUID version 7 (RFC 9562, section 5.7), in order of their making."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0

#: Bits below the millisecond: 12 of `rand_a` and 62 of `rand_b`, version and variant left out.
_RANDOM_BITS = 74


def uuid7() -> str:
    """A new UUIDv7 as 36 characters. Within one process each is greater than the one before,
    also when the clock steps back (RFC 9562, section 6.2, method 2: monotonic random)."""
    global _last
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1)
        _last = fresh if fresh > _last else _last + 1 + secrets.randbits(32)
        value = _last
    return str(UUID(int=_with_version(value)))


def _with_version(value: int) -> int:
    """Spread 48 bits of time and 74 random bits around the version (7) and the variant (10)."""
    time_ms = value >> _RANDOM_BITS
    rand_a = value >> 62 & 0xFFF
    rand_b = value & (1 << 62) - 1
    return time_ms << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
