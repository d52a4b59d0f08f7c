"""What of teams waits for somebody: cover that is short, swaps without an answer, papers and
inspections that run out."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.registry.access import societies_where
from honghui.registry.naming import local_name
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.registry.queries.desk import Task
from honghui.rescue.models import Member, StandBy, Swap, Team
from honghui.rescue.queries import gear, papers, rosters
from honghui.rescue.rules.rosters import shortage
from honghui.rescue.words.rosters import moment_words, short_words

PAPERS_WITHIN_DAYS = 30


def waiting_for(by: Actor) -> list[Task]:
    """Of the teams that this actor keeps: a row a team, not one a person. Seven queries."""
    codes = societies_where(by, MANAGE_TEAMS)
    if not codes:
        return []
    kept = Team.objects.filter(society__in=codes).exclude(state=Team.State.DISBANDED)
    teams = {team.pk: team for team in kept}
    if not teams:
        return []
    return [
        *_short(StandBy.objects.filter(team__in=teams)),
        *_swaps(list(teams)),
        *_papers(teams),
        *_inspections(by, teams),
    ]


def _short(stand_bys: QuerySet[StandBy]) -> list[Task]:
    return [
        Task(
            kind=_("Stand-by"),
            subject=local_name(one.team),
            detail=short_words(shortage(one.minimum_people, rosters.taken_of(one)), one.from_at),
            url=reverse("stand_by", args=[one.pk]),
            state="now",
            state_words=_("Cover is short"),
        )
        for one in rosters.short_soon(stand_bys)
    ]


def _swaps(teams: list[UUID]) -> list[Task]:
    asked = Swap.objects.filter(
        state=Swap.State.ASKED, place__stand_by__team__in=teams
    ).select_related("place__stand_by__team", "member__person")
    return [
        Task(
            kind=_("Swap"),
            subject=local_name(one.place.stand_by.team),
            detail=gettext("A turn on %(when)s is offered; no answer is noted yet.")
            % {"when": moment_words(one.place.stand_by.from_at)},
            url=reverse("stand_by", args=[one.place.stand_by_id]),
            state="half",
            state_words=_("Waiting for an answer"),
        )
        for one in asked
    ]


def _papers(teams: dict[UUID, Team]) -> list[Task]:
    members = Member.objects.filter(team__in=list(teams))
    counts = papers.counts_by_team(members, within=PAPERS_WITHIN_DAYS)
    return [
        Task(
            kind=_("Papers"),
            subject=local_name(team),
            detail=ngettext(
                "%(n)s paper runs out within %(days)s days or has run out.",
                "%(n)s papers run out within %(days)s days or have run out.",
                counts[pk][0],
            )
            % {"n": counts[pk][0], "days": PAPERS_WITHIN_DAYS},
            url=f"{reverse('papers')}?team={pk}",
            state="now" if counts[pk][1] else "held",
            state_words=_("Off duty until renewed") if counts[pk][1] else _("Renew in time"),
        )
        for pk, team in teams.items()
        if pk in counts
    ]


def _inspections(by: Actor, teams: dict[UUID, Team]) -> list[Task]:
    return [
        Task(
            kind=_("Inspection"),
            subject=local_name(teams[pk]),
            detail=ngettext("%(n)s inspection is overdue.", "%(n)s inspections are overdue.", count)
            % {"n": count},
            url=reverse("gear", args=[pk]),
            state="now",
            state_words=_("Overdue"),
        )
        for pk, count in gear.overdue(by).items()
        if pk in teams
    ]
