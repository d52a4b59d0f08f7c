"""Who may take a turn of a stand-by, and who may not and why."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from honghui.kernel import clock
from honghui.rescue.models import Member, StandBy, StandByPlace
from honghui.rescue.queries.duty import Duty, duty_of
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
