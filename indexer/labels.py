"""Labels and their values: `学校：孙镇初中   学科：语文`, and what makes a short text a label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.plain import plain

#: A label has at most this many characters, white space not counted.
LONGEST = 12
#: A value on a header line; longer ones are sentences.
LONGEST_VALUE = 80
#: No title is longer, with the spaces that spread it.
_TITLE = 250

_SPACE = re.compile(r"[\s\u3000\xa0]+")
_BLANK = re.compile(r"[\s\u3000\xa0_＿—－\-]*")
_SPACED_OUT = re.compile(r"[\u4e00-\u9fff](?:[ \u3000\xa0\t]+[\u4e00-\u9fff])+")
#: The same within a longer title: 孙镇初中  教 学 计 划. Two characters may be a name.
_SPACED_WORD = re.compile(
    r"(?<![^ \u3000\xa0\t])"
    r"[\u4e00-\u9fff](?:[ \u3000\xa0\t]{1,3}[\u4e00-\u9fff]){2,}"
    r"(?![^ \u3000\xa0\t])"
)
#: A label before a colon: one word, or single characters spread by spaces (学　校, 组   长).
_LABEL = re.compile(
    r"(?:(?<=[\s\u3000\xa0；;，,）)])|^)"
    r"((?:[\u4e00-\u9fff](?:[ \u3000\xa0\t]+[\u4e00-\u9fff]){1,5}"
    r"|[\u4e00-\u9fffA-Za-z][^\s：:，。；、！？,;“”《》]{0,15}))"
    r"[ \u3000\xa0]*(?:(?<!\d)[：:](?!//)|[：:](?![/\d]))"
)
_SENTENCE = re.compile(r"[。！？；]")

#: Labels of a paper's head: who, where, when. They never open a section.
HEADER = frozenset(
    """
    学校 学校名称 单位 单位名称 所在学校 工作单位 送教单位 受援学校 学科 科目
    任教学科 课题 课题名称 授课课题 课型 年级 班级 授课班级 年级班级 教师
    授课教师 任课教师 执教 执教者 执教教师 授课人 姓名 性别 年龄 民族 职务
    职称 电话 联系电话 联系方式 手机 邮箱 时间 日期 报告时间 填表时间
    填报时间 活动时间 会议时间 听课时间 授课时间 检查时间 上报时间 撰写时间
    培训时间 考试时间 地点 活动地点 会议地点 主持 主持人 主讲 主讲人
    中心发言人 主备人 主备 记录 记录人 执笔 执笔人 撰稿 撰稿人 撰写人 分析人 填表人
    填报人 填写人 上报人 报送人 反思人 整理人 总结人 制定人 拟稿人 起草人 联系人
    填报单位 填报学校 填报日期 填表日期 报送单位 报送时间
    负责人 组长 副组长 组员 成员 教研组长 课题负责人 听课人 评课人 作者
    报告人 汇报人 参加人员 参加人 参会人员 出席人员 出席 缺席 应到 实到 节次
    参加 到会 列席 请假 与会人员 参加教师 参与教师 参与人员
    周次 第几周 编号 期号 学期 学年 月份 被检查单位 检查人 审核人 审核 签名
    签字 盖章 书名 出版社 片区 学段 人数 来源 主办 承办 抄送 报送 指导教师
    带队教师 版本 教材 课时 页数 题目 得分 总分 等级
    """.split()  # noqa: SIM905
)

_ENDINGS = re.compile(
    r"(?:学校|单位|学科|科目|姓名|名称|名单|班级|年级|时间|日期|地点|课题|课型|节次|周次|月份|学期|学年|年度"
    r"|教师|老师|人员|负责人|主持人|主讲人|发言人|主备人|记录人|参加人|听课人|组长|成员|职务|职称|性别|年龄|民族"
    r"|电话|方式|形式|主题|项目|内容|任务|目标|目的|要求|重点|难点|重难点|关键|方法|做法|手段|过程|环节|步骤|流程|准备|导入"
    r"|小结|总结|作业|板书|板书设计|设计|反思|后记|教后记|情况|现状|概况|分析|背景|意义|依据|成效|成果|效果|收获|亮点|优点|缺点|之处|启示|特色"
    r"|问题|不足|困惑|原因|措施|对策|打算|安排|计划|设想|改进|方向|意见|建议|评价|评语|评议|点评|总评|记录|讨论|研讨"
    r"|共识|说明|备注|签名|签字|签章|盖章|编号|序号|号|分数|得分|总分|权重|等级|人数|平均分|均分|及格率|优秀率|低分率"
    r"|最高分|最低分|比例|数量|单价|金额|合计|学时|学分|级别|书名|作者|摘录|心得|体会|感想|资料|材料|清单|附件|经费|学历|专业"
    r"|教龄|部门|类别|类型|来源|结论|摘要|关键词|进度|分工|思路|措施|指标|标准|要点|评分|栏目|机构|组织)$"
)
_NO_LABEL = re.compile(r"[。;,!?“”]|^[\d\s.%/:\-—~年月日第周节]+$")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2})[、.]?(?=[\u4e00-\u9fff])"
)
_ASIDE = re.compile(r"\(.*\)$")
#: The commonest surnames, and those that also begin words of the trade.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何罗郑梁宋谢唐许邓冯韩曹曾彭肖蔡潘田董袁叶蒋杜苏魏吕丁沈"
    "姚卢姜崔钟谭陆汪范廖石韦贾邹熊孟秦阎薛侯雷龙陶贺郝龚邵钱覃戴莫孔汤尹庞樊"
)
_DOUBTFUL = frozenset("任成方高常安段时白文金江夏余于史付毛康武傅向施柳关党")


def squeeze(label: str) -> str:
    """A label without white space: 学　校 -> 学校."""
    return _SPACE.sub("", label)


def collapse(title: str) -> str:
    """A letter-spaced title closed up: 教 学 反 思 -> 教学反思; other spacing becomes single."""
    title = title.strip()
    if _SPACED_OUT.fullmatch(title):
        return squeeze(title)
    if len(title) <= _TITLE and (" " in title or "\u3000" in title):
        title = _SPACED_WORD.sub(lambda word: squeeze(word.group()), title)
    return _SPACE.sub(" ", title)


def is_spaced_out(text: str) -> bool:
    """Three or more characters spread by spaces, as nobody writes running text."""
    return bool(_SPACED_OUT.fullmatch(text)) and len(squeeze(text)) >= 3


def value_of(text: str) -> str:
    """A value trimmed; a blank drawn with underscores, dashes or spaces is ""."""
    if _BLANK.fullmatch(text):
        return ""
    return _SPACE.sub(" ", text.strip(" \t\n\u3000\xa0_＿"))


def may_be_label(text: str) -> bool:
    """Short text without a sentence's signs, not a number or a date."""
    word = word_of(text)
    return 0 < len(word) <= LONGEST and not _NO_LABEL.search(word)


