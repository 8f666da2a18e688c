"""Errors of the archive: a stable code, a Chinese sentence, a remedy."""

from __future__ import annotations

from typing import Any


class ArchiveError(Exception):
    """What a person can meet while filing, correcting or looking up."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


def unknown_record(record_id: str) -> ArchiveError:
    return ArchiveError("record_unknown", f"没有编号为「{record_id}」的件", "请核对编号，或先检索")


def busy(what: str) -> ArchiveError:
    return ArchiveError("busy", f"{what}正被另一个程序占用", "请等待它结束后重试")
