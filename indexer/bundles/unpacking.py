"""Everything of a bundle into one folder, under names of ours: what a confined child does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from indexer.bundles.formats import open_bundle
from indexer.bundles.member import Bundle, Member, Taken, our_name
from indexer.bundles.pouring import is_ours
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits

#: Where every member fails for one of these, it is the bundle that cannot be opened: it stays
#: whole for a person instead of falling into pieces that hold nothing.
_OF_THE_WHOLE = frozenset({"encrypted", "unsupported", "no_unrar"})


def unpack_into(
    path: Path, form: str, folder: Path, limits: Limits = DEFAULT, name: str = ""
) -> list[Taken]:
    """Write every member of the bundle at `path` into the existing `folder`, in the order of the
    bundle, and tell what became of each. A member that cannot be taken out does not keep the
    others. All together no more than `limits.expanded` bytes are written.

    `form` is the sniffed format; `name` what people call the file (default: the path's own), after
    which the one member of a .gz may be named. Raises ReadError for the bundle as a whole (see
    `Bundle`; "empty" where there is nothing in it), OSError of our own disk.
    """
    taken: list[Taken] = []
    left = limits.expanded
    with open_bundle(path, form, limits, name) as bundle:
        for member in bundle.members():
            one = _take(bundle, member, folder, left)
            left -= one.size if one.file else 0
            taken.append(one)
    if not taken:
        raise ReadError("empty", "a bundle without members")
    codes = {one.error.code if one.error else "" for one in taken}
    if len(codes) == 1 and codes <= _OF_THE_WHOLE and taken[0].error:
        raise taken[0].error
    return taken


def _take(bundle: Bundle, member: Member, folder: Path, left: int) -> Taken:
    told = Taken(member.name, member.size, member.index, member.modified, member.error)
    if member.error is not None:
        return told
    if member.size > left:
        return replace(told, error=ReadError("too_large", f"{member.size} bytes, {left} left"))
    file = our_name(member.index)
    target = folder / file
    try:
        _extract(bundle, member, target)
    except ReadError as error:
        target.unlink(missing_ok=True)
        return replace(told, error=error)
    return replace(told, size=target.stat().st_size, file=file)


def _extract(bundle: Bundle, member: Member, target: Path) -> None:
    """Raises ReadError whatever is wrong with the member, OSError where our disk is."""
    try:
        bundle.extract(member, target)
    except ReadError:
        raise
    except (MemoryError, RecursionError) as error:
        raise ReadError("too_large", repr(error)) from error
    except Exception as error:
        if isinstance(error, OSError) and is_ours(error):
            raise
        # Whatever foreign bytes provoke in a decoder, the caller meets one stable code.
        raise ReadError("corrupt", repr(error)) from error
