"""Who wrote a document: 执笔, 填报人 …, a name under the title, in the 落款, in the file name."""

from __future__ import annotations

import re

from archive.filing.scan import Scan, squeeze
from archive.filing.values import Evidence
from archive.filing.weighing import Choice, weigh
from archive.kinds import Kind
from archive.names import find_units
from archive.register import Register
from archive.subjects import SUBJECTS, find_subjects

OWN_FIELD, WRITER_FIELD, BYLINE, SIGNATURE, NAME, RECORDER = 0.96, 0.95, 0.9, 0.85, 0.75, 0.8
#: What a name gains when the register has a teacher of that name.
KNOWN_TEACHER = 0.35

_WRITER = (
    "作者", "执笔", "执笔人", "执笔者", "撰写", "撰写人", "撰稿", "撰稿人", "填报人", "填表人",
    "填写人", "分析人", "分析教师", "反思人", "反思教师", "整理人", "撰文", "汇报人", "报告人",
    "总结人", "制定人", "拟稿", "拟稿人", "供稿", "姓名", "教师姓名", "教师", "任课教师",
    "科任教师", "作者姓名", "起草人",
)  # fmt: skip
_RECORDER = ["记录人", "记录", "记录员", "记录整理"]
#: Kinds of which no teacher is the author: a school's or an office's papers.
_UNSIGNED = frozenset((
    "school_plan", "school_impl", "school_long_plan", "cluster_plan", "eval_form", "attend",
    "hours",
))  # fmt: skip

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲"
    "邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊"
    "宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵"
    "冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东"
    "欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海"
    "付覃兰芦占苑贠拜赫冶税敬谌栗战普初鹿隋揭丛邸粟粘甯郇晋楚闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福原肖仵苟补巨问景校同折拓弥闪忽展兀种淡眭雒郄上"
)
_COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|端木|长孙|宇文"
_FULL_NAME = re.compile(
    f"(?:{_COMPOUND})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿]{{1,2}}(?:·[一-鿿]{{1,3}})?"
)
#: Words of two or three characters that begin with a surname and are no names.
_NO_NAMES = re.compile(
    "盖章|签章|签名|签字|公章|成长|高度|万能|支部|向量|计时|成语|单词|全等|强弱|关系|安全|平行|马说|童年|水浒|段考|常见|鲁迅|"
    "年级|班级|时间|学校|教师|老师|学科|方案|方法|计划|总结|报告|记录|内容|高中|高级|高效|全体|全校|全组|同学|同上|张贴|"
    "校长|校本|主任|组长|组员|教研|研修|章节|公开|公章|文件|文科|成绩|成果|平均|单元|单位|时候|关于|相关|项目|管理|简报|简介|应用|经验|"
    "强化|水平|安排|有效|国培|国学|段落|席位|计算|和谐|步骤|后记|后感|上学|上册|下册|上期|期中|期末|"
    "数学|语文|英语|物理|化学|生物|政治|历史|地理|体育|音乐|美术|信息|科学|思品|道德|综合|初中|小学|中学|幼儿|"
    "农村|农历|明年|年度|年月|元月|元旦|秋季|金秋|文综|理综|易错|满分|向上|家长|家校|家庭|常规|平时|新课|习题|习作|阅读|作文|古诗|文言|"
    "温度|石油|水果|江南|山西|陕西|海洋|广东|东部|西部|阳光|花样|路上|雷雨|桂林|云南|长江|黄河|华北|人教|北师|上海|"
    "执笔|填报|分析|修改|终稿|定稿|汇总|统计|评价|评课|听课|备课|上课|说课|议课|课题|课后|双周|单周|别人|能手|通知|通过|充分|都是|"
    "解决|解读|解题|解析|解方|经过|从而|还有|所有|那么|如何|怎样|何时|任务|任教|任课|利用|充电|向我|空白|空间|越来|全面|全文|问题|展示|"
    "终身|须知|相似|国家|海报|文章|文本|红领|关注|关爱|关键|言语|步伐|查漏|查阅|居多|班主|管理|谈谈|容易|康乐|荣誉|益智|"
    "第一|第二|材料|资料|图片|照片|附件|正文|标题|目录|档案|万有|支架|司法|全国|全省|全市|全县|全员|区域|宿舍"
)
_TITLES = re.compile("(?:老师|教师|主任|校长|组长|书记|副校长|同志|教导主任)$")


#: 史文革个人研修计划, 史文革老师的教学反思.
_OF_TITLE = re.compile(
    "([一-鿿]{2,4}?)(?:(?:老师|同志|教师)的?|的?(?=个人))(?=个人|教学|课后|研修|校本|读书)"
)
_DATE_LIKE = re.compile(r"[\d〇零○一二三四五六七八九十年月日号.\-/第周星期学度]{4,}|\d+")


