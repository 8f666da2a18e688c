"""Whole commands, timed from outside: a search, the server's first page, a month's forms.

"Cold" is a new process on a machine that has run the program before: the files are in the
system's cache and the modules compiled. The very first start, with nothing compiled, stands
beside it, and so does a Python that does nothing.

    python -m bench.starts HOME FOLDER    (the month's forms from within, used by `forms`)
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench import Peaks, Values, environment, founded, run, summary, work, yanxiu
from bench.corpus import entries, samples_folder, sentences

#: A server that does not answer after this long never will. Seconds.
PATIENCE = 120
KIND, MONTH = "stage_report", "2014-10"


def search_start(documents: int, runs: int) -> Values:
    """`yanxiu search`, whole command, on an index of `documents`."""
    with work() as folder:
        home = founded(folder / "home")
        _fill_index(home, documents)
        command = yanxiu(home, "search", "集体备课", "--json")
        first = run(command, compiled=folder / "compiled").seconds
        run(command)
        seconds = [run(command).seconds for _ in range(runs)]
        bare = [run([sys.executable, "-c", "pass"]).seconds for _ in range(runs)]
    return {
        "documents": documents,
        "seconds": summary(seconds),
        "never_compiled_s": round(first, 3),
        "python_s": summary(bare),
    }


def serve_start(documents: int, runs: int) -> Values:
    """`yanxiu serve` until its first page has come, on an archive with an index."""
    with work() as folder:
        home = founded(folder / "home")
        _fill_index(home, documents)
        # Without any account every page is 503 until the setup link is used.
        run(yanxiu(home, "users", "add", "bench"))
        _first_page(home)
        done = [_first_page(home) for _ in range(runs)]
    peaks = [mb for _, mb in done if mb is not None]
    return {
        "documents": documents,
        "seconds": summary([seconds for seconds, _ in done]),
        "own_mb": max(peaks) if peaks else None,
    }


def forms(runs: int) -> Values:
    """A month's stage reports of all schools, prefilled, on disk; each run in a new archive."""
    with work() as folder:
        empty = founded(folder / "empty")
        done = [_make_forms(empty, folder) for _ in range(runs + 1)][1:]
        inside = [_make_inside(empty, folder) for _ in range(runs)]
    return {
        "copies": done[-1][1],
        "seconds": summary([seconds for seconds, _ in done]),
        "inside_s": summary(inside),
    }


def _fill_index(home: Path, documents: int) -> None:
    from archive import index_folder
    from indexer.engines import open_engine

    engine = open_engine("tantivy", index_folder.serving(home), writable=True)
    engine.apply(entries(sentences(samples_folder()), documents))
    engine.close()


def _first_page(home: Path) -> tuple[float, float | None]:
    """Seconds until GET / has led to a whole page, and the server's peak in MB until then."""
    port = _free_port()
    started = time.perf_counter()
    server = subprocess.Popen(
        yanxiu(home, "serve", "--port", str(port)),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with Peaks(server.pid) as peaks:
            _await_page(server, f"http://127.0.0.1:{port}/")
            seconds = time.perf_counter() - started
    finally:
        _stop(server)
    return seconds, peaks.own


def _await_page(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as page:
                if b"</html>" in page.read():
                    return
                raise RuntimeError("the first page is not whole")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"the first page is an error {error.code}") from error
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"no page came; the server's exit code is {server.poll()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make_forms(empty: Path, folder: Path) -> tuple[float, int]:
    """(seconds of the whole command, files it wrote)."""
    home, target = _fresh(empty, folder)
    words = ("forms", "make", KIND, "--month", MONTH, "--all-schools", "-o", target)
    ran = run(yanxiu(home, *words))
    return ran.seconds, sum(1 for _ in target.rglob("*.docx"))


def _make_inside(empty: Path, folder: Path) -> float:
    home, target = _fresh(empty, folder)
    ran = run([sys.executable, "-m", "bench.starts", str(home), str(target)])
    return float(json.loads(ran.out.splitlines()[-1])["seconds"])


def _fresh(empty: Path, folder: Path) -> tuple[Path, Path]:
    home, target = folder / "home", folder / "forms"
    for old in (home, target):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(empty, home)
    return home, target


def make_inside(home: Path, target: Path) -> Values:
    """Print, number and write the forms from an opened archive; seconds without its opening."""
    from yanxiu.opening import open_archive

    house = open_archive(home)
    from archive.press import make

    started, copies = time.perf_counter(), 0
    for name, data in make(house, KIND, MONTH, actor="bench"):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        copies += 1
    return {"seconds": round(time.perf_counter() - started, 4), "copies": copies}


if __name__ == "__main__":
    print(json.dumps(make_inside(Path(sys.argv[1]), Path(sys.argv[2]))))
