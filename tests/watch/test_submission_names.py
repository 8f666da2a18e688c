"""What is no submission, by its name."""

import pytest

from watch.names import ignored_by_name


@pytest.mark.parametrize(
    "name",
    [
        "~$阶段报告.doc", ".~lock.计划.odt#", "x.TMP", "~WRL0001.tmp", "x.docx.part",
        "a.crdownload", "Thumbs.db", "THUMBS.DB", ".DS_Store", "desktop.ini", ".hidden",
        "._a.doc", ".~WPS.docx",
        "阶段报告.doc.~核对", "阶段报告.doc.~抄",
    ],
)  # fmt: skip
def test_traces_and_system_files_are_left_alone(name: str) -> None:
    assert ignored_by_name(name)


@pytest.mark.parametrize(
    "name",
    ["阶段报告.doc", "tmp.doc", "a.part.docx", "~计划.doc", "已收", "thumbs.db.docx", "无后缀"],
)
def test_documents_are_not(name: str) -> None:
    assert ignored_by_name(name) == ""
