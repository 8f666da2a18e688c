"""Make the sample submissions that Python cannot write (.doc, .wps, .xls, .pdf, encrypted .docx).

    uv run --with msoffcrypto-tool python tools/make_demo_binaries.py

Needs LibreOffice (`soffice`) on the PATH. Each paper in yanxiu/demo/papers/ that says
`make = "stored"` is written as .docx or .xlsx, converted, and kept in yanxiu/demo/binaries/;
sources.json there holds the digest of the text each was made from, so that a test notices when a
text (or a teacher's name in the register) has changed since.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from yanxiu.demo import county, sheet, slots, word  # noqa: E402
from yanxiu.demo.packing import STAMP  # noqa: E402
from yanxiu.demo.papers import Paper, load  # noqa: E402
from yanxiu.demo.submissions import as_word, clock  # noqa: E402

BINARIES = ROOT / "yanxiu" / "demo" / "binaries"
#: LibreOffice's export filters. A .wps of WPS Office is a Word 97 file by another name.
FILTERS = {
    ".doc": "doc:MS Word 97",
    ".wps": "doc:MS Word 97",
    ".xls": "xls:MS Excel 97",
    ".pdf": "pdf:writer_pdf_Export",
}
TIMEOUT_S = 120
#: The free faces that stand in for Windows' own, so that a .pdf embeds those.
FACES = {
    "宋体": "Noto Serif CJK SC",
    "仿宋_GB2312": "Noto Serif CJK SC",
    "楷体_GB2312": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
}
CREATED = re.compile(rb"/CreationDate\(D:\d{14}")


def main() -> None:
    wanted = sys.argv[1:]
    papers = [p for p in load(county()).values() if p.head.get("make") == "stored"]
    for paper in papers:
        if wanted and paper.key not in wanted:
            continue
        suffix = Path(paper.head["file"]).suffix
        target = BINARIES / (paper.key + suffix)
        target.write_bytes(make(paper, suffix))
        print(f"{target.name}: {target.stat().st_size} bytes")
    if not wanted or slots.TEMPLATE in wanted:
        (BINARIES / slots.TEMPLATE).write_bytes(slot_template())
    record = {p.key: digest(p) for p in papers}
    text = json.dumps(record, indent=1, sort_keys=True) + "\n"
    (BINARIES / "sources.json").write_text(text, "utf-8")


def make(paper: Paper, suffix: str) -> bytes:
    if "password" in paper.head:
        return encrypted(as_word(paper), paper.head["password"])
    if suffix == ".xls":
        return converted(sheet.workbook(paper.lines, when=clock(paper)), ".xlsx", suffix)
    data = converted(as_word(paper), ".docx", suffix)
    if suffix == ".pdf":
        stamp = clock(paper).strftime("/CreationDate(D:%Y%m%d%H%M%S").encode()
        data = CREATED.sub(stamp, data)  # of the same length, so that no offset moves
    return data


def slot_template() -> bytes:
    return converted(word.document(slots.template_lines(), when=STAMP), ".docx", ".doc")


def converted(data: bytes, before: str, after: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"paper{before}")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", FILTERS[after]]
        subprocess.run(
            [*command, "--outdir", folder, str(source)],
            check=True,
            timeout=TIMEOUT_S,
            env={**os.environ, "FONTCONFIG_FILE": str(_font_choice(folder))},
            stdout=subprocess.DEVNULL,
        )
        return source.with_suffix("." + FILTERS[after].split(":")[0]).read_bytes()


def _font_choice(folder: str) -> Path:
    rules = "".join(
        f'<match><test name="family"><string>{wanted}</string></test><edit name="family" '
        f'mode="assign" binding="strong"><string>{given}</string></edit></match>'
        for wanted, given in FACES.items()
    )
    path = Path(folder, "fonts.conf")
    path.write_text(
        f"<fontconfig><include>/etc/fonts/fonts.conf</include>{rules}</fontconfig>", "utf-8"
    )
    return path


def encrypted(data: bytes, password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def digest(paper: Paper) -> str:
    return hashlib.sha256(paper.plain.encode()).hexdigest()


if __name__ == "__main__":
    main()
