"""What is told of a team's way: departed, arrived, ordered back, left, back.

Nothing told is refused because it does not fit: it is kept, flagged, and looked at by a person, who
lets it stand or finds it void, with a reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.kernel.measures import Qualifier
from honghui.registry.rules import check_reason
from honghui.rescue import access, links
from honghui.rescue.following import AFTER_CLOSING, follow, locked
from honghui.rescue.lines import add_line
from honghui.rescue.models import Batch, Mission, Telling
from honghui.rescue.rules import missions as rules

BATCH_MAX = 99
PEOPLE_MAX = 9_999
OF_ONESELF = ("departed", "arrived", "left", "back")


@action("rescue.mission.told")
def tell(
    *,
    by: Actor,
    mission: Mission,
    kind: str,
    at: datetime,
    at_qualifier: str = "exact",
    batch: int | None = None,
    told_as: str = "",
    people: int | None = None,
    people_qualifier: str = "exact",
    ordered_by: str = "",
    client_id: UUID | None = None,
    source: str = "",
) -> Telling:
    """`batch`: whose way it is, None for the whole team; a number that is new makes a batch.
    `told_as`: what the source calls it. `at` may be any moment: what is odd is flagged."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    _check(kind, at_qualifier, people, people_qualifier, batch)
    mission = locked(mission)
    telling = _known(client_id, mission)
    if telling is None:
        telling = Telling.objects.create(
            client_id=client_id,
            mission=mission,
            batch=_batch(mission, batch, told_as, people, people_qualifier),
            kind=kind,
            at=at,
            at_qualifier=at_qualifier,
            people=people,
            people_qualifier=people_qualifier,
            ordered_by=text.clean_line(ordered_by, limit=80, field="ordered_by"),
            told_at=clock.now(),
            told_by_id=by.account_id,
            flags=_late(mission),
            source=source,
        )
        follow(mission)
        telling.refresh_from_db()
        _say(by, mission, telling)
    _recorded(by, "rescue.mission.told", telling, mission)
    return telling


@action("rescue.responder.told")
def tell_by_link(
    *, by: Actor, token: str, kind: str, at: datetime, client_id: UUID | None = None
) -> Telling:
    """What a responder tells of themselves, by the link of their message: nobody signs in."""
    responder = links.responder_of(token)
    if kind not in OF_ONESELF:
        raise _unknown_kind()
    mission = locked(responder.mission)
    telling = _known(client_id, mission)
    if telling is None:
        telling = Telling.objects.create(
            client_id=client_id,
            mission=mission,
            responder=responder,
            kind=kind,
            at=at,
            told_at=clock.now(),
            flags=_late(mission),
        )
        follow(mission)
        telling.refresh_from_db()
    _recorded(by, "rescue.responder.told", telling, mission)
    return telling


@action("rescue.telling.voided")
def void_telling(*, by: Actor, telling: Telling, reason: str) -> Telling:
    """It was wrong: it stays to be read, and no longer counts."""
    return _decide(by, telling, "rescue.telling.voided", "void_reason", reason)


@action("rescue.telling.settled")
def settle_telling(*, by: Actor, telling: Telling, reason: str) -> Telling:
    """It stands, odd as it looks; where two contradict each other, this one counts."""
    return _decide(by, telling, "rescue.telling.settled", "settled_reason", reason)


def _decide(by: Actor, telling: Telling, verb: str, field: str, reason: str) -> Telling:
    mission = access.mission(by, telling.mission_id)
    access.require_leading(by, mission)
    reason = check_reason(reason)
    mission = locked(mission)
    telling = Telling.objects.select_for_update(of=("self",)).get(pk=telling.pk)
    if telling.void_reason or getattr(telling, field):
        raise Conflict(
            "rescue.telling.decided",
            _("Somebody has already decided about this report."),
            _("Open the mission again to see what was decided and why."),
        )
    setattr(telling, field, reason)
    telling.save(update_fields=[field])
    follow(mission)
    telling.refresh_from_db()
    add_line(
        by, mission.incident, f"{verb.rpartition('.')[2]}_telling", mission=mission,
        **_values(mission, telling),
    )  # fmt: skip
    _recorded(by, verb, telling, mission, reason)
    return telling


def _check(
    kind: str, at_qualifier: str, people: int | None, people_qualifier: str, batch: int | None
) -> None:
    if kind not in rules.KINDS:
        raise _unknown_kind()
    for name, value in (("at_qualifier", at_qualifier), ("people_qualifier", people_qualifier)):
        if value not in set(Qualifier):
            raise Invalid("rescue.telling.qualifier", _("Exact, about, over or under?"), field=name)
    if people is not None and not 1 <= people <= PEOPLE_MAX:
        raise Invalid(
            "rescue.telling.people",
            _("How many people? A number from 1 to 9,999, or none if it is not known."),
            field="people",
        )
    if batch is not None and not 1 <= batch <= BATCH_MAX:
        raise Invalid(
            "rescue.telling.batch", _("Batches are numbered from 1 to 99."), field="batch"
        )


def _unknown_kind() -> Invalid:
    return Invalid(
        "rescue.telling.kind",
        _("This is not known as a step of a team's way."),
        _("Choose: departed, arrived, ordered back, left, or back."),
        field="kind",
    )


def _known(client_id: UUID | None, mission: Mission) -> Telling | None:
    """The same telling, if this phone has told it before."""
    if client_id is None:
        return None
    found = Telling.objects.filter(client_id=client_id).first()
    if found is not None and found.mission_id != mission.pk:
        raise Conflict(
            "rescue.telling.other_mission",
            _("A report with this number belongs to another mission."),
            _("Send it again from a fresh page."),
        )
    return found


def _late(mission: Mission) -> list[str]:
    return [AFTER_CLOSING] if mission.closed_at is not None else []


def _batch(
    mission: Mission, number: int | None, told_as: str, people: int | None, qualifier: str
) -> Batch | None:
    if number is None:
        return None
    told_as = text.clean_line(told_as, limit=20, field="told_as")
    found, is_new = Batch.objects.get_or_create(
        mission=mission,
        number=number,
        defaults={"told_as": told_as, "people": people, "people_qualifier": qualifier},
    )
    if told_as and not is_new and not found.told_as:
        found.told_as = told_as
        found.save(update_fields=["told_as"])
    return found


def _say(by: Actor, mission: Mission, telling: Telling) -> None:
    """A line of the log, but not for what was told before."""
    if rules.REPEATED not in telling.flags:
        add_line(
            by,
            mission.incident,
            f"told_{telling.kind}",
            at=telling.at,
            at_qualifier=telling.at_qualifier,
            mission=mission,
            **_values(mission, telling),
        )


def _values(mission: Mission, telling: Telling) -> dict[str, Any]:
    people = None
    if telling.people is not None:
        people = {
            "value": telling.people, "unit": "person", "qualifier": telling.people_qualifier,
        }  # fmt: skip
    return {
        "team": mission.team.name,
        "team_en": mission.team.name_en,
        "telling": telling.kind,
        "tail": {
            "batch": telling.batch.number if telling.batch else None,
            "people": people,
            "ordered_by": telling.ordered_by,
        },
    }


def _recorded(by: Actor, verb: str, telling: Telling, mission: Mission, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        about=telling,
        society_code=mission.team.society_id,
        reason=reason,
        after={
            "mission": mission,
            "kind": telling.kind,
            "at": telling.at.isoformat(),
            "flags": telling.flags,
            "state": mission.state,
        },
    )
