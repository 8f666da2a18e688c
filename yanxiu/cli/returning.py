"""forms return: a form that came back, read."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yanxiu.cli.options import Verbs, json_option
from yanxiu.cli.output import emit
from yanxiu.opening import home_of, is_archive, open_archive


def register(acts: Verbs) -> None:
    back = acts.add_parser(
        "return", help="读出交回的表单里填写的内容（只读，不归档）",
        examples=("yanxiu forms return 孙镇初中-语文-2014-10.docx --json",),
        description="按表单编号认出是哪一份表，逐栏列出填写的内容和位置；看不准的不猜，说明原因。",
    )  # fmt: skip
    back.add_argument("paths", nargs="+", type=Path, metavar="文件")
    back.add_argument("--quick", action="store_true", help="扫描件不识别文字，只认编号")
    back.set_defaults(run=run_return)
    json_option(back)


def run_return(args: argparse.Namespace) -> int:
    from archive.returns import in_words

    findings = 0
    for line in _lines(args):
        findings += bool(line["error"] or line["doubts"] or line["others"] or not line["form"])
        if args.json:
            emit(line)
            continue
        print(f"—— {line['file']}")
        error = line["error"]
        print(error["message"] if error else "\n".join(in_words(line)))
    return 1 if findings else 0


def _lines(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    from archive.checking import files_of
    from archive.returns import facts
    from indexer.errors import ReadError
    from indexer.pool import ReaderPool

    recognise = _recogniser(args)
    with ReaderPool(workers=1) as pool:
        for label, file in files_of(args.paths):
            try:
                reading = pool.read(file, file.name)
                if reading.scanned and not args.quick:
                    reading = pool.recognise(file, reading)
            except ReadError as error:
                yield {"file": label, "error": error.to_json(), **facts(None)}
                continue
            yield {"file": label, "error": None, **facts(recognise(reading))}


def _recogniser(args: argparse.Namespace) -> Any:
    """Asks the archive of --home, else our own forms and the sample county."""
    from archive.returns import returned
    from yanxiu.cli.taking import register_for_check

    home = home_of(args.home) if args.home or os.environ.get("YANXIU_HOME") else None
    if home and is_archive(home):
        house = open_archive(home)
        from archive.issued import form_of

        return lambda reading: form_of(house, reading)
    kinds, county = register_for_check(args)
    return lambda reading: returned(reading, kinds, county)
