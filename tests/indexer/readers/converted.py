"""Files in foreign formats made from a made-up .docx by LibreOffice, once for a test run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def convert(source: Path, form: str, folder: Path) -> Path:
    """`source` as a file of the format `form`; skips the test where soffice is absent."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no soffice on this machine")
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", form, "--outdir", str(folder), str(source),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder / f"{source.stem}.{form}"
