"""A reader process reaches no network, starts no program and writes nowhere but in its scratch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_TRY = """
import sys
from pathlib import Path
from indexer import confinement
scratch, outside = Path(sys.argv[1]), Path(sys.argv[2])
confinement.forbid(scratch, programs=False)
try:
    {attempt}
except PermissionError as error:
    print("refused" if "reader" in str(error) else error)
else:
    print("done")
"""


def attempt(tmp_path: Path, code: str) -> str:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("kept")
    ran = subprocess.run(
        [sys.executable, "-c", _TRY.format(attempt=code), str(scratch), str(outside)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert outside.read_text() == "kept"
    return ran.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "outside.write_text('changed')",
        "open(outside, 'a').write('changed')",
        "(scratch / '..' / 'new').write_text('x')",
        "outside.unlink()",
        "outside.rename(scratch / 'mine')",
        "(scratch / 'x').symlink_to(outside); (scratch / 'x').write_text('changed')",
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run([sys.executable, '-V'])",
        "import os; os.system('true')",
    ],
)
def test_refused(tmp_path: Path, code: str) -> None:
    assert attempt(tmp_path, code) == "refused"


@pytest.mark.parametrize(
    "code",
    [
        "(scratch / 'a').write_text('x')",
        "(scratch / 'b').mkdir(); (scratch / 'b' / 'c').write_text('x')",
        "outside.read_text()",
        "open('/dev/null', 'w').write('x')" if sys.platform != "win32" else "pass",
        "from indexer import readers",
    ],
)
def test_allowed(tmp_path: Path, code: str) -> None:
    assert attempt(tmp_path, code) == "done"


def test_a_bundle_may_be_laid_into_its_own_folder_and_no_longer(tmp_path: Path) -> None:
    code = (
        "folder = outside.parent / 'members'\n"
        "    with confinement.Allowing(folder): folder.mkdir(); (folder / '1').write_text('x')\n"
        "    (folder / '2').write_text('x')"
    )
    assert attempt(tmp_path, code) == "refused"
    assert [p.name for p in (tmp_path / "members").iterdir()] == ["1"]
