#!/usr/bin/env python3
"""Set the project up and run it: needs Python >= 3.11 with pip, and nothing else.

    python dev.py run       the demonstration: a sample county's archive, then its pages
    python dev.py test      set up and run the tests
    python dev.py setup     only set up (.venv)
    python dev.py lint | bench | sweep | fuzz | clean

`make run` and the like are aliases. Standard library only; nothing is installed outside this
folder. uv, which puts the environment together from uv.lock, is fetched by pip when missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
UV = "uv>=0.8,<1"
DEMO = ROOT / "demo-home"
ROOMS = ("archive", "generator", "indexer", "watch", "web", "yanxiu")


def main(words: list[str]) -> int:
    commands = {
        "setup": setup, "run": run, "test": test, "lint": lint, "bench": bench, "sweep": sweep,
        "fuzz": fuzz, "clean": clean,
    }  # fmt: skip
    if not words or words[0] not in commands:
        print(__doc__)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file runs before the version is chosen
        return stop(
            f"需要 Python 3.11 或更高版本，现在是 {sys.version.split()[0]}",
            "请安装新版 Python，然后用它执行：python3.12 dev.py " + words[0],
        )
    return commands[words[0]](words[1:])


def run(words: list[str]) -> int:
    code = setup([], dev=False)
    code = code or call([BIN / f"yanxiu{EXE}", "--home", DEMO, "demo", *words])
    return 0 if code == 130 else code  # stopped as it is meant to be stopped


def test(words: list[str]) -> int:
    code = setup([])
    return code or call([BIN / f"python{EXE}", "-m", "pytest", *(words or ["-n", "2"])])


def sweep(words: list[str]) -> int:
    """The long sweep over every sample file."""
    return test(["-m", "sweep", "-o", "addopts=-ra", *words])


def lint(words: list[str]) -> int:
    code = setup([])
    checks = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports"])
    for check in checks:
        print("—", *check, flush=True)
        code = call([BIN / f"{check[0]}{EXE}", *check[1:]]) or code
    return code


def bench(words: list[str]) -> int:
    code = setup([])
    return code or call([BIN / f"python{EXE}", "-m", "bench", *words])


def fuzz(words: list[str]) -> int:
    """Wrong files through the readers for an hour and odd questions to the engine for ten minutes,
    or one of them as `words` say: readers … or queries …"""
    code = setup([])
    samples = Path(os.environ.get("YANXIU_SAMPLES") or ROOT.parent / "shared" / "samples")
    given = ["--samples", samples] if samples.is_dir() else []
    usual = {
        "readers": [*given, "--seconds", "3600", "--keep", "bench/out/fuzz"],
        "queries": ["--seconds", "600"],
    }
    for name in words[:1] or usual:
        told = [*given, *words[1:]] if name == "readers" else words[1:]
        tool = ROOT / "tools" / f"fuzz_{name}.py"
        code = code or call([BIN / f"python{EXE}", tool, *(told if words else usual[name])])
    return code


def clean(words: list[str]) -> int:
    for folder in (VENV, TOOLS, DEMO):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


# --- the environment --------------------------------------------------------


def setup(words: list[str], *, dev: bool = True) -> int:
    """Make or update .venv from uv.lock; at once when nothing changed."""
    stamp, wanted = VENV / ".ready", fingerprint()
    done = stamp.read_text("ascii").split() if stamp.exists() else []
    if done[:1] == [wanted] and (not dev or "dev" in done):
        return 0
    uv = find_uv()
    if uv is None:
        return 3
    print("正在准备运行环境（首次需要几分钟，视网速而定）……", flush=True)
    code = install(uv, dev=dev)
    if code:
        return stop(
            "运行环境没有装好",
            "请检查网络；如有内部镜像，可先设置环境变量 UV_DEFAULT_INDEX 为镜像地址，再重试",
        )
    call([BIN / f"python{EXE}", "-m", "compileall", "-q", *ROOMS])
    stamp.write_text(f"{wanted} {'dev' if dev else ''}", "ascii")
    return 0


def fingerprint() -> str:
    parts = [(ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
    parts.append(f"{sys.version_info[:2]} {ROOT}".encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def install(uv: list[str], *, dev: bool) -> int:
    env = {
        **os.environ,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(VENV),
        # Compiled now, not at the first start of each command: that halves a start.
        "UV_COMPILE_BYTECODE": "1",
    }
    env.pop("VIRTUAL_ENV", None)
    mirror = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL") or env.get("PIP_INDEX_URL")
    groups = [] if dev else ["--no-dev"]
    if not mirror:
        sync = ["sync", "--frozen", "--inexact", "--python", sys.executable, *groups]
        return call([*uv, *sync], env)
    # uv.lock names the public index in every address; through a mirror the same versions with
    # the same hashes are installed by name instead.
    env["UV_DEFAULT_INDEX"] = mirror
    listed = ROOT / ".tools" / "requirements.txt"
    listed.parent.mkdir(exist_ok=True)
    export = ["export", "--frozen", "--no-emit-project", "--quiet", "-o", str(listed), *groups]
    python = str(BIN / f"python{EXE}")
    steps = [
        [*uv, *export],
        [*uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)],
        [*uv, "pip", "install", "--python", python, "--require-hashes", "-r", str(listed)],
        [*uv, "pip", "install", "--python", python, "--no-deps", "-e", str(ROOT)],
    ]
    return next((code for code in (call(step, env) for step in steps) if code), 0)


def find_uv() -> list[str] | None:
    """The command of uv: installed, or fetched by pip into .tools."""
    found = shutil.which("uv")
    if found:
        return [found]
    own = TOOLS / "bin" / f"uv{EXE}"
    if not own.exists():
        print("没有找到 uv，用 pip 取一份放在 .tools 里……", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        code = call([*pip, "--target", str(TOOLS), "--upgrade", UV])
        if code or not own.exists():
            stop(
                "没有装上 uv",
                "请确认 python -m pip 可用、网络通畅；或自行安装 uv 后重试",
            )
            return None
    return [str(own)]


def call(command: Sequence[str | Path], env: dict[str, str] | None = None) -> int:
    """Run a command to its end; 130 after Ctrl-C, which the command got as well and may answer
    in its own time. A second Ctrl-C ends it."""
    try:
        process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env)
    except OSError as error:
        return stop(f"不能执行 {command[0]}：{error}", "请删除 .venv 文件夹后重试")
    interrupted = 0
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            interrupted += 1
            if interrupted > 1:
                process.terminate()
            continue
        return 130 if interrupted else code


def stop(message: str, remedy: str) -> int:
    print(f"错误：{message}\n办法：{remedy}", file=sys.stderr)
    return 3


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
