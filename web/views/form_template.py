"""A form's own page: what may be written into its template, how it prints, and a new template
tried, annotated and put in use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from archive import form_examples, house, own_templates, press, previews, trials
from archive.forms import Paper, compiled, spec_of
from generator import FILTERS, Form, FormError, FormSpec, Mode, compile_form
from generator.compiling import MAX_TEMPLATE
from generator.plain_view import plain_view
from web import words
from web.access import Visit, county_only
from web.downloads import attachment
from web.links import link
from web.pages import page

#: What is shown of a form: (name in the address, heading).
SHOWN = (("blank", "空白表"), ("filled", "填好的样张"))
#: FieldSpec.type in words.
TYPES = {
    "text": "文字", "unit": "单位", "subject": "学科", "date": "日期", "period": "时段",
    "person": "姓名", "number": "数字", "grade": "年级", "test": "考试",
}  # fmt: skip
#: What a filter makes of a value, by the first of its names.
FORMATS = (
    ("日期", "2014-10-31 写成 2014年10月31日"),
    ("大写日期", "2014-10-31 写成 二〇一四年十月三十一日"),
    ("中文数字", "12 写成 十二"),
    ("六角括号", "2014 写成 〔2014〕"),
)


def form(request: Visit, kind_id: str) -> HttpResponse:
    paper = _paper(kind_id)
    spec = spec_of(paper)
    context = {
        "paper": paper,
        "version": spec.version,
        "spec": spec,
        "types": TYPES,
        "extra": spec.extra,
        "formats": [row for row in FORMATS if row[0] in FILTERS],
        "shown": SHOWN if form_examples.example(paper) else SHOWN[:1],
        "history": [_told(event) for event in own_templates.history(paper)],
        "may_restore": paper.own and Path(paper.kind.folder) != own_folder(paper),
        "limit_mb": MAX_TEMPLATE >> 20,
    }
    return page(request, "form_template.html", context)


def own_folder(paper: Paper) -> Path:
    return own_templates.place(house.current(), paper).parent


def _told(event: Any) -> dict[str, Any]:
    done = "启用了新模板" if event.type == own_templates.SET else "恢复了自带模板"
    data = event.data
    file = data.get("file", "") if event.type == own_templates.SET else ""
    return {"at": event.at, "actor": event.actor, "done": done, "file": file,
            "before": data.get("before", "")}  # fmt: skip


def template(request: Visit, kind_id: str) -> HttpResponse:
    paper = _paper(kind_id)
    return attachment(f"{paper.name}（模板）.docx", paper.template.read_bytes())


# --- a template tried ---------------------------------------------------------------------------


@county_only
@require_POST
def check(request: Visit, kind_id: str) -> HttpResponse:
    """Take an uploaded template, examine it apart, and show what was found."""
    paper = _paper(kind_id)
    sent = request.FILES.get("template")
    back = HttpResponseRedirect(link("form", kind_id))
    if sent is None:
        messages.error(request, "没有选文件。请先选改好的模板，再按「检查」。")
        return back
    if not str(sent.name).lower().endswith(".docx") or (sent.size or 0) > MAX_TEMPLATE:
        messages.error(
            request,
            f"「{sent.name}」不是 .docx 文件，或超过 {MAX_TEMPLATE >> 20} MB，没有收下。"
            "请用 Word 或 WPS 另存为 .docx 后重试。",
        )
        return back
    actor = request.user.username
    try:
        tried = trials.begin(house.current(), paper, str(sent.name), sent.read(), actor=actor)
    except FormError as error:
        messages.error(request, f"「{sent.name}」：{error.message}。{error.remedy}。")
        return back
    return HttpResponseRedirect(link("form-trial", kind_id, tried.token))


@county_only
def trial(request: Visit, kind_id: str, token: str) -> HttpResponse:
    paper, tried = _tried(kind_id, token)
    context = {
        "paper": paper,
        "trial": tried,
        "shown": [] if tried.faults else SHOWN if form_examples.example(paper) else SHOWN[:1],
    }
    return page(request, "form_trial.html", context)


@county_only
def annotated(request: Visit, kind_id: str, token: str) -> HttpResponse:
    _, tried = _tried(kind_id, token)
    return attachment(f"{Path(tried.name).stem}（批注）.docx", tried.annotated())


@county_only
@require_POST
def adopt(request: Visit, kind_id: str, token: str) -> HttpResponse:
    paper, tried = _tried(kind_id, token)
    if tried.faults:
        messages.error(request, "模板还有错误，没有启用。请改正后重新上传。")
        return HttpResponseRedirect(link("form-trial", kind_id, token))
    actor = request.user.username
    own_templates.adopt(house.current(), paper, tried.data(), actor=actor, name=tried.name)
    messages.success(
        request,
        f"「{paper.name}」从现在起用「{tried.name}」印制；已经发出的表不变。原来的模板留着备查。",
    )
    return HttpResponseRedirect(link("form", kind_id))


@county_only
@require_POST
def restore(request: Visit, kind_id: str) -> HttpResponse:
    paper = _paper(kind_id)
    kept = own_templates.take_back(house.current(), paper, actor=request.user.username)
    messages.success(
        request, f"「{paper.name}」恢复使用自带模板。本县的模板另存为「{kept}」，没有删除。"
    )
    return HttpResponseRedirect(link("form", kind_id))


# --- how it prints --------------------------------------------------------------------------------


def preview(request: Visit, kind_id: str, shown: str) -> HttpResponse:
    """The pages of the form in use, asked for again and again until they are drawn."""
    paper = _paper(kind_id)
    return _preview(request, paper, compiled(paper), shown, link("form-preview", kind_id, shown))


@county_only
def trial_preview(request: Visit, kind_id: str, token: str, shown: str) -> HttpResponse:
    paper, tried = _tried(kind_id, token)
    if tried.faults:
        raise Http404
    made = compile_form(tried.path, spec_of(paper))
    return _preview(request, paper, made, shown, link("form-trial-preview", kind_id, token, shown))


def _preview(request: Visit, paper: Paper, made: Form, mode: str, address: str) -> HttpResponse:
    if mode not in dict(SHOWN):
        raise Http404
    data = made.render(_values(paper, made.spec, mode), _mode(mode))
    drawn = previews.lane(house.current()).preview(data)
    plain = request.GET.get("plain") == "1" or drawn.state in ("absent", "failed")
    context = {
        "paper": paper,
        "heading": dict(SHOWN)[mode],
        "drawn": drawn,
        "blocks": plain_view(data) if plain else (),
        "address": address,
        "plain": plain,
    }
    part = request.headers.get("HX-Request")
    return page(request, "form_pages.html" if part else "form_preview.html", context)


def _mode(shown: str) -> Mode:
    return "blank" if shown == "blank" else "filled"


def _values(paper: Paper, spec: FormSpec, mode: str) -> Mapping[str, Any]:
    """What is printed: nothing but the county's name, or the example."""
    county = {"县名": words.register().county.name}
    return county if mode == "blank" else {**form_examples.example(paper), **county}


def preview_page(request: Visit, key: str, n: int) -> HttpResponseBase:
    """A page as PNG. The key is the digest of what was printed: nobody can guess another's."""
    path = previews.lane(house.current()).page(key, n)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/png")
    # The pages of a digest never change.
    response["Cache-Control"] = "private, max-age=86400"
    return response


def preview_pdf(request: Visit, key: str) -> HttpResponseBase:
    path = previews.lane(house.current()).pdf(key)
    if path is None:
        raise Http404
    return attachment("预览.pdf", path.read_bytes())


# --- which --------------------------------------------------------------------------------------


def _paper(kind_id: str) -> Paper:
    found = next((p for p in press.forms(house.current()) if p.id == kind_id), None)
    if found is None:
        raise Http404
    return found


def _tried(kind_id: str, token: str) -> tuple[Paper, trials.Trial]:
    paper, tried = _paper(kind_id), trials.trial(house.current(), token)
    if tried is None or tried.paper != paper.id:
        raise Http404
    return paper, tried
