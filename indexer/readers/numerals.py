"""Numbers as a word processor writes them in front of a paragraph (ECMA-376 part 1, 17.18.59).

Where Word is known to depart from the standard, Word is followed: [MS-OI29500] 2.1.540 and the
table of [MS-DOCX] 2.4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_IDEOGRAPHS = "〇一二三四五六七八九"
#: With the white circle that Word writes for zero ([MS-DOCX] 2.4: U+4E00 U+25CB U+25CB for 100).
_CIRCLE_ZERO = "○一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _System:
    """A spoken counting system: digits with zero first, 十百千万, and its three habits."""

    digits: str = "零一二三四五六七八九"
    units: str = "十百千"
    myriad: str = "万"
    #: 一百零五, not 一百五.
    fills: bool = True
    #: 十二, not 一十二.
    short_teens: bool = True
    #: 百五, not 一百五 (Japanese, Korean).
    bare_units: bool = False


_CHINESE = _System()
_TAIWANESE = _System(myriad="萬")
_JAPANESE = _System(fills=False, bare_units=True)
_LEGAL = _System("零壹贰叁肆伍陆柒捌玖", "拾佰仟", short_teens=False)
_LEGAL_TRADITIONAL = _System("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬", short_teens=False)
_LEGAL_JAPANESE = _System("零壱弐参四伍六七八九", "拾百阡", "萬", fills=False, short_teens=False)
_KOREAN = _System("영일이삼사오육칠팔구", "십백천", "만", fills=False, bare_units=True)


def spoken(number: int, system: _System = _CHINESE) -> str:
    """12 -> 十二, 105 -> 一百零五, 20,000 -> 二万; decimal digits outside 1 to 99,999,999."""
    if not 0 < number < 100_000_000:
        return str(number)
    high, low = divmod(number, 10_000)
    text = _group(high, system) + system.myriad if high else ""
    if low:
        # Word writes no zero between the myriad and what follows ([MS-OI29500] 2.1.540 e).
        text += _group(low, system)
    long_teen = 10 <= number < 20 and not system.bare_units
    return text[1:] if system.short_teens and long_teen else text


def _group(number: int, system: _System) -> str:
    text, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += system.digits[0] if pending and system.fills else ""
            one = system.bare_units and digit == 1 and place
            text += "" if one else system.digits[digit]
            text += system.units[place - 1] if place else ""
        pending = digit == 0 if text else False
    return text


def _counting(number: int) -> str:
    """Spoken up to 99, digit by digit from there: 九十九, 一○○."""
    return spoken(number) if number < 100 else _digits(_CIRCLE_ZERO)(number)


def _digits(signs: str) -> Callable[[int], str]:
    return lambda n: "".join(signs[int(digit)] for digit in str(n)) if n >= 0 else str(n)


def _letters(number: int) -> str:
    # Word repeats the letter: 27 is aa, 28 is bb.
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 1000 else ""


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while 0 < value <= number < 4000:
            text, number = text + letters, number - value
    return text


def _from(first: str, count: int, otherwise: Callable[[int], str] = str) -> Callable[[int], str]:
    """A run of `count` characters from `first` on, another way of writing beyond it."""
    return lambda n: chr(ord(first) + n - 1) if 1 <= n <= count else otherwise(n)


def _in(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if 1 <= n <= len(signs) else str(n)


def _sexagenary(number: int) -> str:
    if number < 1:
        return str(number)
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]


_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


def _words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        ones = number % 10
        return _TENS[number // 10] + (f"-{_ONES[ones]}" if ones else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{_words(number // size)} {name}" + (f" {_words(rest)}" if rest else "")
    return str(number)


def _cardinal(number: int) -> str:
    return _words(number).capitalize() if 0 <= number < 1_000_000 else str(number)


def _ordinal_words(number: int) -> str:
    if not 0 <= number < 1_000_000:
        return str(number)
    head, mark, last = _words(number).rpartition("-")
    if not mark:
        head, mark, last = _words(number).rpartition(" ")
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return (head + mark + _ORDINALS.get(last, regular)).capitalize()


def _ordinal(number: int) -> str:
    teen = 10 < number % 100 < 14
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _chicago(number: int) -> str:
    return "*†‡§"[(number - 1) % 4] * ((number - 1) // 4 + 1) if 0 < number < 400 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalFullWidth2": _digits("０１２３４５６７８９"),
    "decimalHalfWidth": str,
    "numberInDash": lambda n: f"- {n} -",
    "hex": lambda n: f"{n:X}",
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "ordinal": _ordinal,
    "cardinalText": _cardinal,
    "ordinalText": _ordinal_words,
    "chicago": _chicago,
    # From 21 on, and in the Chinese variant from 11 on, the plain number (17.16.4.3.1, CIRCLENUM,
    # GB1 to GB4).
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 10),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    # Word sets these in brackets, not in circles ([MS-OI29500] 2.1.540 a).
    "ideographEnclosedCircle": _from("㈠", 10, _counting),
    "ideographDigital": _digits(_IDEOGRAPHS),
    "japaneseDigitalTenThousand": _digits(_IDEOGRAPHS),
    "taiwaneseDigital": _digits(_CIRCLE_ZERO),
    "koreanDigital": _digits("영일이삼사오육칠팔구"),
    "koreanDigital2": _digits("零一二三四五六七八九"),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": spoken,
    "taiwaneseCountingThousand": lambda n: spoken(n, _TAIWANESE),
    "japaneseCounting": lambda n: spoken(n, _JAPANESE),
    "koreanCounting": lambda n: spoken(n, _KOREAN),
    "chineseLegalSimplified": lambda n: spoken(n, _LEGAL),
    "ideographLegalTraditional": lambda n: spoken(n, _LEGAL_TRADITIONAL),
    "japaneseLegal": lambda n: spoken(n, _LEGAL_JAPANESE),
    "ideographTraditional": _in(_STEMS),
    "ideographZodiac": _in(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "ganada": _in("가나다라마바사아자차카타파하"),
    "chosung": _in("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "aiueoFullWidth": _in(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
    ),
    "none": lambda n: "",
    "bullet": lambda n: "",
}


def numeral(number: int, form: str) -> str:
    """`number` in the ST_NumberFormat `form`; unknown formats as decimal digits.

    `0N` with N zeros is a custom format that fills up with zeros: 001, 002, 003.
    """
    if form.startswith("0"):
        return f"{number:0{min(len(form), 8)}d}"
    return _FORMATS.get(form, str)(number)


def joined(label: str, text: str, follow: str = "tab") -> str:
    """An automatic number before its paragraph. `follow` is what its level sets between them.

    A tab or a space becomes a space, and nothing after full-width punctuation; where the level
    sets nothing, nothing is set, save between two letters or digits that would run together.
    """
    if not label or not text:
        return label + text
    last, first = label[-1], text[0]
    if last in "、．）】》。：①②③④⑤⑥⑦⑧⑨⑩":
        return label + text
    if follow == "nothing" and not (last.isascii() and last.isalnum() and first.isalnum()):
        return label + text
    return f"{label} {text}"
