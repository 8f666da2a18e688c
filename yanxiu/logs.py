"""What of the pages' log is news: a refused request is a line at most, never a traceback."""

from __future__ import annotations

import logging

#: The service said itself what is the matter (busy, no room): a line without a traceback.
SAID = (503, 507)


class Expected(logging.Filter):
    """Drops Django's lines about requests refused as they should be (4xx; a wrong host keeps its
    own line) and the tracebacks of refusals that the page explains."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 0)
        if record.name.startswith("django.security."):
            _without_traceback(record)
            return True
        if record.name == "django.request":
            if 400 <= status < 500:
                return False
            if status in SAID:
                _without_traceback(record)
        return True


def _without_traceback(record: logging.LogRecord) -> None:
    record.exc_info = record.exc_text = None
    record.levelno, record.levelname = logging.WARNING, "WARNING"
