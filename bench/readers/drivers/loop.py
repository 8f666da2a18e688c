"""Orders in, answers out, one JSON object a line: what every driver of a peer does.

Runs in the peer's own environment, so it knows nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable


def serve(read: Callable[[str], str]) -> None:
    """Answer {"path"} with {"text"} or {"error"}, until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a library prints is no answer
    _say(answers, {"ready": True})
    for line in sys.stdin:
        try:
            said = {"text": read(json.loads(line)["path"])}
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of a Rust library is no Exception
            said = {"error": f"{type(error).__name__}: {error}"[:500]}
        _say(answers, said)


def _say(answers: object, said: dict[str, object]) -> None:
    print(json.dumps(said), file=answers, flush=True)  # type: ignore[call-overload]
