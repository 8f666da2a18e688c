"""What can go wrong at the press: stable codes, Chinese sentences, remedies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

#: code of a FormError -> (Chinese sentence, remedy). The codes are a contract.
FORM_ERRORS: dict[str, tuple[str, str]] = {
    "template_faults": ("表单模板有错，不能使用", "请按所列位置在 Word 或 WPS 中改正后重新保存"),
    "not_docx": ("表单模板不是可用的 .docx 文件", "请用 Word 或 WPS 打开模板，另存为 .docx"),
    "too_large": ("表单展开后过大，超出允许的限度", "请压缩模板中的图片，或减少填入的内容"),
    "too_slow": (
        "检查表单模板用时过长，已经停止",
        "请删去模板里多余的内容，或用 Word、WPS 新建一份再试",
    ),
    "too_many_rows": ("填入的行数超出允许的限度", "请分成几份表单填写"),
    "bad_value": ("填入的内容不是文字、数字或日期", "请检查填入的数据"),
    "bad_picture": (
        "填入的图片不能使用",
        "请用完整的 PNG 或 JPEG 图片，每张不超过 8 MB、2500 万像素，打印宽高不超过 420 毫米",
    ),
    "bad_mode": ("没有这种出表方式", "出表方式只有：空白 blank、预填 prefilled、填好 filled"),
    "bad_stamp": ("表单编号与所记内容不符", "请用 Stamp.issue 生成编号"),
}

#: code of a fault in a template -> remedy. The message itself names the words found.
FAULT_REMEDIES: dict[str, str] = {
    "unclosed": "补上“}}”，并使整个标记在同一段（同一单元格）内",
    "unopened": "补上“{{”，或删去多余的“}}”",
    "split": "一个标记不能跨段、跨单元格，请删去中间的换段，写在同一段内",
    "smart_quotes": "标记里的引号请改用英文直引号，或删去引号",
    "fullwidth": "花括号请用英文半角“{{ }}”",
    "control": "不需要控制标记：列表行里直接写 {{ 列表名.列名 }}，该行会自动重复",
    "syntax": "标记只能写成 {{ 名称 }}、{{ 列表名.列名 }} 或 {{ 名称|格式 }}",
    "forbidden": "标记里只能写名称和格式，不能写程序",
    "unknown_name": "请改用表单定义里的名称",
    "unknown_filter": "请改用已有的格式",
    "list_outside_row": "列表要一行行重复，只能放在表格里：请把这个标记移进表格的一行",
    "list_without_column": "请写成 {{ 列表名.列名 }}",
    "mixed_lists": "一行只能用一个列表，请分成两行",
    "active_content": "请删去宏、控件、外部链接和自动更新的域后再保存",
    "too_many": "请删去多余的标记",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a template. `place` is for people (表 2 行 3 列 1, 第 5 段, 页脚), `tag` the
    words as they stand in the template, `nearest` the known name that was probably meant."""

    code: str
    message: str
    place: str
    tag: str = ""
    nearest: str = ""

    @property
    def remedy(self) -> str:
        return FAULT_REMEDIES[self.code]

    def __str__(self) -> str:
        return f"{self.place}：{self.message}（{self.remedy}）"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "remedy": self.remedy}


class FormError(Exception):
    """A form that cannot be compiled or filled.

    `code` is one of FORM_ERRORS; `faults` holds every fault of a template, in reading order;
    `detail` is for the log.
    """

    def __init__(self, code: str, detail: str = "", faults: Iterable[Fault] = ()) -> None:
        if code not in FORM_ERRORS:
            raise ValueError(f"unknown form error code {code!r}")
        self.code = code
        self.detail = detail
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join([f"{self.message}：{detail}", *map(str, self.faults)]))

    def __reduce__(self) -> tuple[type[FormError], tuple[str, str, tuple[Fault, ...]]]:
        return FormError, (self.code, self.detail, self.faults)

    @property
    def message(self) -> str:
        return FORM_ERRORS[self.code][0]

    @property
    def remedy(self) -> str:
        return FORM_ERRORS[self.code][1]

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "faults": [fault.to_json() for fault in self.faults],
        }
