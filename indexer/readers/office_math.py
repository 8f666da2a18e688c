"""Office math (ECMA-376 part 1, 22.1) as one line of text."""

from __future__ import annotations

from collections.abc import Callable

from indexer.readers.equations import bracketed, fraction, lowered, raised, root
from indexer.readers.package import Element

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MATH = frozenset({_M + "oMath", _M + "oMathPara"})
_DELETED = frozenset({"del", "moveFrom"})


def linear(math: Element) -> str:
    """The text of an m:oMath or of any part of one: fractions with a stroke, powers with ^."""
    return "".join(map(_shown, math)).strip()


def _shown(given: Element) -> str:
    name = given.tag.rpartition("}")[2]
    if name == "t":
        return given.text or ""
    if name.endswith("Pr") or name in _DELETED:
        return ""
    handler = _HANDLERS.get(name)
    return handler(given) if handler is not None else "".join(map(_shown, given))


def _part(given: Element, name: str) -> str:
    """The text of a named child; "" where there is none or it is empty."""
    for child in given:
        if child.tag.endswith("}" + name):
            return linear(child)
    return ""


def _value(given: Element, name: str, otherwise: str) -> str:
    """The value of a property of an object: m:dPr/m:begChr/@m:val."""
    for properties in given:
        if properties.tag.endswith("Pr"):
            for child in properties:
                if child.tag.endswith("}" + name):
                    return str(next(iter(child.attrib.values()), ""))
    return otherwise


def _scripts(given: Element) -> str:
    return _part(given, "e") + lowered(_part(given, "sub")) + raised(_part(given, "sup"))


def _before(given: Element) -> str:
    return lowered(_part(given, "sub")) + raised(_part(given, "sup")) + _part(given, "e")


def _fraction(given: Element) -> str:
    return fraction(_part(given, "num"), _part(given, "den"))


def _root(given: Element) -> str:
    return root(_part(given, "deg"), _part(given, "e"))


def _delimited(given: Element) -> str:
    inner = [linear(child) for child in given if child.tag.endswith("}e")]
    between = _value(given, "sepChr", "|")
    left, right = _value(given, "begChr", "("), _value(given, "endChr", ")")
    return bracketed(between.join(inner), left, right)


def _large(given: Element) -> str:
    sign = _value(given, "chr", "∫")
    limits = lowered(_part(given, "sub")) + raised(_part(given, "sup"))
    return f"{sign}{limits} {_part(given, 'e')}".rstrip()


def _matrix(given: Element) -> str:
    rows = []
    for row in given:
        if row.tag.endswith("}mr"):
            rows.append(" ".join(linear(cell) for cell in row))
    return ";".join(rows)


def _lines(given: Element) -> str:
    return ";".join(linear(child) for child in given if child.tag.endswith("}e"))


def _under(given: Element) -> str:
    return _part(given, "e") + lowered(_part(given, "lim"))


def _over(given: Element) -> str:
    return _part(given, "e") + raised(_part(given, "lim"))


def _function(given: Element) -> str:
    name, argument = _part(given, "fName"), _part(given, "e")
    return (
        f"{name} {argument}" if name[-1:].isalnum() and argument[:1].isalnum() else name + argument
    )


_HANDLERS: dict[str, Callable[[Element], str]] = {
    "f": _fraction, "rad": _root, "sSup": _scripts, "sSub": _scripts, "sSubSup": _scripts,
    "sPre": _before, "d": _delimited, "nary": _large, "m": _matrix, "eqArr": _lines,
    "limLow": _under, "limUpp": _over, "func": _function,
}  # fmt: skip
