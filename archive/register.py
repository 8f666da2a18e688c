"""The organisation register: county, clusters, schools, groups, teachers, terms; all dated.

Read from JSON, TOML or XLSX (see docs/REGISTER.md); all faults are reported at once.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """`level`: county | cluster | school | department | group | teacher. `id` is opaque and never
    changes; `name` is the short name, `official` the full one. `subjects`: due from a school,
    covered by a group, taught by a teacher. Dates are ISO, "" for open."""

    id: str
    level: str
    name: str
    official: str = ""
    parent: str = ""
    stage: str = ""
    aliases: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
