"""A child process for foreign bytes: takes orders on standard input, answers on standard output.

Started by `indexer.child` as `python -m indexer.worker`. Each message is its length as four bytes,
most significant first, then UTF-8 JSON. The first message in is {"lane", "limits", "scratch"}, the
first one out {"ready": true}; then orders in and answers out, see `indexer.duties`: the answer is
what the duty gives, or {"error": {"code", "detail"}}; each with "peak", the highest resident size
so far in bytes (0 where unknown).
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from indexer.errors import ReadError
from indexer.limits import Limits

_LENGTH = struct.Struct(">I")
#: No honest reading is larger: the text is limited to 2 million characters.
LONGEST = 256 * 1024 * 1024
#: How much a child that recognises text gives way to everything else on the machine.
_NICE = 15


def send(stream: BinaryIO, message: dict[str, Any]) -> None:
    data = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message, None at the end of the stream or where it is cut short."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length) if length <= LONGEST else b""
    if len(data) < length:
        return None
    message: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return message


def main() -> None:
    orders, answers = sys.stdin.buffer, _private_stdout()
    settings = receive(orders)
    if settings is None:
        return
    limits = Limits.from_json(settings["limits"])
    if settings.get("scratch"):
        tempfile.tempdir = settings["scratch"]
    _confine(settings.get("lane", "native"), limits)
    send(answers, {"ready": True})
    while (order := receive(orders)) is not None:
        seconds = float(order.get("seconds", limits.seconds))
        _arm(seconds)
        answer = _answer(order, limits)
        _arm(0)
        send(answers, {**answer, "peak": _peak()})


def _private_stdout() -> BinaryIO:
    """Standard output for us alone: what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _answer(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    from indexer import duties

    try:
        return duties.do(order, limits)
    except ReadError as error:
        return {"error": {"code": error.code, "detail": error.detail[:500]}}
    except MemoryError:
        return {"error": {"code": "too_large", "detail": "out of memory"}}


def _confine(lane: str, limits: Limits) -> None:
    """Bound address space and switch off core dumps, where the system can (not on Windows)."""
    from indexer import confinement

    confinement.forbid(Path(tempfile.gettempdir()), programs=lane == "recognising")
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform.startswith("linux") and lane == "native":
            # Elsewhere RLIMIT_AS counts shared maps too, or is not kept.
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    if lane == "recognising":
        _give_way()


def _give_way() -> None:
    """Recognising takes seconds a page; whoever waits for a search comes first."""
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        # Windows has classes instead of numbers.
        psutil.Process().nice(getattr(psutil, "IDLE_PRIORITY_CLASS", _NICE))


def _arm(seconds: float) -> None:
    """A last watchdog, for the case that the parent died: the default action ends the process."""
    with contextlib.suppress(ImportError, AttributeError):
        import signal

        signal.setitimer(signal.ITIMER_REAL, seconds * 2 if seconds else 0)


def _peak() -> int:
    """The most memory this process held, in bytes. On Linux ru_maxrss would do no good: it
    survives exec, so that the child of a large parent starts with the parent's peak."""
    try:
        with Path("/proc/self/status").open(encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line[:6] == "VmHWM:")
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
