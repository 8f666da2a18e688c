"""A clerk's first day in a real browser, against a real server: setup link, upload, search, the
document, a correction, review, the matrix and a form."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from small_county import ORG

# One story, told in order: `--dist loadfile` (pyproject.toml) keeps it on one worker.
pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("YANXIU_CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
PASSWORD = "清河教研2014"
TITLE = "东河初中2014年10月数学学科校本研修工作阶段报告"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served archive; gives the setup link."""
    folder = tmp_path_factory.mktemp("walk")
    org = folder / "清河县.json"
    org.write_text(json.dumps(ORG, ensure_ascii=False), "utf-8")
    command = [sys.executable, "-m", "yanxiu", "--home", str(folder / "home")]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("YANXIU_", "DJANGO_"))}
    subprocess.run([*command, "init", "--org", str(org)], cwd=ROOT, env=clean, check=True,
                   capture_output=True, timeout=60)  # fmt: skip
    serve = [*command, "serve", "--port", str(free_port())]
    with subprocess.Popen(
        serve, cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield setup_link(server)
        finally:
            server.terminate()
            server.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def setup_link(server: subprocess.Popen[str]) -> str:
    """The link as `serve` prints it; it comes before the pages are served."""
    assert server.stdout is not None
    for line in server.stdout:
        found = re.search(r"http://\S+/setup/\S+", line)
        if found:
            return found[0]
    raise AssertionError("the server ended without printing its setup link")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium found: install it or name it in YANXIU_CHROMIUM")
    with ExitStack() as stack:
        play = stack.enter_context(sync.sync_playwright())
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = play.chromium.launch(executable_path=CHROMIUM, args=quiet)
        stack.callback(found.close)
        yield found


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Any:
    """Signed in as the county office; scripts' errors and refused content fail the walk."""
    made = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    made.faults = []
    made.on("pageerror", lambda error: made.faults.append(str(error)))
    made.on("console", lambda m: made.faults.append(m.text) if m.type == "error" else None)
    wait_for_server(made, address)
    made.get_by_label("用户名").fill("教研室")
    made.get_by_label("密码", exact=True).fill(PASSWORD)
    made.get_by_label("再输一次密码").fill(PASSWORD)
    made.get_by_role("button", name="建立账号").click()
    return made


def wait_for_server(page: Any, address: str) -> None:
    host, port = re.search(r"//([^:/]+):(\d+)", address).groups()  # type: ignore[union-attr]
    for _ in range(100):
        try:
            socket.create_connection((host, int(port)), 0.3).close()
            break
        except OSError:
            page.wait_for_timeout(100)
    page.goto(address)


def report(path: Path) -> Path:
    import docx

    paper = docx.Document()
    paper.add_heading(TITLE, 0)
    for head, text in (
        ("一、工作开展情况", "十月八日集体备课，主题为函数教学；十月十五日听评课两节。"),
        ("二、取得成效", "教师的校本研修意识增强，课堂效率提高。"),
        ("三、存在问题", "个别教师听课记录不全。"),
        ("四、下阶段安排", "十一月开展同课异构活动。"),
    ):
        paper.add_heading(head, 1)
        paper.add_paragraph(text)
    paper.save(str(path))
    return path


def test_the_link_made_an_account_and_was_burnt(page: Any, address: str) -> None:
    assert "已建立县教研室账号「教研室」" in page.inner_text("main")
    assert "还没有收到材料" in page.inner_text("main")
    assert page.request.get(address).status == 404


def test_an_uploaded_report_is_filed_while_one_watches(page: Any, tmp_path: Path) -> None:
    page.get_by_role("link", name="提交材料", exact=True).first.click()
    page.get_by_label("代哪所学校提交").select_option(label="东河初中")
    page.set_input_files("#files", str(report(tmp_path / f"{TITLE}.docx")))
    page.get_by_role("button", name="提交").click()
    page.locator("#rows .badge.ok, #rows .badge.review").first.wait_for(timeout=30_000)
    assert TITLE in page.inner_text("#rows")


def test_the_slash_key_leads_to_a_hit_with_its_sentence(page: Any) -> None:
    page.goto(page.url.split("/upload")[0])
    for _ in range(50):
        page.keyboard.press("/")
        page.keyboard.type("函数教学")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        if page.locator(".hits mark").count():
            break
        page.wait_for_timeout(200)
    assert page.locator(".hits mark").first.inner_text() == "函数教学"
    assert "找到 1 份" in page.inner_text(".results")


def test_the_document_shows_the_hit_and_why_it_was_filed(page: Any) -> None:
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".hopper").wait_for()
    assert TITLE in page.title()
    assert page.locator("mark.now").inner_text() == "函数教学"
    assert "归档判定" in page.inner_text("aside")
    assert "依据" in page.inner_text("aside")


