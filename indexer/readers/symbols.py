"""Characters of symbol fonts: a code of Symbol, Wingdings or Webdings means its picture.

The codes stand in a private area (U+F020 to U+F0FF) or as plain Latin letters under such a font.
Ticks and boxes come out as the marks that people type on Chinese forms (√ × □ ☑ ☒); pictures
without a character that common fonts have are left out.
"""

from __future__ import annotations

import re

#: Adobe's Symbol encoding from 0x20 and from 0xA0 on (Unicode's VENDORS/ADOBE/symbol.txt).
_SYMBOL_LOW = (
    " !∀#∃%&∍()*+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~"
)
_SYMBOL_HIGH = (
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐—↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
    "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
#: First code and the characters from it on, for runs; the mappings published with Unicode 7.
_WINGDINGS = (
    (0x22, "✂✁"), (0x28, "☎✆✉"), (0x36, "⌛"), (0x3E, "✇✍"), (0x41, "✌"), (0x45, "☜☞☝☟"),
    (0x4A, "☺"), (0x4C, "☹"), (0x51, "✈☼"), (0x54, "❄"), (0x6C, "●❍■□"), (0x70, "□❑❒◆◆◆❖◆"),
    (0x78, "⌧"), (0x81, "①②③④⑤⑥⑦⑧⑨⑩"), (0x8C, "❶❷❸❹❺❻❼❽❾❿"), (0x9E, "·•▪○"), (0xA4, "◉◎"),
    (0xA7, "▪□"), (0xAA, "✦★✶✴✹✵"), (0xB5, "✪✰"), (0xD8, "➢"), (0xDC, "➲"),
    (0xDF, "←→↑↓↖↗↙↘←➔↑↓↖↗↙↘⇦⇨⇧⇩"), (0xF3, "⇔"), (0xFB, "×√☒☑"),
)  # fmt: skip
_WINGDINGS_2 = (
    (0x4F, "×√☒☑☒☒☒☒"), (0x6A, "①②③④⑤⑥⑦⑧⑨⑩"), (0x75, "❶❷❸❹❺❻❼❽❾❿"), (0x95, "·•●●○"),
    (0x9D, "⊙"), (0x9F, "▪▪■■□□□□□▣"), (0xAE, "◆◇"), (0xB1, "◈"), (0xB8, "◊"), (0xF8, "※"),
)  # fmt: skip
_WINGDINGS_3 = (
    (0x21, "←→↑↓↖↗↙↘"), (0x31, "↔↕"), (0x70, "▲▼△▽◀▶◁▷◣◢◤◥◀▶▲▼"),
)  # fmt: skip
_WEBDINGS = (
    (0x33, "◀▶▲▼"), (0x61, "√"), (0x63, "□"), (0x67, "■"), (0x6E, "●"), (0x72, "×"),
    (0xD9, "☁"),
)  # fmt: skip

Table = dict[int, str]


def _table(runs: tuple[tuple[int, str], ...], first: int = 0x21) -> Table:
    """Both ways of writing a code -> its character; "" for what has none."""
    found = dict.fromkeys(range(first, 0x100), "")
    for start, characters in runs:
        found.update({start + at: sign for at, sign in enumerate(characters)})
    return {base + code: sign for code, sign in found.items() for base in (0, 0xF000)} | {
        0xF020: " "
    }


_SYMBOL = _table(((0x20, _SYMBOL_LOW), (0xA0, _SYMBOL_HIGH)))
#: Font name in lower case -> what its codes mean.
TABLES: dict[str, Table] = {
    "symbol": _SYMBOL,
    "wingdings": _table(_WINGDINGS),
    "wingdings 2": _table(_WINGDINGS_2),
    "wingdings 3": _table(_WINGDINGS_3),
    "webdings": _table(_WEBDINGS),
}
#: Private characters whose font is not told: Wingdings is by far the commonest, and where it has
#: nothing, Wingdings 2.
_UNTOLD: Table = {
    code: TABLES["wingdings"][code] or TABLES["wingdings 2"][code] for code in range(0xF020, 0xF100)
} | {0xF052: "☑", 0xF051: "☒"}

_PRIVATE_ONLY: dict[str, Table] = {
    font: {code: sign for code, sign in table.items() if code >= 0xF000}
    for font, table in TABLES.items()
}

_PRIVATE = re.compile("[\uf020-\uf0ff]")
_LATIN_ONLY = re.compile("[\0-\xff\uf020-\uf0ff]*")


def symbol(code: int, font: str) -> str:
    """The character that `code` (as in w:sym) stands for in `font`; "" for none."""
    if 0xF000 <= code <= 0xF0FF:
        return TABLES.get(font.lower(), _UNTOLD).get(code, "")
    if 0x20 <= code < 0x100:
        return TABLES.get(font.lower(), {}).get(code, chr(code))
    return chr(code) if 0x100 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def has_private(text: str) -> bool:
    return _PRIVATE.search(text) is not None


def shown(text: str, font: str) -> str:
    """`text` as `font` draws it. A symbol font draws only what is Latin or private by its code:
    Chinese text keeps its own font, whatever name stands there for Latin letters."""
    table = TABLES.get(font.lower())
    if table is not None and _LATIN_ONLY.fullmatch(text):
        return text.translate(table)
    return text.translate(_PRIVATE_ONLY.get(font.lower(), _UNTOLD))
