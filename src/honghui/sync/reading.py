"""What a phone sent, read without trust: each form by itself, so that one that cannot be read does
not hold up the others."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from honghui.kernel import subject_keys
from honghui.kernel.errors import Invalid
from honghui.sync import rules

Moment = Annotated[datetime, Meta(tz=True)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class SentAttachment(msgspec.Struct):
    id: UUID
    sha256: Digest
    bytes: int = 0
    media_type: str = ""


class SentForm(msgspec.Struct):
    """One form as the phone sent it: see queue.js."""

    id: UUID
    kind: Annotated[str, Meta(min_length=1, max_length=60)]
    made_at: Moment
    fields: Annotated[dict[str, str], Meta(max_length=rules.FIELDS_MOST)]
    attachments: Annotated[list[SentAttachment], Meta(max_length=rules.ATTACHMENTS_MOST)] = []
    link: Annotated[str, Meta(max_length=200)] = ""


class Letter(msgspec.Struct):
    """What comes in one sending. now: by the phone's clock. account: whose forms the phone thinks
    they are."""

    now: Moment
    forms: list[msgspec.Raw]
    account: str = ""


def letter_of(body: bytes) -> Letter:
    try:
        letter = msgspec.json.decode(body, type=Letter)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(
            "sync.unreadable",
            _("We could not read what the phone sent."),
            _("Open the page anew while there is a signal. What was written down stays."),
        ) from error
    if len(letter.forms) > rules.FORMS_MOST or not rules.is_possible(letter.now):
        raise Invalid(
            "sync.too_many",
            _("The phone sent too much at once."),
            _("Open the page anew while there is a signal. What was written down stays."),
        )
    return letter


def form_of(raw: msgspec.Raw) -> SentForm:
    try:
        form = msgspec.json.decode(raw, type=SentForm)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable() from error
    if form.id.version != 7 or not rules.is_possible(form.made_at):
        raise _unreadable()
    texts = [form.kind, form.link, *form.fields, *form.fields.values()]
    if any("\x00" in text for text in texts):
        raise _unreadable()
    for name, value in form.fields.items():
        if len(value) > rules.VALUE_CHARACTERS_MOST or len(name) > rules.VALUE_CHARACTERS_MOST:
            raise Invalid(
                "sync.form.too_long",
                _("A text in this form is longer than 4,000 characters."),
                _("Shorten it, or write two forms."),
                field=name[:60],
            )
    return form


def id_in(raw: msgspec.Raw) -> str:
    """The number a form claims, whatever else is wrong with it: the answer names it."""
    try:
        found: Any = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    claimed = found.get("id", "") if isinstance(found, dict) else ""
    return claimed[:40] if isinstance(claimed, str) else ""


def content_hashes(form: SentForm) -> list[bytes]:
    """Keyed hashes of all that was written, under each sealing secret, newest first."""
    photos = [[str(each.id), each.sha256] for each in form.attachments]
    content = [form.kind, form.made_at.isoformat(), form.fields, photos, form.link]
    text = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return subject_keys.look_up_hashes("sync.form", text)


def _unreadable() -> Invalid:
    return Invalid(
        "sync.form.unreadable",
        _("We could not read this form as the phone sent it."),
        _("Open it, look through it, and send it once more."),
    )
