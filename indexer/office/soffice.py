"""Where LibreOffice is, what it is told at its start, and what it may know of this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

#: Where the installers put it when it is not on the PATH.
_PLACES = (
    Path(r"C:\Program Files\LibreOffice\program\soffice.exe"),
    Path(r"C:\Program Files (x86)\LibreOffice\program\soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)

#: Target -> what --convert-to takes. A PDF is drawn by whichever part has opened the file.
TARGETS = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
    "pdf": "pdf",
}

#: What fontconfig takes for the fonts of official documents where they are missing.
FONTS = Path(__file__).with_name("fonts.conf")
#: The system's own settings, which that file adds to.
_SYSTEM_FONTS = Path("/etc/fonts/fonts.conf")

#: Environment that passes through: what programs need to start, and nothing else (an archive's
#: environment may hold passwords).
_PASSED = frozenset(
    {"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"}
    | {"PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMDATA", "COMMONPROGRAMFILES", "OS"}
    | {"NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"}
)
#: RFC 863's port: nobody answers there.
_NOWHERE = "http://127.0.0.1:9"


def find() -> Path | None:
    """The program that starts LibreOffice, None where there is none."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((place for place in _PLACES if place.is_file()), None)


def command(
    program: Path, profile: Path, files: Sequence[Path], importer: str, to: str, outputs: Path
) -> list[str]:
    """The command line that converts `files`, all of them with the filter `importer`.

    Without a filter LibreOffice would try all it has on what does not look right, down to taking
    any bytes for text.
    """
    return [
        str(program), "--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault",
        "--nologo", "--nofirststartwizard", f"-env:UserInstallation={profile.as_uri()}",
        f"--infilter={importer}", "--convert-to", TARGETS[to], "--outdir", str(outputs),
        *map(str, files),
    ]  # fmt: skip


def environment(home: Path, temporary: Path) -> dict[str, str]:
    """A home and a temporary folder in scratch, no proxy that leads out, no display."""
    passed = {name: value for name, value in os.environ.items() if name.upper() in _PASSED}
    places = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home))
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)
    # The paths handed over are UTF-8; under the C locale LibreOffice would not find them.
    locale = {} if sys.platform == "win32" else {"LC_ALL": "C.UTF-8"}
    shown = {"SAL_USE_VCLPLUGIN": "svp", **fonts()}
    return {**passed, **places, **folders, **proxies, **locale, **shown}


def fonts() -> dict[str, str]:
    """The variable that leads LibreOffice to FONTS, where fontconfig finds fonts at all."""
    return {"FONTCONFIG_FILE": str(FONTS)} if _SYSTEM_FONTS.is_file() else {}
