"""How to check us: the page that says it, and the files for it under /open/."""

from __future__ import annotations

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from honghui.disclosure import downloads
from honghui.disclosure.answering import TEXT, file_answer, not_now, not_there
from honghui.disclosure.downloads import Download
from honghui.disclosure.open_page import open_page, schema_rows
from honghui.journal import log_place
from honghui.record.errors import BadOpening
from honghui.tlog.errors import CouldNotCheck

# Long enough for a cache to spare us, short enough that nobody downloads last week's program.
_A_WHILE = "public, max-age=300"
_NO_KEY = (
    "日志还没有开始，所以还没有公钥。",
    "The log has not begun, so it has no key yet.",
)
_NO_TEXT = (
    "这个哈希下没有文字：当事人已经撤回，或者从来没有公开过。记录里的哈希不变，账照样能核。",
    "There is no text under this hash: it was withdrawn, or was never shown. The hash in the "
    "record stays, and the books can be checked as before.",
)
_NO_SCHEMA = (
    "没有这种格式。全部格式见 /open/schemas/",
    "There is no such schema. All of them: /en/open/schemas/",
)
_NO_PAGE = (
    "离线核对页还没有装好。请先用单文件核验程序 /open/verify.py。",
    "The offline page was not set up here. Use the verifier in one file: /open/verify.py",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri("/log/")
    return render(request, "disclosure/open/home.html", {"page": open_page(address)})


@require_safe
def schemas(request: HttpRequest) -> HttpResponse:
    return render(request, "disclosure/open/schemas.html", {"rows": schema_rows()})


@require_safe
def log_key(request: HttpRequest) -> HttpResponse:
    key = downloads.log_key()
    if not key:
        return not_there(*_NO_KEY)
    return file_answer(request, key, {"Content-Type": TEXT, "Cache-Control": _A_WHILE})


@require_safe
def text(request: HttpRequest, digest: str) -> HttpResponse:
    """A side file, never kept by a cache: it may be withdrawn any minute."""
    try:
        opening = log_place.side_files().opening(digest)
    except BadOpening:
        opening = None
    if opening is None:
        return not_there(*_NO_TEXT)
    headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, noarchive",
    }
    return file_answer(request, opening, headers)


@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponse:
    found = downloads.schemas().get(name)
    return _download(request, found) if found else not_there(*_NO_SCHEMA)


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    return _download(request, downloads.verifier(), save_as="verify.py")


@csp_exempt()
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Its own policy stands in it, and is stricter than ours: it may fetch nothing at all."""
    try:
        return _download(request, downloads.page())
    except CouldNotCheck:
        return not_now(*_NO_PAGE)


def _download(request: HttpRequest, file: Download, save_as: str = "") -> HttpResponse:
    headers = {"Content-Type": file.content_type, "Cache-Control": _A_WHILE}
    if save_as:
        headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    return file_answer(request, file.data, headers)
