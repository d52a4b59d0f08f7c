"""Messages on the desk: the outbox, one message, answers, templates and their review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.kernel.actors import Actor
from honghui.messaging import access, words
from honghui.messaging.actions.replies import settle_reply
from honghui.messaging.channels import ADAPTERS
from honghui.messaging.models import Incoming, Message
from honghui.messaging.queries import desk
from honghui.registry.access import require
from honghui.registry.forms import ReasonForm
from honghui.registry.middleware import actor
from honghui.registry.permissions import SEE_MESSAGES, SETTLE_MESSAGES
from honghui.registry.views.guards import desk_view_for
from honghui.registry.views.pages import page_of
from honghui.ui.components.lists import Tab
from honghui.ui.components.text import count, yuan
from honghui.ui.forms import posted


def tabs_of(by: Actor, current: str) -> list[Tab]:
    """The sides of messages; how many answers wait stands on theirs."""
    waiting = desk.waiting_replies(by)
    return [
        Tab(_("Outbox"), reverse("messages"), current == "messages"),
        Tab(_("Answers"), reverse("replies"), current == "replies", waiting or None),
        Tab(_("Templates"), reverse("message_templates"), current == "message_templates"),
    ]


@require_safe
@desk_view_for(SEE_MESSAGES)
def outbox(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    group, channel = request.GET.get("group", ""), request.GET.get("channel", "")
    page = page_of(request, desk.outbox(by, group=group, channel=channel))
    context = {
        "tabs": tabs_of(by, "messages"),
        "page": page,
        "known": access.known_people(by, [each.person_id for each in page.object_list]),
        "thirds": _thirds(by),
        "group": group,
        "channel": channel,
        "channels": words.CHANNELS,
        "not_set_up": [
            words.CHANNELS[name] for name, each in ADAPTERS.items() if not each.is_set_up()
        ],
    }
    return render(request, "messaging/outbox.html", context)


def _thirds(by: Actor) -> list[tuple[object, str]]:
    month = desk.month(by)
    return [
        (count(month.messages), _("messages this month")),
        (count(month.arrived), _("of them arrived")),
        (yuan(month.cost_fen), _("yuan for them, by the prices set")),
    ]


@require_safe
@desk_view_for(SEE_MESSAGES)
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.message(by, message_id)
    is_local = found.state == Message.State.LOCAL
    may_read_out = is_local and access.may_settle(by, found.society_id)
    context = {
        "found": found,
        "known": access.known_people(by, [found.person_id]),
        "text": desk.text_of(found, with_link=may_read_out),
        "steps": desk.steps_of(found),
        "may_read_out": may_read_out,
    }
    return render(request, "messaging/message.html", context)


@require_safe
@desk_view_for(SEE_MESSAGES)
def replies(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    shows_all = request.GET.get("all") == "1"
    page = page_of(request, desk.replies(by, only_waiting=not shows_all))
    context = {
        "tabs": tabs_of(by, "replies"),
        "page": page,
        "known": access.known_people(by, [each.person_id for each in page.object_list]),
        "read": desk.read(page.object_list),
        "shows_all": shows_all,
    }
    return render(request, "messaging/replies.html", context)


@desk_view_for(SEE_MESSAGES)
def reply(request: HttpRequest, incoming_id: UUID) -> HttpResponse:
    by = actor(request)
    found = access.incoming_one(by, incoming_id)
    form = ReasonForm(posted(request))
    if request.method == "POST":
        require(by, SETTLE_MESSAGES, found.society_id)
    if form.is_valid():
        with form.refusals():
            settle_reply(by=by.with_once(form.once_key), incoming=found, **form.values)
            notes.success(request, _("Recorded."))
            return redirect("reply", found.pk)
    (read,) = desk.read([found])
    context = {
        "found": found,
        "known": access.known_people(by, [found.person_id]),
        "text": read.text,
        "form": form,
        "waits": found.state in (Incoming.State.UNCLEAR, Incoming.State.UNKNOWN),
        "may_settle": access.may_settle(by, found.society_id),
    }
    return render(request, "messaging/reply.html", context, status=form.status)


@require_safe
@desk_view_for(SEE_MESSAGES)
def templates(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    channel = "voice" if request.GET.get("channel") == "voice" else "sms"
    drills = request.GET.get("drills") == "1"
    context = {
        "tabs": tabs_of(by, "message_templates"),
        "found": desk.templates(by, channel=channel, drills=drills),
        "states": words.TEMPLATE_STATES,
        "channel": channel,
        "drills": drills,
        "is_set_up": ADAPTERS["sms"].is_set_up(),
    }
    return render(request, "messaging/templates.html", context)
