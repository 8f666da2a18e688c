"""What can go wrong reading a file or asking the index: a stable code, a sentence, a remedy."""

from __future__ import annotations

from typing import Any

#: code -> (Chinese sentence, remedy). The codes are a contract of the command line.
READ_ERRORS: dict[str, tuple[str, str]] = {
    "encrypted": ("文件设有打开密码，无法读取", "请去掉密码后另存一份，重新提交"),
    "corrupt": ("文件已损坏或没有传完，无法读取", "请用 Word 或 WPS 打开原件另存一份，重新提交"),
    "empty": ("文件是空的，没有任何内容", "请确认是否交错了文件，重新提交"),
    "unsupported": (
        "暂不能读取这种格式",
        "如是文字材料，请另存为 .docx、.pdf 或 .xlsx 后重新提交；"
        "图片、视频、压缩包由工作人员人工归档",
    ),
    "too_large": ("文件展开后过大，超出允许的限度", "请拆分或压缩图片后重新提交"),
    "timeout": ("读取文件用时过长，已停止", "请另存为 .docx 或 .pdf 后重新提交"),
    "no_unrar": (
        "这台机器没有能解这个 .rar 的程序，压缩包没有打开",
        "请把里面的文件重新打成 .zip 提交；或请管理员安装 unrar（bsdtar 能解开大部分）",
    ),
    "volumes": (
        "这是分卷压缩包的一部分，缺其余各卷，无法打开",
        "请不要分卷，把文件重新打成一个 .zip 提交",
    ),
    "too_deep": (
        "压缩包一层套一层，超过 5 层，里面的文件没有打开",
        "请解开里层的压缩包，把文件放在一起重新提交",
    ),
    "unreadable": ("文件打不开", "请检查文件是否存在、是否有读取权限"),
}


class ReadError(Exception):
    """A file that cannot be read.

    `code` is one of READ_ERRORS; `detail` is for the log (English, may name a library's message).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in READ_ERRORS:
            raise ValueError(f"unknown read error code {code!r}")
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def message(self) -> str:
        return READ_ERRORS[self.code][0]

    @property
    def remedy(self) -> str:
        return READ_ERRORS[self.code][1]

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}
