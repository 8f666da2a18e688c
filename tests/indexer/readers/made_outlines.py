"""Documents with a known outline: a tree of headings, typed as schools type them, with texts that
look like headings and are none. For property tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle
from random import Random

from hypothesis import strategies as st

from indexer.reading import Block

TITLES = (
    "指导思想", "研修目标", "组织机构", "教学现状分析", "研修内容", "名师引领", "听课与评课",
    "集体备课", "小课题研究", "网络研修", "送教下乡", "青年教师培养", "质量检测分析",
    "校本课程开发", "读书活动", "考核评价", "经费保障", "制度建设", "时间安排", "学情分析",
    "教材分析", "教学反思", "存在问题", "改进措施", "取得的成效", "下阶段安排", "学生层面",
    "学科组建设", "年级组活动", "分层作业", "日常检查", "课前准备", "教研活动的组织",
    "加强领导，落实责任", "抓好常规，提高质量", "实施“青蓝工程”", "教学设计、课堂与作业",
    "开展形式多样的教学“论坛”活动", "《课程标准》的学习", "说课、听课和评课的要求", "人员分工",
)  # fmt: skip
#: Running text, much of it made to be taken for headings.
SENTENCES = (
    "我校现有教师九十二人，其中高级教师六人，近三年中考综合排名在全县前列，教师队伍稳定。",
    "各教研组要认真制定研修计划，每周开展一次活动，做到有主题、有记录、有反思。",
    "一、二年级学生年龄小，注意力集中的时间短，教师要多用直观教具。",
    "七、八年级两个班的成绩比较接近，九年级差距较大，需要分层辅导。",
    "三、四月份主要开展听评课活动，要求人人上一节公开课。",
    "1.5万字的读书笔记由教研组长逐篇检查，合格后方可参加评优。",
    "2026. 3. 15 全组教师到实验中学听课，回校后交流了听课体会。",
    "3. 15 前后各组上交活动材料，由教导处统一归档保存。",
    "二〇一四年九月，全县教学工作会议召开，会议对校本研修提出了新的要求。",
    "85.5分是八年级数学的平均分，比上学期提高了2.3分，及格率为92.3%。",
    "第一节课上，学生的参与度很高，回答问题的有二十多人次。",
    "第三章的教学难度较大，部分学生跟不上进度，课后安排了辅导。",
    "6.1儿童节前后，各班举行了读书汇报会，家长也参加了活动。",
    "（30分）是实验题的分值，学生平均得分18.6分，失分较多。",
    "尊敬的各位领导、各位老师：大家好，下面我把本学期的研修工作向大家作一汇报。",
    "会上王校长强调：研修要扎根课堂，不搞形式，不走过场。",
    "10月8日，化学组在录播室听课，课后全组进行了评议，大家畅所欲言。",
    "八年级（2）班的学生说：“这样上课有意思，我们愿意动手。”老师们深受启发。",
    "12个教研组按时上交了材料，质量较上月有明显提高，受到了表扬。",
    "从检测结果看，计算题失分较多，原因有二：一是基础不牢，二是练习太少。",
)  # fmt: skip
#: Short lines of a text that head nothing.
LINES = (
    "学校：孙镇初中    学科：语文", "活动时间：每周三下午第二节", "主讲人：王淑霞", "散会：11:40",
    "2015年3月12日，星期四", "2026. 3. 15",
)  # fmt: skip
#: Points of a list: sentences, whose numbers head nothing.
POINTS = (
    "讨论完成计划，上报教研室。",
    "建立电子备课室，提高教师制作和使用多媒体课件的技能，查找所需资料，互相学习。",
    "采取分块的形式，按学科进行教研，每学期不少于十次，并做好记录。",
    "继续做好课题研究工作，激活教师参与教研的主体意识，使教师向研究型转变。",
    "大力培养青年教师，搭建展示的舞台，让他们接受全方位的培训，促使他们尽快成长。",
    "每学期听课不少于二十节，评课不少于十次，并有完整的记录。",
    "参加活动情况与期末评估挂钩，成绩突出的给予表彰奖励。",
)  # fmt: skip
PAPERS = (
    "孙镇初中2014—2015学年度第一学期校本研修工作计划",
    "八年级数学期末质量检测分析报告",
    "校本研修培训工作计划",
    "教师研修工作总结",
    "化 学 组 阶 段 报 告",
)
SIGNATURES = (("孙镇初级中学", "2015年9月10日"), ("数学教研组  侯建平", "二〇一五年十二月"), ())

#: What the word processor tells: nothing; styles of all headings, of the outermost, of some; bold
#: type; a larger size.
HINTS = ("none", "none", "styles", "top", "some", "bold", "size")
#: How a heading stands: alone; alone before a colon or a full stop; before its own text.
FORMS = ("alone", "alone", "alone", "announced", "closed", "colon", "stop")
_CN = "一二三四五六七八九十"
#: Scheme -> the ways to type number n (0 for the first); each is one author's habit, not a slip.
GLYPHS: dict[str, tuple[str, ...]] = {
    "chapter": ("第{cn}章 ", "第{cn}章：", "第 {cn} 章  "),
    "formal": ("{formal}、",),
    "cn": ("{cn}、", "{cn}．", "{cn}. ", "{cn} 、"),
    "cnparen": ("（{cn}）", "({cn})", "({cn}", "({cn}）", "{cnboxed}", "【{cn}】"),
    "arabic": ("{n}、", "{n}．", "{n}.", "{wide}、", "{wide}．", "{l}、", "{dotted}", "{n} 、"),
    "arabicparen": ("（{n}）", "({n})", "({n}", "（{wide}）", "{n}）", "{boxed}", "({n})、"),
    "circled": ("{circled}", "{circled} ", "{circled}、"),
}
RANKED = tuple(GLYPHS)
#: Outermost headings may have no number; they stand out, or nobody could tell them.
BARE = "bare"
GLYPHS[BARE] = ("",)


def _number(scheme: str, n: int, glyph: str) -> str:
    return glyph.format(
        n=n + 1,
        cn=_CN[n],
        formal="壹贰叁肆伍陆柒捌玖拾"[n],
        cnboxed=chr(0x3220 + n),
        wide=chr(0xFF11 + n),
        l="l" if n == 0 else n + 1,
        dotted=chr(0x2488 + n),
        boxed=chr(0x2474 + n),
        circled=chr(0x2460 + n),
    )


@dataclass(frozen=True)
class Row:
    """A line of the document; `level` of a heading, None for text; `title` as it must be found,
    `rest` of the text that its own line holds. `joint`: it stands in the paragraph of the line
    before, behind a soft break or where a copy lost the paragraph mark."""

    text: str
    level: int | None = None
    title: str = ""
    rest: str = ""
    joint: str = ""


@dataclass(frozen=True)
class Made:
    """A document and its truth: (level, title, text below) for each heading, the title first."""

    blocks: list[Block]
    outline: list[tuple[int, str, str]]
    hints: str


@dataclass
class _Writer:
    """Writes one tree of headings; `order` are its schemes, outermost first."""

    draw: Random
    order: list[str]
    glyphs: list[str]
    titles: Iterator[str]
    rows: list[Row] = field(default_factory=list)

    def section(self, depth: int, place: int) -> None:
        title = next(self.titles)
        deepest = depth + 1 >= len(self.order)
        branches = not deepest and (place == 0 or self.draw.random() < 0.5)
        form = self.draw.choice(FORMS)
        if branches or "，" in title or self.order[depth] == BARE:
            form = self.draw.choice(("alone", "announced"))
        self._head(depth, place, title, form)
        if branches:
            if self.draw.random() < 0.5:
                self.text()
            for n in range(self.draw.randint(2, 3)):
                self.section(depth + 1, n)
        else:
            self._leaf(depth, form not in ("colon", "stop"))

    def _head(self, depth: int, place: int, title: str, form: str) -> None:
        scheme = self.order[depth]
        glyph = self.glyphs[depth] if self.draw.random() < 0.8 else self.draw.choice(GLYPHS[scheme])
        spread = form == "alone" and title.isalpha() and self.draw.random() < 0.2
        rest = self.draw.choice(SENTENCES[:2]) if form in ("colon", "stop") else ""
        mark = {"alone": "", "colon": "：", "announced": "：", "stop": "。", "closed": "。"}[form]
        shown = " ".join(title) if spread else title
        text = f"{_number(scheme, place, glyph)}{shown}{mark}{rest}"
        self.rows.append(Row(text, depth + 1, title, rest, self._joint(depth, place, glyph)))

    def _joint(self, depth: int, place: int, glyph: str) -> str:
        """Sometimes a heading is glued to the text before it; only digits and signs show there."""
        last = self.rows[-1] if self.rows else None
        if last is None or last.level is not None or last.joint or place == 0:
            return ""
        bare = self.order[depth] == BARE
        glues = last.text.endswith("。") and not bare and place == self.draw.randint(1, 12)
        return "glued" if glues else ""

    def _leaf(self, depth: int, needed: bool) -> None:
        if needed or self.draw.random() < 0.5:
            broken = self.order[depth] != BARE and self.draw.random() < 0.1
            self.text("broken" if broken else "")
        free = [s for s in RANKED[3:] if s not in self.order[: depth + 1]]
        if free and self.draw.random() < 0.3:
            self._list(self.draw.choice(free))

    def text(self, joint: str = "") -> None:
        if self.draw.random() < 0.3:
            self.rows.append(Row(self.draw.choice(LINES), joint=joint))
            joint = ""
        for _ in range(self.draw.randint(1, 3)):
            self.rows.append(Row(self.draw.choice(SENTENCES), joint=joint))
            joint = ""

    def _list(self, scheme: str) -> None:
        glyph = GLYPHS[scheme][0]
        for n, point in enumerate(self.draw.sample(POINTS, self.draw.randint(2, 4))):
            self.rows.append(Row(_number(scheme, n, glyph) + point))


def documents(ranked: bool = False) -> st.SearchStrategy[Made]:
    """Documents of one to four levels; `ranked`: numbered in the order of the standard."""
    schemes = st.lists(st.sampled_from(RANKED), min_size=1, max_size=4, unique=True)
    orders = schemes.map(lambda found: sorted(found, key=RANKED.index)) if ranked else schemes
    return st.builds(_made, orders, st.sampled_from(HINTS), st.integers(0, 2**32 - 1))


def _made(order: list[str], hints: str, seed: int) -> Made:
    draw = Random(seed)
    shown = hints in ("styles", "top", "bold", "size") and "chapter" not in order
    if shown and draw.random() < 0.4:
        order = [BARE, *order[:3]]
    glyphs = [draw.choice(GLYPHS[scheme]) for scheme in order]
    writer = _Writer(draw, order, glyphs, cycle(draw.sample(TITLES, len(TITLES))))
    paper = draw.choice(PAPERS)
    if draw.random() < 0.5:
        writer.text()
    for n in range(draw.randint(2, 4)):
        writer.section(0, n)
    blocks = [
        _titled(draw, paper, hints),
        *_contents(draw, writer.rows),
        *_dressed(draw, writer.rows, hints),
        *(Block("paragraph", line) for line in draw.choice(SIGNATURES)),
    ]
    return Made(blocks, [(0, "".join(paper.split()), ""), *_truth(writer.rows)], hints)


def _titled(draw: Random, paper: str, hints: str) -> Block:
    size = 18.0 if hints == "size" else 0.0
    centred = draw.random() < 0.5
    return Block("paragraph", paper, centred=centred, bold=hints == "bold", size=size)


def _contents(draw: Random, rows: list[Row]) -> list[Block]:
    if draw.random() < 0.75:
        return []
    leader = draw.choice(("……………", ".......... ", "\t", " "))
    entries = [row.text.removesuffix(row.rest).rstrip("：。") for row in rows if row.level == 1]
    lines = [f"{entry}{leader}{page + 1}" for page, entry in enumerate(entries)]
    return [Block("paragraph", line) for line in ("目  录", *lines)]


def _dressed(draw: Random, rows: list[Row], hints: str) -> list[Block]:
    """The rows as blocks, with what the author's word processor tells of them."""
    blocks: list[Block] = []
    for row in rows:
        if row.joint:
            mark = "\n" if row.joint == "broken" else ""
            last = blocks[-1]
            level, kind = (0, "paragraph") if row.joint == "broken" else (last.level, last.kind)
            text = f"{last.text}{mark}{row.text}"
            blocks[-1] = replace(last, text=text, kind=kind, level=level, by="", bold=False)
        else:
            blocks.append(_block(draw, row, hints))
    return blocks


def _block(draw: Random, row: Row, hints: str) -> Block:
    block = Block("paragraph", row.text, size=12.0 if hints == "size" else 0.0)
    if row.level is None or row.rest:
        return block
    styled = hints == "styles" or (hints == "top" and row.level == 1)
    if styled or (hints == "some" and draw.random() < 0.5):
        return replace(block, kind="heading", level=row.level, by="style")
    if hints == "bold":
        return replace(block, bold=True)
    return replace(block, size=16.0 if hints == "size" else 0.0)


def _truth(rows: list[Row]) -> Iterator[tuple[int, str, str]]:
    for at, row in enumerate(rows):
        if row.level is None:
            continue
        level = row.level
        later = range(at + 1, len(rows))
        end = next((n for n in later if (rows[n].level or level + 1) <= level), len(rows))
        below = [row.rest, *(other.text for other in rows[at + 1 : end])]
        yield level, row.title, "\n".join(text for text in below if text)
