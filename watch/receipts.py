"""回执: what a file was taken for, what it lacks and what to do, as one printable page."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from archive.durable import store_errors
from archive.faults import point
from watch.clearing import Reason, replace_text
from watch.folders import Inbox
from watch.names import RECEIPTS
from watch.places import free_names, reserved_place

SUFFIX = ".回执.html"
PAGES = Path(__file__).resolve().parents[1] / "templates" / "pages"
_ZONE = ZoneInfo("Asia/Shanghai")

#: status -> (sign, Chinese word, what it means). The statuses are those of `yanxiu add`.
STATUSES: dict[str, tuple[str, str, str]] = {
    "filed": ("✓", "已归档", "文件已经收到并归档，可以检索。"),
    "review": ("●", "待核", "文件已经收到并可检索，需要工作人员核对后归档。"),
    "duplicate": ("＝", "重复", "与以前交过的文件完全相同，没有重复归档。"),
    "quarantined": ("✕", "隔离", "文件没有归档，已移到「隔离」文件夹。"),
    "ignored": ("–", "未收", "按文件名判断不是提交的材料，没有收取。"),
    "unpacked": ("✓", "已拆收", "压缩包已经打开，里面的文件逐个收取，结果见下表。"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """Something the document does not have: `name` of the section or field, a `hint` how to
    write it, `empty` when its heading is there without content, `required` or only advised."""

    name: str
    hint: str = ""
    empty: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a bundle. `lacks` counts what is missing or empty in it."""

    name: str
    status: str
    kind_name: str = ""
    number: str = ""
    lacks: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is said about one file. Texts are for people and "" where unknown; `received` is
    aware; `number` is the 件号; `reasons` say why it needs a person; `error` why it is set apart;
    `same_as` names the original of a duplicate, `version` > 1 that it replaces an earlier one.
    `form` names the prefilled form of the same paper that waits at `form_path` in the inbox.
    `blank`: it is a form that nobody filled in, so that nothing in particular is lacking.
    """

    file: str
    status: str
    received: datetime
    kind_name: str = ""
    unit: str = ""
    school: str = ""
    subjects: tuple[str, ...] = ()
    period: str = ""
    author: str = ""
    title: str = ""
    number: str = ""
    version: int = 1
    same_as: str = ""
    reasons: tuple[str, ...] = ()
    error: Reason | None = None
    lacks: tuple[Lack, ...] = ()
    members: tuple[Member, ...] = ()
    size: int = 0
    sha256: str = ""
    office: str = ""
    form: str = ""
    form_path: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptMark:
    """Whose receipt a page is, as a comment at its end: ids of the arrival, of the unit that sent
    it and of the record it became ("" = unknown, none)."""

    arrival: str
    sender: str = ""
    record: str = ""

    def __str__(self) -> str:
        return f"<!-- arrival={self.arrival} sender={self.sender} record={self.record} -->"

    def continues(self, earlier: ReceiptMark) -> bool:
        """Whether nobody misses the earlier receipt: it was of this arrival or record, or of a
        file of the same known sender that was not taken (unreadable then, good now)."""
        if self.arrival == earlier.arrival:
            return True
        if earlier.record:
            return self.record == earlier.record
        return self.sender != "" and self.sender == earlier.sender


_MARK = re.compile(rb"<!-- arrival=([^\s>]*) sender=([^\s>]*) record=([^\s>]*) -->\s*$")
#: Where a page's mark is looked for: its last bytes.
_TAIL = 400


def next_steps(receipt: Receipt) -> list[str]:
    """What the sender should do, in order; one sentence when there is nothing to do."""
    if receipt.blank:
        return ["请填写后重新提交。"]
    steps = []
    if receipt.error:
        steps.append(receipt.error.remedy)
    if any(lack.required for lack in receipt.lacks):
        steps.append(
            "请补齐上面列出的内容，用原来的文件名重新放进收件文件夹，系统会作为新版本收取。"
        )
    elif receipt.lacks:
        steps.append("上面列出的是建议补充的内容，不影响归档。")
    if receipt.status == "review":
        steps.append("等待工作人员核对，不需要重新提交；如上面认定的内容有误，请告诉工作人员。")
    if any(member.status == "quarantined" for member in receipt.members):
        steps.append("压缩包里有文件没有收下，请按下表的说明处理后单独重新提交。")
    return steps or ["不需要再做什么。"]


def render_receipt(receipt: Receipt) -> str:
    """A whole HTML page, no outside parts. Raises KeyError for a status not in STATUSES."""
    return _template().render(
        r=receipt,
        status=STATUSES[receipt.status],
        statuses=STATUSES,
        facts=_facts(receipt),
        required=sum(lack.required for lack in receipt.lacks),
        steps=next_steps(receipt),
        form_link=_link(receipt),
        printable=_printable,
    )


def write_receipt(
    inbox: Inbox, relpath: str, receipt: Receipt, mark: ReceiptMark | None = None
) -> Path:
    """Write `回执/<relpath>.回执.html`, whole or not at all, over an earlier one that it continues
    (see `ReceiptMark.continues`). That of another file of this name stays, and this one gets a
    number, as the file in 已收. Without a `mark` the name alone counts.

    Raises StoreError `disk_full` or `store_io`, ValueError for a path out of the inbox.
    """
    page = _page(receipt, mark)
    with store_errors():
        place = reserved_place(inbox, RECEIPTS, relpath)
        targets = (name.with_name(name.name + SUFFIX) for name in free_names(place))
        target = next(t for t in targets if mark is None or _may_replace(t, mark))
        replace_text(target, page)
        point("receipt-written")
    return target


def rewrite_receipt(inbox: Inbox, relpath: str, receipt: Receipt, mark: ReceiptMark) -> bool:
    """Bring the receipt of an arrival up to date where it stands. False where none stands (taken
    away, or a later one is in its place); nothing is made then. Raises as `write_receipt` does."""
    with store_errors():
        place = reserved_place(inbox, RECEIPTS, relpath)
        pages = (p for p in place.parent.iterdir() if p.name.endswith(SUFFIX))
        alike = (p for p in pages if p.name.startswith(place.stem))
        target = next((p for p in alike if _arrival_of(p) == mark.arrival), None)
        if target is None:
            return False
        page = _page(receipt, mark)
        if target.read_bytes() != page:
            replace_text(target, page)
    return True


def _page(receipt: Receipt, mark: ReceiptMark | None) -> bytes:
    page = render_receipt(receipt)
    return (page.rstrip() + f"\n{mark}\n" if mark else page).encode()


def _may_replace(target: Path, mark: ReceiptMark) -> bool:
    if not target.exists():
        return True
    other = _mark_of(target)
    return other is not None and mark.continues(other)


def _arrival_of(target: Path) -> str:
    mark = _mark_of(target)
    return mark.arrival if mark else ""


def _mark_of(target: Path) -> ReceiptMark | None:
    with target.open("rb") as page:
        page.seek(max(0, page.seek(0, os.SEEK_END) - _TAIL))
        found = _MARK.search(page.read())
    if found is None:
        return None
    return ReceiptMark(*(part.decode("utf-8", "replace") for part in found.groups()))


def _link(receipt: Receipt) -> str:
    """The waiting form as seen from the receipt's own folder, 回执/<folders of the file>."""
    if not receipt.form_path:
        return ""
    up = "../" * (1 + receipt.file.count("/"))
    return up + quote(receipt.form_path)


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    """Label and value of what the file was taken for; what nobody knows is left out, except
    what every document of a school should have."""
    shown = receipt.status in ("filed", "review", "duplicate")
    needed = "未能认定" if shown else ""
    rows = (
        ("件号", receipt.number + (f"（第 {receipt.version} 版）" if receipt.version > 1 else "")),
        ("文种", receipt.kind_name or needed),
        ("题名", receipt.title),
        ("学校", receipt.school or receipt.unit or needed),
        ("学科", "、".join(receipt.subjects)),
        ("所属时间", receipt.period or needed),
        ("作者", receipt.author),
        ("原件", receipt.same_as),
    )
    return [(label, _printable(value)) for label, value in rows if value]


def _printable(text: str) -> str:
    """Names may hold bytes that are no text (lone surrogates), which no page can carry."""
    return os.fsencode(text).decode("utf-8", "replace") if not text.isascii() else text


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = lambda t: f"{t.astimezone(_ZONE):%Y年%m月%d日 %H:%M}"
    environment.filters["sentence"] = lambda text: text if text[-1:] in "。！？" else text + "。"
    return environment.get_template("receipt.html")
