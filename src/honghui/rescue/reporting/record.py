"""The public record of a released report (`rescue_summary/1`): teams, people, vehicles, who was
helped; no name, no text. `honghui audit` adds it up again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, cast

from django.utils.timezone import localtime

from honghui.kernel import clock
from honghui.kernel.ids import new_public_id
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import now_as_told, pseudonym_of
from honghui.ledger.world import the_world
from honghui.record.references import Place
from honghui.record.statements import Correction, RescueSummary, Responded, Thing
from honghui.record.values import Count, Qualifier
from honghui.rescue.models import RescueReport
from honghui.rescue.reporting.contents import Contents, Result, TeamOf, Things, from_json
from honghui.rescue.reporting.picturing import facts_of
from honghui.rescue.rules.board import Number
from honghui.rescue.rules.report import COUNT_MIN, in_public, is_of_people

NOBODY, SOMEBODY = "0" * 32, "1" * 32
_UNITS = {"人": "person", "人次": "person_time", "户": "household"}


def count_min_of(society_code: str) -> int:
    """As the society declared it in its own public record."""
    known = the_world().known("society").get(society_code)
    return known.count_min if known else COUNT_MIN


def public_contents(report: RescueReport) -> Contents:
    return in_public(from_json(report.contents), count_min_of(report.incident.society_id))


def summary_of(
    report: RescueReport,
    *,
    requested_by: str = NOBODY,
    approved_by: str = SOMEBODY,
    text: str | None = None,
) -> RescueSummary:
    """The record, as it would be put down now. text: of its photos' hashes. Raises Refused for a
    society or a team that the log cannot name."""
    contents = public_contents(report)
    world = the_world()
    for team in contents.teams:
        world.check_society(team.society)
    return RescueSummary(
        id=new_public_id(),
        recorded_at=now_as_told(),
        society=contents.society,
        call_out=incident_id(contents.number),
        happened_on=localtime(contents.began.at).date(),
        place=contents.place_code,
        teams=tuple(_responded(team) for team in contents.teams),
        people=_count(contents.people),
        things=_things(contents.vehicles),
        helped=tuple(_helped(one) for one in contents.results if is_of_people(one)),
        requested_by=requested_by,
        approved_by=(approved_by,),
        text=text,
    )


def seal_of(report: RescueReport) -> str:
    """A mark of what a page shows of a draft."""
    facts = [
        report.contents,
        report.findings,
        report.note,
        report.note_en,
        report.correction_reason,
        facts_of(report),
    ]
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def incident_id(number: str) -> str:
    """The same in all records of one incident, and made of nothing but its public number."""
    return sha256(f"incident/{number}".encode()).hexdigest()[:32]


def declare_place(code: str) -> None:
    """A division that no record has named yet, such as another province: it is named first."""
    if code in the_world().known("place"):
        return
    province = f"{code[:2]}0000"
    within = province if province != code and province in the_world().known("place") else None
    declare(
        Place(
            id=new_public_id(), recorded_at=now_as_told(), code=code, kind="division", within=within
        )
    )  # fmt: skip


def correction_of(report: RescueReport, by: tuple[Any, Any]) -> Correction:
    """Beside the record of the report that this one takes the place of. `by`: the persons who wrote
    and who released."""
    old = report.corrects
    assert old is not None and old.record_id is not None, "what is corrected was released"
    society = report.incident.society_id
    return Correction(
        id=new_public_id(),
        recorded_at=now_as_told(),
        society=society,
        of=old.record_id.hex,
        reason=cast(Any, report.correction_reason),
        corrected_on=clock.today(),
        requested_by=pseudonym_of(by[0], society),
        approved_by=(pseudonym_of(by[1], society),),
    )


def _responded(team: TeamOf) -> Responded:
    return Responded(
        society=team.society,
        team=team.code.lower().replace("_", "-"),
        people=_count(team.people),
        things=_things(team.vehicles),
    )


def _count(number: Number) -> Count:
    """What was not told is "more than none"."""
    if number.value is None:
        return Count(value=0, qualifier="over")
    if number.qualifier == "exact":
        # A default is left out of a record only where it is the very default.
        return Count(value=number.value)
    return Count(value=number.value, qualifier=cast(Qualifier, number.qualifier))


def _things(things: Iterable[Things]) -> tuple[Thing, ...]:
    counts: dict[str, int] = {}
    for one in things:
        counts[one.kind] = counts.get(one.kind, 0) + one.number
    return tuple(
        Thing(kind=f"vehicle.{kind}", count=Count(value=count))
        for kind, count in sorted(counts.items())
    )


def _helped(one: Result) -> Thing:
    unit = _UNITS.get(one.unit, one.unit)
    return Thing(kind=f"{one.measure}.{unit}".replace("_", "-"), count=_count(one.number))
