"""The forms that come with the house, and the examples beside their sources that fill them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from archive.forms import Paper, papers, spec_of
from archive.kind_files import load_kinds
from generator import Form, Mode, compile_form

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SOURCE = TEMPLATES / "forms_source"
LONG_NAME = "蒲城县城关镇第三初级中学附属小学"
KINDS = load_kinds(TEMPLATES / "kinds")
PAPERS: dict[str, Paper] = {paper.id: paper for paper in papers(KINDS)}
SHIPPED = tuple(PAPERS)


def source_name(form_id: str) -> str:
    return form_id.replace(".", "-")


@cache
def source(form_id: str) -> dict[str, Any]:
    """The readable source of a form: layout, pages, example."""
    return tomllib.loads((SOURCE / f"{source_name(form_id)}.toml").read_text(encoding="utf-8"))


def shipped(form_id: str) -> Form:
    paper = PAPERS[form_id]
    return compile_form(paper.template, spec_of(paper))


def values(form_id: str, mode: Mode) -> dict[str, Any]:
    """What is handed over in each of the three ways."""
    county = {"县名": "蒲城县"}
    if mode == "blank":
        return county
    known = county | source(form_id)["known"]
    return known if mode == "prefilled" else known | source(form_id)["written"]