def choose_author(scan: Scan, kind: Kind | None, school: str, register: Register) -> Choice:
    """The writer's name, folded; "" where none is named or several are."""
    if kind is not None and kind.id in _UNSIGNED:
        return Choice()
    found = _of_fields(scan, kind, register) + _of_lines(scan, register) + _of_name(scan, register)
    known = [
        Evidence(e.value, e.value, "教师名册", KNOWN_TEACHER)
        for e in found
        if register.teacher_named(e.value, school or None)
    ]
    return weigh(found + known[:1])


def _of_fields(scan: Scan, kind: Kind | None, register: Register) -> list[Evidence]:
    """The kind's own fields for its writer first, then 执笔 …, then the recorder."""
    own = [
        name
        for f in (kind.fields if kind else ())
        if f.type == "person" and f.source in ("teacher.name", "group.leader")
        for name in (f.key, *f.also)
    ]
    taken = {name for f in (kind.fields if kind else ()) for name in (f.key, *f.also)} - set(own)
    ranked = [(label, OWN_FIELD) for label in own]
    ranked += [(label, WRITER_FIELD) for label in _WRITER if label not in taken]
    ranked += [(label, RECORDER) for label in _RECORDER]
    for label, weight in ranked:
        value = scan.fields.get(label, "")
        if not value:
            continue
        name = one_name(value) or (_name_beside(value, register) if len(value) < 40 else "")
        if name:
            return [Evidence(name, name, f"栏目“{label}”", weight)]
    return []


def one_name(text: str) -> str:
    """The one person's name that `text` consists of, "" where it is none or several."""
    text = _DATE_LIKE.sub(" ", re.sub(r"[（(][^（()）]*[)）]", " ", text))
    bare = squeeze(text).strip(":：。.,，")
    bare = _TITLES.sub("", bare) if len(bare) > 3 else bare
    if not is_name(bare):
        return ""
    return bare


def is_name(text: str) -> bool:
    return (
        2 <= len(text) <= 6
        and _FULL_NAME.fullmatch(text) is not None
        and not _NO_NAMES.search(text)
        and text not in SUBJECTS
    )


def _of_lines(scan: Scan, register: Register) -> list[Evidence]:
    """A name beside the school under the title, or in the 落款."""
    found = []
    titled = _OF_TITLE.match(scan.title)
    if titled and is_name(titled.group(1)):
        found.append(Evidence(titled.group(1), titled.group(1), "标题", BYLINE))
    for line in scan.head:
        if line.bare != scan.title and len(line.bare) <= 40:
            name = _name_beside(line.text, register)
            if name:
                found.append(Evidence(name, name, line.place, BYLINE))
    for line in scan.signature:
        name = _name_beside(line.text, register)
        if name:
            found.append(Evidence(name, name, "落款", SIGNATURE))
    return found[:2]


_WRITER_LABEL = "|".join(sorted((*_WRITER, "执教"), key=len, reverse=True))
_LABELLED = re.compile(
    rf"(?:{_WRITER_LABEL})"
    r"\s*[:：]\s*([一-鿿](?:\s?[一-鿿]){1,3})(?=$|[\s,，;；)）。])"
)


def _name_beside(text: str, register: Register) -> str:
    """The name in a short line that otherwise holds a school, a group, a date."""
    labelled = _LABELLED.search(text)
    if labelled and is_name(squeeze(labelled.group(1))):
        return squeeze(labelled.group(1))
    if ":" in text or "：" in text:
        return ""
    rest = text
    for mention in reversed(find_units(text, register, in_name=True)):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    rest = re.sub(r"[（(【)）】|、,，]", " ", _DATE_LIKE.sub(" ", rest))
    parts = [_TITLES.sub("", p) if len(p) > 3 else p for p in rest.split()]
    names = [p for p in _joined(parts) if is_name(p)]
    others = [p for p in parts if not is_name(p) and len(p) > 12]
    return names[0] if len(names) == 1 and not others else ""


def _joined(parts: list[str]) -> list[str]:
    """张 敏 is written with a space to stand as wide as 张小敏."""
    joined, at = [], 0
    while at < len(parts):
        pair = parts[at : at + 2]
        if len(pair) == 2 and all(len(p) == 1 for p in pair):
            joined.append("".join(pair))
            at += 2
        else:
            joined.append(parts[at])
            at += 1
    return joined


def _of_name(scan: Scan, register: Register) -> list[Evidence]:
    """(教师名), -教师名 or a lone name in the file name."""
    text = scan.name
    if not text:
        return []
    bracketed = re.findall(r"[（(【]([^（()）】]{2,4})[)）】]", text)
    for piece in bracketed:
        if is_name(squeeze(piece)):
            return [Evidence(squeeze(piece), piece, "文件名", NAME)]
    rest = text
    for mention in reversed(find_units(text, register, in_name=True)):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    for subject in reversed(find_subjects(rest, True)):
        rest = rest[: subject.start] + " " + rest[subject.end :]
    pieces = re.split(r"[\s\-_—.·+（()）]+|(?<=\d)(?=[一-鿿])", rest)
    names = [p for p in pieces if is_name(p)]
    return [Evidence(names[0], names[0], "文件名", NAME * 0.85)] if len(names) == 1 else []
