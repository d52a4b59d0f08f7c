"""People of a team on the desk: enrolled, imported, their papers, when they can come."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from honghui.kernel import clock, tables
from honghui.registry.access import may
from honghui.registry.middleware import actor
from honghui.registry.permissions import MANAGE_TEAMS, SEE_RESCUE
from honghui.registry.views.guards import desk_view_for
from honghui.rescue import team_access
from honghui.rescue.actions import availability, members, papers
from honghui.rescue.forms.teams import (
    AvailabilityForm,
    EndInsuranceForm,
    EnrolForm,
    InsuranceForm,
    LeaveForm,
    MemberChangeForm,
    QualificationForm,
    RevokeForm,
    RosterForm,
)
from honghui.rescue.models import Member
from honghui.rescue.queries.papers import (
    ENDINGS_MAX,
    WITHIN_DAYS,
    endings_by_team,
    first_of,
)
from honghui.rescue.queries.rolls import checked_roll, member_table
from honghui.rescue.queries.teams import imports_of, member_page
from honghui.rescue.views.steps import Crumbs, step
from honghui.rescue.views.teams import crumbs_of, csv_answer, safe_cell
from honghui.rescue.words.skills import skill_names
from honghui.rescue.words.teams import ROSTER_COLUMNS
from honghui.ui.forms import posted, posted_files


def crumbs_to(member: Member) -> Crumbs:
    return [
        *crumbs_of(member.team),
        (member.person.name, reverse("member", args=[member.pk])),
    ]


@desk_view_for(MANAGE_TEAMS)
def enrol(request: HttpRequest, team_id: UUID) -> HttpResponse:
    team = team_access.kept_team(actor(request), team_id)
    return step(
        request,
        EnrolForm(posted(request), initial={"joined_on": clock.today()}),
        lambda by, values: members.enrol_member(by=by, team=team, **values),
        title=_("Enrol a member"),
        lead=_("Whoever is on file already is found by the resident id, and keeps one record."),
        back=team.get_absolute_url(),
        crumbs=crumbs_of(team),
        submit=_("Enrol"),
        done=_("Enrolled."),
    )


@desk_view_for(MANAGE_TEAMS)
def import_roster(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """First a look: what was read, and each fault by row and column. Then it is carried out."""
    by = actor(request)
    team = team_access.kept_team(by, team_id)
    form = RosterForm(posted(request), posted_files(request))
    roll, grid = None, None
    if form.is_valid():
        with form.refusals():
            grid = _grid(form)
            roll = checked_roll(grid)
            if roll.is_good and "carry_out" in request.POST:
                done = members.import_roster(
                    by=by.with_once(form.once_key), team=team, lines=roll.lines
                )
                messages.success(request, _told(done.joined, done.lines))
                return redirect(team)
    context = {
        "team": team,
        "crumbs": crumbs_of(team),
        "form": form,
        "roll": roll,
        "again": _as_pasted(grid) if roll is not None and roll.is_good and grid else "",
        "columns": ROSTER_COLUMNS.values(),
        "imports": imports_of(team),
    }
    status = 422 if roll is not None and roll.faults else form.status
    return render(request, "rescue/teams/import.html", context, status=status)


def _grid(form: RosterForm) -> tables.Grid:
    file = form.cleaned_data["file"]
    if file is not None:
        if file.size > tables.BYTES_MAX:
            return tables.read_file(b"\0" * (tables.BYTES_MAX + 1))
        return tables.read_file(file.read())
    return tables.read_pasted(form.cleaned_data["pasted"])


def _as_pasted(grid: tables.Grid) -> str:
    """The cells that were read, so that the second step sends the very same."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in grid.rows)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in '\t\n"') else cell


def _told(joined: int, lines: int) -> str:
    return ngettext(
        "%(n)s person joined; the list has %(lines)s.",
        "%(n)s people joined; the list has %(lines)s.",
        joined,
    ) % {"n": joined, "lines": lines}


