"""What follows from what was told: a mission's state, batches, responders' times, and flags.

A step inside the actions that change a telling or a responder; the caller holds the mission's lock.
The one hard idea: everything is worked out anew from all tellings, so the order in which they came
in (a phone that was offline sends its morning at night) makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from honghui.kernel.measures import Qualifier
from honghui.rescue.models import Batch, Hours, Incident, Mission, Responder, Telling
from honghui.rescue.rules import missions as rules
from honghui.rescue.rules.hours import span_of

_TIMES = {
    "departed": "departed_at",
    "arrived": "arrived_at",
    "left": "left_at",
    "back": "back_at",
}
AFTER_CLOSING = "after_closing"
# From here on the hours of people are written down: before, nobody is back.
HOURS_FROM = {Mission.State.BACK, Mission.State.CLOSED}


def locked(mission: Mission) -> Mission:
    """The mission as it is now, held until the transaction ends."""
    return (
        Mission.objects.select_for_update(of=("self",))
        .select_related("incident", "team__society")
        .get(pk=mission.pk)
    )


def follow(mission: Mission) -> rules.Standing:
    """Brings the rows in line with the tellings. Three reads, and writes of what changed."""
    tellings = list(mission.tellings.select_related("batch"))
    batches = list(mission.batches.all())
    standing = rules.judge([_told(each) for each in tellings], known_at=known_at(mission.incident))
    _flag(tellings, standing)
    _count_people(mission, batches, standing)
    _move(mission, standing)
    responders = list(mission.responders.select_related("batch"))
    follow_responders(responders, standing)
    if mission.state in HOURS_FROM:
        _record_hours(responders, standing)
    return standing


def follow_responders(responders: Iterable[Responder], standing: rules.Standing) -> None:
    changed = []
    for each in responders:
        times = times_of(each, standing)
        state = rules.responder_state(each.answer, times)
        values = {_TIMES[kind]: at for kind, at in times.items()} | {"state": state}
        if any(getattr(each, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(each, name, value)
            changed.append(each)
    Responder.objects.bulk_update(changed, ["state", *_TIMES.values()])


def _record_hours(responders: list[Responder], standing: rules.Standing) -> None:
    """Of everybody who went; what a person has confirmed or corrected stays."""
    team = {kind: standing.first(kind) for kind in rules.KINDS}
    known = {each.responder_id: each for each in Hours.objects.filter(responder__in=responders)}
    for each in responders:
        row = known.get(each.pk) or Hours(responder=each)
        if each.answer == "declined" or row.confirmed_at is not None:
            continue
        if each.departed_at is None and each.arrived_at is None:
            continue
        own = {kind: getattr(each, name) for kind, name in _TIMES.items()}
        span = span_of(own, team)
        if span is not None:
            row.from_at, row.until_at, row.minutes = span.from_at, span.until_at, span.minutes
            row.is_estimated, row.is_capped = span.is_estimated, span.is_capped
            row.save()
        elif row.pk in {one.pk for one in known.values()}:
            row.delete()


def standing_of(mission: Mission, tellings: Iterable[Telling] | None = None) -> rules.Standing:
    """The same, only read. `tellings`: all of them with their batch, from whoever has them at hand;
    else one query."""
    if tellings is None:
        tellings = mission.tellings.select_related("batch")
    told = [_told(each) for each in tellings]
    return rules.judge(told, known_at=known_at(mission.incident))


def times_of(responder: Responder, standing: rules.Standing) -> Mapping[str, datetime | None]:
    """When they departed, arrived, left and were back, by kind."""
    number = responder.batch.number if responder.batch else None
    lanes = rules.lanes_of(responder.pk, number, responder.answer)
    return {kind: standing.at(kind, *lanes) for kind in _TIMES}


def known_at(incident: Incident) -> datetime:
    """When it happened, or was known if that is earlier."""
    return min(filter(None, (incident.happened_at, incident.known_at)))


def _told(telling: Telling) -> rules.Told:
    return rules.Told(
        id=telling.pk,
        kind=telling.kind,
        at=telling.at,
        told_at=telling.told_at,
        batch=telling.batch.number if telling.batch else None,
        responder=telling.responder_id,
        people=telling.people,
        people_qualifier=telling.people_qualifier,
        is_void=bool(telling.void_reason),
        is_settled=bool(telling.settled_reason),
    )


def _flag(tellings: list[Telling], standing: rules.Standing) -> None:
    """That it came after the end was noted when it came, and stays."""
    changed = []
    for each in tellings:
        flags = list(standing.flags[each.pk])
        flags += [AFTER_CLOSING] if AFTER_CLOSING in each.flags else []
        if each.flags != flags:
            each.flags = flags
            changed.append(each)
    Telling.objects.bulk_update(changed, ["flags"])


def _count_people(mission: Mission, batches: list[Batch], standing: rules.Standing) -> None:
    changed = []
    for each in batches:
        number = standing.people.get(each.number)
        if number is not None and number != (each.people, each.people_qualifier):
            each.people, each.people_qualifier = number
            changed.append(each)
    Batch.objects.bulk_update(changed, ["people", "people_qualifier"])
    total = standing.whole_people or _sum_of(batches)
    if total is not None:
        mission.people, mission.people_qualifier = total


def _sum_of(batches: list[Batch]) -> tuple[int, str] | None:
    """Of all batches; None while one of them is not known."""
    if not batches or any(each.people is None for each in batches):
        return None
    qualifier = Qualifier.EXACT
    for each in batches:
        qualifier = qualifier.joined(Qualifier(each.people_qualifier))
    return sum(each.people or 0 for each in batches), qualifier.value


def _move(mission: Mission, standing: rules.Standing) -> None:
    if mission.state not in rules.DECIDED:
        waiting = "asked" if mission.state == "asked" else "called"
        mission.state = standing.state or waiting
    mission.save(update_fields=["state", "people", "people_qualifier"])
