"""Which formats are bundles, and who opens which."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Protocol, cast

from indexer.bundles.member import Bundle
from indexer.bundles.pouring import is_ours
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits

#: Format as sniffed -> the module that opens it, imported when needed: some draw in libraries.
MODULES: dict[str, str] = {
    "zip": "zip",
    "rar": "rar",
    "7z": "sevenzip",
    "tar": "tar",
    "gz": "packed",
    "bz2": "packed",
    "xz": "packed",
    "eml": "mail",
    "mht": "mail",
}
#: Letters are bundles where something is attached, the rest always.
MAIL = frozenset({"eml", "mht"})
FORMATS = frozenset(MODULES) - MAIL

#: Bundles inside bundles that are opened, the outermost counted as 1.
DEEPEST = 5

#: What 7-Zip calls the parts of an archive it split: nothing in them says so.
_NUMBERED = re.compile(r"\.\d{3}$")


class _Opener(Protocol):
    """A module of one or more formats. It raises ReadError; anything else counts as corrupt."""

    def open_bundle(self, path: Path, form: str, limits: Limits, name: str) -> Bundle: ...


def is_bundle(path: Path, form: str, limits: Limits = DEFAULT) -> bool:
    """Whether the file at `path`, of the sniffed format `form`, is opened into its members rather
    than read."""
    if form in MAIL:
        from indexer.bundles.mail import has_attachments

        return has_attachments(path, limits)
    return form in FORMATS


def open_bundle(path: Path, form: str, limits: Limits = DEFAULT, name: str = "") -> Bundle:
    """The bundle at `path` of the sniffed format `form`, to be used in a `with` block; `name` is
    what people call it (default: the path's own). Raises ReadError, see `Bundle`."""
    try:
        return _opener(form).open_bundle(path, form, limits, name)
    except ReadError as error:
        if error.code == "corrupt" and _NUMBERED.search(name or path.name):
            raise ReadError("volumes", error.detail) from error
        raise
    except (MemoryError, RecursionError) as error:
        raise ReadError("too_large", repr(error)) from error
    except Exception as error:
        if isinstance(error, OSError) and is_ours(error):
            raise
        # Whatever foreign bytes provoke in a library, the caller meets one stable code.
        raise ReadError("corrupt", f"{form}: {error!r}") from error


def _opener(form: str) -> _Opener:
    if form not in MODULES:
        raise ReadError("unsupported", form)
    return cast(_Opener, importlib.import_module(f"indexer.bundles.{MODULES[form]}"))
