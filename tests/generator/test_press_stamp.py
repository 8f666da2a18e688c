"""The number of a form and the three places it is read back from."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sample_forms import SPEC, make, opened

from generator import FormError, Stamp, compile_form, form_number, read_stamp, verify_number
from generator.stamp import CORE_PART, CUSTOM_PART, check_characters

STAMP = Stamp.issue("stage_report", "1", "0190f2", "语文", "2014-10")
VALUES = st.text(st.characters(codec="utf-8"), max_size=20)


def without(data: bytes, *names: str) -> bytes:
    """The document with these parts emptied, as programs that convert files do."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for info in before.infolist():
            after.writestr(info.filename, b"" if info.filename in names else before.read(info))
    return out.getvalue()


def test_number_is_short_readable_ascii() -> None:
    assert re.fullmatch(r"YX-STAGE-1-201410-[0-9A-Z]{8}-[0-9A-Z]{2}", STAMP.form_no)
    assert len(STAMP.form_no) <= 40


def test_the_same_form_always_has_the_same_number() -> None:
    """A change of this value would orphan every form issued before."""
    number = form_number("stage_report", "1", "unit-1", "语文", "2014-10")
    assert number == "YX-STAGE-1-201410-D1CGZM5M-6T"


def test_check_characters_are_those_of_the_standard() -> None:
    """ISO 7064, MOD 1271-36: the example of the standard."""
    assert check_characters("ISO 79") == "3W"


@given(st.tuples(VALUES, VALUES, VALUES, VALUES, VALUES))
def test_every_number_is_valid(values: tuple[str, str, str, str, str]) -> None:
    number = form_number(*values)
    assert number.isascii()
    assert number.isprintable()
    assert verify_number(number)


@given(st.tuples(VALUES, VALUES), st.tuples(VALUES, VALUES))
def test_other_values_give_another_number(first: tuple[str, str], second: tuple[str, str]) -> None:
    assume([normalize("NFC", v) for v in first] != [normalize("NFC", v) for v in second])
    assert form_number("k", "1", *first, "2014-10") != form_number("k", "1", *second, "2014-10")


@given(st.data())
def test_one_wrong_character_is_found(data: st.DataObject) -> None:
    number = STAMP.form_no
    at = data.draw(st.integers(0, len(number) - 1))
    assume(number[at] != "-")
    other = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assume(other != number[at])
    assert not verify_number(number[:at] + other + number[at + 1 :])


@given(st.integers(0, len(STAMP.form_no) - 2))
def test_swapped_neighbours_are_found(at: int) -> None:
    number = STAMP.form_no
    assume(number[at] != number[at + 1] and "-" not in number[at : at + 2])
    assert not verify_number(number[:at] + number[at + 1] + number[at] + number[at + 2 :])


@pytest.mark.parametrize(
    "typed",
    [
        STAMP.form_no.lower(),
        f" {STAMP.form_no}\n",
        STAMP.form_no.replace("-", "－"),
        STAMP.form_no.replace("-", "—").replace("Y", "Ｙ"),
    ],
)
def test_numbers_typed_by_hand_are_accepted(typed: str) -> None:
    assert verify_number(typed)


@pytest.mark.parametrize("other", ["", "YX", "YX-STAGE-1-201410-00000000-00", "x" * 100_000])
def test_other_words_are_not_numbers(other: str) -> None:
    assert not verify_number(other)


def test_round_trip(path: Path) -> None:
    printed = make(path, "{{ 学校 }}").render({}, "prefilled", STAMP)
    assert read_stamp(printed) == STAMP
    path.write_bytes(printed)
    assert read_stamp(path) == STAMP


@given(st.tuples(VALUES, VALUES, VALUES, VALUES, VALUES))
def test_any_stamp_comes_back(values: tuple[str, str, str, str, str]) -> None:
    stamp = Stamp.issue(*values)
    assert Stamp(**stamp.to_json()) == stamp
    assert stamp.whole


