"""A user profile of LibreOffice in which nothing runs and nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

#: (path in the registry, name, value). Names and values after the schemas that come with
#: LibreOffice (officecfg: Common.xcs, Writer.xcs, Calc.xcs, Inet.xcs, Java.xcs); one that a
#: version does not know is passed over by it.
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    # Only macros from trusted places; there are none, and none of those either.
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    # Since 24.8: scripts, OLE objects, fields that fetch.
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableOLEAutomation", "true"),
    # No document lies in a trusted place, so none may load what it links to.
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),  # never
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),  # never
    # What is written in the cells is read, not reckoned anew.
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),  # never
    ("org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),  # the one given here
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
    ("org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Common/Misc", "CrashReport", "false"),
    ("org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
)  # fmt: skip

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)


def write(folder: Path) -> None:
    """Lay the settings into the profile at `folder`, before LibreOffice first sees it."""
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(_item(*setting) for setting in _SETTINGS)
    text = f"{_HEAD}{items}</oor:items>\n"
    (user / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _item(path: str, name: str, value: str) -> str:
    return (
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>\n"
    )
