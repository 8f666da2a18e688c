"""What stands in a returned form, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

#: From here on a value without doubts is taken as it stands.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Answer:
    """One value of a form. `value` is the text as it stands (ends without white space, lines
    parted by a line feed), "" where nothing was written, None where it cannot be told: `doubts`
    (Chinese sentences) say why. `label` are the words it was found by, `place` is for people
    (表 1 第 2 行第 4 列, 第 5 段). `contradicted`: another place of the form says otherwise."""

    name: str
    value: str | None
    label: str = ""
    place: str = ""
    confidence: float = 1.0
    doubts: tuple[str, ...] = ()
    contradicted: bool = False

    @property
    def sure(self) -> bool:
        return self.value is not None and not self.doubts and self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Rows:
    """A list: its rows that hold anything, each with an answer a column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Answer, ...], ...] = ()
    place: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return not self.doubts and all(cell.sure for row in self.rows for cell in row)

    @property
    def texts(self) -> list[tuple[str | None, ...]]:
        return [tuple(cell.value for cell in row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Return:
    """A form read back: `form` is its id, `number` that of the copy ("" where it bears none).
    `answers` are its fields and sections, `lists` its lists, in the order of the form."""

    form: str
    number: str = ""
    answers: tuple[Answer, ...] = ()
    lists: tuple[Rows, ...] = ()

    def answer(self, name: str) -> Answer | None:
        return next((a for a in self.answers if a.name == name), None)

    def rows(self, name: str) -> Rows | None:
        return next((rows for rows in self.lists if rows.name == name), None)

    @property
    def doubts(self) -> list[str]:
        """Everything that a person should look at, each with the name it is about."""
        found = [f"{a.name}：{doubt}" for a in self.answers for doubt in a.doubts]
        for rows in self.lists:
            cells = (cell for row in rows.rows for cell in row)
            found += [f"{rows.name}：{doubt}" for doubt in rows.doubts]
            found += [f"{rows.name}·{c.name}：{doubt}" for c in cells for doubt in c.doubts]
        return list(dict.fromkeys(found))
