"""Stand-by: opened, cancelled; turns taken, given up, swapped."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import not_found, require
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.registry.rules import check_reason
from honghui.rescue import team_access
from honghui.rescue.models import Member, StandBy, StandByPlace, Swap, Team
from honghui.rescue.queries.duty import duty_of
from honghui.rescue.rules import rosters as rules
from honghui.rescue.rules import teams as team_rules
from honghui.rescue.rules.duty import PASSING
from honghui.rescue.words.skills import reasons_text


@action("rescue.stand_by.opened")
def open_stand_by(
    *,
    by: Actor,
    team: Team,
    reason: str,
    from_at: datetime,
    until_at: datetime,
    minimum_people: int,
    each_hours: int | None = None,
    title: str = "",
    title_en: str = "",
) -> StandBy:
    """One turn for the whole time, or one after the other of so many hours; the first is the
    answer."""
    team_access.kept_team(by, team.pk)
    team = Team.objects.select_for_update().get(pk=team.pk)
    team_rules.check_not_disbanded(team.state)
    if reason not in StandBy.Reason.values:
        raise Invalid("rescue.stand_by.reason", _("This reason is unknown."), field="reason")
    people = Member.objects.filter(team=team, left_on__isnull=True).count()
    rules.check_cover(minimum_people, people, field="minimum_people")
    turns = rules.turns(from_at, until_at, each_hours)
    rules.check_open(until_at=until_at, is_cancelled=False, now=clock.now())
    rows = StandBy.objects.bulk_create(
        StandBy(
            team=team,
            reason=reason,
            title=text.clean_line(title, limit=80, field="title"),
            title_en=text.clean_line(title_en, limit=120, field="title_en"),
            from_at=begin,
            until_at=end,
            minimum_people=minimum_people,
            opened_by_id=by.account_id,
        )
        for begin, end in turns
    )
    record(
        by=by,
        verb="rescue.stand_by.opened",
        about=rows[0],
        society_code=team.society_id,
        after={
            "team": team,
            "from_at": from_at,
            "until_at": until_at,
            "minimum_people": minimum_people,
            "turns": len(rows),
        },
    )
    return rows[0]


@action("rescue.stand_by.cancelled")
def cancel_stand_by(*, by: Actor, stand_by: StandBy, reason: str) -> StandBy:
    stand_by = _locked(by, stand_by)
    reason = check_reason(reason)
    stand_by.cancelled_at = clock.now()
    stand_by.save(update_fields=["cancelled_at"])
    record(
        by=by,
        verb="rescue.stand_by.cancelled",
        about=stand_by,
        society_code=stand_by.team.society_id,
        reason=reason,
    )
    return stand_by


@action("rescue.turn.taken")
def take_turn(*, by: Actor, stand_by: StandBy, member: Member) -> StandByPlace:
    """By a member of that team, who is ready then and has no other turn at that time."""
    stand_by = _locked(by, stand_by)
    member = team_access.kept_member(by, member.pk)
    place = _place(stand_by, member)
    record(
        by=by,
        verb="rescue.turn.taken",
        about=place,
        society_code=stand_by.team.society_id,
        after={"stand_by": stand_by, "member": member},
    )
    return place


@action("rescue.turn.given_up")
def give_up_turn(*, by: Actor, place: StandByPlace, reason: str) -> StandByPlace:
    """Cover may fall short: it is said, not forbidden."""
    place = _locked_turn(by, place)
    reason = check_reason(reason)
    place.given_up_at = clock.now()
    place.save(update_fields=["given_up_at"])
    _drop_offers(place)
    record(
        by=by,
        verb="rescue.turn.given_up",
        about=place,
        society_code=place.stand_by.team.society_id,
        reason=reason,
        after={"member": place.member_id},
    )
    return place


@action("rescue.swap.asked")
def ask_swap(*, by: Actor, place: StandByPlace, member: Member) -> Swap:
    """Asks `member` to take this turn. Nothing changes until they say yes."""
    place = _locked_turn(by, place)
    member = team_access.kept_member(by, member.pk)
    _check_may_take(place.stand_by, member)
    try:
        with transaction.atomic():
            swap = Swap.objects.create(place=place, member=member, asked_at=clock.now())
    except IntegrityError as error:
        if "turn_is_offered_to_one" not in str(error):
            raise
        raise Conflict(
            "rescue.swap.asked",
            _("Somebody was asked to take this turn already."),
            _("Note what they said first."),
        ) from error
    record(
        by=by,
        verb="rescue.swap.asked",
        about=swap,
        society_code=place.stand_by.team.society_id,
        after={"place": place, "member": member},
    )
    return swap


@action("rescue.swap.accepted")
def accept_swap(*, by: Actor, swap: Swap) -> Swap:
    """The turn is theirs now, if they are still ready for it."""
    swap = _locked_swap(by, swap)
    old = _locked_turn(by, swap.place)
    old.given_up_at = clock.now()
    old.save(update_fields=["given_up_at"])
    new = _place(old.stand_by, swap.member)
    old.swapped_to = new
    old.save(update_fields=["swapped_to"])
    _decide(swap, Swap.State.ACCEPTED)
    record(
        by=by,
        verb="rescue.swap.accepted",
        about=swap,
        society_code=old.stand_by.team.society_id,
        after={"from_member": old.member_id, "to_member": new.member_id},
    )
    return swap


@action("rescue.swap.declined")
def decline_swap(*, by: Actor, swap: Swap) -> Swap:
    swap = _locked_swap(by, swap)
    require(by, MANAGE_TEAMS, swap.place.stand_by.team.society_id)
    _decide(swap, Swap.State.DECLINED)
    record(
        by=by,
        verb="rescue.swap.declined",
        about=swap,
        society_code=swap.place.stand_by.team.society_id,
    )
    return swap


@action("rescue.turns.released")
def release_turns(*, by: Actor, team: Team, places: list[StandByPlace]) -> Team:
    """The nightly look: turns of people whose papers have run out by then are given up, so that
    what is short shows while there is time. `places`: all of this team."""
    if not by.is_system:
        # The desk gives up turns one by one, with a reason.
        raise not_found()
    now = clock.now()
    ids = [place.pk for place in places]
    StandByPlace.objects.filter(pk__in=ids, given_up_at__isnull=True).update(given_up_at=now)
    Swap.objects.filter(place__in=ids, state=Swap.State.ASKED).update(
        state=Swap.State.DECLINED, decided_at=now
    )
    record(
        by=by,
        verb="rescue.turns.released",
        about=team,
        society_code=team.society_id,
        after={"places": ids},
    )
    return team


def _place(stand_by: StandBy, member: Member) -> StandByPlace:
    _check_may_take(stand_by, member)
    try:
        with transaction.atomic():
            return StandByPlace.objects.create(
                stand_by=stand_by, member=member, taken_at=clock.now()
            )
    except IntegrityError as error:
        if "member_stands_by_once" not in str(error):
            raise
        raise _has_it() from error


def _check_may_take(stand_by: StandBy, member: Member) -> None:
    if member.team_id != stand_by.team_id:
        raise Invalid(
            "rescue.turn.of_another_team",
            _("They are not in this team."),
            _("Choose one of its members."),
            field="member",
        )
    # Whoever has two turns at once is asked for twice and comes once: the person is locked, not
    # the member, because they may be in two teams.
    type(member.person).objects.select_for_update().get(pk=member.person_id)
    others = StandByPlace.objects.filter(
        Q(stand_by__from_at__lt=stand_by.until_at, stand_by__until_at__gt=stand_by.from_at),
        member__person=member.person_id,
        given_up_at__isnull=True,
        stand_by__cancelled_at__isnull=True,
    ).select_related("stand_by__team")
    for other in others:
        if other.stand_by_id == stand_by.pk:
            raise _has_it()
        raise Conflict(
            "rescue.turn.elsewhere",
            _("They stand by for %(team)s at that time.") % {"team": other.stand_by.team.name},
            _("Choose somebody else, or give up the other turn first."),
            field="member",
        )
    moment = max(stand_by.from_at, clock.now())
    duty = duty_of(Member.objects.filter(pk=member.pk), at=moment, skill=None)[member.pk]
    against = [one for one in duty.reasons if one.why not in PASSING]
    if against:
        raise Conflict(
            "rescue.turn.off_duty",
            _("They are off duty then: %(why)s.") % {"why": reasons_text(against)},
            _("Note the paper that is missing, or choose somebody else."),
            field="member",
        )


def _has_it() -> Conflict:
    return Conflict(
        "rescue.turn.twice",
        _("They have this turn already."),
        _("Choose somebody else."),
        field="member",
    )


def _locked(by: Actor, stand_by: StandBy) -> StandBy:
    found = team_access.stand_by(by, stand_by.pk)
    require(by, MANAGE_TEAMS, found.team.society_id)
    row = (
        StandBy.objects.select_for_update(of=("self",))
        .select_related("team__society")
        .get(pk=stand_by.pk)
    )
    rules.check_open(
        until_at=row.until_at, is_cancelled=row.cancelled_at is not None, now=clock.now()
    )
    return row


def _locked_turn(by: Actor, place: StandByPlace) -> StandByPlace:
    found = team_access.turn(by, place.pk)
    stand_by = _locked(by, found.stand_by)
    row = StandByPlace.objects.select_for_update().get(pk=place.pk)
    if row.given_up_at is not None:
        raise Conflict(
            "rescue.turn.given_up",
            _("This turn was given up or swapped already."),
            _("Look at the roster again."),
        )
    row.stand_by = stand_by
    return row


def _locked_swap(by: Actor, swap: Swap) -> Swap:
    found = team_access.swap(by, swap.pk)
    # The stand-by first, as whoever gives up the turn itself.
    StandBy.objects.select_for_update().get(pk=found.place.stand_by_id)
    row = Swap.objects.select_for_update().get(pk=swap.pk)
    if row.state != Swap.State.ASKED:
        raise Conflict(
            "rescue.swap.decided",
            _("This was answered already."),
            _("Look at the roster again."),
        )
    row.place, row.member = found.place, found.member
    return row


def _drop_offers(place: StandByPlace) -> None:
    Swap.objects.filter(place=place, state=Swap.State.ASKED).update(
        state=Swap.State.DECLINED, decided_at=clock.now()
    )


def _decide(swap: Swap, state: Swap.State) -> None:
    swap.state = state
    swap.decided_at = clock.now()
    swap.save(update_fields=["state", "decided_at"])