@require_safe
@desk_view_for(SEE_RESCUE)
def export(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """For the desk: names, and of phones the last four; never a resident id."""
    team = team_access.own_team(actor(request), team_id)
    answer = csv_answer(f"{team.code}-members")
    out = csv.writer(answer)
    head, *rows = member_table(team)
    out.writerow(head)
    for row in rows:
        out.writerow([safe_cell(cell) for cell in row])
    return answer


@require_safe
@desk_view_for(SEE_RESCUE)
def page(request: HttpRequest, member_id: UUID) -> HttpResponse:
    by = actor(request)
    member = team_access.member(by, member_id)
    context = {
        "member": member,
        "team": member.team,
        "crumbs": crumbs_of(member.team),
        "page": member_page(by, member),
        "skills": skill_names(),
        "today": clock.today(),
        "may_keep": may(by, MANAGE_TEAMS, member.team.society_id) and member.left_on is None,
    }
    return render(request, "rescue/teams/member.html", context)


@desk_view_for(MANAGE_TEAMS)
def change(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = team_access.kept_member(actor(request), member_id)
    have = list(member.skills.values_list("code", flat=True))
    return _about(
        request,
        member,
        MemberChangeForm(posted(request), initial={"role": member.role, "skills": have}),
        lambda by, values: members.change_member(by=by, member=member, **values),
        title=_("Role and skills"),
        submit=_("Save"),
    )


@desk_view_for(MANAGE_TEAMS)
def leave(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = team_access.kept_member(actor(request), member_id)
    return _about(
        request,
        member,
        LeaveForm(posted(request), initial={"left_on": clock.today()}),
        lambda by, values: members.leave_team(by=by, member=member, **values),
        title=_("They leave the team"),
        lead=_("Their coming turns are given up. What they did stays on record."),
        submit=_("Note it"),
        back=member.team.get_absolute_url(),
    )


@desk_view_for(MANAGE_TEAMS)
def qualification(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = team_access.kept_member(actor(request), member_id)
    return _about(
        request,
        member,
        QualificationForm(posted(request), initial={"skill": request.GET.get("skill", "")}),
        lambda by, values: papers.note_qualification(by=by, member=member, **values),
        title=_("Note a certificate"),
        submit=_("Note it"),
    )


@desk_view_for(MANAGE_TEAMS)
def revoke(request: HttpRequest, qualification_id: UUID) -> HttpResponse:
    by = actor(request)
    paper = team_access.qualification(by, qualification_id)
    member = team_access.papers_member(by, paper)
    return _about(
        request,
        member,
        RevokeForm(posted(request), initial={"revoked_on": clock.today()}),
        lambda by, values: papers.revoke_qualification(by=by, qualification=paper, **values),
        title=_("Revoke a certificate"),
        lead=_("From that day on it does not count. It stays on record."),
        submit=_("Revoke it"),
    )


@desk_view_for(MANAGE_TEAMS)
def insurance(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = team_access.kept_member(actor(request), member_id)
    return _about(
        request,
        member,
        InsuranceForm(posted(request), initial={"covers_from": clock.today()}),
        lambda by, values: papers.note_insurance(by=by, member=member, **values),
        title=_("Note an insurance"),
        lead=_("Accident cover, before risky service (Charity Law, art. 69)."),
        submit=_("Note it"),
    )


@desk_view_for(MANAGE_TEAMS)
def end_insurance(request: HttpRequest, insurance_id: UUID) -> HttpResponse:
    by = actor(request)
    cover = team_access.insurance(by, insurance_id)
    member = team_access.papers_member(by, cover)
    return _about(
        request,
        member,
        EndInsuranceForm(posted(request), initial={"covers_to": clock.today()}),
        lambda by, values: papers.end_insurance(by=by, insurance=cover, **values),
        title=_("An insurance ends early"),
        submit=_("Note it"),
    )


@desk_view_for(MANAGE_TEAMS)
def tell(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = team_access.kept_member(actor(request), member_id)
    return _about(
        request,
        member,
        AvailabilityForm(posted(request)),
        lambda by, values: availability.tell_availability(by=by, member=member, **values),
        title=_("When they can come"),
        lead=_("As the person says. It holds in every team of theirs."),
        submit=_("Note it"),
    )


@require_safe
@desk_view_for(SEE_RESCUE)
def ending(request: HttpRequest) -> HttpResponse:
    """Papers that run out, by team."""
    by = actor(request)
    typed = request.GET.get("within", "")
    within = int(typed) if typed in {str(days) for days in WITHIN_DAYS} else WITHIN_DAYS[0]
    found = endings_by_team(by, within=within)
    team = request.GET.get("team", "")
    groups = first_of([one for one in found if not team or str(one.team.pk) == team])
    context = {
        "groups": groups,
        "hidden": 0 if team else max(0, sum(len(one.endings) for one in found) - ENDINGS_MAX),
        "team": team,
        "within": within,
        "choices": WITHIN_DAYS,
        "skills": skill_names(),
        "total": sum(len(one.endings) for one in found),
        "over": sum(one.over for one in found),
    }
    return render(request, "rescue/teams/papers.html", context)


def _about(request: HttpRequest, member: Member, form: Any, do: Any, **words: Any) -> HttpResponse:
    words.setdefault("back", reverse("member", args=[member.pk]))
    return step(
        request,
        form,
        do,
        about=member.person.name,
        crumbs=crumbs_to(member),
        done=_("Recorded."),
        **words,
    )
