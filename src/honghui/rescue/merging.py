"""Two rows were one person: a step of the registry's merge. Memberships, papers and what they told
move to the kept row; in one team and in one mission they stand once."""

from __future__ import annotations

from honghui.kernel import clock
from honghui.registry.merging import resealed
from honghui.registry.models import Person
from honghui.rescue.actions.injuries import CARE_CONTEXT, INJURY_CONTEXT
from honghui.rescue.following import follow, locked
from honghui.rescue.models import (
    Availability,
    Care,
    Hours,
    Injury,
    Insurance,
    Member,
    MemberSkill,
    Mission,
    Position,
    Qualification,
    Responder,
    StandByPlace,
    Telling,
)

_ROLES = (Member.Role.LEADER, Member.Role.DEPUTY, Member.Role.MEMBER)
_ANSWERS = ("coming", "if_short", "declined")


def follow_merge(kept: Person, dropped: Person) -> None:
    """registry.merging.on_merge. The missions are locked first, as everywhere."""
    theirs_too = Responder.objects.filter(person__in=[kept, dropped]).values("mission")
    list(Mission.objects.select_for_update().filter(pk__in=theirs_too).order_by("pk"))
    for model in (Qualification, Insurance, Availability):
        model._default_manager.filter(person=dropped).update(person=kept)
    running = Member.objects.filter(person=kept, left_on__isnull=True)
    own = {each.team_id: each for each in running}
    for member in Member.objects.select_for_update().filter(person=dropped):
        twin = own.get(member.team_id)
        if twin is not None and member.left_on is None:
            _join_members(twin, member)
        member.person = kept
        member.save(update_fields=["person", "left_on"])
    theirs = {each.mission_id: each for each in Responder.objects.filter(person=kept)}
    for responder in Responder.objects.select_for_update().filter(person=dropped):
        _respond(kept, dropped, responder, theirs.get(responder.mission_id))


def _join_members(twin: Member, other: Member) -> None:
    """The kept membership goes on, with what the other one could, was, and had promised."""
    other.left_on = max(clock.today(), other.joined_on)
    twin.role = min(twin.role, other.role, key=lambda role: _ROLES.index(Member.Role(role)))
    twin.joined_on = min(twin.joined_on, other.joined_on)
    twin.save(update_fields=["role", "joined_on"])
    for has in other.has_skills.all():
        MemberSkill.objects.get_or_create(member=twin, skill_id=has.skill_id)
    taken = StandByPlace.objects.filter(member=twin, given_up_at__isnull=True)
    at = set(taken.values_list("stand_by_id", flat=True))
    for place in StandByPlace.objects.filter(member=other, given_up_at__isnull=True):
        if place.stand_by_id in at:
            place.given_up_at = clock.now()
        else:
            place.member = twin
        place.save(update_fields=["given_up_at", "member"])


def _respond(kept: Person, dropped: Person, one: Responder, twin: Responder | None) -> None:
    for injury in Injury.objects.filter(responder=one):
        sealed = resealed(kept, dropped, injury.what_sealed, INJURY_CONTEXT)
        Injury.objects.filter(pk=injury.pk).update(what_sealed=sealed or injury.what_sealed)
    for care in Care.objects.filter(injury__responder=one):
        sealed = resealed(kept, dropped, care.what_sealed, CARE_CONTEXT)
        Care.objects.filter(pk=care.pk).update(what_sealed=sealed or care.what_sealed)
    if twin is None:
        one.person = kept
        one.save(update_fields=["person"])
        return
    _join_responders(twin, one)
    follow(locked(one.mission))


def _join_responders(twin: Responder, other: Responder) -> None:
    """They stand in one mission once: what either told is theirs, and a coming outweighs a
    declining. The bare row of the other stays with the dropped person, declined."""
    for model in (Telling, Position, Injury):
        model._default_manager.filter(responder=other).update(responder=twin)
    _join_hours(twin, other)
    twin.answer = min((twin.answer, other.answer), key=_ANSWERS.index)
    twin.batch_id = twin.batch_id or other.batch_id
    twin.member_id = twin.member_id or other.member_id
    if twin.invitation_id is None:
        # By it they are answered for; no two rows have the same one.
        twin.invitation_id, other.invitation_id = other.invitation_id, None
    other.answer = other.state = "declined"
    other.eta_at = other.batch = None
    other.save(update_fields=["answer", "state", "eta_at", "batch", "invitation_id"])
    twin.save(update_fields=["answer", "batch", "member", "invitation_id"])


def _join_hours(twin: Responder, other: Responder) -> None:
    """One person was away once. Where both rows have hours, those that somebody confirmed stay."""
    own = Hours.objects.filter(responder=twin).first()
    theirs = Hours.objects.filter(responder=other).first()
    if theirs is None:
        return
    if own is not None and (own.confirmed_at is not None or theirs.confirmed_at is None):
        theirs.delete()
        return
    if own is not None:
        own.delete()
    theirs.responder = twin
    theirs.save(update_fields=["responder"])
