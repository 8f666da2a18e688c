"""Errors of the shell: what a person typed or set up wrongly, each with code, sentence, remedy."""

from __future__ import annotations


class UsageError(Exception):
    """A wrong word on the command line or in the configuration (exit code 2)."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


class CannotError(UsageError):
    """The work could not be done (exit code 3)."""
