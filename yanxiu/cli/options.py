"""Options that several commands share."""

from __future__ import annotations

import argparse
import getpass
from itertools import pairwise
from pathlib import Path
from typing import Any

from yanxiu.errors import UsageError

#: The sub-parsers to which each group adds its verbs.
Verbs = Any


def json_option(parser: argparse.ArgumentParser) -> None:
    """`--json` after the verb as well as before it."""
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="以 JSON 输出"
    )


def sorted_by(words: list[str]) -> list[str]:
    """`--sort -date` as one word: argparse takes what begins with a dash for an option."""
    at = next((at for at, pair in enumerate(pairwise(words)) if pair == ("--sort", "-date")), None)
    return words if at is None else [*words[:at], "--sort=-date", *words[at + 2 :]]


def wanted_suffix(option: str, path: Path, suffix: str) -> None:
    """Raises UsageError('suffix') for a file whose name promises another format. `option` is what
    it was given as: -o, or 文件 for what stands without one."""
    what = f"{option} 的文件名" if option.startswith("-") else f"{option}名"
    if path.suffix.lower() != suffix:
        raise UsageError(
            "suffix", f"{what}应以 {suffix} 结尾，现为「{path.name}」",
            f"如 {path.with_suffix(suffix).name}" if path.name else "请写出文件名",
        )  # fmt: skip


def actor() -> str:
    """Who acts on the command line, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "命令行"
