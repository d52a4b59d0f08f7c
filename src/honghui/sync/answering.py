"""What becomes of one form, and the answer that the phone gets: taken, refused or again.

The one hard idea: "taken" is the only word on which a phone forgets, so it is said only of what is
committed, and said again, the same, however often the form comes. A refusal is written nowhere:
nothing was done, and the corrected form may come under the same number. Everything that may pass
by itself is "again".
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import msgspec
from django.apps import apps
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Conflict, HonghuiError, Refused, SignInAgain
from honghui.sync import access, reading, rules
from honghui.sync.actions.forms import take_form
from honghui.sync.handling import Form, Owner, owner_of
from honghui.sync.missing import PhotosMissing
from honghui.sync.models import ReceivedForm

Answer = dict[str, Any]
_log = logging.getLogger("honghui.sync")


def answer(by: Actor, raw: msgspec.Raw, sent_at: datetime, received_at: datetime) -> Answer:
    """One form's answer. Never raises what the form is to blame for."""
    try:
        sent = reading.form_of(raw)
    except Refused as refusal:
        return _refused(reading.id_in(raw), refusal)
    try:
        return _taken(_take(by, sent, sent_at, received_at))
    except PhotosMissing as missing:
        return {**_again(str(sent.id), missing), "missing": missing.ids}
    except SignInAgain as refusal:
        return _again(str(sent.id), refusal)
    except Refused as refusal:
        return _refused(str(sent.id), refusal)
    except Exception as error:
        # Whatever a handler raises: the person's other forms must not wait for it.
        _log.error("a form of kind %s cannot be taken: %s", sent.kind, type(error).__name__)
        return _again(str(sent.id), _broken())


def _take(
    by: Actor, sent: reading.SentForm, sent_at: datetime, received_at: datetime
) -> ReceivedForm:
    owner = owner_of(by, sent.link)
    if owner.account_id is None and owner.link_hash is None:
        raise access.sign_in_again()
    hashes = reading.content_hashes(sent)
    earlier = _earlier(sent, owner, hashes)
    if earlier is not None:
        return earlier
    try:
        return take_form(
            by=VISITOR if sent.link else by,
            form=_form_of(sent, sent_at, received_at),
            owner=owner,
            content_hash=hashes[0],
        )
    except (DatabaseError, Refused):
        # A twin of this form may have won: then its answer is ours.
        twin = _earlier(sent, owner, hashes)
        if twin is None:
            raise
        return twin


def _earlier(sent: reading.SentForm, owner: Owner, hashes: list[bytes]) -> ReceivedForm | None:
    row = access.received(sent.id)
    if row is None:
        return None
    if not access.is_of(row, owner) or bytes(row.content_hash) not in hashes:
        raise Conflict(
            "sync.form.other_content",
            _("A form with this number was sent before with other content, and was taken in."),
            _("Look at what was recorded. If this one says more, enter it as a new form."),
        )
    return row


def _form_of(sent: reading.SentForm, sent_at: datetime, received_at: datetime) -> Form:
    times = rules.times_of(sent.made_at, sent_at, received_at)
    return Form(
        id=sent.id,
        kind=sent.kind,
        made_at=sent.made_at,
        fields=sent.fields,
        link=sent.link,
        attachments=tuple(each.id for each in sent.attachments),
        sent_at=sent_at,
        received_at=received_at,
        at_by_us=clock.now() - times.age,
        offset_seconds=times.offset_seconds,
        flags=times.flags,
    )


def _taken(row: ReceivedForm) -> Answer:
    return {
        "id": str(row.pk),
        "state": "taken",
        "url": _where(row),
        "received_at": row.received_at.isoformat(),
        "flags": row.flags,
    }


def _where(row: ReceivedForm) -> str:
    """The address of what came of it, "" if it has none."""
    if not row.object_type:
        return ""
    found = apps.get_model(row.object_type)._default_manager.filter(pk=row.object_id).first()
    address = getattr(found, "get_absolute_url", None)
    return str(address()) if address else ""


def _refused(form_id: str, refusal: HonghuiError) -> Answer:
    return {"id": form_id, "state": "refused", "field": refusal.field, **said(refusal)}


def _again(form_id: str, refusal: HonghuiError) -> Answer:
    return {"id": form_id, "state": "again", **said(refusal)}


def said(refusal: HonghuiError) -> Answer:
    """A refusal as the phone shows it: what happened and why, what to do next."""
    return {
        "code": refusal.code,
        "sentence": str(refusal.sentence),
        "hint": str(refusal.hint),
    }


def _broken() -> HonghuiError:
    return HonghuiError(
        "sync.not_now",
        _("The server could not take this in just now."),
        _("The phone keeps it and tries again by itself."),
    )
