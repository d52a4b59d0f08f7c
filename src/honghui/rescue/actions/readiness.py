"""Plans for a season: made, given targets; stock counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.registry.access import require
from honghui.registry.models import Society
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.rescue import team_access
from honghui.rescue.access import is_within
from honghui.rescue.models import ReadinessCount, ReadinessPlan, ReadinessTarget
from honghui.rescue.rules import readiness as rules
from honghui.rescue.rules.readiness import Target
from honghui.rescue.words.gear import MEASURES, TYPED


@action("rescue.plan.made")
def make_plan(
    *,
    by: Actor,
    society: Society,
    title: str,
    from_on: date,
    until_on: date,
    title_en: str = "",
) -> ReadinessPlan:
    require(by, MANAGE_TEAMS, society.code)
    rules.check_season(from_on, until_on)
    plan = ReadinessPlan.objects.create(
        society=society,
        title=text.name_line(title, limit=80, field="title"),
        title_en=text.clean_line(title_en, limit=120, field="title_en") if title_en else "",
        from_on=from_on,
        until_on=until_on,
        made_by_id=by.account_id,
        made_at=clock.now(),
    )
    record(
        by=by,
        verb="rescue.plan.made",
        about=plan,
        society_code=society.code,
        after={"from_on": from_on, "until_on": until_on},
    )
    return plan


@action("rescue.plan.targets_set")
def set_targets(*, by: Actor, plan: ReadinessPlan, targets: Sequence[Target]) -> ReadinessPlan:
    """Puts these in place of whatever was planned before; all or nothing. Each is for the plan's
    own society or one below it, each measure of a society once."""
    found = team_access.plan(by, plan.pk)
    require(by, MANAGE_TEAMS, found.society_id)
    plan = ReadinessPlan.objects.select_for_update().get(pk=plan.pk)
    codes = {each.society_code for each in targets}
    below = Society.objects.filter(pk__in=codes).select_related("parent__parent")
    known = {one.pk for one in below if is_within(one, frozenset({plan.society_id}))}
    seen = set()
    for each in targets:
        if each.society_code not in known or each.measure not in MEASURES:
            raise _unknown(each.society_code)
        if (each.society_code, each.measure) in seen:
            raise Invalid(
                "rescue.plan.twice",
                _("One measure is given twice for %(code)s.") % {"code": each.society_code},
                _("Give it once."),
                field="pasted",
            )
        seen.add((each.society_code, each.measure))
        rules.check_value(each.value, field="pasted")
    before = plan.targets.count()
    plan.targets.all().delete()
    ReadinessTarget.objects.bulk_create(
        ReadinessTarget(
            plan=plan,
            society_id=each.society_code,
            measure=each.measure,
            value=each.value,
            unit=MEASURES[each.measure][1],
        )
        for each in targets
    )
    record(
        by=by,
        verb="rescue.plan.targets_set",
        about=plan,
        society_code=plan.society_id,
        before={"targets": before},
        after={"targets": [str(each) for each in targets]},
    )
    return plan


@action("rescue.stock.counted")
def count_stock(
    *,
    by: Actor,
    society: Society,
    measure: str,
    value: int,
    counted_at: datetime | None = None,
) -> ReadinessCount:
    """What somebody counted of what our books do not hold yet. A later count replaces nothing: the
    newest is shown, with its time."""
    require(by, MANAGE_TEAMS, society.code)
    if measure not in TYPED:
        raise Invalid(
            "rescue.stock.counted_by_rows",
            _("This is counted from the rows, and not typed."),
            _("Choose one that is counted by hand."),
            field="measure",
        )
    rules.check_value(value)
    counted_at = counted_at or clock.now()
    if counted_at > clock.now():
        raise Invalid(
            "rescue.stock.future",
            _("Nobody has counted in the future."),
            _("Check the time of the count."),
            field="counted_at",
        )
    count = ReadinessCount.objects.create(
        society=society,
        measure=measure,
        value=value,
        unit=MEASURES[measure][1],
        counted_at=counted_at,
        counted_by_id=by.account_id,
    )
    record(
        by=by,
        verb="rescue.stock.counted",
        about=count,
        society_code=society.code,
        after={"measure": measure, "value": value, "counted_at": counted_at},
    )
    return count


def _unknown(code: str) -> Invalid:
    return Invalid(
        "rescue.plan.not_below",
        _("%(code)s is no society of this plan, or the measure is unknown.") % {"code": code},
        _("A plan is for its own society and those below it."),
        field="pasted",
    )
