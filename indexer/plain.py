"""Text as the recognisers compare it: Simplified, half-width, one character for one.

Unlike `indexer.folding`, every character keeps its place: what is found in the plain text is cut
out of the original by the same offsets, so that titles and values stay as their author wrote them.
"""

from __future__ import annotations

from functools import lru_cache

from indexer.folding import load_table

#: U+FF01..U+FF5E are the ASCII characters in full width, in the same order.
_WIDE_FROM, _WIDE_TO = 0xFF01, 0xFF5E
#: Small and half-width forms (U+FE50.., U+FF61..) and what recognition takes for them.
_FORMS = {
    "﹑": "、", "､": "、", "｡": "。", "﹒": ".", "﹐": ",", "﹔": ";", "﹕": ":", "﹖": "?",
    "﹗": "!", "﹙": "(", "﹚": ")", "∶": ":", "︰": ":", "\u00a0": " ", "\u2007": " ",
    "\u202f": " ", "\u2002": " ", "\u2003": "\u3000",
    "\u200b": " ", "\u200c": " ", "\u200d": " ", "\u2060": " ", "\ufeff": " ", "\u00ad": " ",
}  # fmt: skip


class _Table(dict[int, str]):
    """For str.translate; a character without an entry is remembered as itself."""

    def __missing__(self, code: int) -> str:
        own = self[code] = chr(code)
        return own


@lru_cache(maxsize=1)
def _table() -> _Table:
    table = _Table({ord(old): new for old, new in load_table().items()})
    table.update({code: chr(code - 0xFEE0) for code in range(_WIDE_FROM, _WIDE_TO + 1)})
    table.update({ord(old): new for old, new in _FORMS.items()})
    return table


def plain(text: str) -> str:
    """The plain text, as long as `text`."""
    return text if text.isascii() else text.translate(_table())
