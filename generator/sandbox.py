"""The engine a compiled part runs in: Jinja with everything taken out that a form does not need.

What an author writes never reaches it (see tags.py); this is the second wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.chinese import FILTERS
from generator.slots import Slot

#: Our delimiters are noncharacters, which `ooxml.legal` keeps out of every text: nothing that
#: stands in a template or a value can ever be taken for code.
OPEN, CLOSE, BLOCK, END, NOTE, NOTE_END = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5"


def template(source: str, slots: Sequence[Slot]) -> Template:
    """A template of one part: autoescape, the filters of a form, no test, no name, no loader."""
    environment = ImmutableSandboxedEnvironment(
        variable_start_string=OPEN,
        variable_end_string=CLOSE,
        block_start_string=BLOCK,
        block_end_string=END,
        comment_start_string=NOTE,
        comment_end_string=NOTE_END,
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )

    def slot(value: Any, number: int) -> Markup:
        return slots[number].fill(value)

    environment.filters = {**FILTERS, "slot": slot}
    environment.tests = {}
    environment.globals = {}
    return environment.from_string(source)