def test_number_is_in_the_three_places(path: Path) -> None:
    printed = opened(make(path, "x").render({}, "blank", STAMP))
    assert printed.core_properties.identifier == STAMP.form_no
    assert printed.core_properties.content_status == "空白表"
    assert printed.core_properties.title == "阶段报告"
    assert printed.sections[0].footer.paragraphs[0].text == f"表单编号：{STAMP.form_no}"


def test_number_is_read_from_what_is_left(path: Path) -> None:
    printed = make(path, "x").render({}, "prefilled", STAMP)
    number_only = Stamp(STAMP.form_no)
    assert read_stamp(without(printed, CUSTOM_PART)) == number_only
    assert read_stamp(without(printed, CUSTOM_PART, CORE_PART)) == number_only
    bare = without(printed, CUSTOM_PART, CORE_PART, "word/footerYx.xml")
    assert read_stamp(bare) is None


def test_a_stamp_that_does_not_match_its_number_is_not_believed(path: Path) -> None:
    printed = make(path, "x").render({}, "prefilled", STAMP)
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        custom = archive.read(CUSTOM_PART)
    assert b"0190f2" in custom
    forged = io.BytesIO(printed)
    with zipfile.ZipFile(forged) as before, zipfile.ZipFile(path, "w") as after:
        for info in before.infolist():
            data = before.read(info)
            after.writestr(info.filename, data.replace(b"0190f2", b"0190ff"))
    assert read_stamp(path) == Stamp(STAMP.form_no)


def test_a_stamp_too_long_for_word_is_cut_to_its_number(path: Path) -> None:
    long = Stamp.issue("stage_report", "1", "单位" * 150, "语文", "2014-10")
    assert read_stamp(make(path, "x").render({}, "blank", long)) == Stamp(long.form_no)


def test_author_and_dates_of_the_template_are_not_those_of_a_copy(path: Path) -> None:
    def sign(document: object) -> None:
        document.core_properties.author = "某某"  # type: ignore[attr-defined]

    printed = opened(make(path, "x", edit=sign).render({}, "blank", STAMP))
    assert printed.core_properties.author == ""
    assert printed.core_properties.created is None


def test_a_wrong_stamp_is_not_printed(path: Path) -> None:
    with pytest.raises(FormError) as caught:
        make(path, "x").render({}, "blank", Stamp("YX-STAGE-1-201410-00000000-00", "stage_report"))
    assert caught.value.code == "bad_stamp"


def test_without_a_stamp_there_is_none(path: Path) -> None:
    printed = make(path, "x").render({})
    assert read_stamp(printed) is None
    assert opened(printed).core_properties.identifier == ""


def test_the_templates_own_line_is_used(path: Path) -> None:
    printed = opened(make(path, "x", footer="编号 {{ 表单编号 }}").render({}, "blank", STAMP))
    footer = printed.sections[0].footer
    assert [p.text for p in footer.paragraphs] == [f"编号 {STAMP.form_no}"]


def test_a_line_is_added_to_a_footer_without_one(path: Path) -> None:
    printed = opened(make(path, "x", footer="第 1 页").render({}, "blank", STAMP))
    texts = [p.text for p in printed.sections[0].footer.paragraphs]
    assert texts == ["第 1 页", f"表单编号：{STAMP.form_no}"]


def test_other_custom_properties_of_the_template_stay(path: Path) -> None:
    first = make(path, "x").render({}, "blank", STAMP)
    renamed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(first)) as before, zipfile.ZipFile(renamed, "w") as after:
        for info in before.infolist():
            data = before.read(info).replace(b'"yanxiu-form"', b'"county"')
            after.writestr(info.filename, data)
    path.write_bytes(renamed.getvalue())
    other = Stamp.issue("stage_report", "2", "u", "数学", "2014-11")
    printed = compile_form(path, SPEC).render({}, "blank", other)
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        custom = archive.read(CUSTOM_PART).decode()
    assert re.findall(r'pid="(\d+)" name="([^"]+)"', custom) == [
        ("2", "county"),
        ("3", "yanxiu-form"),
    ]
    assert read_stamp(printed) == other
