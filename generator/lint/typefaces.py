"""Which Chinese fonts the words of a template are set in, and whether they are official."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.ooxml import Element, parse, w

STYLES = "word/styles.xml"
#: Roles of GB/T 9704-2012 and the names under which Windows, WPS and macOS sell those faces.
OFFICIAL = frozenset(
    (
        *("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "STFangsong", "华文仿宋"),
        *("黑体", "SimHei", "STHeiti", "华文黑体", "楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312"),
        *("STKaiti", "华文楷体", "宋体", "SimSun", "NSimSun", "新宋体", "STSong", "华文宋体"),
        *("方正小标宋简体", "方正小标宋_GBK", "方正小标宋_GB2312", "方正小标宋", "华文中宋"),
        *("STZhongsong", "方正仿宋_GBK", "方正仿宋简体", "方正黑体_GBK", "方正楷体_GBK"),
    )
)
THEME = "主题字体"
_HAN = re.compile("[\u3400-\u9fff]")


class Typefaces:
    """Resolves the East Asian font of a run: its own, its style's, its paragraph's, the default."""

    def __init__(self, styles: bytes | None) -> None:
        root = parse(styles) if styles else None
        found = root.iter(w("style")) if root is not None else ()
        self._styles: Mapping[str, Element] = {s.get(w("styleId")): s for s in found}
        normal = (s for s in self._styles.values() if s.get(w("default")) in ("1", "true"))
        self._normal = next((s for s in normal if s.get(w("type")) == "paragraph"), None)
        self._default = "" if root is None else _font(root.find(_DEFAULTS))

    def of(self, run: Element) -> str:
        """A font's name, THEME, or "" where nothing says."""
        properties = run.find(w("rPr"))
        paragraph = next(run.iterancestors(w("p")), None)
        own = _font(properties) or self._style(_value(properties, "rStyle"))
        layout = None if paragraph is None else paragraph.find(w("pPr"))
        return own or self._style(_value(layout, "pStyle")) or self._plain()

    def _plain(self) -> str:
        normal = "" if self._normal is None else _font(self._normal.find(w("rPr")))
        return normal or self._default

    def _style(self, name: str) -> str:
        for _ in range(20):  # styles may be based on each other in a circle
            style = self._styles.get(name)
            if style is None:
                return ""
            font = _font(style.find(w("rPr")))
            if font:
                return font
            name = _value(style, "basedOn")
        return ""


_DEFAULTS = f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}"


def unofficial(root: Element, faces: Typefaces) -> Iterator[tuple[Element, str]]:
    """(run, font) of every run of Chinese words that is set in another font."""
    for run in root.iter(w("r")):
        if any(_HAN.search(t.text or "") for t in run.iterchildren(w("t"))):
            font = faces.of(run)
            if font and font not in OFFICIAL:
                yield run, font


def _font(properties: Element | None) -> str:
    fonts = None if properties is None else properties.find(w("rFonts"))
    if fonts is None:
        return ""
    if fonts.get(w("eastAsiaTheme")):
        return THEME
    return (fonts.get(w("eastAsia")) or "").partition(";")[0].strip()


def _value(element: Element | None, tag: str) -> str:
    child = None if element is None else element.find(w(tag))
    return "" if child is None else child.get(w("val")) or ""
