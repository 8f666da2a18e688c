"""一分三率 out of tables as schools make them, whatever their columns are called."""

from __future__ import annotations

from archive.score_tables import score_rows
from indexer.reading import Block, Reading


def sheet(*rows: str, name: str = "Sheet1") -> Reading:
    """A workbook of one sheet; cells are separated by `|`."""
    cells = tuple(tuple(cell.strip() for cell in row.split("|")) for row in rows)
    block = Block("table", "\n".join("\t".join(row) for row in cells), rows=cells, sheet=name)
    return Reading("xlsx", "complete", (block,))


def test_columns_go_by_their_heads() -> None:
    reading = sheet(
        "孙镇初中期中成绩统计表", "班别|实考人数|均分|合格率（%）|优生率|低分率|最高|最低|科任教师",
        "七（1）班|46|78.35|80.4|23.9%|4.3|98|31|张晓燕",
        "七（2）班|45|76|77.8|20%|6.7|97|22|李建国",
    )  # fmt: skip
    assert score_rows(reading, "语文", own=True) == [
        {"班级": "七（1）班", "人数": "46", "平均分": "78.35", "及格率": "80.4%", "优秀率": "23.9%",
         "低分率": "4.3%", "最高分": "98", "最低分": "31", "任课教师": "张晓燕"},
        {"班级": "七（2）班", "人数": "45", "平均分": "76", "及格率": "77.8%", "优秀率": "20%",
         "低分率": "6.7%", "最高分": "97", "最低分": "22", "任课教师": "李建国"},
    ]  # fmt: skip


def test_rates_written_as_fractions_become_percentages() -> None:
    reading = sheet("班级|平均分|及格率|优秀率", "1班|80.5|0.8544|1", "2班|79|0.9|0")
    first, second = score_rows(reading, "语文", own=True)
    assert (first["及格率"], first["优秀率"]) == ("85.44%", "1%")
    assert second["及格率"] == "90%"


def test_rows_of_other_subjects_are_left_out() -> None:
    reading = sheet(
        "学科|班级|人数|平均分|及格率", "语文|1班|40|81|90%", "|2班|41|82|91%",
        "数学|1班|40|61|60%",
    )  # fmt: skip
    rows = score_rows(reading, "语文", own=False)
    assert [(row["班级"], row["平均分"]) for row in rows] == [("1班", "81"), ("2班", "82")]


def test_columns_of_a_subject_are_those_below_its_name() -> None:
    reading = sheet(
        "班级|人数|语文|||数学||", "||平均分|及格率|优秀率|平均分|及格率|优秀率",
        "1班|40|81|90%|30%|61|60%|10%",
    )  # fmt: skip
    (row,) = score_rows(reading, "数学", own=False)
    assert (row["班级"], row["人数"], row["平均分"], row["及格率"]) == ("1班", "40", "61", "60%")


def test_a_table_that_names_no_subject_is_believed_only_of_a_paper_about_it() -> None:
    reading = sheet("班级|平均分|及格率", "1班|80|90%")
    assert score_rows(reading, "语文", own=True)
    assert score_rows(reading, "语文", own=False) == []


def test_a_sheet_called_after_another_subject_is_passed_over() -> None:
    reading = sheet("班级|平均分|及格率", "1班|80|90%", name="数学")
    assert score_rows(reading, "语文", own=True) == []
    assert score_rows(reading, "数学", own=False)


def test_the_class_bears_its_grade_where_they_are_two_columns() -> None:
    reading = sheet("年级|班级|平均分|及格率", "七年级|1班|80|90%", "|2班|70|80%")
    assert [row["班级"] for row in score_rows(reading, "语文", own=True)] == [
        "七年级1班", "七年级2班",
    ]  # fmt: skip


def test_a_list_of_pupils_is_no_table_of_classes() -> None:
    reading = sheet("班级|姓名|语文|数学", "1班|张三|88|90")
    assert score_rows(reading, "语文", own=True) == []
