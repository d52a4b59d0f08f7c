"""How somebody wants to be reached: their quiet hours, their ways, or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import time

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import Personal, action, record
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed
from honghui.messaging import access
from honghui.messaging.channels.push_sealing import are_keys
from honghui.messaging.channels.web_push import may_post_to
from honghui.messaging.models import Channel, ChatAccount, Message, Preference, PushSubscription
from honghui.messaging.opening import ACCOUNT_CONTEXT, BROWSER_CONTEXT
from honghui.messaging.own_templates import STOPPED
from honghui.messaging.queries.work import WAITING
from honghui.messaging.sending import Draft, queue_messages
from honghui.registry.models import Person
from honghui.registry.permissions import SETTLE_MESSAGES
from honghui.registry.rules import check_reason

_USER_ID_CHARACTERS_MAX = 64
_ENDPOINT_CHARACTERS_MAX = 800
BROWSERS_MAX = 10


@action("messaging.preference.changed")
def set_preference(
    *,
    by: Actor,
    person: Person,
    language: str,
    quiet_from: time,
    quiet_until: time,
    channels: Sequence[str],
) -> Preference:
    """By themselves, or by whoever settles messages in a society that knows them."""
    found, society_code = _themselves_or_known(by, person)
    if not channels or not set(channels) <= set(Channel.values):
        raise Invalid(
            "messages.preference.channels",
            _("No way to reach this person was chosen."),
            _("Choose one at least; who wants no messages at all can stop them."),
            field="channels",
        )
    row = _preference(found)
    before = _as_told(row)
    row.language = language
    row.quiet_from, row.quiet_until = quiet_from, quiet_until
    row.channels = list(dict.fromkeys(channels))
    row.changed_at = clock.now()
    row.save()
    record(
        by=by,
        verb="messaging.preference.changed",
        about=found,
        society_code=society_code,
        personal=Personal(found.pk, before, _as_told(row)),
    )
    return row


@action("messaging.messages.stopped")
def stop_messages(*, by: Actor, persons: Sequence[Person], society_code: str) -> None:
    """Somebody wrote that they want no more messages: nothing goes to that phone any more, urgent
    or not, and this is confirmed once."""
    access.require_system(by)
    now = clock.now()
    newly = []
    for each in persons:
        row = _preference(each)
        if row.stopped_at is None:
            newly.append(each)
            row.stopped_at, row.stopped_via, row.changed_at = now, Channel.SMS, now
            row.save()
    Message.objects.filter(person__in=persons, state__in=WAITING).update(
        state=Message.State.STOPPED, reason="stopped", ended_at=now, cost_fen=0
    )
    # One phone, one confirmation.
    for each in newly[:1]:
        draft = Draft(each.pk, Channel.SMS, STOPPED, {}, about=each.pk)
        queue_messages(
            by=by, society_code=society_code, drafts=[draft], is_urgent=True, although_stopped=True
        )
    record(
        by=by,
        verb="messaging.messages.stopped",
        about=persons[0],
        society_code=society_code,
        after={"persons": len(persons), "newly": len(newly)},
    )


@action("messaging.messages.resumed")
def resume_messages(*, by: Actor, person: Person, reason: str) -> Preference:
    """They want messages again, and said so to somebody, who writes down how."""
    found, society_code = access.person_to_reach(by, person.pk, SETTLE_MESSAGES)
    row = _preference(found)
    if row.stopped_at is None:
        raise Conflict(
            "messages.preference.not_stopped",
            _("This person gets messages already."),
            _("Look at their page again."),
        )
    row.stopped_at, row.stopped_via, row.changed_at = None, "", clock.now()
    row.save()
    record(
        by=by,
        verb="messaging.messages.resumed",
        about=found,
        society_code=society_code,
        reason=check_reason(reason),
    )
    return row


@action("messaging.chat_account.linked")
def link_chat_account(*, by: Actor, person: Person, channel: str, user_id: str) -> Person:
    """user_id: "" takes the account away."""
    found, society_code = access.person_to_reach(by, person.pk, SETTLE_MESSAGES)
    user_id = user_id.strip()
    if channel not in ("wecom", "dingtalk"):
        raise Invalid("messages.chat.channel", _("There is no such chat program."))
    if len(user_id) > _USER_ID_CHARACTERS_MAX or any(each in "|, \n" for each in user_id):
        raise Invalid(
            "messages.chat.user_id",
            _("This is no user id: it has blanks, commas or bars, or is too long."),
            _("Copy it from the address book of the chat program."),
            field=channel,
        )
    if user_id:
        sealed = subject_keys.seal_for(found.pk, user_id, ACCOUNT_CONTEXT)
        ChatAccount.objects.update_or_create(
            person=found,
            channel=channel,
            defaults={"user_id_sealed": sealed, "made_at": clock.now()},
        )
    else:
        ChatAccount.objects.filter(person=found, channel=channel).delete()
    record(
        by=by,
        verb="messaging.chat_account.linked",
        about=found,
        society_code=society_code,
        after={"channel": channel, "is_linked": bool(user_id)},
    )
    return found


@action("messaging.browser.subscribed")
def subscribe_browser(*, by: Actor, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """This browser gets web push for whoever is signed in here. A browser belongs to whoever
    subscribed it last."""
    if by.person_id is None:
        raise NotAllowed("messages.push.nobody", _("Sign in first."))
    _check_browser(endpoint, p256dh, auth)
    hashed = subject_keys.look_up_hash("messaging.endpoint", endpoint)
    open_ones = PushSubscription.objects.filter(ended_at=None)
    open_ones.filter(endpoint_hash=hashed).update(ended_at=clock.now())
    theirs = open_ones.filter(person=by.person_id).order_by("-made_at")
    too_many = list(theirs.values_list("pk", flat=True)[BROWSERS_MAX - 1 :])
    PushSubscription.objects.filter(pk__in=too_many).update(ended_at=clock.now())
    text = json.dumps({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
    row = PushSubscription.objects.create(
        person_id=by.person_id,
        endpoint_hash=hashed,
        subscription_sealed=subject_keys.seal_for(by.person_id, text, BROWSER_CONTEXT),
        made_at=clock.now(),
    )
    record(by=by, verb="messaging.browser.subscribed", about=row)
    return row


def _check_browser(endpoint: str, p256dh: str, auth: str) -> None:
    is_sound = endpoint.isascii() and endpoint.isprintable() and are_keys(p256dh, auth)
    if not is_sound or len(endpoint) > _ENDPOINT_CHARACTERS_MAX or not may_post_to(endpoint):
        raise Invalid(
            "messages.push.subscription",
            _("This browser's push service is not one we send to."),
            _("Ask whoever runs this site, or choose another way to be reached."),
        )


def _themselves_or_known(by: Actor, person: Person) -> tuple[Person, str]:
    if by.person_id == person.pk:
        code = min(by.society_codes, default="")
        return Person.objects.get(pk=person.pk, erased_at=None), code
    return access.person_to_reach(by, person.pk, SETTLE_MESSAGES)


def _preference(person: Person) -> Preference:
    """Theirs, locked, or a new one with the defaults."""
    rows = Preference.objects.select_for_update()
    return rows.filter(person=person).first() or Preference(person=person, changed_at=clock.now())


def _as_told(row: Preference) -> dict[str, object]:
    return {
        "language": row.language,
        "quiet": f"{row.quiet_from:%H:%M}-{row.quiet_until:%H:%M}",
        "channels": ",".join(row.channels),
    }
