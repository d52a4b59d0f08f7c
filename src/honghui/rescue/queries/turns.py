"""Who may take a turn of a stand-by, and who may not and why."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from honghui.kernel import clock
from honghui.rescue.models import Member, StandBy, StandByPlace
from honghui.rescue.queries.duty import Duty, duty_of
from honghui.rescue.queries.rosters import turns_of
from honghui.rescue.rules.duty import PASSING


def candidates(one: StandBy | None) -> tuple[QuerySet[Member], Sequence[tuple[Member, Duty]]]:
    """Those without a turn: who could take one, by name, and those off duty then. Five queries;
    nobody for none."""
    if one is None:
        return Member.objects.none(), []
    has_turn = StandByPlace.objects.filter(
        stand_by=one, member=OuterRef("pk"), given_up_at__isnull=True
    )
    others = Member.objects.filter(~Exists(has_turn), team=one.team_id, left_on__isnull=True)
    duty = duty_of(others, at=max(one.from_at, clock.now()), skill=None)
    fit = [pk for pk, each in duty.items() if all(reason.why in PASSING for reason in each.reasons)]
    named = others.select_related("person").order_by("person__name_key", "pk")
    off = named.exclude(pk__in=fit)
    return named.filter(pk__in=fit), [(each, duty[each.pk]) for each in off]


def unready_of(one: StandBy) -> Sequence[tuple[UUID, Duty]]:
    """Who has a turn of it, a row of `with_places`, and is off duty when it begins, or now while
    it runs: the roster counts them, and the desk is told. Four queries; none when it is over."""
    if one.until_at <= clock.now():
        return []
    members = [turn.member_id for turn in turns_of(one)]
    duty = duty_of(
        Member.objects.filter(pk__in=members), at=max(one.from_at, clock.now()), skill=None
    )
    return [
        (member, each)
        for member, each in duty.items()
        if any(reason.why not in PASSING for reason in each.reasons)
    ]
