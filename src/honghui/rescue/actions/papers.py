"""Certificates and insurance: noted, revoked, ended. A paper belongs to the person; whoever keeps a
team of theirs may note it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.rules import check_reason
from honghui.rescue import team_access
from honghui.rescue.joining import judge_anew
from honghui.rescue.models import Insurance, Member, MemberSkill, Qualification, Skill
from honghui.rescue.rules import teams as rules


@action("rescue.qualification.noted")
def note_qualification(
    *,
    by: Actor,
    member: Member,
    skill: str,
    issued_on: date,
    expires_on: date | None = None,
    issuer: str = "",
    number: str = "",
) -> Qualification:
    """Of the number the last four characters are kept. The member has the skill from now on."""
    member = team_access.kept_member(by, member.pk)
    rules.check_paper_dates(issued_on, expires_on, clock.today())
    of = Skill.objects.filter(pk=skill).first()
    if of is None or not of.needs_certificate:
        raise Invalid(
            "rescue.qualification.of_what",
            _("For this skill no certificate is kept."),
            _("Choose one that needs a certificate, or note it as a skill of the member."),
            field="skill",
        )
    paper = Qualification.objects.create(
        person=member.person,
        skill=of,
        number_tail=rules.tail_of(number),
        issuer=text.clean_line(issuer, limit=80, field="issuer") if issuer.strip() else "",
        issued_on=issued_on,
        expires_on=expires_on,
        noted_by_id=by.account_id,
    )
    if member.left_on is None:
        MemberSkill.objects.get_or_create(member=member, skill=of)
    judge_anew({member.person_id})
    record(
        by=by,
        verb="rescue.qualification.noted",
        about=paper,
        society_code=member.team.society_id,
        after={"member": member, "skill": of, "issued_on": issued_on, "expires_on": expires_on},
    )
    return paper


@action("rescue.qualification.revoked")
def revoke_qualification(
    *, by: Actor, qualification: Qualification, revoked_on: date, reason: str
) -> Qualification:
    """From that day on it does not count; that it was there stays on record."""
    qualification = team_access.qualification(by, qualification.pk)
    member = team_access.papers_member(by, qualification)
    paper = Qualification.objects.select_for_update().get(pk=qualification.pk)
    if paper.revoked_on is not None:
        raise Conflict(
            "rescue.qualification.revoked",
            _("This certificate was revoked already."),
            _("Nothing needs to be done."),
        )
    reason = check_reason(reason)
    if not paper.issued_on <= revoked_on <= clock.today():
        raise Invalid(
            "rescue.qualification.revoked_when",
            _("It is revoked between the day it was issued and today."),
            _("Check the date."),
            field="revoked_on",
        )
    paper.revoked_on = revoked_on
    paper.save(update_fields=["revoked_on"])
    judge_anew({member.person_id})
    record(
        by=by,
        verb="rescue.qualification.revoked",
        about=paper,
        society_code=member.team.society_id,
        reason=reason,
        after={"revoked_on": revoked_on},
    )
    return paper


@action("rescue.insurance.noted")
def note_insurance(
    *,
    by: Actor,
    member: Member,
    insurer: str,
    covers_from: date,
    covers_to: date,
    policy_number: str = "",
) -> Insurance:
    """Accident cover, both days included (Charity Law 2023, art. 69)."""
    member = team_access.kept_member(by, member.pk)
    rules.check_cover_dates(covers_from, covers_to, clock.today())
    cover = Insurance.objects.create(
        person=member.person,
        insurer=text.name_line(insurer, limit=80, field="insurer"),
        policy_tail=rules.tail_of(policy_number),
        covers_from=covers_from,
        covers_to=covers_to,
        noted_by_id=by.account_id,
    )
    judge_anew({member.person_id})
    record(
        by=by,
        verb="rescue.insurance.noted",
        about=cover,
        society_code=member.team.society_id,
        after={"member": member, "covers_from": covers_from, "covers_to": covers_to},
    )
    return cover


@action("rescue.insurance.ended")
def end_insurance(*, by: Actor, insurance: Insurance, covers_to: date, reason: str) -> Insurance:
    """A cover that ends earlier than it was noted: cancelled, or a typing error."""
    insurance = team_access.insurance(by, insurance.pk)
    member = team_access.papers_member(by, insurance)
    cover = Insurance.objects.select_for_update().get(pk=insurance.pk)
    reason = check_reason(reason)
    if not cover.covers_from <= covers_to < cover.covers_to:
        raise Invalid(
            "rescue.insurance.ended_when",
            _("A cover ends after it begins, and earlier than was noted."),
            _("For a longer one, note the new policy."),
            field="covers_to",
        )
    before = cover.covers_to
    cover.covers_to = covers_to
    cover.save(update_fields=["covers_to"])
    judge_anew({member.person_id})
    record(
        by=by,
        verb="rescue.insurance.ended",
        about=cover,
        society_code=member.team.society_id,
        reason=reason,
        before={"covers_to": before},
        after={"covers_to": covers_to},
    )
    return cover
