"""The page: how figures are put, and where they fall short of their aim."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import OUT, Values, environment, growth
from bench.sections import SECTIONS, Figure, Section

#: Libraries whose version changes the figures.
LIBRARIES = ("django", "tantivy", "docxtpl", "lxml")


# --- what the machine is ---------------------------------------------------


def machine(folder: Path = OUT) -> Values:
    """Facts that bear on the figures; no names of hosts or places."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "distribution": _distribution(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "libraries": {name: version(name) for name in LIBRARIES},
        "file_system": _file_system(folder),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return ""


def _file_system(folder: Path) -> str:
    """The type of the file system that holds `folder`, by the longest mount point above it."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return ""
    real = folder.resolve()
    above = [(len(m[1]), m[2]) for m in mounts if real.is_relative_to(m[1])]
    return max(above)[1] if above else ""


def commit() -> str:
    """The commit measured, marked when files differ from it; "" outside a checkout."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(
            command, cwd=OUT.parent, env=environment(), capture_output=True, text=True, timeout=30
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


# --- what the page says ----------------------------------------------------


def page(results: Mapping[str, Values]) -> str:
    """The whole page. `results`: bench name -> {"values" or "skipped", "sizes", "machine",
    "commit", "date"}; benches without a result are said not to have been run."""
    lines = [
        "# Measured figures",
        "",
        "Written by `make bench`; do not edit. `make bench` repeats everything, "
        "`python dev.py bench NAME…` the benches named. Each bench runs in a process of its own; "
        "figures are medians, with the lowest and the highest run beside them; peaks of memory "
        "are the highest of all runs, as the kernel keeps them (VmHWM; 1 MB = 10⁶ bytes). "
        "Nothing in the tests depends on the clock.",
        "",
        *_shortfalls(results),
    ]
    for section in SECTIONS:
        lines += _section(section, results.get(section.name))
    return "\n".join(lines) + "\n"


def pictures(results: Mapping[str, Values]) -> dict[str, str]:
    """File name -> SVG of the curves that results have."""
    values = {s.picture: (results.get(s.name) or {}).get("values") or {} for s in SECTIONS}
    return {name: growth.svg(v["growth"]) for name, v in values.items() if name and "growth" in v}


def _shortfalls(results: Mapping[str, Values]) -> Iterator[str]:
    """The head of the page: every figure that has an aim and misses it."""
    yield "## Where a figure falls short of its aim"
    yield ""
    missed = [
        f"- {section.title}: {figure.label} {_put(value)} {figure.unit}, {_aim(figure)} wanted"
        for section in SECTIONS
        for figure in section.figures
        if (value := _value(results.get(section.name), figure)) is not None
        and not reached(figure, value)
    ]
    unknown = [s.name for s in SECTIONS if "values" not in (results.get(s.name) or {})]
    yield from missed or ["No figure measured here does."]
    if unknown:
        yield from ("", f"Not measured: {', '.join(unknown)}.")
    yield ""


def _section(section: Section, result: Values | None) -> Iterator[str]:
    yield from (f"## {section.title}", "")
    if result is None:
        yield from ("Not run yet.", "")
        return
    if "values" not in result:
        yield from (f"Not run: {result['skipped']}.", "")
        return
    values = result["values"]
    yield from (section.about.format_map(_Words(values)), "")
    yield from ("| figure | median | lowest – highest | aim | |", "|---|---:|---:|---:|---|")
    for figure in section.figures:
        yield _row(figure, _value(result, figure))
    for name in section.tables:
        yield from ("", *_table(values.get(name)))
    if section.picture and "growth" in values:
        yield from ("", f"![{section.title}]({section.picture})")
    yield from ("", _circumstances(section.name, result), "")


class _Words(dict[str, Any]):
    """Values as words in a sentence."""

    def __init__(self, values: Values) -> None:
        super().__init__({key: _word(value) for key, value in values.items()})

    def __missing__(self, key: str) -> str:
        return "?"


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _value(result: Values | None, figure: Figure) -> Any:
    return ((result or {}).get("values") or {}).get(figure.key)


def _row(figure: Figure, value: Any) -> str:
    label = f"| {figure.label} | "
    if value is None:
        return f"{label}not measured | | {_aim(figure)} | |"
    unit = f" {figure.unit}" if figure.unit else ""
    spread = f"{value['low']:,g} – {value['high']:,g}" if isinstance(value, dict) else ""
    verdict = ""
    if figure.aim is not None:
        verdict = "reached" if reached(figure, value) else "**falls short**"
    return f"{label}{_put(value)}{unit} | {spread} | {_aim(figure)} | {verdict} |"


def _put(value: Any) -> str:
    return f"{middle(value):,g}"


def middle(value: Any) -> float:
    """The figure itself: the median where several runs were made."""
    return float(value["median"] if isinstance(value, dict) else value)


def reached(figure: Figure, value: Any) -> bool:
    """Whether a measured value is as good as its aim; a figure without an aim always is."""
    if figure.aim is None:
        return True
    found = middle(value)
    return found >= figure.aim if figure.more else found < figure.aim


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return f"{'≥' if figure.more else '<'} {figure.aim:g} {figure.unit}"


def _table(table: Values | None) -> Iterator[str]:
    """{"columns": […], "rows": [[…]]} as a table."""
    if not table:
        return
    columns: Sequence[str] = table["columns"]
    yield "| " + " | ".join(columns) + " |"
    yield "|---" + "|---:" * (len(columns) - 1) + "|"
    for row in table["rows"]:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"


def _cell(value: Any) -> str:
    return f"{middle(value):,g}" if isinstance(value, dict | float | int) else str(value)


def _circumstances(name: str, result: Values) -> str:
    """Where and when a section was measured."""
    facts = result["machine"]
    libraries = ", ".join(f"{k} {v}" for k, v in facts["libraries"].items())
    sizes = ", ".join(f"{k} {v:,}" for k, v in result["sizes"].items())
    parts = [
        f"`python dev.py bench {name}` ({sizes})",
        f"{result['date']}, commit {result['commit'] or 'unknown'}",
        f"{facts['cores']} cores ({facts['processor']}), {facts['memory_gb']} GB of memory",
        f"{facts['system']}, {facts['distribution']}, {facts['file_system']}",
        f"{facts['python']}, {libraries}",
        f"load before the run {facts['load']}",
    ]
    return "; ".join(parts) + "."


def ratio(one: Values, other: Values) -> float:
    """Of two summaries' medians."""
    return round(middle(one) / middle(other), 3)
