"""Equations as one line of text: 1/2, x^2, √(a+b), ∑_(i=1)^n i.

`linear` reads the EQ field (17.16.5.22), with which older papers write fractions, circled
numbers and phonetic guides. The way of writing is that of Unicode Technical Note 28.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Signs that enclose another character (带圈字符).
_FRAMES = frozenset("○□△◇〇◯")
#: An option such as \up8 or \ac; \lc\{ names a bracket by a second backslash.
_OPTION = re.compile(r"\\(lc|rc|bc|fc|vc)\\(.)|\\([A-Za-z]{2})\s*(-?\d*)\s*", re.DOTALL)
#: General switches of any field, such as \\* MERGEFORMAT and \\* "Font:宋体".
_FORMATTING = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s\\]+)\s*')
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">", "⟨": "⟩"}
_SIMPLE = re.compile(r"[^\s+\-−=<>/,，±×÷·^_√]*")
#: Deeper nesting is cut short; Word's own dialogue builds two or three levels.
_DEEPEST = 24


def wrapped(text: str) -> str:
    """`text` in brackets where it is more than one term."""
    closed = text.startswith("(") and text.endswith(")") and _encloses(text)
    return text if closed or _SIMPLE.fullmatch(text) else f"({text})"


def _encloses(text: str) -> bool:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and at < len(text) - 1:
            return False
    return True


def fraction(above: str, below: str) -> str:
    return f"{wrapped(above)}/{wrapped(below)}"


def root(degree: str, text: str) -> str:
    return f"{degree}√{wrapped(text)}"


def raised(text: str) -> str:
    return f"^{wrapped(text)}" if text else ""


def lowered(text: str) -> str:
    return f"_{wrapped(text)}" if text else ""


def bracketed(text: str, left: str, right: str) -> str:
    return f"{left}{text}{right}"


def encircled(text: str) -> str:
    """A character in a frame: the circled number where there is one, else what is framed."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 20:
        return chr(0x2460 + int(text) - 1)
    at = "一二三四五六七八九十".find(text) if len(text) == 1 else -1
    return chr(0x3280 + at) if at >= 0 else text


def linear(code: str) -> str:
    """What an EQ field shows, from its instruction without the EQ itself."""
    return _Parser(_FORMATTING.sub("", code)).sequence("", 0).strip()


@dataclass(slots=True)
class _Parser:
    text: str
    at: int = 0

    def sequence(self, stops: str, depth: int) -> str:
        """Everything up to one of `stops` outside brackets, or to the end."""
        found: list[str] = []
        inside = 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            if not inside and sign in stops:
                break
            self.at += 1
            if sign == "\\" and self.at < len(self.text):
                found.append(self._command(depth))
                continue
            inside = max(0, inside + (sign == "(") - (sign == ")"))
            found.append(sign)
        return "".join(found)

    def _command(self, depth: int) -> str:
        name = self.text[self.at]
        self.at += 1
        if not (name.isascii() and name.isalpha()):
            return name
        options: dict[str, str] = {}
        while (option := _OPTION.match(self.text, self.at)) is not None:
            options[(option.group(1) or option.group(3)).lower()] = option.group(2) or ""
            self.at = option.end()
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        return _drawn(name.lower(), options, self._arguments(depth + 1))

    def _arguments(self, depth: int) -> list[str]:
        if self.text[self.at : self.at + 1] != "(" or depth > _DEEPEST:
            return []
        found: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != ")":
            self.at += 1
            found.append(self.sequence(",;)", depth).strip())
        self.at += 1
        return found


def _drawn(name: str, options: dict[str, str], given: list[str]) -> str:
    first = given[0] if given else ""
    if name == "f" and len(given) > 1:
        return fraction(given[0], given[1])
    if name == "r":
        return root(given[0], given[1]) if len(given) > 1 else root("", first)
    if name == "s":
        return lowered(first) if "do" in options else raised(first)
    if name == "o":
        return _overstruck(given)
    if name == "b":
        left = options.get("lc", options.get("bc", "" if "rc" in options else "("))
        right = options.get("rc", _CLOSING.get(left, left) if "lc" not in options else "")
        return bracketed(first, left, right)
    if name == "i":
        sign = "∑" if "su" in options else "∏" if "pr" in options else "∫"
        low, high, body = (*given, "", "", "")[:3]
        return f"{sign}{lowered(low)}{raised(high)} {body}".rstrip()
    return "" if name == "d" else (";" if name == "a" else ",").join(given)


def _overstruck(given: list[str]) -> str:
    """Characters over each other: a frame and what it encloses, a base under its reading."""
    framed = [part for part in given if part not in _FRAMES]
    if len(given) == 2 and len(framed) == 1:
        return encircled(framed[0])
    if len(given) == 2 and given[0].startswith("^"):
        return given[1]
    return "".join(given)
