"""The page behind the link of a message: who was called answers, says where they are on their way,
and that they are home. Without signing in; whoever has the link sees this and no more."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from honghui.callouts.access import invitation_by_token
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR
from honghui.kernel.errors import Invalid, Refused
from honghui.rescue import field
from honghui.rescue.queries.phone import own_page
from honghui.sync.handling import Form

PLAIN = {
    field.OWN_ANSWER: field.take_own_answer,
    field.OWN_TELL: field.take_own_telling,
    field.OWN_TALK: field.take_own_talk,
}


@never_cache
def responder(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: a preview of the link answers for nobody."""
    invitation = invitation_by_token(token)
    refusal = None
    if request.method == "POST":
        try:
            _take(request, token)
            messages.success(request, _("Written down."))
            return redirect("responder", token)
        except Refused as error:
            refusal = error
    call_out = invitation.call_out
    english = get_language() == "en"
    context = {
        "own": own_page(invitation),
        "call_out": call_out,
        "title": (english and call_out.title_en) or call_out.title,
        "place": (english and call_out.place_en) or call_out.place,
        "group": (english and invitation.group_name_en) or invitation.group_name,
        "is_over": call_out.state in ("closed", "cancelled"),
        "is_off": call_out.state == "cancelled",
        "token": token,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    answer = render(request, "rescue/phone/responder.html", context, status=status)
    # The address is the key: it goes to no other site, and into no index. Not "no-referrer": a form
    # then says that it comes from nowhere, and is refused as forged.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _take(request: HttpRequest, token: str) -> None:
    kind = str(request.POST.get("sync", ""))
    if kind not in PLAIN:
        raise Invalid(
            "rescue.field.needs_script",
            _("This needs scripts, which this browser has switched off."),
            _("Answer the message, or telephone."),
        )
    now = clock.machine_now()
    form = Form(
        id=uuid4(),
        kind=kind,
        made_at=now,
        fields={name: str(value) for name, value in request.POST.items()},
        link=token,
        attachments=(),
        sent_at=now,
        received_at=now,
        at_by_us=clock.now(),
    )
    PLAIN[kind](VISITOR, form)
