"""The `yanxiu` command: a thin skin over the rooms. One module a group of verbs; each registers
its parsers and hands over to the library. Exit codes: 0 done, 1 findings, 2 wrong use, 3 could not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from yanxiu.cli import finding, forming, keeping, people, reporting, reviewing, running, taking
from yanxiu.cli.options import sorted_by
from yanxiu.cli.output import say_error
from yanxiu.cli.parsing import Parser
from yanxiu.errors import exit_code

GROUPS = (running, taking, finding, reviewing, reporting, forming, keeping, people)


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="yanxiu", description="校本研修资料的收件、归档、检索、核对与制表")
    top.add_argument("--home", metavar="文件夹", help="档案库所在的文件夹（或设 YANXIU_HOME）")
    top.add_argument("--json", action="store_true", help="以 JSON 输出")
    verbs = top.add_subparsers(
        dest="verb", metavar="命令", title="命令", required=True, parser_class=Parser
    )
    for group in GROUPS:
        group.register(verbs)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are said once, with code and remedy."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words
    try:
        args = parser().parse_args(sorted_by(words))
        return int(args.run(args))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 3
    except Exception as error:
        return say_error(error, as_json, exit_code(error))
