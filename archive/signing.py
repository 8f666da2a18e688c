"""The signature lines under a text, which are no content of its last section."""

from __future__ import annotations

import re

from archive.dates import full_dates
from indexer.folding import fold

_WHO = re.compile(
    r"[^。；，,;！？]{0,26}(?:学校|中学|初中|小学|高中|校|组|教导处|教务处|教研室|教科室|处|室|部|中心|[(（]?盖?章[)）]?)\s*[^。；，,;！？：:\d]{0,8}"
)
_NAME = re.compile(r"[一-鿿]{1,3}\s{0,4}[一-鿿]{1,3}")
_YEAR_MONTH = re.compile(r"(?:19|20)\d\d[年.\-/](?:1[0-2]|0?[1-9])月?")


def unsigned(lines: list[str]) -> list[str]:
    """`lines` without the date line at the end and up to two lines of names above it. Without a
    date, one line that is a school's or group's is taken off where something is left above it."""
    kept = [line for line in lines if line.strip()]
    if not kept:
        return kept
    dated = _is_date(kept[-1])
    if dated:
        kept = kept[:-1]
    for _ in range(2 if dated else 0):
        if kept and _is_signer(kept[-1]):
            kept = kept[:-1]
    if not dated and kept and len(kept[-1]) <= 24 and _WHO.fullmatch(fold(kept[-1]).strip()):
        kept = kept[:-1]
    return kept


def _is_date(line: str) -> bool:
    text = fold(line).strip()
    dates = full_dates(text)
    if dates and len("".join(text.split())) <= 34:
        before = text[: dates[-1].start].strip()
        after = text[dates[-1].end :].strip(" )）。")
        return not after and (not before or _is_signer(before) or before[-1:] in ":：")
    return _YEAR_MONTH.fullmatch("".join(text.split())) is not None


def _is_signer(line: str) -> bool:
    text = fold(line).strip()
    if len(text) > 30:
        return False
    return _WHO.fullmatch(text) is not None or _NAME.fullmatch(text) is not None
