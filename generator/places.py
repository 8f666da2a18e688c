"""Where something stands in a template, in the words of the people who must find it."""

from __future__ import annotations

from generator.ooxml import Element, w

#: What the name of a part begins with -> what people call it.
_STORIES = {
    "document": "",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
}


class Places:
    """Places in one part. Body paragraphs outside tables and tables outside tables are counted
    from 1 (empty ones too), cells as they are seen: one for each cell of the row."""

    def __init__(self, part: str, root: Element) -> None:
        file = part.rpartition("/")[2]
        self.story = next((_STORIES[stem] for stem in _STORIES if file.startswith(stem)), file)
        self._tables = {t: n for n, t in enumerate(_outer(root, "tbl"), 1)}
        self._paragraphs = {p: n for n, p in enumerate(_outer(root, "p"), 1)}

    def of(self, paragraph: Element) -> str:
        """表 2 行 3 列 1 · 第 5 段 · 页脚 · 页脚 表 1 行 1 列 2 · 第 3 段的文本框."""
        cell = _cell_path(paragraph, self._tables)
        number = self._paragraphs.get(paragraph)
        inner = cell or (f"第 {number} 段" if number and not self.story else "")
        if not inner and not self.story:
            inner = self._around(paragraph)
        return " ".join(part for part in (self.story, inner) if part)

    def _around(self, paragraph: Element) -> str:
        for ancestor in paragraph.iterancestors(w("p")):
            return f"{self.of(ancestor)}的文本框"
        return "正文"


def _outer(root: Element, tag: str) -> list[Element]:
    """Elements of that tag with neither a table nor a paragraph around them."""
    containers = (w("tbl"), w("p"))
    return [e for e in root.iter(w(tag)) if not any(a.tag in containers for a in e.iterancestors())]


def _cell_path(paragraph: Element, tables: dict[Element, int]) -> str:
    cell = next(paragraph.iterancestors(w("tc")), None)
    if cell is None or _boxed(paragraph, cell):
        return ""
    table = next(cell.iterancestors(w("tbl")), None)
    if table is None:
        return ""
    here = f"行 {_nth(cell.getparent())} 列 {_nth(cell)}"
    if table in tables:
        return f"表 {tables[table]} {here}"
    outer = _cell_path(table, tables)
    return f"{outer} 内嵌表 {here}" if outer else f"表 {here}"


def _nth(element: Element) -> int:
    """Its number among its siblings of the same name, from 1."""
    return 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))


def _boxed(paragraph: Element, cell: Element) -> bool:
    """Whether a text box stands between the paragraph and the cell."""
    for ancestor in paragraph.iterancestors():
        if ancestor is cell:
            return False
        if ancestor.tag == w("p"):
            return True
    return False
