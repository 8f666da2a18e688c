"""Wrong files through the readers, until time is up: no crash, no hang, no growth, no surprise.

    python tools/fuzz_readers.py --samples FOLDER --seconds 600 --seed 1 --keep FOLDER

Real files (and small ones made here) are changed by `tools.mutations` and read in the children of a
ReaderPool, as the service does. What counts as found, and is kept with --keep:

    hang      no answer within the limit        memory    more than the limit allows
    death     the child died over it            bug       an error of our own code that says that it
                                                          did not think of this (KeyError …)

Errors of libraries on wrong bytes are what "corrupt" is for: they are counted by kind and place.
The same --seed makes the same files in the same order. Ends with 1 where something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from indexer import sniff  # noqa: E402
from indexer.errors import ReadError  # noqa: E402
from indexer.limits import Limits  # noqa: E402
from indexer.pool import ReaderPool  # noqa: E402
from indexer.readers import MODULES  # noqa: E402
from indexer.reading import Reading  # noqa: E402
from tools.made_files import made_files  # noqa: E402
from tools.mutations import LARGEST, mutated  # noqa: E402

#: Files under way at once: enough that no child waits.
_AHEAD = 6
#: Kinds of errors that in our own code are bugs, not findings about a file. A ValueError or a
#: struct.error there is how wrong bytes make themselves known.
_BUGS = frozenset(
    {"KeyError", "IndexError", "AttributeError", "TypeError", "AssertionError", "NameError"}
    | {"UnboundLocalError", "ZeroDivisionError", "StopIteration", "RuntimeError", "OverflowError"}
    | {"UnicodeEncodeError", "NotImplementedError"}
)
_TOLD = re.compile(r"(\w+) at (\S+)( under \S+)?: ", re.S)


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    form: str
    data: bytes


@dataclass(slots=True)
class Findings:
    """`codes`: (format, outcome) -> files; `errors`: (format, kind and place) -> files, tolerated;
    `found`: (what, format, where) -> files."""

    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def main() -> int:
    options = _options()
    samples = [*made_files(), *_real(options.samples)] if options.samples else [*made_files()]
    wanted = set(options.formats.split(",")) if options.formats else set(MODULES)
    chosen = [
        Sample(name, form, data)
        for name, data in samples
        if (form := form_of(name, data)) in wanted
    ]
    if not chosen:
        print(f"no samples of {', '.join(sorted(wanted))}", file=sys.stderr)
        return 2
    started = time.monotonic()
    findings = fuzz(chosen, options.seed, options.seconds, options.keep)
    report(findings, time.monotonic() - started)
    return 1 if findings.found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=Path, help="a folder of real files")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", default="", help="such as docx,doc,pdf (default: all)")
    parser.add_argument("--keep", type=Path, help="where files are kept over which something broke")
    return parser.parse_args()


def _real(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and 0 < path.stat().st_size <= LARGEST:
            yield path.name, path.read_bytes()


def form_of(name: str, data: bytes) -> str:
    """The sniffed format of a file that is called `name`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        return sniff.detect(path, name)


def fuzz(samples: list[Sample], seed: int, seconds: float, keep: Path | None) -> Findings:
    """Mutate and read until `seconds` are over."""
    findings = Findings()
    end = time.monotonic() + seconds
    forms = sorted({sample.form for sample in samples})
    with tempfile.TemporaryDirectory() as folder, ReaderPool(2, Path(folder), Limits()) as pool:
        under_way: list[tuple[Future[Reading], Sample, Path]] = []
        for number in range(sys.maxsize):
            random = Random(f"{seed} {number}")
            form = random.choice(forms)  # each format as often as any, however many samples it has
            sample = random.choice([one for one in samples if one.form == form])
            path = Path(folder) / f"{number}"
            path.write_bytes(mutated(sample.data, random))
            under_way.append((pool.submit(path, sample.name), sample, path))
            if len(under_way) >= _AHEAD:
                _settle(*under_way.pop(0), findings, keep)
            if time.monotonic() > end:
                break
        for one in under_way:
            _settle(*one, findings, keep)
    return findings


def _settle(
    order: Future[Reading], sample: Sample, path: Path, findings: Findings, keep: Path | None
) -> None:
    try:
        findings.codes[sample.form, order.result().status] += 1
    except ReadError as error:
        findings.codes[sample.form, error.code] += 1
        found = judged(error)
        if found is None:
            told = _TOLD.match(error.detail)
            if told is not None:
                findings.errors[sample.form, f"{told[1]} at {told[2]}{told[3] or ''}"] += 1
        else:
            if keep is not None and findings.found[(found[0], sample.form, found[1])] < 3:
                _keep(keep, path, sample, *found)
            findings.found[found[0], sample.form, found[1]] += 1
    path.unlink()


def judged(error: ReadError) -> tuple[str, str] | None:
    """(what, where) of an error that should not be, None for one that is what errors are for."""
    detail = error.detail
    if error.code == "timeout":
        return "hang", ""
    if detail.startswith("reader process ended"):
        lines = [line.strip() for line in detail.splitlines() if "File" in line or "Error" in line]
        return "death", " | ".join(lines[-3:])
    if "of memory" in detail:
        return "memory", detail.partition("at ")[2]
    if detail.startswith("nested too deeply at "):
        return "bug", f"RecursionError at {detail.partition('at ')[2]}"
    told = _TOLD.match(detail)
    if told is not None and told[1] in _BUGS and not told[3]:
        return "bug", f"{told[1]} at {told[2]}"
    if error.code == "unreadable":
        return "bug", f"unreadable: {detail[:100]}"
    return None


def _keep(keep: Path, path: Path, sample: Sample, what: str, where: str) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes()
    mark = hashlib.sha256(data).hexdigest()[:8]
    place = re.sub(r"[^\w.]+", "-", where)[:60].strip("-")
    (keep / f"{what}-{sample.form}-{place}-{mark}").write_bytes(data)


def report(findings: Findings, seconds: float) -> None:
    total = sum(findings.codes.values())
    print(f"{total} files in {seconds:.0f} s, {total / max(seconds, 0.001):.0f} a second")
    for form in sorted({form for form, _ in findings.codes}):
        outcomes = _counts((code, n) for (of, code), n in findings.codes.items() if of == form)
        print(f"  {form:8} {outcomes}")
    print("errors that became corrupt:" if findings.errors else "no other errors")
    for (form, where), count in findings.errors.most_common(40):
        print(f"  {count:6} {form:8} {where}")
    print("found:" if findings.found else "nothing found")
    for (what, form, where), count in findings.found.most_common():
        print(f"  {count:6} {what:7} {form:8} {where}")


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    ordered = sorted(counts, key=lambda pair: -pair[1])
    return ", ".join(f"{name} {count}" for name, count in ordered)


if __name__ == "__main__":
    sys.exit(main())
