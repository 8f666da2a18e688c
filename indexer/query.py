"""The query language: one grammar, read into a small tree that every engine compiles.

    数学 研修            both, whole, come first; near ones follow
    "校本研修"           exactly this (also “…” 「…」 『…』 apart from other words)
    2014* K12            wildcards in Latin words and numbers
    A AND B, A OR B, A | B, NOT A, -A, ( … )
    学校:一中  学科:(数学 OR 语文)  标题:计划  日期:2014-09..2015-01  日期:本学年  月份:2014年10月
    章节:存在问题 计算能力      the words beside it, inside a section so called

A bracket inside a word belongs to it: 七(3)班. Every text gives a tree or a `QueryError` in time
linear in its length; length, clauses and nesting are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indexer.dates import date_range, month_value, school_year_value, term_value
from indexer.engines import QueryError
from indexer.folding import fold
from indexer.query_tokens import Token, scan
from indexer.tokens import WORD_CHARACTER, normal

MAX_LENGTH = 400
#: What is wrong with 2015-01..2014-09.
TURNED = "日期范围的开头晚于结尾"
MAX_CLAUSES = 64
MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Everything:
    """All entries."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exactly this normal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Unquoted words: `runs` are normal texts. Strict: all runs whole; else near ones too.
    `also`: for each run what may stand in its place (`indexer.synonyms`), empty where nothing.
    `first`: only those that hold all runs whole, with the scores they have among the near ones."""

    runs: tuple[str, ...]
    strict: bool = True
    also: tuple[tuple[str, ...], ...] = ()
    first: bool = False

    def choices(self) -> list[tuple[str, ...]]:
        """Each run with what may stand in its place."""
        return [(run, *self.also[at]) if self.also else (run,) for at, run in enumerate(self.runs)]


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A whole Latin word or number with * for any number of its characters."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Value:
    """The facet has a value equal to `text` (normal), or holding it where none is equal.
    `suffix` and `prefix` narrow the holding to the end or the beginning of the value."""

    facet: str
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """The date lies in [first, last], numbers YYYYMMDD (day or month 0 where unknown)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Title:
    """The inner leaf holds for the title."""

    leaf: Phrase | Words | Wildcard


