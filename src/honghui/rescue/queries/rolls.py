"""A list of members, checked before it is carried out; and the list that is there, as a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from honghui.kernel import clock
from honghui.kernel.errors import Refused, in_a_row
from honghui.kernel.tables import Grid
from honghui.registry.rolls import Listed, check_roll, find_listed
from honghui.rescue.models import Member, Team
from honghui.rescue.queries.duty import duty_of
from honghui.rescue.rules.roll import Fault, Roll, read_roll
from honghui.rescue.words.skills import skill_names, skills_by_any_name
from honghui.rescue.words.teams import ROLES, joined, reason_words


def checked_roll(grid: Grid) -> Roll:
    """What the cells say, and what the registry knows against it: a resident id under another
    name."""
    roll = read_roll(grid, skills=skills_by_any_name(), today=clock.today())
    if not roll.is_good:
        return roll
    listed = [Listed(one.name, one.resident_id, one.phone) for one in roll.lines]
    roll.faults += _known_otherwise(list(zip(listed, roll.rows, strict=True)))
    return roll


def _known_otherwise(lines: list[tuple[Listed, int]]) -> list[Fault]:
    """The lines that the registry refuses. It stops at the first, so a part that is refused is
    halved until the line is found: two queries for a list without a fault."""
    try:
        find_listed(check_roll([listed for listed, _row in lines]))
    except Refused as refusal:
        if len(lines) == 1:
            return [Fault(lines[0][1], "", "", _without_line(refusal))]
        half = len(lines) // 2
        return _known_otherwise(lines[:half]) + _known_otherwise(lines[half:])
    return []


def _without_line(refusal: Refused) -> str:
    """The row is named beside it, by the spreadsheet's own number."""
    if refusal.code == "registry.person.id_has_other_name":
        return in_a_row(
            _("This resident id is on file under another name."),
            _("Check the card again."),
        )
    return str(refusal)


def member_table(team: Team) -> Iterable[list[str]]:
    """The heading, then a line a member: no resident id, of the phone its end. Seven queries."""
    running = Member.objects.filter(team=team, left_on__isnull=True)
    duty = duty_of(running, at=clock.now(), skill=None)
    names = skill_names()
    yield [
        pgettext("a person", "Name"),
        _("Phone, last four"),
        _("Post in the team"),
        _("Skills"),
        _("Joined on"),
        _("Ready"),
        _("Why not"),
    ]
    rows = running.select_related("person").prefetch_related("has_skills")
    for one in rows.order_by("person__name_key", "pk"):
        ready = duty[one.pk]
        why = [reason_words(each, names) for each in (*ready.reasons, *ready.limits)]
        yield [
            one.person.name,
            one.person.phone_tail,
            str(ROLES[one.role]),
            joined(names[each.skill_id] for each in one.has_skills.all()),
            one.joined_on.isoformat(),
            _("yes") if ready.is_ready else _("no"),
            joined(why),
        ]
