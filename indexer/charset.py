"""Which coding Chinese bytes are in: BOM, else strict UTF-8, else GB18030 or Big5, the likelier."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: Characters that GB18030 decodes Big5 bytes to, but that no Chinese text is made of: private
#: use, and the four-byte region's rare signs.
_UNLIKELY = re.compile("[\ue000-\uf8ff\U00010000-\U0010ffff\u0080-\u009f]")


def decode(data: bytes) -> str:
    """The text of `data`. Raises ReadError("corrupt") where no coding fits at all."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = []
    for codec in ("gb18030", "big5hkscs"):
        try:
            candidates.append(data.decode(codec))
        except UnicodeDecodeError:
            continue
    if candidates:
        return max(candidates, key=_likelihood)
    text = data.decode("gb18030", "replace")
    if text.count("\ufffd") * 50 > len(text):
        return data.decode("cp1252", "replace")
    return text


#: The commonest characters of modern Chinese in both scripts; enough to tell GBK from Big5, whose
#: byte ranges overlap so far that most Big5 text is also valid GB18030.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
    "过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心"
    "教研校本计划总结工作课组老师语文数英物化级这個們來為國說時會對這過發後裡種經麼學現當沒動還"
    "進樣計劃總結課組師語數級，。、：；（）《》「」"
)


#: What Python calls codecs beside the charsets of documents. punycode takes minutes for a megabyte.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
#: Names under which more is sent than they stand for: all of GBK, Hong Kong's superset of Big5.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}


def decode_as(data: bytes, charset: str) -> str | None:
    """The text of `data` in the charset that a document says it is in; None where there is no
    such charset or the bytes are not in it."""
    try:
        name = codecs.lookup(_WIDER.get(charset.lower(), charset)).name
        text = None if name in _NO_CHARSETS else data.decode(name)
        if text is not None and name == "utf-7":
            text.encode()  # half a pair of surrogates passes its decoder, and nothing after it
        return text
    except (LookupError, ValueError):
        return None


def _likelihood(text: str) -> float:
    common = sum(1 for sign in text if sign in _COMMON)
    return common - 5 * len(_UNLIKELY.findall(text))
