"""The command line's own words: what it refuses, how it says so, what it leaves alone."""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from archives import ROOT, Archive, Served, until

from archive.errors import ArchiveError
from indexer.errors import ReadError
from yanxiu import config
from yanxiu.cli import main, parser
from yanxiu.cli.output import Progress
from yanxiu.config import Config, Web
from yanxiu.errors import CannotError, UsageError, exit_code
from yanxiu.logs import Expected


def refused(*words: str) -> str:
    """What the parser says of a command line."""
    with pytest.raises(UsageError) as caught:
        parser().parse_args(words)
    assert (caught.value.code, exit_code(caught.value)) == ("usage", 2)
    assert caught.value.remedy.startswith("写法：yanxiu")
    return caught.value.message


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["matrix"], "下列各项要写一项：--month --term --year"),
        (["add"], "还缺：路径"),
        (["matrix", "--month", "2014-10", "--term", "x"], "--term 和 --month 只能写一项"),
        (["search", "--limit", "x"], "--limit 应当是整数，现为 'x'"),
        (["search", "--kind"], "--kind 后面要写一项"),
        (["show", "1", "2"], "不认识：2"),
        (["serch"], "命令「serch」不认识，是否想写「search」？"),
        (
            ["search", "--sort", "up"],
            "--sort「up」不认识，可写：relevance、date、-date、school、received",
        ),
    ],
)
def test_wrong_words_are_told_in_chinese(words: list[str], told: str) -> None:
    assert refused(*words) == f"命令写法不对：{told}"


@pytest.mark.parametrize("verb", ["search", "add", "forms make", "matrix"])
def test_help_is_chinese_and_shows_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*verb.split(), "--help"])
    told = capsys.readouterr().out
    assert told.startswith(f"用法：yanxiu {verb}")
    assert f"例：\n  yanxiu {verb} " in told
    assert not {"usage:", "options:", "positional", "show this help"} & set(told.split())


@pytest.mark.parametrize("verb", ["review", "users", "forms"])
def test_json_may_stand_before_the_action(verb: str) -> None:
    assert parser().parse_args([verb, "--json", "list"]).json is True
    assert parser().parse_args([verb, "list"]).json is False


def test_exit_codes_tell_a_wrong_word_from_what_could_not_be_done() -> None:
    assert [exit_code(e) for e in (UsageError("x", ""), ArchiveError("kind_unknown", ""))] == [2, 2]
    assert [exit_code(e) for e in (CannotError("x", ""), ArchiveError("busy", ""))] == [3, 3]
    assert exit_code(ValueError()) == 3


