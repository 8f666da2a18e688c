"""argparse in Chinese: its headings, its usage line and its sentences about wrong words."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from yanxiu.errors import UsageError

#: What argparse says (CPython 3.11 to 3.14) -> what we say; a choice is looked at apart.
_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"the following arguments are required: (.+)", r"还缺：\1"),
        (r"unrecognized arguments: (.+)", r"不认识：\1"),
        (r"one of the arguments (.+) is required", r"下列各项要写一项：\1"),
        (r"ambiguous option: (\S+) could match (.+)", r"「\1」可以是几个选项：\2"),
        (r"argument (.+?): not allowed with argument (.+)", r"\1 和 \2 只能写一项"),
        (r"argument (.+?): expected at least one argument", r"\1 后面至少要写一项"),
        (r"argument (.+?): expected at most one argument", r"\1 后面最多写一项"),
        (r"argument (.+?): expected one argument", r"\1 后面要写一项"),
        (r"argument (.+?): expected (\d+) arguments?", r"\1 后面要写 \2 项"),
        (r"argument (.+?): ignored explicit argument (.+)", r"\1 后面不能写值，现为 \2"),
        (r"argument (.+?): invalid int value: (.+)", r"\1 应当是整数，现为 \2"),
        (r"argument (.+?): invalid \w+ value: (.+)", r"\1 的值 \2 不对"),
    )
)
_CHOICE = re.compile(r"argument (?P<what>.+?): invalid choice: '?(?P<given>[^'(]*)'? \(.*", re.S)


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Examples keep their lines; the usage line begins in Chinese."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese and raises UsageError('usage') instead of leaving."""

    def __init__(self, *args: Any, examples: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **{**options, "add_help": False})
        self.formatter_class = Formatter
        self.epilog = "\n  ".join(("例：", *examples)) if examples else None
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        usage = re.sub(r"\s+", " ", self.format_usage().removeprefix("用法：")).strip()
        raise UsageError("usage", f"命令写法不对：{self._in_chinese(message)}", f"写法：{usage}")

    def _in_chinese(self, message: str) -> str:
        choice = _CHOICE.fullmatch(message)
        if choice:
            return self._wrong_choice(choice["what"], choice["given"])
        for pattern, sentence in _SENTENCES:
            if pattern.fullmatch(message):
                return pattern.sub(sentence, message)
        return message

    def _wrong_choice(self, what: str, given: str) -> str:
        known = next((list(map(str, a.choices)) for a in self._actions if a.choices
                      and what in ("/".join(a.option_strings), a.metavar, a.dest)), [])  # fmt: skip
        near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
        hint = f"，是否想写「{near[0]}」？" if near else "，可写：" + "、".join(known)
        return f"{what}「{given}」不认识{hint}"
