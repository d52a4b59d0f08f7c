"""From rows to what a gateway needs, in the open, for the moment of sending and not longer.

One query a kind of thing, whatever the number of messages: keys, persons, browsers, accounts.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from honghui.kernel import identifiers, sealing, subject_keys
from honghui.kernel.errors import HonghuiError
from honghui.messaging.channels.base import Browser, Outgoing
from honghui.messaging.declaring import declared_template, rendered, sign_of
from honghui.messaging.models import ChatAccount, Incoming, Message, PushSubscription
from honghui.messaging.sending import values_of
from honghui.registry.identities import PHONE_CONTEXT
from honghui.registry.models import Person

ACCOUNT_CONTEXT = "messaging.chat_account.user_id"
BROWSER_CONTEXT = "messaging.push_subscription"
TEXT_CONTEXT = "messaging.incoming.text"
_log = logging.getLogger("honghui.messaging")

Keys = Mapping[UUID, bytes]


def opened(
    messages: Sequence[Message], gateway_code: str
) -> tuple[list[Outgoing], dict[UUID, str]]:
    """(what can be sent, why each of the others cannot). All of one channel."""
    if not messages:
        return [], {}
    channel = messages[0].channel
    ids = {each.person_id for each in messages}
    keys = subject_keys.keys_of(ids)
    addresses, browsers = _addresses(channel, ids, keys)
    outgoing, lacking = [], {}
    for each in messages:
        values = _values(each, keys)
        address = addresses.get(each.person_id, "")
        theirs = browsers.get(each.person_id, [])
        if values is None or not (address or theirs):
            lacking[each.pk] = _LACKS[channel] if values is not None else "no_person"
            continue
        outgoing.append(_outgoing(each, values, address, theirs, gateway_code))
    return outgoing, lacking


def _values(message: Message, keys: Keys) -> dict[str, str] | None:
    """None where they cannot be opened: one broken row must not keep all the others waiting."""
    try:
        return values_of(message, keys.get(message.person_id))
    except sealing.SealBroken:
        _log.error("the values of message %s are broken", message.pk)
        return None


_LACKS = {
    "sms": "no_mobile", "voice": "no_number", "web_push": "no_browser",
    "wecom": "no_account", "dingtalk": "no_account",
}  # fmt: skip


def _outgoing(
    message: Message,
    values: dict[str, str],
    address: str,
    browsers: Sequence[Browser],
    gateway_code: str,
) -> Outgoing:
    declared = declared_template(message.template)
    token = values.get("token", "")
    text = rendered(
        message.template, message.language, message.channel, values, is_drill=message.is_drill
    )
    link = declared.link(message.language).replace("{token}", token) if token else ""
    names = [*declared.variables, *(["code"] if declared.wants_answer else [])]
    if "{link}" in declared.texts[message.language] and message.channel != "voice":
        names.append("token")
    return Outgoing(
        message_id=message.pk,
        address=address,
        text=text,
        values={name: values.get(name, "") for name in names},
        code=message.code,
        sign=sign_of(message.society_id),
        gateway_code=gateway_code,
        link=link,
        browsers=tuple(browsers),
    )


def _addresses(
    channel: str, ids: set[UUID], keys: Keys
) -> tuple[dict[UUID, str], dict[UUID, list[Browser]]]:
    if channel in ("sms", "voice"):
        return _numbers(ids, keys, only_mobile=channel == "sms"), {}
    if channel == "web_push":
        return {}, _browsers(ids, keys)
    rows = ChatAccount.objects.filter(person__in=ids, channel=channel)
    opened_accounts = {
        each.person_id: sealing.open_sealed(
            keys[each.person_id], bytes(each.user_id_sealed), ACCOUNT_CONTEXT
        )
        for each in rows
        if each.person_id in keys
    }
    return opened_accounts, {}


def _numbers(ids: set[UUID], keys: Keys, *, only_mobile: bool) -> dict[UUID, str]:
    found = {}
    rows = Person.objects.filter(pk__in=ids, phone_sealed__isnull=False, erased_at=None)
    for person_id, sealed in rows.values_list("pk", "phone_sealed"):
        if person_id not in keys:
            continue
        try:
            text = sealing.open_sealed(keys[person_id], bytes(sealed or b""), PHONE_CONTEXT)
            phone = identifiers.parse_phone(text)
        except HonghuiError:  # broken, or no number any more
            continue
        kinds = (identifiers.PhoneType.MOBILE, identifiers.PhoneType.FOREIGN)
        if not only_mobile or phone.type in kinds:
            found[person_id] = phone.value
    return found


def _browsers(ids: set[UUID], keys: Keys) -> dict[UUID, list[Browser]]:
    found: dict[UUID, list[Browser]] = defaultdict(list)
    for each in PushSubscription.objects.filter(person__in=ids, ended_at=None):
        if each.person_id in keys:
            said = json.loads(
                sealing.open_sealed(
                    keys[each.person_id], bytes(each.subscription_sealed), BROWSER_CONTEXT
                )
            )
            found[each.person_id].append(Browser(each.pk, **said))
    return found


def text_of_reply(incoming: Incoming, key: bytes | None = None) -> str | None:
    """What they wrote; None where it cannot be opened, as once the person's key was destroyed. One
    that somebody broke does not hide the others. key: the person's, where it is at hand."""
    sealed = bytes(incoming.text_sealed)
    try:
        if incoming.person_id is None:
            return sealing.open_sealed(own_key(), sealed, TEXT_CONTEXT)
        if key is not None:
            return sealing.open_sealed(key, sealed, TEXT_CONTEXT)
        return subject_keys.open_for(incoming.person_id, sealed, TEXT_CONTEXT)
    except sealing.SealBroken:
        _log.error("the text of answer %s is broken", incoming.pk)
        return None


def own_key() -> bytes:
    """The installation's own: for what somebody wrote whose number nobody here has."""
    return subject_keys.named_secret(TEXT_CONTEXT)
