"""Stand-by and drills of a team as a calendar (RFC 5545), for phones. No name of a person is in it.

The one hard idea: whoever has the address reads it, so it says only what a notice at the team's
door would: when the team stands by, how many are wanted, and whether that many have come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext
from icalendar import Calendar, Event

from honghui.kernel import clock
from honghui.registry.naming import local_name
from honghui.rescue.models import CalendarFeed, Incident, StandBy, Team
from honghui.rescue.queries.rosters import TAKEN, taken_of
from honghui.rescue.rules.rosters import shortage
from honghui.rescue.words.rosters import REASONS

PAST = timedelta(days=60)
DRILL_LASTS = timedelta(hours=4)
DOMAIN = "honghui.invalid"


def calendar_of(feed: CalendarFeed) -> bytes:
    """The feed's team, the last 60 days and everything that is planned. Two queries."""
    team, now = feed.team, clock.now()
    shown = Calendar()
    shown.add("prodid", "-//Honghui//Rescue//EN")
    shown.add("version", "2.0")
    shown.add("calscale", "GREGORIAN")
    shown.add("method", "PUBLISH")
    shown.add("x-wr-calname", local_name(team))
    shown.add("x-wr-timezone", "Asia/Shanghai")
    shown.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for stand_by in _stand_bys(team, now):
        shown.add_component(_of_stand_by(team, stand_by, now))
    for drill in _drills(team, now):
        shown.add_component(_of_drill(team, drill, now))
    return bytes(shown.to_ical())


def _stand_bys(team: Team, now: datetime) -> Iterable[StandBy]:
    """Cancelled ones too: a calendar that has one must be told."""
    return (
        StandBy.objects.filter(team=team, until_at__gt=now - PAST)
        .annotate(taken=TAKEN)
        .order_by("from_at", "id")
    )


def _drills(team: Team, now: datetime) -> Iterable[Incident]:
    return (
        Incident.objects.filter(is_drill=True, missions__team=team, known_at__gt=now - PAST)
        .distinct()
        .order_by("known_at", "id")
    )


def _of_stand_by(team: Team, one: StandBy, now: datetime) -> Event:
    words = {"team": local_name(team), "why": str(REASONS[one.reason])}
    summary = gettext("%(team)s: stand-by (%(why)s)") % words
    taken = taken_of(one)
    short = shortage(one.minimum_people, taken)
    said = gettext("%(taken)s of at least %(wanted)s people.") % {
        "taken": taken,
        "wanted": one.minimum_people,
    }
    if short:
        said += " " + gettext("%(short)s still missing.") % {"short": short}
    event = _event(f"stand-by-{one.pk}", summary, one.from_at, one.until_at, now)
    event.add("description", said)
    event.add("status", "CANCELLED" if one.cancelled_at else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _of_drill(team: Team, one: Incident, now: datetime) -> Event:
    english = one.title_en if one.title_en and local_name(team) == team.name_en else one.title
    summary = gettext("%(team)s: drill, %(title)s") % {"team": local_name(team), "title": english}
    begin = one.happened_at or one.known_at
    end = one.closed_at if one.closed_at and one.closed_at > begin else begin + DRILL_LASTS
    event = _event(f"drill-{one.pk}", summary, begin, end, now)
    event.add("status", "CONFIRMED")
    return event


def _event(uid: str, summary: str, begin: datetime, end: datetime, now: datetime) -> Event:
    """In UTC: a calendar shows it in the zone of whoever looks."""
    event = Event()
    event.add("uid", f"{uid}@{DOMAIN}")
    event.add("summary", summary)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", begin.astimezone(UTC))
    event.add("dtend", end.astimezone(UTC))
    return event
