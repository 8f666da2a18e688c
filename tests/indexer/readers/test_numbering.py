from __future__ import annotations

import pytest

from indexer.numbering import parse


@pytest.mark.parametrize(
    ("line", "scheme", "value", "rest"),
    [
        ("一、指导思想", "cn", 1, "指导思想"),
        ("十二、附则", "cn", 12, "附则"),
        ("（一）校级领导", "cnparen", 1, "校级领导"),
        ("(二不定期調研督導", "cnparen", 2, "不定期調研督導"),
        ("(1認真做好教師的培訓工作", "arabicparen", 1, "認真做好教師的培訓工作"),
        ("1、名师引领", "arabic", 1, "名师引领"),
        ("1．讨论完成计划", "arabic", 1, "讨论完成计划"),
        ("１、扎实开好", "arabic", 1, "扎实开好"),
        ("l、教科室", "arabic", 1, "教科室"),
        ("⒈ 考试概况", "arabic", 1, "考试概况"),
        ("⑵做好记录", "arabicparen", 2, "做好记录"),
        ("③实施", "circled", 3, "实施"),
        ("1.2 背景", "decimal", 2, "背景"),
        ("1.2.3 背景", "subdecimal", 3, "背景"),
        ("第一章 总则", "chapter", 1, "总则"),
        ("第二节 教研", "section", 2, "教研"),
        ("第二篇:工作總結", "part", 2, "工作總結"),
        ("第三部分：保障", "part", 3, "保障"),
        ("1 做了什么  开发家庭小实验", "arabic", 1, "做了什么  开发家庭小实验"),
        ("壹、計畫緣起", "formal", 1, "計畫緣起"),
        ("參、實施方式", "formal", 3, "實施方式"),
        ("Ⅱ. 方法", "roman", 2, "方法"),
        ("㈢督导", "cnparen", 3, "督导"),
        ("一）指导思想", "cnparen", 1, "指导思想"),
        ("（３）分层作业", "arabicparen", 3, "分层作业"),
        ("(1分层作业", "arabicparen", 1, "分层作业"),
        ("—、指导思想", "cn", 1, "指导思想"),
        ("㊀学习", "circled", 1, "学习"),
    ],
)
def test_typed_numbers_are_understood(line: str, scheme: str, value: int, rest: str) -> None:
    found = parse(line)
    assert found is not None
    assert (found.scheme, found.value, found.rest) == (scheme, value, rest)
    assert found.prefix + found.rest == line


@pytest.mark.parametrize(
    "line",
    [
        "一、二年级学生年龄小，注意力不集中。",
        "七、八年级两个班，共九十人。",
        "1.5万字",
        "2026. 3. 15",
        "3. 15 活动",
        "1、2月份活动安排",
        "5月20日",
        "第一次月考",
        "第一节课上，学生兴趣很高",
        "二 0一一年八月二十日",
        "一是加强领导",
        "一年级学生",
        "（2014-2016年）",
        "（30分）",
        "（一年级组）",
        "（3年内完成）",
        "(30分以上的学生",
        "一、二等奖共十名，各校均有。",
        "1、2班成绩接近",
        "8.5分",
        "正文",
        "",
    ],
)
def test_what_only_looks_like_a_number(line: str) -> None:
    assert parse(line) is None
