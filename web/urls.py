"""Every route of the counter. A name here is the page's name; nothing is open unless its view
says so (`web.access`)."""

from __future__ import annotations

from django.urls import path

from web.views import (
    api,
    arrivals,
    document,
    errors,
    form_template,
    forms,
    home,
    matrix,
    password,
    results,
    review,
    saved,
    search,
    setup,
    sign_in,
    suggest,
    upload,
    users,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("setup/<str:token>", setup.setup, name="setup"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("password", password.password, name="password"),
    path("users", users.users, name="users"),
    path("users/<int:user_id>", users.change, name="user-change"),
    path("search", search.search, name="search"),
    path("suggest", suggest.suggest, name="suggest"),
    path("search.xlsx", results.sheet, name="search-xlsx"),
    path("search.csv", results.lines, name="search-csv"),
    path("search.zip", results.originals, name="search-zip"),
    path("saved", saved.saved, name="saved"),
    path("saved/<int:saved_id>", saved.one, name="saved-search"),
    path("feeds/<str:secret>.atom", saved.feed, name="feed"),
    path("documents/<str:record_id>", document.document, name="document"),
    path("documents/<str:record_id>/correct", document.correct, name="correct"),
    path("documents/<str:record_id>/versions/<int:n>", document.download, name="download"),
    path(
        "documents/<str:record_id>/versions/<int:n>/page.png",
        document.first_page,
        name="first-page",
    ),
    path("upload", upload.upload, name="upload"),
    path("upload/rows", upload.rows, name="upload-rows"),
    path("review", review.review, name="review"),
    path("review/<str:record_id>", review.decide, name="decide"),
    path("matrix", matrix.matrix, name="matrix"),
    path("matrix.xlsx", matrix.sheet, name="matrix-sheet"),
    path("forms", forms.forms, name="forms"),
    path("forms/<str:kind_id>/blank", forms.blank, name="form-blank"),
    path("forms/<str:kind_id>/prefilled", forms.prefilled, name="form-prefilled"),
    path("forms/counts", forms.counts, name="form-counts"),
    path("forms/make", forms.make, name="form-make"),
    path("forms/place", forms.place, name="form-place"),
    path("forms/<str:kind_id>/page", form_template.form, name="form"),
    path("forms/<str:kind_id>/template.docx", form_template.template, name="form-template"),
    path("forms/<str:kind_id>/check", form_template.check, name="form-check"),
    path("forms/<str:kind_id>/restore", form_template.restore, name="form-restore"),
    path("forms/<str:kind_id>/preview/<str:shown>", form_template.preview, name="form-preview"),
    path("forms/<str:kind_id>/trials/<str:token>", form_template.trial, name="form-trial"),
    path(
        "forms/<str:kind_id>/trials/<str:token>/annotated.docx",
        form_template.annotated,
        name="form-annotated",
    ),
    path("forms/<str:kind_id>/trials/<str:token>/adopt", form_template.adopt, name="form-adopt"),
    path(
        "forms/<str:kind_id>/trials/<str:token>/preview/<str:shown>",
        form_template.trial_preview,
        name="form-trial-preview",
    ),
    path("previews/<str:key>/<int:n>.png", form_template.preview_page, name="preview-page"),
    path("previews/<str:key>/form.pdf", form_template.preview_pdf, name="preview-pdf"),
    path("arrivals", arrivals.arrivals, name="arrivals"),
    path("api/search", api.search, name="api-search"),
    path("api/arrivals/<str:arrival_id>", api.arrival, name="api-arrival"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server
