"""The nightly look at stand-by: who will be off duty when their turn comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.rescue.actions import rosters
from honghui.rescue.joining import judge_anew
from honghui.rescue.models import Member, Responder, StandByPlace, Team
from honghui.rescue.queries.duty import BOUND, OVER, duty_of
from honghui.rescue.queries.rosters import SHORT_WITHIN
from honghui.rescue.rules.duty import Why

LASTING = {
    Why.LEFT,
    Why.NO_CERTIFICATE,
    Why.CERTIFICATE_EXPIRED,
    Why.CERTIFICATE_REVOKED,
    Why.UNINSURED,
}


def release_turns() -> int:
    """Gives up the turns of the coming week that their holders cannot keep; how many. Whoever is on
    a mission is judged by their papers of the new day. The same again finds nothing."""
    going = Responder.objects.filter(state__in=BOUND).exclude(mission__state__in=OVER)
    judge_anew(going.values_list("person_id", flat=True))
    by_team: dict[UUID, list[StandByPlace]] = {}
    for place in _cannot_keep():
        by_team.setdefault(place.stand_by.team_id, []).append(place)
    by = system_actor("honghui rescue nightly")
    for team in Team.objects.filter(pk__in=by_team):
        rosters.release_turns(by=by, team=team, places=by_team[team.pk])
    return sum(map(len, by_team.values()))


def _cannot_keep() -> Iterable[StandByPlace]:
    """One look a day of beginnings: readiness is a matter of the day."""
    now = clock.now()
    coming = list(
        StandByPlace.objects.filter(
            given_up_at__isnull=True,
            stand_by__cancelled_at__isnull=True,
            stand_by__until_at__gt=now,
            stand_by__from_at__lt=now + SHORT_WITHIN,
        ).select_related("stand_by")
    )
    by_day: dict[date, list[StandByPlace]] = {}
    for place in coming:
        by_day.setdefault(
            max(place.stand_by.from_at, now).astimezone(clock.CHINA).date(), []
        ).append(place)
    for places in by_day.values():
        moment = max(max(place.stand_by.from_at for place in places), now)
        members = Member.objects.filter(pk__in={place.member_id for place in places})
        duty = duty_of(members, at=moment, skill=None)
        for place in places:
            if any(one.why in LASTING for one in duty[place.member_id].reasons):
                yield place
