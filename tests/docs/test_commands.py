"""Commands, options and targets written in the docs exist; those that exist are written."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
from collections.abc import Iterator

import pytest
from manuals import ROOT, Manual, manual, manuals

from yanxiu.cli import parser
from yanxiu.errors import UsageError

every_page = pytest.mark.parametrize("page", manuals(), ids=lambda page: page.name)
README = ("README.md", "## Commands"), ("README.zh-CN.md", "## 命令一览")
#: What stands for the reader's own words in a command line of the docs.
PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9]*(?:\[@n\])?(?:=VALUE)?(?:\.\.\.)?|…|\[filters\]")


def verbs_of(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def all_verbs() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """("serve", …), ("review list", …), …: the commands that do something."""
    for verb, sub in verbs_of(parser()).items():
        acts = verbs_of(sub)
        if acts:
            yield from ((f"{verb} {act}", one) for act, one in acts.items())
        else:
            yield verb, sub


def verb_in(line: str) -> list[str]:
    """The words of a command line after `yanxiu`, options of the top left out."""
    words = line.replace("…", " … ").split()[1:]
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] == "--home" else words[1:]
    return words


@every_page
def test_commands_exist(page: Manual) -> None:
    known = verbs_of(parser())
    unknown = []
    for line in page.command_lines():
        words = verb_in(line)
        if not words or PLACEHOLDER.fullmatch(words[0]):
            continue
        acts = verbs_of(known[words[0]]) if words[0] in known else {}
        if words[0] not in known or (acts and words[1:] and words[1] not in acts):
            unknown.append(line)
    assert not unknown


@every_page
def test_options_exist(page: Manual) -> None:
    known = verbs_of(parser())
    unknown = []
    for line in page.command_lines():
        words = verb_in(line)
        if not words or words[0] not in known:
            continue
        last = verbs_of(known[words[0]]).get(words[1] if len(words) > 1 else "", known[words[0]])
        options = {o for a in (*parser()._actions, *last._actions) for o in a.option_strings}
        given = re.findall(r"(?<![\w-])--[a-z][a-z-]*|(?<![\w-])-[a-z]\b", " ".join(words))
        unknown += [f"{line}: {option}" for option in given if option not in options]
    assert not unknown


@every_page
def test_whole_command_lines_can_be_typed(page: Manual) -> None:
    """Lines of code blocks, and inline commands with an option, as a reader would copy them."""
    lines = [line for kind, body in page.blocks if not kind for line in body.splitlines()]
    lines += [span for span in page.spans if " --" in span]
    for line in lines:
        whole = re.sub(r"\$\([^)]*\)", "2014", line)
        words = shlex.split(whole, comments=True) if whole.startswith("yanxiu ") else []
        if words and not any(PLACEHOLDER.fullmatch(word) for word in words):
            try:
                parser().parse_args(words[1:])
            except UsageError as error:
                pytest.fail(f"{page.name}: {line}: {error.message}")


@pytest.mark.parametrize(("name", "heading"), README)
def test_every_command_is_in_the_table(name: str, heading: str) -> None:
    told = {" ".join(verb_in(row[0].strip("`"))) for row in manual(name).rows(heading)}
    untold = [
        verb
        for verb, _ in all_verbs()
        if not any(line == verb or line.startswith(f"{verb} ") for line in told)
    ]
    assert not untold


def test_both_tables_tell_the_same_commands() -> None:
    english, chinese = ([row[0] for row in manual(n).rows(h)] for n, h in README)
    assert english == chinese


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return {t for line in re.findall(r"^([a-z ]+):", makefile, re.M) for t in line.split()}


def dev_commands() -> set[str]:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"))
    (main,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "main")
    table = next(n for n in ast.walk(main) if isinstance(n, ast.Dict))
    return {key.value for key in table.keys if isinstance(key, ast.Constant)}  # type: ignore[misc]


def test_make_and_dev_offer_the_same() -> None:
    assert targets() == dev_commands()


@every_page
def test_make_targets_exist(page: Manual) -> None:
    code = "\n".join([*(body for kind, body in page.blocks if kind == ""), *page.spans])
    told = re.findall(r"(?<!forms )\b(?:make|dev\.py) ([a-z]+)", code)
    assert {name for name in told if name not in targets()} == set()


def test_every_make_target_is_told() -> None:
    text = "".join(page.text for page in manuals())
    assert {name for name in targets() if f"make {name}" not in text} == set()
