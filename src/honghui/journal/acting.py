"""How a write becomes an act: one transaction, one act at least, at most once.

    @action("registry.person.registered")
    def register_person(*, by: Actor, name: str, ...) -> Person:
        access.require(by, ...)          # who may
        rules.check_...(...)             # what may
        person = Person.objects.create(...)
        record(by=by, verb="registry.person.registered", about=person, ...)
        return person

The decorator opens the transaction, insists that the act was recorded, and carries out a named
request (`by.once_key`) one time: a repeat with the same content gets the first one's result, a
repeat with other content is refused and shown the first. Two repeats that race meet at the
unique index; the loser rolls back and reads the winner's result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.models import Act
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Refused

P = ParamSpec("P")
R = TypeVar("R", bound="models.Model | None")

SEALED_CONTEXT = "journal.act.sealed"

# Every action there is, by name: "honghui.registry.actions.people.register_person" -> verb.
ACTIONS: dict[str, str] = {}

_recorded: ContextVar[list[Act] | None] = ContextVar("acts_recorded", default=None)


@dataclass(frozen=True)
class Personal:
    """Values of one person that changed: sealed under that person's key, never in the open."""

    subject_id: UUID
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def action(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declares an action. It takes keywords only, `by` among them, and returns its object."""

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        ACTIONS[f"{function.__module__}.{function.__name__}"] = verb

        @wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            assert not args, "actions take keywords only"
            by = cast(Actor, kwargs["by"])
            hashes = _hashes_of_request(verb, kwargs) if by.once_key else []
            if hashes:
                earlier = _earlier(by, hashes)
                if earlier:
                    return cast(R, _result_of(earlier))
            try:
                return _carry_out(function, verb, by, hashes, kwargs)
            except (IntegrityError, Refused):
                # A twin of this request may have won: then a rule or the unique index stopped
                # us, and the twin's result is the answer.
                earlier = _earlier(by, hashes) if hashes else None
                if earlier is None:
                    raise
                return cast(R, _result_of(earlier))

        return act

    return declare


def _carry_out(
    function: Callable[..., R], verb: str, by: Actor, hashes: list[bytes], kwargs: Any
) -> R:
    token = _recorded.set([])
    try:
        with transaction.atomic():
            result = function(**kwargs)
            written = _recorded.get() or []
            acts = [act for act in written if act.verb == verb]
            assert acts, f"the action {verb} returned without recording its act"
            _save(written, acts[0], by, hashes)
        return result
    finally:
        _recorded.reset(token)


def _save(written: list[Act], main: Act, by: Actor, hashes: list[bytes]) -> None:
    """Writes the acts of this action; the main one carries the request's key."""
    if hashes:
        main.once_key = by.once_key
        main.once_hash = hashes[0]
    if len(written) == 1:
        main.save(force_insert=True)
    else:
        Act.objects.bulk_create(written)


def record(
    *,
    by: Actor,
    verb: str,
    about: models.Model | None = None,
    society_code: str = "",
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Personal | None = None,
) -> Act:
    """Notes one act. Inside an action it is written with the action's transaction; outside
    (a sign-in, a refused look) it is written at once."""
    act = Act(
        at=clock.now(),
        verb=verb,
        actor_id=by.account_id,
        person_id=by.person_id,
        actor_name=by.name,
        society_code=society_code,
        object_type=about._meta.label_lower if about else "",
        object_id=str(about.pk) if about else "",
        reason=reason,
        request_id=by.request_id,
        before=_plain(before or {}),
        after=_plain(after or {}),
        subject_id=personal.subject_id if personal else None,
        sealed=_seal(personal) if personal else None,
    )
    waiting = _recorded.get()
    if waiting is None:
        act.save(force_insert=True)
    else:
        waiting.append(act)
    return act


def personal_of(act: Act) -> dict[str, Any] | None:
    """The sealed part of an act, {"before": …, "after": …}; None once its key is destroyed."""
    if act.sealed is None or act.subject_id is None:
        return None
    text = subject_keys.open_for(act.subject_id, bytes(act.sealed), SEALED_CONTEXT)
    return None if text is None else cast(dict[str, Any], json.loads(text))


def _seal(personal: Personal) -> bytes:
    values = {"before": _plain(personal.before), "after": _plain(personal.after)}
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return subject_keys.seal_for(personal.subject_id, text, SEALED_CONTEXT)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain_value(each) for each in value]
    assert not isinstance(value, float), "no float is ever journalled"
    return str(value)


def _hashes_of_request(verb: str, kwargs: Mapping[str, Any]) -> list[bytes]:
    """What was asked for, under each sealing secret, newest first."""
    content = {name: value for name, value in kwargs.items() if name != "by"}
    text = json.dumps([verb, _plain(content)], ensure_ascii=False, sort_keys=True)
    # Keyed: without the key, a hash of a short personal value could be guessed back.
    keyed = subject_keys.look_up_hashes("journal.request", text)
    return [hashlib.sha256(each).digest() for each in keyed]


def _earlier(by: Actor, hashes: list[bytes]) -> Act | None:
    """The act this request already led to, or None; refused if it asked for something else."""
    act = Act.objects.filter(actor_id=by.account_id, once_key=by.once_key).first()
    if act and bytes(act.once_hash or b"") not in hashes:
        raise Conflict(
            "journal.once.other_content",
            _("This form was already sent once with different content, and that was carried out."),
            _("Look at what was recorded; to change it, open a fresh form."),
        )
    return act


def _result_of(act: Act) -> models.Model | None:
    """The object the earlier act was about, as it stands now."""
    if not act.object_type:
        return None
    model = apps.get_model(act.object_type)
    found: models.Model | None = model._default_manager.filter(pk=act.object_id).first()
    return found
