"""The page: which figures stand in it, how they are put, and where they fall short of their aim."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import OUT, Values, environment

#: Libraries whose version changes the figures.
LIBRARIES = ("django", "tantivy", "docxtpl", "lxml")


@dataclass(frozen=True, slots=True)
class Figure:
    """`key` is the place in a bench's values; `aim` in the figure's unit, reached from below
    unless `more` is better."""

    key: str
    label: str
    unit: str = ""
    aim: float | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What the page says of one bench. `about` may name values in braces."""

    name: str
    title: str
    about: str
    figures: tuple[Figure, ...]
    tables: tuple[str, ...] = ()


SECTIONS = (
    Section(
        "add",
        "Taking files in: `yanxiu add`",
        "{files} mixed papers of the sample county ({mb} MB; docx 60 %, txt 15 %, doc 10 %, xlsx "
        "8 %, pdf 7 %) into a new archive, the whole command from its start to its end. Every "
        "promise is kept: staged, read in a child process, judged, stored, synced, read back and "
        "matched, committed with `synchronous=FULL`, searchable. After each run the index is "
        "asked for every id. Became: {statuses}. Copied and read are the same files, in the same "
        "run and on the same disk, only copied and synced one by one, and only read by the "
        "reader processes.",
        (
            Figure("files_per_s", "files through the whole house", "files/s", 40, more=True),
            Figure("seconds", "whole command", "s"),
            Figure("own_mb", "peak memory of the process", "MB", 600),
            Figure("child_mb", "peak memory of its largest child", "MB", 600),
            Figure("copied_per_s", "the same files copied and synced", "files/s"),
            Figure("read_per_s", "the same files read", "files/s"),
            Figure("share_of_copying", "speed beside copying", "×"),
            Figure("share_of_reading", "speed beside reading", "×"),
        ),
    ),
    Section(
        "inbox",
        "Taking files in: a watched inbox",
        "The same {files} papers moved into the inbox of a running service, in a folder for each "
        "school; until all are archived and searchable, their originals moved to 已收 and "
        "{receipts} receipts written. Half a second of settling is part of it.",
        (
            Figure("files_per_s", "files from drop to receipt", "files/s", 40, more=True),
            Figure("seconds", "all of them", "s"),
            Figure("own_mb", "peak memory of the process", "MB", 600),
            Figure("child_mb", "peak memory of its largest child", "MB", 600),
        ),
    ),
    Section(
        "readers",
        "Reading, beside other readers",
        "{samples} real sample files, of which people wrote down what stands in them ({strings} "
        "short quotations; {refusals} files are to be refused as encrypted, broken, empty or of no "
        "known kind), and {papers} papers of the sample county of which every word is known "
        "({formats}). All readers have two processes and 20 s for a file; each gives headers and "
        "footers where it can be asked to, none recognises the text of pictures. They run in turn "
        "in one process tree, each from its own environment. Scans, bundles and what takes "
        "LibreOffice are left out of the speeds, and so is for each reader what it hung on. "
        "Another reader may refuse in its own words; ours must give the right code. Order is that "
        "of the starts of paragraphs; what is given twice lowers the share of what stood there.",
        (
            Figure("files_per_s", "papers read by two processes", "files/s", 100, more=True),
            Figure("samples_per_s", "real files read by two processes", "files/s"),
            Figure("strings_found", "quotations found in real files", "%", 98, more=True),
            Figure("chinese_kept", "Chinese characters of the papers kept", "%", None, more=True),
            Figure("chinese_true", "of those given, stood in the papers", "%", None, more=True),
            Figure("peak_mb", "peak memory of both processes together", "MB"),
        ),
        ("speed", "truth", "answers", "by_format", "missed"),
    ),
    Section(
        "ocr",
        "Scans: recognised beside tesseract",
        "{pages} made A4 pages of {characters} characters: clean at 150 and 200 dpi, two fonts and "
        "three sizes, askew with a red seal over the text and noise, photographed (perspective, "
        "shadow, JPEG), Traditional, and .docx files printed by LibreOffice. All go through the "
        "whole of our recognition, on one core: light, seals, slope, ruled tables, reading order. "
        "Tesseract alone is the program as it comes, told the script. Wrong: put in, left out or "
        "replaced, in reading order, without white space.",
        (
            Figure("right_clean", "characters right on clean scans", "%", 99, more=True),
            Figure("right_stamped", "askew, stamped, noisy", "%", 98, more=True),
            Figure("right_photo", "photographed", "%", 97, more=True),
            Figure("right_traditional", "Traditional", "%", 99, more=True),
            Figure("times_fewer", "errors of tesseract alone beside ours", "×", None, more=True),
            Figure("pages_per_minute", "pages a minute and core", "", None, more=True),
            Figure("peak_mb", "peak memory of the process", "MB", 1000),
        ),
        ("kinds",),
    ),
    Section(
        "search",
        "Search inside the process",
        "{engine}, {documents} documents ({text_mb} MB of text), a mixed set of questions asked "
        "one after the other. Every run builds its index anew.",
        (
            Figure("p50_ms", "half of all questions within", "ms"),
            Figure("p95_ms", "95 % of all questions within", "ms", 20),
            Figure("index_mb_per_s", "text indexed", "MB/s"),
            Figure("index_size_ratio", "size of the index beside the text", "×"),
        ),
        ("families",),
    ),
    Section(
        "peers",
        "Search beside plain rankers",
        "The same {documents} documents and {questions} questions (words and sentences, no "
        "syntax), ten hits each without snippets, asked of the engine and of two rankers that do "
        "nothing else: tantivy's BM25 over bigrams, and SQLite FTS5 in memory over the same "
        "bigrams. Milliseconds, medians of the runs.",
        (
            Figure("ours_p95_ms", "the engine, 95 % within", "ms"),
            Figure("fts5_p95_ms", "SQLite FTS5, 95 % within", "ms"),
            Figure("raw_p95_ms", "plain tantivy, 95 % within", "ms"),
            Figure("beside_fts5", "SQLite FTS5's time beside ours", "×"),
            Figure("beside_raw", "plain tantivy's time beside ours", "×"),
        ),
    ),
    Section(
        "relevance",
        "Search: what is found",
        "{documents} paragraphs and {queries} questions of CMRC 2018 and DRCD, the sample folder's "
        "`search`; beside the engine two plain rankers on the same texts.",
        (
            Figure("recall", "the engine's recall@10", "", None, more=True),
            Figure("mrr", "the engine's MRR@10", "", None, more=True),
        ),
        ("rankers",),
    ),
    Section(
        "forms",
        "A month's forms: `yanxiu forms make stage_report --month 2014-10 --all-schools -o 表`",
        "{copies} prefilled stage reports on disk, one a school and due subject of the sample "
        "county, each with its number, the numbers kept in the archive. Inside: from an opened "
        "archive, without the start of the process.",
        (
            Figure("seconds", "whole command", "s", 1.5),
            Figure("inside_s", "inside the process", "s", 1.5),
        ),
    ),
    Section(
        "press",
        "The press beside docxtpl",
        "The same stage report with the same values, printed and written to disk: {copies} copies "
        "by the press, {docxtpl_copies} by docxtpl, which stamps no properties. Bytes equal from "
        "run to run: {same_bytes}.",
        (
            Figure("seconds", "all copies by the press", "s", 1.5),
            Figure("ms_each", "one copy by the press", "ms"),
            Figure("docxtpl_ms_each", "one copy by docxtpl", "ms"),
            Figure("times_faster", "faster than docxtpl", "×"),
            Figure("compile_ms", "compiling the form, once", "ms"),
        ),
    ),
    Section(
        "search_start",
        "Cold start: `yanxiu search`",
        "The whole command on an index of {documents} documents, in a new process each time; the "
        "modules compiled and the files in the system's cache, as on any start but the first.",
        (
            Figure("seconds", "whole command", "s", 1),
            Figure(
                "never_compiled_s",
                "the very first: nothing compiled, not even Python's own library (one run)",
                "s",
            ),
            Figure("python_s", "a Python that does nothing", "s"),
        ),
    ),
    Section(
        "serve_start",
        "Cold start: `yanxiu serve`",
        "From the start of the process until GET / has led to the whole page of signing in.",
        (
            Figure("seconds", "until the first page has come", "s", 1),
            Figure("own_mb", "memory by then", "MB"),
        ),
    ),
)


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
