"""What the examination of a template has to say: faults, which stop it, and warnings, which do
not. Each knows where it stands, for people and for the comment in the author's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from generator.errors import FAULT_REMEDIES

#: code -> remedy of the faults that only an examination finds (the others: FAULT_REMEDIES).
FAULT_ADVICE: dict[str, str] = {
    "single_brace": "标记要用两个花括号：{{ 名称 }}",
    "spaced_braces": "两个花括号要紧挨着写：{{ 名称 }}",
    "separator": "列与列表之间用英文句点“.”，格式前用竖线“|”，名称前后不加别的符号",
    "invisible": "请删去整个标记，用键盘重新输入",
    "foreign_tag": "这是别的软件的写法，请改成 {{ 名称 }}",
    "mail_merge": "邮件合并域在这里不起作用，请改成 {{ 名称 }}",
    "broken": "请在标记中间删去它，使 {{ }} 成为连续的文字",
    "in_field": "请把标记写成普通文字，不要放进域代码",
    "deleted_tag": "请在“审阅”里接受或拒绝全部修订后再保存",
    "unreachable": "请把标记写进正文、表格、页眉页脚或文本框里",
    "repeated_row": "列表只留一行，其余的行会自动补足",
    "unusable": "请用 Word 或 WPS 打开模板，另存为新的 .docx 后重试",
}
#: code -> remedy of the warnings.
WARNING_ADVICE: dict[str, str] = {
    "lone_brace": "若是标记，请写成 {{ 名称 }}；若是文字，不必理会",
    "looks_like_tag": "若是标记，请写成 {{ 名称 }}；若是文字，不必理会",
    "missing_required": "请在应填写的地方写上这个标记",
    "missing_column": "若这一列要填，请在列表的行里加上这个标记",
    "revisions": "请在“审阅”里接受或拒绝全部修订后再保存",
    "tracking": "请在“审阅”里关闭“修订”，否则学校填写时处处留下修订痕迹",
    "comments": "请删去批注，否则会印在发出的每一份表上",
    "field_result": "请把标记写在域外面，否则更新域时填好的内容会丢失",
    "hidden": "请去掉“隐藏”格式，否则打印不出来",
    "cut_off": "请把行高改为“最小值”，否则内容长了会被截掉",
    "extra_rows": "请删去这些空行，列表自己会补足行数",
    "header_row": "请对这一行取消“在各页顶端以标题行形式重复出现”",
    "list_too_long": "请减小行高，否则空白表就会多出一页",
    "font": "公文用仿宋_GB2312、黑体、楷体_GB2312、方正小标宋简体，表内和页码可用宋体",
    "no_page_number": "请在页脚插入页码",
}
_ADVICE: Mapping[str, str] = {**FAULT_REMEDIES, **FAULT_ADVICE, **WARNING_ADVICE}

#: Where what concerns no place in particular is said to be.
WHOLE = "整个文件"


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of a part: the `paragraph`-th w:p of it in document order, from 0, and characters
    `start` to `end` of that paragraph's own text. `end` 0 stands for the whole paragraph."""

    part: str
    paragraph: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding. `place` is for people (表 2 行 3 列 1, 第 5 段, 页脚), `tag` the words as they
    stand there, `nearest` the name probably meant; `spot` None where it is of the whole file."""

    code: str
    message: str
    place: str
    tag: str = ""
    nearest: str = ""
    spot: Spot | None = None

    @property
    def stops(self) -> bool:
        """Whether the template cannot be used before this is mended."""
        return self.code not in WARNING_ADVICE

    @property
    def remedy(self) -> str:
        return _ADVICE[self.code]

    @property
    def suggestion(self) -> str:
        """The tag to write instead, "" where none is known."""
        return f"{{{{ {self.nearest} }}}}" if self.nearest else ""

    def __str__(self) -> str:
        return f"{self.place}：{self.message}（{self.remedy}）"

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "stops": self.stops,
            "place": self.place,
            "message": self.message,
            "remedy": self.remedy,
            "tag": self.tag,
            "nearest": self.nearest,
            "spot": asdict(self.spot) if self.spot else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Remark:
        spot = Spot(**data["spot"]) if data["spot"] else None
        words = {key: data[key] for key in ("code", "message", "place", "tag", "nearest")}
        return cls(**words, spot=spot)
