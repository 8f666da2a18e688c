"""Every link leads somewhere: files, anchors, pictures; every path and name in code exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
from manuals import ROOT, Manual, manual, manuals, target

from archive.faults import POINTS

ROOMS = ("archive", "generator", "indexer", "watch", "web", "yanxiu")
_PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*(?:\.(?:py|toml|md|txt|html|docx|css|js))?")
_DOTTED = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.\w+)+")
#: Places of the user's home, of a server, or of the environment; not of the source.
ELSEWHERE = ("demo-home/", ".venv/", "index/", "locks/", "workspace/", "readings/", "content/")

every_page = pytest.mark.parametrize("page", manuals(), ids=lambda page: page.name)


def outside(link: str) -> bool:
    return re.match(r"[a-z]+:", link) is not None


@every_page
def test_relative_links_lead_to_files_and_anchors(page: Manual) -> None:
    dead = []
    for link in page.links:
        if outside(link):
            continue
        path, anchor = target(page, link)
        if not path.exists() or (
            anchor and anchor not in manual(path.resolve().relative_to(ROOT).as_posix()).anchors
        ):
            dead.append(link)
    assert not dead


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_page_of_docs_is_reached_from_the_readme(name: str) -> None:
    reached, todo = set(), [manual(name)]
    while todo:
        page = todo.pop()
        reached.add(page.name)
        for link in page.links:
            path, _ = target(page, link)
            if not outside(link) and path.suffix == ".md" and path.exists():
                inside = path.resolve().relative_to(ROOT).as_posix()
                todo += [manual(inside)] if inside not in reached else []
    assert {page.name for page in manuals() if page.name.startswith("docs/")} <= reached


def test_pictures_are_small_and_used() -> None:
    used = {target(p, link)[0].resolve() for p in manuals() for link in p.links}
    pictures = sorted((ROOT / "docs" / "screens").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 250_000, picture.name
    assert any(picture.resolve() in used for picture in pictures)


@pytest.mark.parametrize(
    "name", ["docs/ARCHITECTURE.md", "docs/SECURITY.md", "docs/DEPENDENCIES.md", "CONTRIBUTING.md"]
)
def test_source_paths_exist(name: str) -> None:
    absent = [
        span
        for span in manual(name).spans
        if _PATH.fullmatch(span)
        and not span.startswith(ELSEWHERE)
        and span.split("/")[0] in (*ROOMS, "templates", "tests", "bench", "docs")
        and not (ROOT / span).exists()
    ]
    assert not absent


def test_every_name_of_the_architecture_is_in_the_code() -> None:
    named = {word for span in manual("docs/ARCHITECTURE.md").spans for word in _words(span)}
    assert len(named) > 50, "the page names its functions as `room.module.name`"
    assert sorted(word for word in named if not _exists(word)) == []


def _words(span: str) -> list[str]:
    return _DOTTED.findall(span) if "/" not in span and not span.endswith(".toml") else []


def _exists(dotted: str) -> bool:
    """A module, or a class, function or constant of one, or a method of a class."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:cut])
        file = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
        if file.is_file():
            return ".".join(parts[cut:]) in {"", *_names(str(file))}
    return False


@cache
def _names(file: str) -> frozenset[str]:
    with open(file, encoding="utf-8") as source:  # noqa: PTH123 -- a cached key must be plain
        tree = ast.parse(source.read())
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            found |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return frozenset(found)


def test_fault_points_are_all_told() -> None:
    told = {s for row in manual("docs/ARCHITECTURE.md").spans for s in [row] if s in POINTS}
    assert told == set(POINTS)
