"""Numbers in the formats of ECMA-376 part 1, 17.18.59, and where Word departs from it."""

from __future__ import annotations

import pytest

from indexer.readers.numerals import joined, numeral

#: format -> number -> how it is written.
_EXPECTED = {
    "chineseCounting": {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一○○"},
    "chineseCountingThousand": {
        10: "十", 12: "十二", 101: "一百零一", 110: "一百一十", 1001: "一千零一", 10500: "一万五百",
    },
    "chineseLegalSimplified": {1: "壹", 10: "壹拾", 12: "壹拾贰", 101: "壹佰零壹"},
    "ideographLegalTraditional": {2: "貳", 10: "壹拾", 12345: "壹萬貳仟參佰肆拾伍"},
    "ideographTraditional": {1: "甲", 10: "癸", 11: "11"},
    "ideographZodiac": {1: "子", 12: "亥", 13: "13"},
    "ideographZodiacTraditional": {1: "甲子", 12: "乙亥", 61: "甲子"},
    "ideographDigital": {10: "一〇", 21: "二一"},
    "ideographEnclosedCircle": {1: "㈠", 10: "㈩", 11: "十一"},
    "japaneseCounting": {10: "十", 100: "百", 111: "百十一", 10012: "一万十二"},
    "japaneseLegal": {1: "壱", 12: "壱拾弐", 1001: "壱阡壱"},
    "taiwaneseCounting": {10: "十", 99: "九十九", 105: "一○五"},
    "taiwaneseCountingThousand": {100: "一百", 10000: "一萬"},
    "taiwaneseDigital": {10: "一○"},
    "decimalEnclosedCircle": {1: "①", 20: "⑳", 21: "21"},
    "decimalEnclosedCircleChinese": {1: "①", 10: "⑩", 11: "11"},
    "decimalEnclosedFullstop": {1: "⒈", 20: "⒛", 21: "21"},
    "decimalEnclosedParen": {1: "⑴", 20: "⒇", 21: "21"},
    "decimalFullWidth": {12: "１２"},
    "decimalFullWidth2": {30: "３０"},
    "decimalHalfWidth": {12: "12"},
    "decimalZero": {3: "03", 12: "12"},
    "numberInDash": {1: "- 1 -"},
    "upperRoman": {4: "IV", 1999: "MCMXCIX"},
    "lowerRoman": {9: "ix"},
    "upperLetter": {26: "Z", 27: "AA", 53: "AAA"},
    "lowerLetter": {2: "b"},
    "ordinal": {1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 112: "112th"},
    "cardinalText": {21: "Twenty-one", 101: "One hundred one"},
    "ordinalText": {3: "Third", 20: "Twentieth", 21: "Twenty-first"},
    "hex": {30: "1E"},
    "chicago": {1: "*", 6: "††"},
    "koreanDigital2": {10: "一零"},
    "none": {5: ""},
    "bullet": {5: ""},
    "000": {7: "007", 1234: "1234"},
    "thaiLetters": {5: "5"},
}  # fmt: skip


@pytest.mark.parametrize("form", _EXPECTED)
def test_numbers_are_written_as_the_format_says(form: str) -> None:
    expected = _EXPECTED[form]
    assert {number: numeral(number, form) for number in expected} == expected


@pytest.mark.parametrize("form", sorted(_EXPECTED))
@pytest.mark.parametrize("number", [-1, 0, 10**9, 2**31])
def test_numbers_out_of_range_stay_short(form: str, number: int) -> None:
    assert len(numeral(number, form)) < 40


@pytest.mark.parametrize(
    ("label", "text", "follow", "expected"),
    [
        ("一、", "目标", "tab", "一、目标"),
        ("1.", "目标", "tab", "1. 目标"),
        ("第一章", "总则", "space", "第一章 总则"),
        ("第一章", "总则", "nothing", "第一章总则"),
        ("1", "2015年", "nothing", "1 2015年"),
        ("", "目标", "tab", "目标"),
    ],
)
def test_a_number_before_its_text(label: str, text: str, follow: str, expected: str) -> None:
    assert joined(label, text, follow) == expected