@dataclass(frozen=True, slots=True)
class Section:
    """`inner` (None: nothing more) holds within one section whose heading holds `heading`."""

    heading: Phrase | Words | Wildcard
    inner: Node | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """The entries of these ids: what `indexer.engines.within` makes of a section."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


Node = (
    Everything | Phrase | Words | Wildcard | Value | Dates | Title | Section | Ids | Not | And | Or
)

#: Sentence punctuation (folded) that ends a run; kept between two Latin letters or digits (1,000).
_BREAK = re.compile(
    rf"(?:(?<!{WORD_CHARACTER})[,:;!?]+|[,:;!?]+(?!{WORD_CHARACTER})|[。、《》〈〉【】「」『』“”‘’…*·]|\.\.+)+"
)
_WILDCARD = re.compile(rf"(?=.*{WORD_CHARACTER})(?:{WORD_CHARACTER}|\*)+")
_FIELD_VALUES = re.compile(r"[,，、/]")
#: Punctuation (folded) that a run sheds at its edges; brackets that pair up inside it stay.
_EDGE = ".-_~/\\'`=—–()[]{}<>|^\u2423"


def parse(text: str, today: date | None = None) -> Node:
    """The tree of a question; `today` (default: the machine's) is what 本学年 counts from.
    Raises QueryError with the place of the fault."""
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"检索词过长（{len(text)} 字），最多 {MAX_LENGTH} 字", MAX_LENGTH, "请缩短检索词"
        )
    return _Parser(text, today or date.today()).parse()


class _Parser:
    """Recursive descent over the tokens; OR binds loosest, then AND (or nothing), then NOT."""

    def __init__(self, text: str, today: date) -> None:
        self.text, self.today = text, today
        self.tokens = list(scan(text))
        self.at = 0
        self.clauses = 0
        #: With a written AND or OR the asker means it: no near matches.
        self.strict = any(token.kind in ("and", "or") for token in self.tokens)

    def parse(self) -> Node:
        if not self.tokens:
            return Everything()
        tree = self.either(0)
        rest = self.peek()
        if rest is not None:
            raise QueryError("多了一个右括号", rest.at)
        if tree is not None:
            return tree
        literal = normal(self.text)
        return Phrase(literal) if literal else Everything()

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def end_position(self) -> int:
        token = self.peek()
        return token.at if token else len(self.text)

    def either(self, depth: int) -> Node | None:
        parts = [self.all_of(depth)]
        while (token := self.peek()) is not None and token.kind == "or":
            self.at += 1
            self.operand_follows(token)
            parts.append(self.all_of(depth))
        return _join(Or, [part for part in parts if part is not None])

    def all_of(self, depth: int) -> Node | None:
        parts: list[Node] = []
        runs: list[str] = []
        self.starts_with_operand()
        while (token := self.peek()) is not None and token.kind not in ("or", ")"):
            if token.kind == "and":
                self.at += 1
                self.operand_follows(token)
                continue
            node = self.negatable(depth)
            if isinstance(node, Words) and not self.strict:
                runs += node.runs
            elif node is not None:
                parts.append(node)
        if runs:
            parts.insert(0, Words(tuple(dict.fromkeys(runs)), strict=False))
        return _join(And, _within_sections(parts))

    def starts_with_operand(self) -> None:
        token = self.peek()
        if token is not None and token.kind in ("and", "or"):
            raise QueryError(f"{token.text} 前面缺少检索词", token.at)

    def operand_follows(self, operator: Token) -> None:
        token = self.peek()
        if token is None or token.kind in ("and", "or", ")"):
            raise QueryError(f"{operator.text} 后面缺少检索词", operator.at + len(operator.text))

    def negatable(self, depth: int) -> Node | None:
        negative = False
        while (token := self.peek()) is not None and token.kind == "not":
            negative = not negative
            self.at += 1
            self.operand_follows(token)
        node = self.primary(depth)
        if node is None or not negative:
            return node
        return Not(_strict(node))

    def primary(self, depth: int) -> Node | None:
        token = self.tokens[self.at]
        self.at += 1
        self.clauses += 1
        if self.clauses > MAX_CLAUSES:
            raise QueryError(f"检索条件过多，最多 {MAX_CLAUSES} 个", token.at, "请减少检索条件")
        if token.kind == "(":
            return self.group(token, depth)
        if token.kind == "field":
            return self.field(token, depth)
        return _leaf(token)

    def group(self, opening: Token, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            raise QueryError(f"括号嵌套过深，最多 {MAX_DEPTH} 层", opening.at, "请减少括号")
        node = self.either(depth + 1)
        token = self.peek()
        if token is None:
            raise QueryError("左括号没有配对", opening.at)
        self.at += 1
        return node

    def field(self, name: Token, depth: int) -> Node:
        token = self.peek()
        label = self.text[name.at :].split(":")[0].split("：")[0]
        if token is None or token.kind not in ("word", "phrase", "(", "not"):
            raise QueryError(f"「{label}:」后面缺少内容", self.end_position(), f"例如 {label}:内容")
        if token.kind == "not":
            raise QueryError(f"「{label}:」后面不能用减号", token.at, f"请写成 -{label}:内容")
        self.at += 1
        if token.kind != "(":
            return _field_leaf(name.text, token, self.today)
        return self.field_group(name, token)

    def field_group(self, name: Token, opening: Token) -> Node:
        """学科:(数学 OR 语文): any of the values, whatever stands between them."""
        values: list[Node] = []
        while (token := self.peek()) is not None and token.kind != ")":
            self.at += 1
            self.clauses += 1
            if token.kind in ("word", "phrase"):
                values.append(_field_leaf(name.text, token, self.today))
            elif token.kind not in ("or", "and"):
                raise QueryError("字段的括号里只能列出内容", token.at, "例如 学科:(数学 OR 语文)")
        if self.peek() is None:
            raise QueryError("左括号没有配对", opening.at)
        self.at += 1
        if not values or self.clauses > MAX_CLAUSES:
            raise QueryError("字段的括号里没有内容或内容过多", opening.at)
        return values[0] if len(values) == 1 else Or(tuple(values))


def _join(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _within_sections(parts: list[Node]) -> list[Node]:
    """Where sections are named, what is asked for beside them is looked for inside them; filters
    and what is excluded still speak of the whole paper."""
    named = [part for part in parts if _names_section(part)]
    if not named:
        return parts
    inside = [part for part in parts if _is_text(part)]
    inner = _join(And, [_strict(part) for part in inside])
    rest = [part for part in parts if not _names_section(part) and not _is_text(part)]
    return [*(_filled(part, inner) for part in named), *rest]


def _names_section(node: Node) -> bool:
    """章节:存在问题 or 章节:(存在问题 OR 不足), nothing in it yet."""
    if isinstance(node, Or):
        return all(map(_names_section, node.parts))
    return isinstance(node, Section) and node.inner is None


def _filled(node: Node, inner: Node | None) -> Node:
    if isinstance(node, Or):
        return Or(tuple(_filled(part, inner) for part in node.parts))
    return Section(node.heading, inner) if isinstance(node, Section) else node


def _is_text(node: Node) -> bool:
    """Nothing but words that can stand in a section."""
    if isinstance(node, And | Or):
        return all(map(_is_text, node.parts))
    return isinstance(node, Phrase | Words | Wildcard)


def _strict(node: Node) -> Node:
    """What is excluded is excluded only where it stands whole."""
    if isinstance(node, Words):
        return Words(node.runs, strict=True)
    if isinstance(node, And | Or):
        return type(node)(tuple(_strict(part) for part in node.parts))
    return Not(_strict(node.part)) if isinstance(node, Not) else node


def _leaf(token: Token) -> Phrase | Words | Wildcard | None:
    folded = normal(token.text)
    if token.kind == "phrase":
        if not folded:
            raise QueryError("引号里没有内容", token.at, "请在引号里填写检索词，或去掉引号")
        return Phrase(folded)
    if "*" in folded and re.fullmatch(
        rf"(?:{WORD_CHARACTER}|\*)*{WORD_CHARACTER}(?:{WORD_CHARACTER}|\*)*", folded
    ):
        return Wildcard(re.sub(r"\*+", "*", folded))
    runs = tuple(dict.fromkeys(runs_of(folded)))
    return Words(runs) if runs else None


#: Fields in which words are looked for: what they are called, and an example.
_TEXT_FIELDS = {"title": ("标题", "计划"), "section": ("章节", "存在问题")}


def runs_of(folded: str) -> Iterator[str]:
    """The runs of a word: 《战国无双3》是谁的? -> 战国无双3, 是谁的."""
    for run in _BREAK.split(folded):
        trimmed = _trim(run)
        if trimmed:
            yield trimmed


def _trim(run: str) -> str:
    """Without punctuation at the edges, save brackets that pair up: 七年级(3) keeps them."""
    inner = run.strip(_EDGE)
    if inner.count("(") == inner.count(")"):
        return inner
    kept = run.strip(_EDGE.replace("(", "").replace(")", ""))
    return kept if kept.count("(") == kept.count(")") else inner


def _field_leaf(field: str, token: Token, today: date) -> Node:
    if field in _TEXT_FIELDS:
        leaf = _leaf(token)
        if leaf is None:
            name, example = _TEXT_FIELDS[field]
            raise QueryError(f"「{name}:」后面缺少内容", token.at, f"例如 {name}:{example}")
        return Title(leaf) if field == "title" else Section(leaf)
    if field == "date":
        found = date_range(fold(token.text), today)
        if found is None:
            raise QueryError(
                f"看不懂日期“{token.text}”",
                token.at,
                "例如 日期:2014-09、日期:2014-09..2015-01 或 日期:本学期",
            )
        if found[0] > found[1]:
            raise QueryError(TURNED, token.at, "请把前后两个日期对调")
        return Dates(*found)
    values = [normal(part) for part in _FIELD_VALUES.split(token.text)]
    nodes: list[Node] = [_value(field, value, today) for value in values if value]
    if not nodes:
        raise QueryError("字段后面缺少内容", token.at)
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _value(facet: str, text: str, today: date) -> Value:
    if facet == "month":
        return Value(facet, *month_value(text, today))
    if facet == "term":
        return Value(facet, *term_value(text, today))
    if facet == "school_year":
        return Value(facet, *school_year_value(text, today))
    return Value(facet, text)


def leaves(node: Node) -> Iterator[Phrase | Words | Wildcard]:
    """The leaves that a hit shows: everything asked for, nothing excluded."""
    if isinstance(node, Phrase | Words | Wildcard):
        yield node
    elif isinstance(node, Title):
        yield node.leaf
    elif isinstance(node, Section):
        yield node.heading
        if node.inner is not None:
            yield from leaves(node.inner)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