def is_label(text: str) -> bool:
    """May be a label, and is a word of the trade's forms or ends in a colon."""
    return may_be_label(text) and (text.rstrip()[-1] in "：:" or is_trade_word(text))


def is_trade_word(text: str) -> bool:
    """A word of the trade's forms, whatever stands around it: （一）取得成效, 学校（盖章）."""
    word = word_of(text)
    word = _ASIDE.sub("", _NUMBERED.sub("", word)) or word
    return word in HEADER or bool(_ENDINGS.search(word))


def is_name(word: str, doubtful: bool = False) -> bool:
    """Two or three characters that begin with a surname and are no word of the trade; `doubtful`:
    with one that begins other words too."""
    if not 2 <= len(word) <= 3 or is_trade_word(word):
        return False
    return word[0] in _SURNAMES or (doubtful and word[0] in _DOUBTFUL)


def is_header(label: str) -> bool:
    """A label of a paper's head, in whatever script."""
    return word_of(label) in HEADER


def word_of(text: str) -> str:
    """A label as it is looked up: plain, without white space and colon."""
    return squeeze(plain(text)).rstrip(":")


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """(label, value) pairs of each line that begins with a label and is no running text."""
    for line in text.split("\n"):
        yield from _line_pairs(line.strip(" \t\u3000\xa0"))


def _line_pairs(line: str) -> Iterator[tuple[str, str]]:
    if len(line) > 200 or (":" not in line and "：" not in line):
        return
    found = list(_LABEL.finditer(line))
    if not found or found[0].start() > 0:
        return
    ends = [match.start() for match in found[1:]] + [len(line)]
    for match, end in zip(found, ends, strict=True):
        label, value = squeeze(match.group(1)), value_of(line[match.end() : end])
        label = label.lstrip("（(【[")
        value = value.rstrip("；;，,")
        bare = not line[match.end() : end].strip(" \t\u3000\xa0；;，,")
        if len(found) == 1 and not is_header(label) and (bare or _SENTENCE.search(value)):
            continue  # a label alone on its line, or before a sentence, opens a section
        if 1 < len(label) <= LONGEST and len(value) <= LONGEST_VALUE:
            yield label, value


def is_header_line(text: str) -> bool:
    """A line of the paper's head: several label-value pairs, or one whose label says so."""
    found = list(pairs(text))
    if len(found) > 1:
        return not _SENTENCE.search(text)
    return bool(found) and is_header(found[0][0]) and "\n" not in text
