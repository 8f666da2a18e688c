"""Other documents inside a .docx: chunks in another format (17.17.2) and parts of a master."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from indexer import readers, sniff
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.docx.parts import Parts
from indexer.readers.package import Element
from indexer.reading import Block, Reading

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: What Word takes as a chunk (17.17.2.1).
_FORMATS = frozenset({"docx", "html", "mht", "rtf", "txt", "wordml"})
#: More chunks than this are no document put together by hand.
_MOST = 64
_BODY = frozenset({"heading", "paragraph", "table", "note"})


@dataclass(slots=True)
class Foreign:
    """Reads the documents that the main part takes in. `inner` reads a .docx in a .docx."""

    parts: Parts
    limits: Limits
    inner: Callable[[Path, Limits], Reading] | None
    read: int = 0

    def blocks(self, element: Element) -> Iterator[Block]:
        """The body of the document that a w:altChunk or w:subDoc names."""
        target = self.parts.relations.get(element.get(_RELATION, ""), ("", ""))[1]
        if not self.parts.package.has(target):
            self.parts.note("主控文档引用了另外的文件，没有读")
            return
        self.read += 1
        if self.read > _MOST:
            self.parts.note("嵌入的文档太多，没有全读")
            return
        try:
            yield from self._body(target)
        except ReadError as error:
            self.parts.note(f"嵌入的一个文档没有读：{error.message}")

    def _body(self, target: str) -> Iterator[Block]:
        data = self.parts.package.data(target)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"chunk{PurePosixPath(target).suffix[:8]}"
            path.write_bytes(data)
            form = sniff.detect(path)
            if form not in _FORMATS:
                raise ReadError("unsupported", form)
            reading = self._reading(path, form)
        for note in reading.left_out:
            self.parts.note(note)
        yield from (block for block in reading.blocks if block.kind in _BODY)

    def _reading(self, path: Path, form: str) -> Reading:
        # A part of the whole's allowance each: many small bombs must not add up to a large one.
        limits = replace(self.limits, part=self.limits.part // 8)
        if form != "docx":
            return readers.reader_for(form).read(path, limits)
        if self.inner is None:
            raise ReadError("too_large", "documents nested too deeply")
        return self.inner(path, limits)
