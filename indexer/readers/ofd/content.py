"""What a page draws: characters with their places, rules, pictures (GB/T 33190-2016, 7.7, 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from indexer.readers.layout.signs import Direction, Rule, Sign
from indexer.readers.lines import CONTROL
from indexer.readers.ofd.container import Resources, child, children, local
from indexer.readers.ofd.geometry import IDENTITY, Matrix, number, numbers, placed
from indexer.readers.ofd.rules import rules_of
from indexer.readers.ofd.runs import PRIVATE, Run
from indexer.readers.package import Element
from indexer.readers.symbols import shown

#: Blocks and composite units inside each other; real ones are four deep.
_DEEPEST = 16
#: Characters of a page; a page of a newspaper has ten thousand.
_PAGE = 50_000
#: Rules and pictures kept of a page; a form has some hundreds.
_RULES, _IMAGES = 4000, 1000
#: Weight from which a font is bold (11.1: 0 to 1000, 400 is normal).
_BOLD = 600


class Overrun(Exception):
    """More was drawn than may be kept; what was taken so far stands."""


@dataclass(slots=True)
class Budget:
    """What one file may still draw; `page` is what one page may, for all of it is held at once."""

    signs: int
    objects: int
    page: int = _PAGE

    def turn(self) -> None:
        """A new page begins."""
        self.page = _PAGE

    def take(self, signs: int = 0) -> None:
        """Raises Overrun."""
        self.signs -= signs
        self.page -= signs
        self.objects -= 1
        if self.signs < 0 or self.page < 0 or self.objects < 0:
            raise Overrun


@dataclass(slots=True)
class Drawing:
    """Everything taken from one page, template or annotation."""

    signs: dict[Direction, list[Sign]] = field(default_factory=lambda: defaultdict(list))
    askew: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    #: (area in square mm, resource id) of pictures.
    images: list[tuple[float, str]] = field(default_factory=list)
    paths: int = 0
    #: Characters of a private code, which only the file's own font could show.
    private: int = 0
    #: Object or block id -> its text, for form fields and tags.
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def watermarks(self) -> list[str]:
        """What lies askew; the characters of a round seal, which are drawn one by one, together."""
        words = [text for text in self.askew if len(text) > 1]
        return [*words, "".join(text for text in self.askew if len(text) == 1)]

    def add(self, other: Drawing) -> None:
        for direction, signs in other.signs.items():
            self.signs[direction] += signs
        self.askew += other.askew
        self.rules += other.rules
        self.images += other.images
        self.paths += other.paths
        self.private += other.private
        self.texts.update(other.texts)

    @property
    def has_text(self) -> bool:
        return any(sign.sign != " " for signs in self.signs.values() for sign in signs)


class Painter:
    """Walks page content and notes what it draws."""

    def __init__(self, resources: Resources, budget: Budget, wanted: Container[str] = ()) -> None:
        """`wanted` are the ids of objects and blocks whose own text is asked for."""
        self._resources = resources
        self._budget = budget
        self._wanted = wanted

    def draw(self, content: Element, into: Drawing, at: Matrix = IDENTITY) -> None:
        """Take the layers or objects inside `content`. Raises Overrun."""
        self._block(content, into, at, 0)

    def _block(self, holder: Element, into: Drawing, at: Matrix, depth: int) -> str:
        """Draw what `holder` holds; its text in the order of the file."""
        texts = []
        for element in holder:
            name = local(element)
            if not name or element.get("Visible") in ("false", "0"):
                continue
            if name == "TextObject":
                texts.append(self._text(element, into, at))
            elif name == "PathObject":
                self._path(element, into, at)
            elif name == "ImageObject":
                self._image(element, into, at)
            elif name == "CompositeObject":
                self._composite(element, into, at, depth)
            elif name in ("Layer", "PageBlock", "Content") and depth < _DEEPEST:
                self._budget.take()
                texts.append(self._block(element, into, at, depth + 1))
                self._note(element, texts[-1], into)
        return "".join(texts)

    def _composite(self, given: Element, into: Drawing, at: Matrix, depth: int) -> None:
        unit = self._resources.units.get(given.get("ResourceID", ""))
        self._budget.take()
        if unit is not None and depth < _DEEPEST:
            self._block(unit, into, placed(given, at), depth + 1)

    def _image(self, given: Element, into: Drawing, at: Matrix) -> None:
        self._budget.take()
        if len(into.images) >= _IMAGES:
            return
        _, _, width, height = numbers(given.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
        area = abs(width * height * (at[0] * at[3] - at[1] * at[2]))
        into.images.append((area, given.get("ResourceID", "")))

    def _path(self, given: Element, into: Drawing, at: Matrix) -> None:
        self._budget.take()
        into.paths += 1
        data = child(given, "AbbreviatedData")
        if data is None or not data.text or len(into.rules) > _RULES:
            return
        stroked = given.get("Stroke", "true") in ("true", "1")
        if stroked or given.get("Fill") in ("true", "1"):
            into.rules += rules_of(data.text, placed(given, at), stroked)

    def _text(self, given: Element, into: Drawing, at: Matrix) -> str:
        matrix = placed(given, at)
        size = number(given.get("Size"), 0.0)
        font = given.get("Font", "")
        bold = font in self._resources.bold or number(given.get("Weight"), 0.0) >= _BOLD
        x = y = 0.0
        whole = ""
        for code in children(given, "TextCode"):
            text = self._shown(code.text or "", font, into)
            self._budget.take(len(text))
            # Where X or Y is missing that of the code before holds (11.3).
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            if text and size > 0:
                whole += text
                run = Run(text, x, y, size, bold, matrix, given.get("ReadDirection", "0"))
                direction, signs = run.lay(code.get("DeltaX"), code.get("DeltaY"))
                if direction is None:
                    into.askew.append(_readable(text))
                else:
                    into.signs[direction] += signs
        self._note(given, whole, into)
        return whole

    def _shown(self, text: str, font: str, into: Drawing) -> str:
        """Symbols as what they show, sign for sign, for each has a distance of its own."""
        if "\n" in text:
            text = text.strip()  # the file was set out for reading
        if not PRIVATE.search(text):
            return text
        name = self._resources.fonts.get(font, "")
        text = "".join(shown(sign, name) or sign for sign in text)
        into.private += len(PRIVATE.findall(text))
        return text

    def _note(self, element: Element, text: str, into: Drawing) -> None:
        ident = element.get("ID")
        if ident in self._wanted and text.strip():
            into.texts[ident] = _readable(text)


def _readable(text: str) -> str:
    return CONTROL.sub("", PRIVATE.sub("", text)).strip()
