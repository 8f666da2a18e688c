"""Decompressors that never give more than `MOST` bytes at a time, whatever they are fed.

A few bytes of bzip2 or LZMA expand to megabytes; asked without a bound, as the standard library's
zip reader asks them, they take all the memory there is.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from typing import Protocol

import inflate64

from indexer.bundles.pouring import is_ours
from indexer.errors import ReadError

MOST = 1024 * 1024
#: Deflate64 makes up to 64 KB of 18 bits and its decoder has no bound of its own: fed this many
#: bytes at a time it gives 2 MB at most.
_SIP = 64
#: What a dictionary may cost. The default for .xz and .7z is 8 to 64 MB; 7-Zip's menu offers up to
#: 1.5 GB, which a reader of 1.5 GB of address space could not give.
DICTIONARY = 256 * 1024 * 1024


class Expander(Protocol):
    """One compressed stream. `take` gives at most about `MOST` bytes; while `hungry` is False it
    has more to give and is called with b""."""

    @property
    def eof(self) -> bool: ...

    @property
    def hungry(self) -> bool: ...

    @property
    def unused(self) -> bytes:
        """What followed the end of the stream in the last bytes fed."""
        ...

    def take(self, data: bytes) -> bytes: ...


class _Deflate:
    """`bits` as zlib has it: -15 raw, 31 with a gzip header and checksum."""

    def __init__(self, bits: int) -> None:
        self._zlib = zlib.decompressobj(bits)
        self.hungry = True

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused(self) -> bytes:
        return self._zlib.unused_data

    def take(self, data: bytes) -> bytes:
        piece = self._zlib.decompress(self._zlib.unconsumed_tail + data, MOST)
        # A full measure may leave more inside, even when all input is consumed.
        self.hungry = not self._zlib.unconsumed_tail and len(piece) < MOST
        return piece


class _Blockwise:
    """bzip2 and LZMA, whose decoders in the standard library have one interface."""

    def __init__(self, decoder: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._decoder = decoder

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def hungry(self) -> bool:
        return self._decoder.needs_input

    @property
    def unused(self) -> bytes:
        return self._decoder.unused_data

    def take(self, data: bytes) -> bytes:
        return self._decoder.decompress(data, MOST)


class _Deflate64:
    unused = b""

    def __init__(self) -> None:
        self._inflater = inflate64.Inflater()
        self._waiting = memoryview(b"")

    @property
    def eof(self) -> bool:
        return bool(self._inflater.eof)

    @property
    def hungry(self) -> bool:
        return not self._waiting

    def take(self, data: bytes) -> bytes:
        if data:
            self._waiting = memoryview(bytes(self._waiting) + data)
        pieces, length = [], 0
        while self._waiting and length < MOST and not self.eof:
            piece = self._inflater.inflate(bytes(self._waiting[:_SIP]))
            self._waiting = self._waiting[_SIP:]
            pieces.append(piece)
            length += len(piece)
        return b"".join(pieces)


class _ZipLzma:
    """LZMA as a zip holds it: version, length of the properties, properties, the raw stream
    (APPNOTE.TXT 5.8.8). `size` is what comes out, so that no larger dictionary is needed."""

    unused = b""

    def __init__(self, size: int) -> None:
        self._size = size
        self._head = b""
        self._decoder: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._decoder is not None and self._decoder.eof

    @property
    def hungry(self) -> bool:
        return self._decoder is None or self._decoder.needs_input

    def take(self, data: bytes) -> bytes:
        if self._decoder is None:
            self._head += data
            if len(self._head) < 9:
                return b""
            data = self._begin()
        assert self._decoder is not None
        return self._decoder.decompress(data, MOST)

    def _begin(self) -> bytes:
        _, _, length, mixed, dictionary = struct.unpack_from("<BBHBI", self._head)
        if length != 5 or mixed >= 9 * 5 * 5:
            raise ReadError("corrupt", "LZMA properties")
        rest, lc = divmod(mixed, 9)
        pb, lp = divmod(rest, 5)
        needed = min(dictionary, max(self._size, 4096))
        if needed > DICTIONARY:
            raise ReadError("too_large", f"LZMA dictionary of {needed} bytes")
        chain = {"id": lzma.FILTER_LZMA1, "dict_size": needed, "lc": lc, "lp": lp, "pb": pb}
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
        return self._head[9:]


def of_zip(method: int, size: int) -> Expander:
    """The expander of a zip's compression method (APPNOTE.TXT 4.4.5) for `size` bytes. Raises
    ReadError("unsupported")."""
    if method == 8:
        return _Deflate(-15)
    if method == 9:
        return _Deflate64()
    if method == 12:
        return _Blockwise(bz2.BZ2Decompressor())
    if method == 14:
        return _ZipLzma(size)
    raise ReadError("unsupported", f"compression method {method}")


def of_stream(form: str) -> Expander:
    """The expander of a single compressed file: gz, bz2, xz."""
    if form == "gz":
        return _Deflate(31)
    if form == "bz2":
        return _Blockwise(bz2.BZ2Decompressor())
    return _Blockwise(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=DICTIONARY))


def expanded(expander: Expander, source: Iterator[bytes]) -> Iterator[bytes]:
    """What the compressed stream `source` holds, in pieces of about `MOST` bytes at most, up to
    the stream's end or the source's. Raises ReadError."""
    stuck = False
    try:
        while not expander.eof:
            data = b""
            if expander.hungry or stuck:
                data = next(source, b"")
                if not data:
                    return
            piece = expander.take(data)
            stuck = not piece
            if piece:
                yield piece
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, struct.error) as error:
        if isinstance(error, OSError) and is_ours(error):
            raise
        limited = "memory usage limit" in str(error).lower()
        raise ReadError("too_large" if limited else "corrupt", str(error)) from error
