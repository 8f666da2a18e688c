"""Errors of the shell: what a person typed or set up wrongly, each with code, sentence, remedy."""

from __future__ import annotations

#: Codes of the rooms that mean a wrong word of the person at the command line.
WRONG_WORDS = frozenset({
    "kind_unknown", "period_unknown", "school_unknown", "cluster_unknown", "subject_unknown",
    "month_unknown", "term_unknown", "school_year_unknown", "date_unknown", "field_unknown",
    "value_unknown", "filter_unknown", "query", "dates",
})  # fmt: skip


class UsageError(Exception):
    """A wrong word on the command line or in the configuration (exit code 2)."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


class CannotError(UsageError):
    """The work could not be done (exit code 3)."""


def exit_code(error: Exception) -> int:
    """2 for a wrong word, 3 for what could not be done."""
    if isinstance(error, CannotError):
        return 3
    wrong = isinstance(error, UsageError) or getattr(error, "code", "") in WRONG_WORDS
    return 2 if wrong else 3
