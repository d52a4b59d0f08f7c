"""The answer page: whoever has the link answers, without signing in.

The one hard idea: looking is not answering. Messengers, virus scanners and browsers fetch a link
before its reader does; so GET and HEAD change nothing whatever stands in the address, and an
answer is a POST of the page's own form. The address is a secret: no cache, no referrer, no search.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from honghui.callouts.access import invitation_by_token, may_be_token
from honghui.callouts.actions.answers import answer_by_link
from honghui.callouts.forms import AnswerForm
from honghui.callouts.queries.answer_page import answer_page
from honghui.kernel.actors import VISITOR
from honghui.kernel.errors import NotFound
from honghui.registry import guessing
from honghui.ui.forms import posted


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    response = _answer(request, token.upper())
    response.headers["Cache-Control"] = "no-store"
    # Not "no-referrer": a form then says that it comes from nowhere, and is refused as forged.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    if may_be_token(token) and guessing.is_over(request, "answer"):
        return render(request, "callouts/answer_too_many.html", status=429)
    try:
        invitation = invitation_by_token(token)
    except NotFound:
        if may_be_token(token):
            guessing.note_wrong(request, "answer", token)
        return render(request, "callouts/answer_unknown.html", status=404)
    form = AnswerForm(posted(request))
    if form.is_valid():
        with form.refusals():
            # Whoever is signed in on this telephone: the link says who answers.
            by = VISITOR.with_once(form.once_key)
            meaning, minutes = form.values["answer"]
            answer_by_link(by=by, token=token, meaning=meaning, eta_minutes=minutes)
            return redirect("answer", token)
    context = {"page": answer_page(invitation), "form": form}
    return render(request, "callouts/answer.html", context, status=form.status)
