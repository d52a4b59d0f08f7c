"""People in teams: enrolled one by one or by a whole list, changed, leaving."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import access as registry_access
from honghui.registry.actions.people import register_person
from honghui.registry.actions.rolls import register_people
from honghui.registry.models import Person
from honghui.registry.rolls import Listed, check_roll, find_listed
from honghui.registry.rules import check_reason
from honghui.rescue import team_access
from honghui.rescue.joining import judge_anew
from honghui.rescue.models import (
    Insurance,
    Member,
    MemberSkill,
    Qualification,
    RosterImport,
    Skill,
    StandByPlace,
    Team,
)
from honghui.rescue.rules import teams as rules
from honghui.rescue.rules.roll import RollLine, fingerprint

VOLUNTEER = "volunteer"
HASH_KIND = "rescue.roster"


@action("rescue.member.enrolled")
def enrol_member(
    *,
    by: Actor,
    team: Team,
    person: Person | None = None,
    name: str = "",
    resident_id: str = "",
    phone: str = "",
    role: str = Member.Role.MEMBER,
    skills: Iterable[str] = (),
    joined_on: date | None = None,
) -> Member:
    """`person`: somebody on file whom the actor may see; or else they are registered here, found
    again by their resident id."""
    team = team_access.kept_team(by, team.pk)
    rules.check_not_disbanded(team.state)
    joined_on = joined_on or clock.today()
    rules.check_joining(joined_on, clock.today())
    _check_role(role)
    if person is None:
        person = register_person(
            by=by.with_once(""),
            society=team.society,
            name=name,
            kind=VOLUNTEER,
            resident_id=resident_id,
            phone=phone,
        )
    else:
        person = registry_access.person(by, person.pk)
    member = Member(team=team, person=person, role=role, joined_on=joined_on)
    _save(member)
    codes = _set_skills(member, skills)
    record(
        by=by,
        verb="rescue.member.enrolled",
        about=member,
        society_code=team.society_id,
        after={"team": team, "role": role, "skills": codes},
    )
    return member


@action("rescue.member.changed")
def change_member(*, by: Actor, member: Member, role: str, skills: Iterable[str]) -> Member:
    member = _locked(by, member)
    _check_role(role)
    before = {"role": member.role, "skills": sorted(_skills_of(member))}
    member.role = role
    member.save(update_fields=["role"])
    codes = _set_skills(member, skills)
    judge_anew({member.person_id})
    record(
        by=by,
        verb="rescue.member.changed",
        about=member,
        society_code=member.team.society_id,
        before=before,
        after={"role": role, "skills": codes},
    )
    return member


@action("rescue.member.left")
def leave_team(*, by: Actor, member: Member, left_on: date, reason: str) -> Member:
    """Their coming turns of stand-by are given up with them."""
    member = _locked(by, member)
    reason = check_reason(reason)
    rules.check_leaving(member.joined_on, left_on, clock.today())
    member.left_on = left_on
    member.save(update_fields=["left_on"])
    now = clock.now()
    StandByPlace.objects.filter(
        member=member, given_up_at__isnull=True, stand_by__until_at__gt=now
    ).update(given_up_at=now)
    record(
        by=by,
        verb="rescue.member.left",
        about=member,
        society_code=member.team.society_id,
        reason=reason,
        after={"left_on": left_on},
    )
    return member


@action("rescue.roster.imported")
def import_roster(*, by: Actor, team: Team, lines: list[RollLine]) -> RosterImport:
    """Everybody on the list, or nobody. Who is a member already stays, and gets the skills and
    papers that the list adds. The same list again is the first one's answer: nothing is done.
    The number of queries does not grow with the list."""
    team = team_access.kept_team(by, team.pk)
    rules.check_not_disbanded(team.state)
    _check_lines(lines)
    team = Team.objects.select_for_update().select_related("society").get(pk=team.pk)
    content_hash = subject_keys.look_up_hash(HASH_KIND, fingerprint(team.pk, lines))
    earlier = RosterImport.objects.filter(team=team, content_hash=content_hash).first()
    if earlier is not None:
        return _again(by, earlier, team)
    listed = [Listed(line.name, line.resident_id, line.phone) for line in lines]
    register_people(by=by.with_once(""), society=team.society, kind=VOLUNTEER, people=listed)
    people = [person for person in find_listed(check_roll(listed)) if person is not None]
    assert len(people) == len(lines), "everybody on the list was registered"
    _check_twice(people)
    running = Member.objects.filter(team=team, person__in=people, left_on__isnull=True)
    members = {each.person_id: each for each in running}
    new = [
        Member(team=team, person=person, role=line.role, joined_on=clock.today())
        for person, line in zip(people, lines, strict=True)
        if person.pk not in members
    ]
    Member.objects.bulk_create(new)
    members.update({each.person_id: each for each in new})
    MemberSkill.objects.bulk_create(
        [
            MemberSkill(member=members[person.pk], skill_id=code)
            for person, line in zip(people, lines, strict=True)
            for code in line.all_skills
        ],
        ignore_conflicts=True,
    )
    papers = _note_papers(by, people, lines)
    done = RosterImport.objects.create(
        team=team,
        content_hash=content_hash,
        lines=len(lines),
        joined=len(new),
        imported_by_id=by.account_id,
        imported_at=clock.now(),
    )
    record(
        by=by,
        verb="rescue.roster.imported",
        about=done,
        society_code=team.society_id,
        after={"team": team, "lines": len(lines), "joined": len(new), "papers": papers},
    )
    return done


def _again(by: Actor, earlier: RosterImport, team: Team) -> RosterImport:
    record(
        by=by,
        verb="rescue.roster.imported",
        about=earlier,
        society_code=team.society_id,
        after={"team": team, "was_imported": True},
    )
    return earlier


def _check_lines(lines: list[RollLine]) -> None:
    if not lines:
        raise Invalid(
            "rescue.roster.empty",
            _("The list has no lines."),
            _("Paste it with its heading line."),
            field="pasted",
        )
    known = set(Skill.objects.values_list("code", flat=True))
    for line in lines:
        _check_role(line.role)
        if not set(line.all_skills) <= known:
            raise _unknown_skill()


def _check_twice(people: list[Person]) -> None:
    """Two lines of one person: once by resident id, once by phone."""
    seen: dict[object, int] = {}
    for number, person in enumerate(people, 1):
        if person.pk in seen:
            raise Conflict(
                "rescue.roster.twice",
                _("Lines %(first)s and %(second)s are the same person.")
                % {"first": seen[person.pk], "second": number},
                _("Take one of them out."),
                field="pasted",
            )
        seen[person.pk] = number


def _note_papers(by: Actor, people: list[Person], lines: list[RollLine]) -> int:
    """Certificates and insurance of the list that are not on file yet. Four queries at most."""
    told = [
        Qualification(
            person=person,
            skill_id=line.certificate,
            number_tail=rules.tail_of(line.number),
            issued_on=line.issued_on,
            expires_on=line.expires_on,
            noted_by_id=by.account_id,
        )
        for person, line in zip(people, lines, strict=True)
        if line.certificate and line.issued_on
    ]
    on_file = set(
        Qualification.objects.filter(person__in=people).values_list(
            "person_id", "skill_id", "issued_on"
        )
    )
    new = [one for one in told if (one.person_id, one.skill_id, one.issued_on) not in on_file]
    Qualification.objects.bulk_create(new)
    insured = set(Insurance.objects.filter(person__in=people).values_list("person_id", "covers_to"))
    policies = [
        Insurance(
            person=person,
            insurer="",
            covers_from=clock.today(),
            covers_to=line.insured_until,
            noted_by_id=by.account_id,
        )
        for person, line in zip(people, lines, strict=True)
        if line.insured_until and (person.pk, line.insured_until) not in insured
    ]
    Insurance.objects.bulk_create(policies)
    return len(new) + len(policies)


def _locked(by: Actor, member: Member) -> Member:
    team_access.kept_member(by, member.pk)
    locked = Member.objects.select_for_update(of=("self",)).select_related("team__society")
    row = locked.get(pk=member.pk)
    if row.left_on is not None:
        raise Conflict(
            "rescue.member.left",
            _("This person has left the team."),
            _("Enrol them again if they are back."),
        )
    return row


def _check_role(role: str) -> None:
    if role not in Member.Role.values:
        raise Invalid("rescue.role.unknown", _("There is no such role in a team."), field="role")


def _skills_of(member: Member) -> set[str]:
    return set(member.has_skills.values_list("skill_id", flat=True))


def _set_skills(member: Member, skills: Iterable[str]) -> list[str]:
    wanted = set(skills)
    if Skill.objects.filter(code__in=wanted).count() != len(wanted):
        raise _unknown_skill()
    have = _skills_of(member)
    member.has_skills.exclude(skill__in=wanted).delete()
    MemberSkill.objects.bulk_create(
        [MemberSkill(member=member, skill_id=code) for code in sorted(wanted - have)]
    )
    return sorted(wanted)


def _unknown_skill() -> Invalid:
    return Invalid(
        "rescue.skill.unknown",
        _("There is no such skill."),
        _("Choose from the list of skills."),
        field="skills",
    )


def _save(member: Member) -> None:
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:
        if "person_is_in_a_team_once" not in str(error):
            raise
        raise Conflict(
            "rescue.member.twice",
            _("This person is in the team already."),
            _("Look for them in the team’s list."),
        ) from error
