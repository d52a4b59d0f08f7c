"""Templates on their way through the gateway's review: handed in, then asked about.

Text messages: AddSmsTemplate and QuerySmsTemplate. Spoken texts are entered at the gateway by
hand; the setting HONGHUI_VOICE_TEMPLATES says under which codes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from honghui.kernel.actors import Actor
from honghui.messaging.actions.templates import note_decided, note_submitted, note_templates
from honghui.messaging.channels import ADAPTERS
from honghui.messaging.channels.base import NoAnswer, NotAsked
from honghui.messaging.channels.sms import SMS_VERSION, ask
from honghui.messaging.declaring import all_wordings
from honghui.messaging.models import Template

_NOTIFICATION = "1"
_APPROVED, _REJECTED = (1, "1"), (2, "2")


def review_templates(by: Actor) -> bool:
    """One round: what is new is handed in, what was handed in is asked about. Whether something
    still waits for the gateway."""
    channels = [name for name in ("sms", "voice") if ADAPTERS[name].is_set_up()]
    current = {
        (each.code, each.language, each.channel, each.body): each for each in all_wordings(channels)
    }
    known = {
        (each.code, each.language, each.channel, each.body): each
        for each in Template.objects.filter(channel__in=channels)
    }
    missing = [each for key, each in current.items() if key not in known]
    if missing:
        note_templates(by=by, wordings=missing)
        return True
    # Each has its turn, whatever came of the one before.
    waiting = [_review(by, each) for key, each in known.items() if key in current]
    return any(waiting)


def _review(by: Actor, template: Template) -> bool:
    """Whether it has to be looked at again."""
    if template.state in (Template.State.APPROVED, Template.State.REJECTED):
        return False
    with transaction.atomic():
        rows = Template.objects.select_for_update(skip_locked=True)
        found = rows.filter(pk=template.pk, state=template.state).first()
        if found is None:
            return True
        if found.channel == "voice":
            return _take_voice_code(by, found)
        try:
            if found.state == Template.State.NEW:
                _submit(by, found)
                return True
            return _ask(by, found)
        except (NotAsked, NoAnswer):
            return True


def _take_voice_code(by: Actor, template: Template) -> bool:
    codes = dict(settings.VOICE_TEMPLATES)
    name = f"{template.code}.{template.language}"
    code = codes.get(name) or (codes.get("*") and f"TTS_{name}")
    if not code:
        return False
    template.gateway_code = code
    note_decided(by=by, template=template, is_approved=True)
    return False


def _submit(by: Actor, template: Template) -> None:
    said = ask(
        settings.SMS_API,
        SMS_VERSION,
        "AddSmsTemplate",
        {
            "TemplateType": _NOTIFICATION,
            "TemplateName": f"{template.code}.{template.language}"[:30],
            "TemplateContent": template.body,
            "Remark": "红十字会救援队召集与通知",
        },
    )
    code = said.get("Code")
    if code == "OK":
        note_submitted(by=by, template=template, gateway_code=str(said.get("TemplateCode", "")))
    elif str(code).startswith("isv."):
        note_decided(by=by, template=template, is_approved=False, reason=str(code))


def _ask(by: Actor, template: Template) -> bool:
    wanted = {"TemplateCode": template.gateway_code}
    said = ask(settings.SMS_API, SMS_VERSION, "QuerySmsTemplate", wanted)
    status = said.get("TemplateStatus")
    if said.get("Code") == "OK" and status in (*_APPROVED, *_REJECTED):
        reason = str(said.get("Reason") or "")
        note_decided(by=by, template=template, is_approved=status in _APPROVED, reason=reason)
        return False
    return True
