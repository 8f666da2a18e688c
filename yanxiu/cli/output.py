"""What the command prints: answers on standard output, progress and errors on standard error."""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
import time
from typing import Any


def emit(value: Any) -> None:
    """One JSON value on a line of standard output."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def note(text: str) -> None:
    """A line for the person at the screen; never on standard output."""
    print(text, file=sys.stderr, flush=True)


def say_error(error: Exception, as_json: bool, exit_code: int) -> int:
    """Code, sentence and remedy of an error; an error of ours carries them, others are wrapped."""
    code, message, remedy = parts_of(error)
    faults = [str(fault) for fault in getattr(error, "faults", ())]
    told = as_value(error)
    if as_json:
        emit({"error": {**told, "faults": faults} if faults else told})
    place = f"（在第 {told['position'] + 1} 个字处）" if "position" in told else ""
    lines = [f"错误 [{code}]：{message}{place}", *(f"  {fault}" for fault in faults)]
    note("\n".join([*lines, f"办法：{remedy}"] if remedy else lines))
    if code in ("internal", "database"):
        logging.getLogger("yanxiu").error("unexpected", exc_info=error)
    return exit_code


def as_value(error: Exception) -> dict[str, Any]:
    """{"code", "message", "remedy"} of an error, and "position", counted from 0, of one that
    points at a place of the question."""
    code, message, remedy = parts_of(error)
    told: dict[str, Any] = {"code": code, "message": message, "remedy": remedy}
    position = getattr(error, "position", None)
    return {**told, "position": position} if code == "query" and position is not None else told


def parts_of(error: Exception) -> tuple[str, str, str]:
    code = getattr(error, "code", None)
    if isinstance(code, str) and hasattr(error, "message"):
        return code, str(error.message), str(getattr(error, "remedy", ""))
    if type(error).__module__ == "django.db.utils":
        return (
            "database",
            f"读写目录数据库时出错：{error}",
            "请检查磁盘空间和权限；若另一个程序正在使用档案库，稍后重试",
        )
    if isinstance(error, OSError):
        where = f"（{error.filename}）" if error.filename else ""
        return (
            "os",
            f"读写失败{where}：{_reason(error)}",
            "请检查路径、权限和磁盘空间",
        )
    return "internal", f"程序内部出错：{error!r}", "请把这段信息和出错时的操作告诉维护人员"


#: Of the system's reasons those that a person can do something about.
REASONS = {
    errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.ENOENT: "找不到文件或文件夹",
    errno.ENOSPC: "磁盘已满", errno.EROFS: "磁盘是只读的", errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹", errno.EEXIST: "已经存在",
    errno.EADDRINUSE: "端口已被别的程序占用", errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "文件名过长",
}  # fmt: skip


def _reason(error: OSError) -> str:
    if error.errno in REASONS:
        return REASONS[error.errno]
    return os.strerror(error.errno) if error.errno else str(error)


class Progress:
    """A counter line on a terminal's standard error; nothing elsewhere, where the commands' own
    last line says how many there were."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._last = 0.0
        self._tty = sys.stderr.isatty()

    def __call__(self, done: int, total: int | None = None) -> None:
        if not self._tty:
            return
        now = time.monotonic()
        finished = total is not None and done >= total
        if now - self._last < 0.1 and not finished:
            return
        self._last = now
        text = f"{self.what} {done}" + (f"/{total}" if total is not None else "")
        print(f"\r\x1b[K{text}", end="\n" if finished else "", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._tty:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
