"""Numbers as a word processor writes them in front of a paragraph (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """12 -> 十二, 105 -> 一百〇五; plain digits from 10,000 on."""
    if not 0 < number < 10_000:
        return str(number)
    text, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += (digits[0] if pending and text else "") + digits[digit]
            text += units[place - 1] if place else ""
        pending = digit == 0 if text else False
    return text[1:] if digits == _DIGITS and 10 <= number < 20 else text


def _digital(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _legal(number: int) -> str:
    return chinese(number, _LEGAL, "拾佰仟")


def _letters(number: int) -> str:
    # Word repeats the letter: 27 is aa, 28 is bb.
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 1000 else ""


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while 0 < value <= number < 4000:
            text, number = text + letters, number - value
    return text


def _from(first: str, count: int, otherwise: Callable[[int], str]) -> Callable[[int], str]:
    return lambda n: chr(ord(first) + n - 1) if 1 <= n <= count else otherwise(n)


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalHalfWidth": str,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "ordinal": str,
    "decimalEnclosedCircle": _from("①", 20, str),
    "decimalEnclosedCircleChinese": _from("①", 20, str),
    "decimalEnclosedFullstop": _from("⒈", 20, lambda n: f"{n}."),
    "decimalEnclosedParen": _from("⑴", 20, lambda n: f"({n})"),
    "ideographEnclosedCircle": _from("㊀", 10, chinese),
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "koreanDigital2": _digital,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "japaneseLegal": _legal,
    "ideographTraditional": lambda n: _STEMS[n - 1] if 1 <= n <= 10 else str(n),
    "ideographZodiac": lambda n: _BRANCHES[n - 1] if 1 <= n <= 12 else str(n),
    "none": lambda n: "",
    "bullet": lambda n: "",
}


def numeral(number: int, form: str) -> str:
    """`number` in the ST_NumberFormat `form`; unknown formats as decimal digits."""
    return _FORMATS.get(form, str)(number)


def joined(label: str, text: str) -> str:
    """An automatic number before its paragraph: a space, save after full-width punctuation."""
    if not label:
        return text
    return label + text if label[-1] in "、．）】》。：①②③④⑤⑥⑦⑧⑨⑩" else f"{label} {text}"
