"""Teams: opened, changed, suspended, active again, disbanded; and the addresses of their
calendars."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, subject_keys, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry.access import not_found, require
from honghui.registry.models import Society
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.registry.rules import check_reason
from honghui.rescue import team_access
from honghui.rescue.finding import index_team
from honghui.rescue.models import CalendarFeed, Member, StandByPlace, Team, TeamKind
from honghui.rescue.models.rosters import CALENDAR_SECRET
from honghui.rescue.rules import rosters as roster_rules
from honghui.rescue.rules import teams as rules
from honghui.rescue.words.places import is_place


@action("rescue.team.opened")
def open_team(
    *,
    by: Actor,
    society: Society,
    kind: str,
    name: str,
    name_en: str = "",
    aliases: Iterable[str] = (),
    place_code: str = "",
    base_name: str = "",
    latitude_microdegrees: int | None = None,
    longitude_microdegrees: int | None = None,
    minimum_cover: int = 0,
    formed_on: date | None = None,
    code: str = "",
    source: str = "",
) -> Team:
    """`place_code`: the division of its base, the society's own where none is given. `code`: a
    short name for files, made where none is given. Minimum cover above the members there are yet
    is allowed: people come after the team."""
    require(by, MANAGE_TEAMS, society.code)
    name = text.name_line(name, limit=60)
    rules.check_point(latitude_microdegrees, longitude_microdegrees)
    team = Team(
        society=society,
        kind=_kind(kind),
        name=name,
        name_en=text.clean_line(name_en, limit=100, field="name_en"),
        aliases=rules.check_aliases(name, aliases),
        place_code=_place(place_code or society.code),
        base_name=text.clean_line(base_name, limit=80, field="base_name"),
        base_latitude_microdegrees=latitude_microdegrees,
        base_longitude_microdegrees=longitude_microdegrees,
        minimum_cover=minimum_cover,
        formed_on=formed_on,
        code=code or _code(society, kind),
        source=source,
    )
    _save(team, insert=True)
    record(
        by=by,
        verb="rescue.team.opened",
        about=team,
        society_code=society.code,
        after={"name": name, "kind": kind, "code": team.code, "minimum_cover": minimum_cover},
    )
    return team


@action("rescue.team.changed")
def change_team(
    *,
    by: Actor,
    team: Team,
    name: str,
    name_en: str = "",
    aliases: Iterable[str] = (),
    place_code: str = "",
    base_name: str = "",
    latitude_microdegrees: int | None = None,
    longitude_microdegrees: int | None = None,
    minimum_cover: int = 0,
) -> Team:
    team = _locked(by, team)
    rules.check_not_disbanded(team.state)
    before = {"name": team.name, "aliases": team.aliases, "minimum_cover": team.minimum_cover}
    people = Member.objects.filter(team=team, left_on__isnull=True).count()
    if minimum_cover > team.minimum_cover:
        roster_rules.check_cover(minimum_cover, people, field="minimum_cover")
    rules.check_point(latitude_microdegrees, longitude_microdegrees)
    team.name = text.name_line(name, limit=60)
    team.name_en = text.clean_line(name_en, limit=100, field="name_en")
    team.aliases = rules.check_aliases(team.name, aliases)
    team.place_code = _place(place_code or team.society_id)
    team.base_name = text.clean_line(base_name, limit=80, field="base_name")
    team.base_latitude_microdegrees = latitude_microdegrees
    team.base_longitude_microdegrees = longitude_microdegrees
    team.minimum_cover = minimum_cover
    _save(team)
    record(
        by=by,
        verb="rescue.team.changed",
        about=team,
        society_code=team.society_id,
        before=before,
        after={"name": team.name, "aliases": team.aliases, "minimum_cover": minimum_cover},
    )
    return team


@action("rescue.team.suspended")
def suspend_team(*, by: Actor, team: Team, reason: str) -> Team:
    """Its people are off duty in it until it is active again."""
    return _move(by, team, Team.State.SUSPENDED, "rescue.team.suspended", reason)


@action("rescue.team.resumed")
def resume_team(*, by: Actor, team: Team, reason: str) -> Team:
    return _move(by, team, Team.State.ACTIVE, "rescue.team.resumed", reason)


@action("rescue.team.disbanded")
def disband_team(*, by: Actor, team: Team, reason: str) -> Team:
    """Its people leave it, their coming turns are given up; what it did stays on record."""
    team = _move(by, team, Team.State.DISBANDED, "rescue.team.disbanded", reason)
    now = clock.now()
    coming = StandByPlace.objects.filter(
        stand_by__team=team, stand_by__until_at__gt=now, given_up_at__isnull=True
    )
    coming.update(given_up_at=now)
    Member.objects.filter(team=team, left_on__isnull=True).update(left_on=clock.today())
    return team


@action("rescue.calendar.made")
def make_calendar_feed(*, by: Actor, team: Team) -> CalendarFeed:
    """A new address; the one that this account had for the team stops at once. The answer's
    `secret` is the only time that it is seen."""
    team = team_access.kept_team(by, team.pk)
    if by.account_id is None:
        raise not_found()
    now = clock.now()
    old = CalendarFeed.objects.filter(team=team, account=by.account_id, revoked_at__isnull=True)
    old.update(revoked_at=now)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        team=team,
        account_id=by.account_id,
        secret_hash=subject_keys.look_up_hash(CALENDAR_SECRET, secret),
        language=get_language() or "zh-hans",
        made_at=now,
    )
    feed.secret = secret
    record(by=by, verb="rescue.calendar.made", about=feed, society_code=team.society_id)
    return feed


@action("rescue.calendar.revoked")
def revoke_calendar_feed(*, by: Actor, team: Team) -> CalendarFeed:
    team = team_access.kept_team(by, team.pk)
    feed = team_access.feeds(by).filter(team=team).first()
    if feed is None:
        raise not_found()
    feed.revoked_at = clock.now()
    feed.save(update_fields=["revoked_at"])
    record(by=by, verb="rescue.calendar.revoked", about=feed, society_code=team.society_id)
    return feed


def _move(by: Actor, team: Team, to: Team.State, verb: str, reason: str) -> Team:
    team = _locked(by, team)
    reason = check_reason(reason)
    rules.check_transition(team.state, to)
    before = team.state
    team.state = to
    active = to == Team.State.ACTIVE
    team.state_from = None if active else clock.today()
    team.state_reason = "" if active else reason
    team.save(update_fields=["state", "state_from", "state_reason"])
    record(
        by=by,
        verb=verb,
        about=team,
        society_code=team.society_id,
        reason=reason,
        before={"state": before},
        after={"state": to},
    )
    return team


def _locked(by: Actor, team: Team) -> Team:
    team_access.kept_team(by, team.pk)
    return Team.objects.select_for_update().get(pk=team.pk)


def _kind(code: str) -> TeamKind:
    today = clock.today()
    kind = TeamKind.objects.filter(pk=code).first()
    if (
        kind is None
        or (kind.valid_from and kind.valid_from > today)
        or (kind.valid_to and kind.valid_to < today)
    ):
        raise Invalid(
            "rescue.team.kind_unknown",
            _("There is no such kind of team."),
            _("Choose one of the list."),
            field="kind",
        )
    return kind


def _place(code: str) -> str:
    if not is_place(code):
        raise Invalid(
            "rescue.place.unknown",
            _("There is no such place."),
            _("Choose one of the list."),
            field="place_code",
        )
    return code


def _code(society: Society, kind: str) -> str:
    """330600-search, 330600-search-2, …: numbered by those that ever were."""
    stem = f"{society.code}-{kind.replace('_', '-')}"
    taken = set(Team.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number = 1
    while (code := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return code


def _save(team: Team, *, insert: bool = False) -> None:
    try:
        with transaction.atomic():
            team.save(force_insert=insert, force_update=not insert)
            index_team(team)
    except IntegrityError as error:
        if "team_name_is_used_once_in_a_society" in str(error):
            raise Conflict(
                "rescue.team.known",
                _("This society already has a team of this name."),
                _("Add what tells them apart, or open the team that is there."),
                field="name",
            ) from error
        if "rescue_team_code" in str(error):
            raise Conflict(
                "rescue.team.code_taken",
                _("Another team has this code."),
                _("Send the form again: it gets another."),
                field="code",
            ) from error
        raise
