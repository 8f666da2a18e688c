"""Which of two files comes after the other, by what their names say."""

from __future__ import annotations

import re

#: Words in a name that say it comes after another of the same kind.
LATER = re.compile(r"重交|重报|补交|修改|修订|终稿|定稿|更正|最终")


def comes_late(name: str) -> bool:
    """Does a file name say that it replaces an earlier one?"""
    return LATER.search(name) is not None
