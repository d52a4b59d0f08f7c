"""Writes the record that an act wants booked: fills in what the act need not know.

    entry = draft("gift", society="330600", steps=[In(pool=pool, quantity=5000)],
                  occurred_on=day, request="wechat/4200001234")

Ids are random. People stand in it as pseudonyms, the request's key as a keyed hash; both keep
their meaning for ever, so their secret is kept apart from the sealing secrets that are renewed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from honghui.kernel import clock
from honghui.kernel.ids import new_public_id
from honghui.kernel.subject_keys import named_secret
from honghui.ledger.acts import ARRIVING
from honghui.ledger.shapes import pools_of
from honghui.ledger.world import the_world
from honghui.record.commitments import pseudonym, request_hash
from honghui.record.entries import Act, Entry
from honghui.record.steps import Step
from honghui.record.values import recorded_at

_SECRET = "honghui.ledger"


def draft(
    act: Act,
    *,
    society: str,
    steps: Iterable[Step],
    occurred_on: date,
    request: str,
    requested_by: UUID | None = None,
    approved_by: Iterable[UUID] = (),
    **more: Any,
) -> Entry:
    """An entry, ready for `post`. `request`: a key that is the same whenever the same thing is
    asked for; `requested_by`, `approved_by`: ids of persons; `more`: fields of `Entry`."""
    steps = tuple(steps)
    return Entry(
        id=new_public_id(),
        act=act,
        society=society,
        occurred_on=occurred_on,
        recorded_at=now_as_told(),
        steps=steps,
        request=request_hash(named_secret(_SECRET), request),
        purposes=() if act in ARRIVING else _in_force(steps),
        requested_by=pseudonym_of(requested_by, society) if requested_by else None,
        approved_by=tuple(pseudonym_of(person, society) for person in approved_by),
        **more,
    )


def pseudonym_of(person_id: UUID, society: str) -> str:
    """One person in one society: the same in every record of it, another one elsewhere."""
    return pseudonym(named_secret(_SECRET), str(person_id), society)


def now_as_told() -> str:
    return recorded_at(clock.now())


def _in_force(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The versions of all purposes touched that are in force now."""
    codes = sorted({pool.purpose for step in steps for pool in pools_of(step)})
    world = the_world()
    return tuple(world.purpose(code).current.id for code in codes)