def searched(archive: Archive, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(["--home", str(archive.home), "search", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "code", "near"),
    [
        (["--kind", "阶段报高"], "kind_unknown", "阶段报告"),
        (["--school", "孙镇初种"], "school_unknown", "孙镇初中"),
        (["--subject", "语"], "subject_unknown", "语文"),
        (["--cluster", "孙镇片"], "cluster_unknown", "孙镇"),
        (["--month", "2014-99"], "period_unknown", "2014-10"),
        (["--term", "1"], "period_unknown", "2014-2015-1"),
        (["--year", "2014"], "period_unknown", "2014-2015"),
        (["--completeness", "全"], "value_unknown", "齐全"),
        (["--month", "10月"], "period_unknown", "月份写作 2014-10；也可以写进检索词：月份:10月"),
        (["--month", "上月"], "period_unknown", "月份:上月"),
        (["--term", "上学期"], "period_unknown", "学期:上学期"),
        (["--year", "2014"], "period_unknown", "学年:2014"),
        (["--kind", "质检"], "kind_unknown", "文种:质检"),
        (["--from", "2015-01", "--to", "2014-09"], "dates", "2015-01 和 2014-09 对调"),
        (["日期:2015-01..2014-09"], "query", "对调"),
        (["--limit", "-1"], "usage", ""),
    ],
)
def test_a_filter_that_nothing_is_called_is_no_empty_answer(
    archive: Archive, capsys: pytest.CaptureFixture[str], words: list[str], code: str, near: str
) -> None:
    rc, answer = searched(archive, capsys, *words)
    assert (rc, answer["error"]["code"]) == (2, code)
    assert near in answer["error"]["remedy"]


def test_what_no_question_takes_is_not_offered_as_one(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["--month", "2014-99"], ["--kind", "阶段报高"], ["--school", "孙镇初种"]):
        assert "检索词" not in searched(archive, capsys, *words)[1]["error"]["remedy"]


def test_the_oldest_can_be_asked_to_stand_first(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    rc, answer = searched(archive, capsys, "--sort", "-date", "--limit", "50")
    dates = [hit["date"] for hit in answer["hits"] if hit["date"]]
    assert (rc, dates) == (0, sorted(dates))
    assert searched(archive, capsys, "--sort=-date", "--limit", "50")[1]["hits"] == answer["hits"]


def test_a_question_not_understood_is_pointed_at(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    rc, answer = searched(archive, capsys, '集体备课 "质检')
    assert (rc, answer["error"]["code"], answer["error"]["position"]) == (2, "query", 5)
    assert main(["--home", str(archive.home), "search", "数学 AND"]) == 2
    assert "AND 后面缺少检索词（在第 7 个字处）" in capsys.readouterr().err


def test_filters_take_the_names_people_use(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"--kind": "阶段报告", "--subject": "思想品德", "--school": "孙镇初级中学",
             "--status": "review", "--month": "2014-10", "--year": "2014-2015"}  # fmt: skip
    for option, value in names.items():
        assert searched(archive, capsys, option, value)[0] == 0
    assert searched(archive, capsys, "--kind", "stage_report")[0] == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"query": "集体备课"}, "没有「query」这一项，是否想写「q」？"),
        ({"q": 5}, "「q」应当是文字，现为 5"),
        ({"limit": "x"}, "「limit」应当是不小于 0 的整数，现为 'x'"),
        ({"limit": True}, "「limit」应当是不小于 0 的整数，现为 True"),
        ({"offset": -1}, "「offset」应当是不小于 0 的整数，现为 -1"),
        ({"filters": []}, "「filters」应当是一组 筛选项: 值，现为 []"),
        ({"filters": {"shcool": "x"}}, "没有「shcool」这个筛选项，是否想写「school」？"),
        ({"filters": {"school": {}}}, "筛选项「school」的值应当是文字或一列文字"),
        ({"sort": "up"}, "「sort」应当是relevance、date、-date、school、received，现为 'up'"),
        ([], "每行应是一个 JSON 对象"),
    ],
)
def test_a_batch_line_is_told_what_is_wrong_with_it(
    archive: Archive,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    line: Any,
    told: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(line) + "\n"))
    assert main(["--home", str(archive.home), "search", "--batch"]) == 0
    assert json.loads(capsys.readouterr().out)["error"]["message"] == told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YANXIU_WEB_HOSTS", ""),
        ("YANXIU_READER_WORKERS", "0"),
        ("YANXIU_SEARCH_ENGINE", "foo"),
        ("YANXIU_COUNTY_TIMEZONE", "Mars/X"),
        ("YANXIU_WEB_PORT", "99999"),
        ("YANXIU_WEB_ORIGINS", "http://a.lan"),
        ("YANXIU_WEB_ORIGINS", "https://a.lan/x"),
        ("YANXIU_WEB_ORIGINS", "https://*"),
        ("YANXIU_WEB_ORIGINS", "https://a.lan:port"),
    ],
)
def test_a_bad_setting_is_refused_before_anything_is_done(
    name: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(UsageError, match="设置有误"):
        config.load(None, {name: value})
    monkeypatch.setenv(name, value)
    (tmp_path / "a.txt").write_text("x")
    assert main(["check", str(tmp_path / "a.txt"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "config"


def test_a_proxy_is_believed_only_when_it_is_told_of_and_only_from_here(database: None) -> None:
    from yanxiu.serving import proxy_options

    assert proxy_options(Config()) == {}
    given = {"YANXIU_WEB_ORIGINS": "https://yanxiu.example.lan, https://10.0.0.1:8443"}
    told = config.load(None, given)
    assert told.web.origins == ("https://yanxiu.example.lan", "https://10.0.0.1:8443")
    options = proxy_options(Config(web=Web(origins=told.web.origins)))
    assert options["trusted_proxy"] == "127.0.0.1"
    assert options["trusted_proxy_headers"] == {"x-forwarded-proto", "x-forwarded-for"}


def logged(name: str, level: int, **extra: Any) -> logging.LogRecord | None:
    record = logging.LogRecord(name, level, "", 1, "said", (), (ValueError, ValueError(), None))
    record.__dict__.update(extra)
    return record if Expected().filter(record) else None


def test_refused_requests_are_a_line_at_most() -> None:
    host = logged("django.security.DisallowedHost", logging.ERROR, status_code=400)
    assert host is not None
    assert (host.levelname, host.exc_info) == ("WARNING", None)
    assert logged("django.request", logging.WARNING, status_code=404) is None
    busy = logged("django.request", logging.ERROR, status_code=503)
    assert busy is not None
    assert busy.exc_info is None
    broken = logged("django.request", logging.ERROR, status_code=500)
    assert broken is not None
    assert broken.exc_info is not None


def test_progress_says_nothing_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("已制表")
    progress(1)
    progress(2, 2)
    progress.end()
    assert capsys.readouterr().err == ""


def test_what_cannot_be_read_is_told_in_words_that_fit_pictures_and_bundles_too() -> None:
    told = ReadError("unsupported")
    assert told.remedy.startswith("如是文字材料")
    assert "图片、视频、压缩包" in told.remedy


def test_a_tls_proxy_on_this_machine_works(archive: Archive, serve: Callable[..., Served]) -> None:
    served = serve(archive, YANXIU_WEB_ORIGINS="https://yanxiu.example.lan")
    until(lambda: any("首次设置" in line for line in served.output), "the setup link")
    (link,) = [line for line in served.output if "首次设置" in line]
    path = urlsplit(link.partition("：")[2].strip())
    assert (path.scheme, path.netloc) == ("https", "yanxiu.example.lan")

    def posted(forwarded: str) -> tuple[int, str]:
        asked = {"Host": path.netloc, "X-Forwarded-Proto": forwarded}
        page = _sent(served, "GET", path.path, asked)
        cookie = str(page.headers["Set-Cookie"])
        token = cookie.partition("csrftoken=")[2].partition(";")[0]
        sending = {**asked, "Origin": "https://yanxiu.example.lan", "Cookie": f"csrftoken={token}",
                   "Referer": "https://yanxiu.example.lan/", "X-CSRFToken": token}  # fmt: skip
        return _sent(served, "POST", path.path, sending).status, cookie

    status, cookie = posted("https")
    assert status != 403
    assert "Secure" in cookie
    assert _sent(served, "GET", "/", {"Host": "other.example"}).status == 400
    served.stop()
    told = "".join(served.output)
    assert "已停止" in told
    assert "Traceback" not in told


def _sent(served: Served, method: str, path: str, headers: dict[str, str]) -> HTTPResponse:
    link = HTTPConnection("127.0.0.1", urlsplit(served.address).port or 0, timeout=20)
    link.request(method, path, headers=headers)
    answer = link.getresponse()
    answer.read()
    return answer


def test_ctrl_c_lets_a_command_end_in_its_own_time() -> None:
    # A run started in the background ignores the signal, and its children would inherit that.
    heed = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    child = heed + (
        "import time\ntry:\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    time.sleep(0.6)\n    print('ended', flush=True)"
    )
    script = f"{heed}import dev, sys; sys.exit(dev.call([sys.executable, '-c', {child!r}]))"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    assert process.stdout.readline() == "ended\n"
    assert process.wait(timeout=20) == 130


def test_make_run_that_was_stopped_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    dev = importlib.import_module("dev")
    monkeypatch.setattr(dev, "setup", lambda words, dev: 0)
    for code, told in ((130, 0), (0, 0), (3, 3)):
        monkeypatch.setattr(dev, "call", lambda command, code=code: code)
        assert dev.run([]) == told