def test_a_correction_in_place_is_kept_in_the_history(page: Any) -> None:
    page.get_by_text("更正", exact=True).first.click()
    page.get_by_label("作者").fill("王建国")
    page.get_by_label("说明").fill("原件漏写")
    page.get_by_role("button", name="保存更正").click()
    assert "的作者，改动前的值记在「经历」里" in page.inner_text(".note")
    history = page.inner_text("aside")
    assert "（空） → 王建国" in history
    assert "原件漏写" in history


def test_an_unknown_paper_is_reviewed(page: Any, tmp_path: Path) -> None:
    import docx

    paper = docx.Document()
    paper.add_paragraph("校本研修的几点体会，供大家讨论。教研组要抓好集体备课和听课评课。")
    paper.save(str(tmp_path / "材料.docx"))
    page.goto(re.sub(r"(//[^/]+/).*", r"\1upload", page.url))
    page.set_input_files("#files", str(tmp_path / "材料.docx"))
    page.get_by_role("button", name="提交").click()
    page.locator("#rows .badge.review").first.wait_for(timeout=30_000)
    page.get_by_role("link", name="待核", exact=True).first.click()
    page.get_by_label("文种").last.select_option("reflection")
    page.get_by_label("学校").last.select_option(label="西坡初中")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state()
    page.locator(".note").wait_for()
    assert "归为教学反思" in page.inner_text(".note")


def test_the_matrix_leads_to_the_paper_and_to_a_prefilled_form(page: Any) -> None:
    page.goto(re.sub(r"(//[^/]+/).*", r"\1matrix?period=2014-10&kind=stage_report", page.url))
    row = page.locator(".matrix tbody tr", has_text="东河初中")
    row.locator("td.late a, td.part a").click()
    page.wait_for_url(
        "**/documents/*"
    )  # to its load: the address changes before the title is there
    assert TITLE in page.title()
    page.go_back()
    with page.expect_download() as waiting:
        row.locator("td.bad a").first.click()
    assert waiting.value.suggested_filename.endswith(".docx")
    assert "东河初中" in waiting.value.suggested_filename


def test_forms_for_all_schools_come_as_one_zip(page: Any) -> None:
    import zipfile

    page.goto(re.sub(r"(//[^/]+/).*", r"\1forms?period=2014-10&kind=stage_report", page.url))
    with page.expect_download() as waiting:
        page.locator(".form-line", has_text="阶段报告").get_by_text("预填表").click()
    with zipfile.ZipFile(waiting.value.path()) as made:
        names = made.namelist()
    assert names.pop() == "发表清单.xlsx"
    assert len(names) == 6 * 3


def test_forms_are_found_while_one_types(page: Any) -> None:
    page.get_by_label("找表单").fill("质检")
    page.locator(".form-line", has_text="阶段报告").wait_for(state="hidden")
    assert page.locator(".form-line", has_text="质检分析报告").first.is_visible()
    page.get_by_label("找表单").fill("没有这样的表")
    assert page.get_by_text("没有名称里带「没有这样的表」的表单").is_visible()


def test_forms_go_into_the_schools_folders(page: Any) -> None:
    page.goto(re.sub(r"(//[^/]+/).*", r"\1forms?period=2014-10", page.url))
    page.locator(".form-line", has_text="阶段报告").get_by_text("放入待填夹").click()
    page.locator(".note").wait_for()
    assert "已放入 18 份" in page.inner_text(".note")
    assert "18 / " in page.locator(".form-line", has_text="阶段报告").inner_text()


def test_no_page_is_wider_than_a_telephone(page: Any) -> None:
    paper = page.goto(re.sub(r"(//[^/]+/).*", r"\1search", page.url))
    assert paper.ok
    document = page.locator(".hits a").first.get_attribute("href")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "search", "upload", "review", "matrix?period=2014-2015-1", "forms", "arrivals",
                 "forms/stage_report/page", "users", "password", "saved",
                 "search?q=函数教学&within=听评课", document.lstrip("/")):  # fmt: skip
        page.goto(re.sub(r"(//[^/]+/).*", rf"\1{path}", page.url))
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) == 0, path
    page.set_viewport_size({"width": 1366, "height": 768})


def test_the_pages_work_without_scripts(browser: Any, page: Any, tmp_path: Path) -> None:
    address = re.sub(r"(//[^/]+/).*", r"\1", page.url)
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    plain.goto(f"{address}upload")
    plain.get_by_label("用户名").fill("教研室")
    plain.get_by_label("密码").fill(PASSWORD)
    plain.get_by_role("button", name="登录").click()
    paper = tmp_path / "纸.txt"
    paper.write_text("没有脚本也能提交", "utf-8")
    plain.set_input_files("#files", str(paper))
    plain.get_by_role("button", name="提交").click()
    assert "已收下 1 个文件：纸.txt" in plain.inner_text(".note")
    plain.get_by_label("检索").fill("函数教学")
    plain.get_by_role("button", name="检索").click()
    assert plain.locator(".hits mark").first.inner_text() == "函数教学"


def test_nothing_went_wrong_behind_the_pages(page: Any) -> None:
    assert page.faults == []
