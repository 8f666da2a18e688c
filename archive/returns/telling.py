"""A returned form in plain values and in words: for the command, the page and the JSON of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.returns.considering import Returned
from archive.returns.values import Answer


def facts(form: Returned | None) -> dict[str, Any]:
    """What is known of a returned form, as plain values; all empty where it bears no number."""
    if form is None:
        return {"number": None, "form": None, "name": None, "unit": None, "subject": None,
                "period": None, "others": [], "fields": [], "lists": [], "doubts": []}  # fmt: skip
    issued, read = form.issued, form.read
    return {
        "number": form.found.number,
        "place": form.found.place,
        "form": issued.paper.id if issued else None,
        "name": issued.paper.name if issued else None,
        "unit": issued.unit.name if issued and issued.unit else None,
        "subject": (issued.stamp.subject or None) if issued else None,
        "period": issued.period.label if issued and issued.period else None,
        "others": list(form.found.others),
        "fields": [_answer(a) for a in read.answers] if read else [],
        "lists": [
            {
                "name": rows.name,
                "columns": list(rows.columns),
                "rows": [list(row) for row in rows.texts],
                "place": rows.place,
                "doubts": list(rows.doubts),
            }
            for rows in (read.lists if read else ())
        ],
        "doubts": read.doubts if read else [],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "name": answer.name,
        "value": answer.value,
        "label": answer.label,
        "place": answer.place,
        "confidence": round(answer.confidence, 2),
        "doubts": list(answer.doubts),
    }


def in_words(told: dict[str, Any]) -> Iterator[str]:
    """The lines of `yanxiu forms return` after the file's name."""
    if told["number"] is None:
        yield "没有表单编号，不是从这里发出的表"
        return
    yield f"表单编号　{told['number']}（{told['place']}）"
    if told["others"]:
        yield f"还有别的编号　{'、'.join(told['others'])}"
        return
    if told["form"] is None:
        yield "名册和表单里查不到这个编号"
        return
    yield "　".join(w for w in (told["name"], told["unit"], told["subject"], told["period"]) if w)
    for field in told["fields"]:
        value = "（看不准）" if field["value"] is None else field["value"] or "（空）"
        doubt = f"　※{field['doubts'][0]}" if field["doubts"] else ""
        yield f"{field['name']}　{value}　{field['place']}{doubt}"
    for rows in told["lists"]:
        yield f"{rows['name']}　{len(rows['rows'])} 行　{'、'.join(rows['columns'])}"
        for row in rows["rows"]:
            yield "　" + " | ".join("（看不准）" if cell is None else cell for cell in row)
        yield from (f"　※{doubt}" for doubt in rows["doubts"])
