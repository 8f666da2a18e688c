"""Searching within results: the words that are added to a question, and the question they make.

A question of plain words also finds papers that hold only some of them; a written AND or OR takes
that away from the whole text (`indexer.query`). So plain words are added as exact phrases beside
the old question, whose near matches then stay in; only with a written AND or OR on either side
the two are joined by AND.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexer.engines import QueryError
from indexer.query import Wildcard, parse, runs_of
from indexer.query_tokens import Token, scan
from indexer.tokens import normal


class PartError(QueryError):
    """One of several joined texts cannot be understood; `position` counts in `text`."""

    def __init__(self, text: str, error: QueryError) -> None:
        super().__init__(error.message, error.position, error.remedy)
        self.text = text


def joined(base: str, within: Sequence[str]) -> str:
    """The question for what of `base` also fits each text of `within`. Total: what cannot be
    understood is told by `check`."""
    parts = [part for part in (base, *within) if part.strip()]
    if len(parts) < 2:
        return "".join(parts)
    try:
        cut = [list(scan(part)) for part in parts]
    except QueryError:
        return _and(parts)
    if any(token.kind in ("and", "or") for tokens in cut for token in tokens):
        return " AND ".join(
            f"({_rebuilt(part, tokens, _has_bracket)})"
            for part, tokens in zip(parts, cut, strict=True)
        )
    added = [
        _rebuilt(part, tokens, _is_plain) for part, tokens in zip(parts[1:], cut[1:], strict=True)
    ]
    return " ".join(part for part in (parts[0], *added) if part)


def check(base: str, within: Sequence[str]) -> None:
    """Each text must be a question by itself, lest a bracket of one close one of another.
    Raises PartError."""
    for part in (base, *within) if within else ():
        try:
            parse(part)
        except QueryError as error:
            raise PartError(part, error) from error


def _and(parts: Sequence[str]) -> str:
    return " AND ".join(f"({part})" for part in parts)


def _rebuilt(text: str, tokens: Sequence[Token], quoted: Callable[[Token, str], bool]) -> str:
    """The same question with some of its words as exact phrases; `quoted` says of a word and the
    kind of the token before it whether it is one of them."""
    pieces: list[str] = []
    before = ""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        new = [text[token.at : following.at if following else len(text)].strip()]
        if token.kind == "word" and quoted(token, before):
            # A full stop is a word in which there is nothing to look for.
            new = list(_phrases(token.text)) or ["."]
        if pieces and (before == "field" or pieces[-1] in ("-", "－")):
            new[0] = pieces.pop() + new[0]
        pieces += new
        before = token.kind
    return " ".join(pieces)


def _is_plain(token: Token, before: str) -> bool:
    """Fields, wildcards and what is excluded stay as they are."""
    return before not in ("field", "not") and not _is_wildcard(token.text)


def _is_wildcard(word: str) -> bool:
    """2014* is one, 校本* is not."""
    try:
        return "*" in word and isinstance(parse(word), Wildcard)
    except QueryError:
        return False


def _has_bracket(token: Token, before: str) -> bool:
    """A bracket that belongs to a word might close the one around the part."""
    return any(character in "()（）" for character in token.text)


def _phrases(word: str) -> Iterator[str]:
    for run in runs_of(normal(word)):
        if '"' not in run:
            yield f'"{run}"'
