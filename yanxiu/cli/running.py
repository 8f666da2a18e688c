"""serve, demo: the whole house at work."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from yanxiu.cli.options import Verbs, json_option
from yanxiu.cli.output import note
from yanxiu.errors import CannotError, UsageError
from yanxiu.opening import home_of, is_archive, open_archive

DEMO_MARK = "这是演示档案.txt"


def register(verbs: Verbs) -> None:
    serve = verbs.add_parser("serve", help="启动：网页、收件、归档、索引")
    serve.add_argument("--port", type=int, metavar="端口")
    json_option(serve)
    serve.set_defaults(run=run_serve)
    demo = verbs.add_parser("demo", help="演示：建一个样例县的档案，收件、归档、检索、制表")
    demo.add_argument("--port", type=int, metavar="端口")
    demo.add_argument("--no-serve", action="store_true", help="只做演示，不启动网页")
    demo.add_argument("--fresh", action="store_true", help="丢弃上次的演示档案重新来过")
    json_option(demo)
    demo.set_defaults(run=run_demo)


def run_serve(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    return serve(house, args.port)


def serve(house: Any, port: int | None) -> int:
    """Serve an opened archive until Ctrl-C."""
    from web import door
    from yanxiu.first_run import setup_link
    from yanxiu.serving import Service, free_port, scanned, serve_pages
    from yanxiu.settings import CONFIG

    chosen = port or CONFIG.web.port
    if not 0 < chosen <= 65535:
        raise UsageError("port", f"端口应在 1 到 65535 之间，现为 {chosen}", "请用 --port 换一个")
    house.register  # noqa: B018 - told at once when there is none
    _not_running(house, chosen)
    free_port(CONFIG.web.host, chosen)
    signal.signal(signal.SIGTERM, _interrupt)
    with Service(house, CONFIG) as service:
        door.connect(lambda: scanned(service.inboxes))
        address = _address(CONFIG.web, chosen)
        print(f"网页：{address}", flush=True)
        link = setup_link(house, address)
        if link:
            print(f"首次设置（只能用一次）：{link}", flush=True)
        for inbox in service.inboxes.values():
            print(f"收件箱：{inbox.path}", flush=True)
        note("按 Ctrl-C 停止。")
        serve_pages(CONFIG, chosen)
    note("已停止。")
    return 0


def _address(web: Any, port: int) -> str:
    """Where the pages are found: at the proxy's address where there is one."""
    return f"{web.origins[0]}/" if web.origins else f"http://{web.host}:{port}/"


def _not_running(house: Any, port: int) -> None:
    """Raises CannotError('busy') when this archive is being served already."""
    from archive.errors import ArchiveError

    try:
        house.locks.serving().release()
    except ArchiveError as error:
        raise CannotError(
            error.code, "这个档案库已经在运行", f"请直接打开它的网页（默认端口 {port}），或先停止它"
        ) from error


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def run_demo(args: argparse.Namespace) -> int:
    home = Path(args.home or os.environ.get("YANXIU_HOME") or "yanxiu-demo").absolute()
    if home.exists() and any(home.iterdir()) and not (home / DEMO_MARK).exists():
        raise CannotError(
            "not_a_demo", f"{home} 不是演示档案，演示不会动它", "请用 --home 指定一个新的文件夹"
        )
    if args.fresh and home.exists():
        _discard(home)
    if is_archive(home):
        house = open_archive(home)
        print(f"沿用上次的演示档案：{home}（重来请加 --fresh）", flush=True)
    else:
        house = _make_demo(home)
    return 0 if args.no_serve else serve(house, args.port)


def _discard(home: Path) -> None:
    """Raises ArchiveError('busy') while somebody serves it; nothing is removed then."""
    from archive.locks import Locks

    locks = home / "locks"
    serving = Locks(locks).serving()
    try:
        for path in home.iterdir():
            if path.is_dir() and not path.is_symlink() and path != locks:
                shutil.rmtree(path)
            # The mark goes last: half removed, it is still known for a demo.
            elif path not in (locks, home / DEMO_MARK):
                path.unlink()
    finally:
        serving.release()
    shutil.rmtree(home)


def _make_demo(home: Path) -> Any:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / DEMO_MARK).write_text("yanxiu demo 建立的演示档案，可以整个删除。\n", "utf-8")
    started = time.perf_counter()
    house = open_archive(home, create=True)
    from archive.registering import import_register
    from yanxiu.demo import COUNTY, showing

    register_, _ = import_register(house, COUNTY, actor="演示")
    print(f"样例县：{register_.county.name}，{len(register_.schools())} 所学校", flush=True)
    showing.show(house)
    print(f"演示档案建好，用时 {time.perf_counter() - started:.1f} 秒：{home}", flush=True)
    return house
