"""Options that several commands share."""

from __future__ import annotations

import argparse
import getpass
from typing import Any

#: The sub-parsers to which each group adds its verbs.
Verbs = Any


def json_option(parser: argparse.ArgumentParser) -> None:
    """`--json` after the verb as well as before it."""
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="以 JSON 输出"
    )


def actor() -> str:
    """Who acts on the command line, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "命令行"
