"""The trace page: thin. Whoever has the code may read, so the address is a secret: it is never
sent on as a referrer, never kept by a cache, never found by a search."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from honghui.funds.access import donation_by_code
from honghui.funds.codes import in_groups, typed_code
from honghui.funds.models import Donation
from honghui.funds.views.discreet import keep_secret
from honghui.kernel.errors import Invalid, NotFound
from honghui.processes.page import CODE_LIMIT, page_of
from honghui.processes.proving import Proof, proof_of
from honghui.processes.tracing import place_in_log, trace
from honghui.registry import guessing
from honghui.tlog.errors import NotProven, TlogError

_PLAIN = "text/plain; charset=utf-8"
_WAITS = (
    "这笔捐款还没有进公开账本，稍等两秒再下载。",
    "The gift does not stand in the public log yet. Wait two seconds and download again.",
)
_NOT_NOW = (
    "现在读不到账本的文件，这不说明账有错。过一分钟再试。",
    "The log's files cannot be read just now, which says nothing against the books. "
    "Try again in a minute.",
)
_DOES_NOT_FIT = (
    "账本的文件互相对不上，所以给不出证明。请留下这个页面，告诉监督员或记者。",
    "The log's files do not fit each other, so there is no proof. Keep this page, and tell a "
    "supervisor or a reporter.",
)

View = Callable[[HttpRequest, Donation], HttpResponse]


def for_whoever_has_the_code(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """A code that nobody has and one that cannot be get the same answer."""

    @wraps(view)
    def opened(request: HttpRequest, code: str) -> HttpResponse:
        return keep_secret(_answer(request, code, view))

    return require_safe(opened)


def _answer(request: HttpRequest, code: str, view: View) -> HttpResponse:
    typed = typed_code(code)
    if typed and guessing.is_over(request, "trace"):
        return render(request, "processes/trace/too_many.html", status=429)
    try:
        if typed:
            return view(request, donation_by_code(typed))
    except NotFound:
        guessing.note_wrong(request, "trace", typed)
    return render(request, "processes/trace/unknown.html", {"limit": CODE_LIMIT}, status=404)


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """What was typed leads to an address, whether there is such a gift or not."""
    typed = request.GET.get("code", "")
    code = typed_code(typed)
    if code:
        return keep_secret(redirect("trace_gift", in_groups(code)))
    wrong = bool(typed.strip())
    context = {"typed": typed[:CODE_LIMIT] if wrong else "", "wrong": wrong, "limit": CODE_LIMIT}
    return keep_secret(
        render(request, "processes/trace/ask.html", context, status=422 if wrong else 200)
    )


@for_whoever_has_the_code
def gift(request: HttpRequest, donation: Donation) -> HttpResponse:
    as_of = _number(request.GET.get("as_of", ""))
    page = page_of(trace(donation, as_of), request.build_absolute_uri("/log/"))
    return render(request, "processes/trace/gift.html", {"page": page})


@for_whoever_has_the_code
def proof(request: HttpRequest, donation: Donation) -> HttpResponse:
    """A C2SP tlog-proof, as verify.py takes it."""
    return _file(donation, lambda made: (made.bundle, _PLAIN, f"{made.index}.tlog-proof"))


@for_whoever_has_the_code
def record(request: HttpRequest, donation: Donation) -> HttpResponse:
    """The gift's record, byte for byte as the log has it."""
    return _file(donation, lambda made: (made.record, "application/json", f"{made.index}.json"))


def _file(donation: Donation, part: Callable[[Proof], tuple[bytes, str, str]]) -> HttpResponse:
    """Names carry the record's number and never the code: a folder of downloads is no secret."""
    index = place_in_log(donation)
    if index is None:
        return _plain(404, _WAITS)
    try:
        data, content_type, name = part(proof_of(index))
    except NotProven:
        return _plain(409, _DOES_NOT_FIT)
    except TlogError:
        return _plain(503, _NOT_NOW)
    answer = HttpResponse(data, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(status: int, sentences: tuple[str, str]) -> HttpResponse:
    return HttpResponse("\n".join((*sentences, "")), content_type=_PLAIN, status=status)


def _number(text: str) -> int | None:
    """As typed after ?as_of=; None without one. Raises Invalid."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid(
            "trace.as_of",
            _("“as of” takes the number of a record."),
            _("Leave the number out to see the gift as it stands now."),
            field="as_of",
        )
    return int(text)
