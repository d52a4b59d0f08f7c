"""How somebody is reached: their quiet hours and ways on the desk; a browser that subscribes."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from honghui.kernel.errors import Invalid, SignInAgain
from honghui.messaging import access
from honghui.messaging.actions.preferences import (
    link_chat_account,
    resume_messages,
    set_preference,
    subscribe_browser,
)
from honghui.messaging.channels import ADAPTERS
from honghui.messaging.channels.web_push import public_key
from honghui.messaging.forms import ChatForm, PreferenceForm
from honghui.messaging.queries.desk import Reach, reach_of
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import SEE_MESSAGES, SETTLE_MESSAGES
from honghui.registry.views.guards import desk_view_for
from honghui.ui.forms import posted


@desk_view_for(SEE_MESSAGES)
def reach(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One page, three small forms; `do` says which was sent."""
    by = actor(request)
    permission = SEE_MESSAGES if request.method == "GET" else SETTLE_MESSAGES
    person, society_code = access.person_to_reach(by, person_id, permission)
    found = reach_of(person)
    sent = str(request.POST.get("do", ""))
    form = PreferenceForm(posted(request) if sent == "prefer" else None, initial=_initial(found))
    chat = ChatForm(
        posted(request) if sent == "chat" else None, initial=found.accounts, auto_id="chat_%s"
    )
    resume = ReasonForm(posted(request) if sent == "resume" else None, auto_id="resume_%s")
    if form.is_valid():
        with form.refusals():
            set_preference(by=by.with_once(form.once_key), person=person, **form.values)
            return _done(request, person_id)
    if chat.is_valid():
        with chat.refusals():
            for channel, user_id in chat.values.items():
                if user_id != found.accounts.get(channel, ""):
                    link_chat_account(by=by, person=person, channel=channel, user_id=user_id)
            return _done(request, person_id)
    if resume.is_valid():
        with resume.refusals():
            resume_messages(by=by.with_once(resume.once_key), person=person, **resume.values)
            return _done(request, person_id)
    context = {
        "person": person,
        "reach": found,
        "form": form,
        "chat": chat,
        "resume": resume,
        "is_oneself": by.person_id == person.pk and ADAPTERS["web_push"].is_set_up(),
        "may_settle": access.may_settle(by, society_code),
    }
    status = max(each.status for each in (form, chat, resume))
    return render(request, "messaging/reach.html", context, status=status)


def _initial(found: Reach) -> dict[str, object]:
    ways = [*found.preference.channels, "", "", ""]
    return {
        "quiet_from": found.preference.quiet_from,
        "quiet_until": found.preference.quiet_until,
        "language": found.preference.language,
        "first": ways[0],
        "second": ways[1],
        "third": ways[2],
    }


def _done(request: HttpRequest, person_id: UUID) -> HttpResponse:
    notes.success(request, _("Changed."))
    return redirect("reach", person_id)


@never_cache
@require_http_methods(["GET", "POST"])
def push(request: HttpRequest) -> HttpResponse:
    """GET: the key that a browser needs. POST: its subscription, as browsers write it."""
    by = actor(request)
    if not by.is_signed_in:
        raise SignInAgain("web.sign_in", _("Sign in first."))
    if not ADAPTERS["web_push"].is_set_up():
        return JsonResponse({"key": None})
    if request.method == "GET":
        return JsonResponse({"key": public_key()})
    try:
        said = json.loads(request.body)
        keys = said["keys"]
        given = {"endpoint": said["endpoint"], "p256dh": keys["p256dh"], "auth": keys["auth"]}
    except (ValueError, KeyError, TypeError):
        given = {}
    if not given or not all(isinstance(each, str) for each in given.values()):
        raise Invalid("messages.push.garbage", _("This is no subscription of a browser."))
    subscribe_browser(by=by, **given)
    return JsonResponse({"subscribed": True})
