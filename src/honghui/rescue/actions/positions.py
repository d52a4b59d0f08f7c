"""Where somebody is, who chose to say so. Kept while the mission goes on, and then forgotten.

Neither the journal nor the incident's log says where anybody was: what those keep is kept for ever.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.rescue import access, links
from honghui.rescue.following import locked
from honghui.rescue.models import Mission, Position, Responder
from honghui.rescue.queries.proposal import point_of
from honghui.rescue.rules.positions import Seen, flags_of
from honghui.rescue.rules.proposing import Point

KEPT_MOST = 200
"""Positions of one sharer in one mission; the oldest ones go first."""


@action("rescue.position.shared")
def share_position(
    *,
    by: Actor,
    mission: Mission,
    at: datetime,
    latitude_microdegrees: int,
    longitude_microdegrees: int,
    accuracy_metres: int | None = None,
    client_id: UUID | None = None,
) -> Position:
    """The leader's own. It is theirs as a responder, if they are one in this mission."""
    mission = access.mission(by, mission.pk)
    access.require_leading(by, mission)
    mine = mission.responders.filter(person=by.person_id).first() if by.person_id else None
    where = Point(latitude_microdegrees, longitude_microdegrees)
    position = _kept(mission, mine, at, where, accuracy_metres, client_id)
    _recorded(by, "rescue.position.shared", mission, position)
    return position


@action("rescue.position.shared_by_link")
def share_position_by_link(
    *,
    by: Actor,
    token: str,
    at: datetime,
    latitude_microdegrees: int,
    longitude_microdegrees: int,
    accuracy_metres: int | None = None,
    client_id: UUID | None = None,
) -> Position:
    responder = links.responder_of(token)
    where = Point(latitude_microdegrees, longitude_microdegrees)
    position = _kept(responder.mission, responder, at, where, accuracy_metres, client_id)
    _recorded(by, "rescue.position.shared_by_link", responder.mission, position)
    return position


def _kept(
    mission: Mission,
    responder: Responder | None,
    at: datetime,
    where: Point,
    accuracy_metres: int | None,
    client_id: UUID | None,
) -> Position:
    # Held, so that closing it does not forget all others and miss this one.
    mission = locked(mission)
    if mission.closed_at is not None:
        raise Conflict(
            "rescue.position.closed",
            _("The mission is over: where people were is forgotten, and no more is kept."),
            _("Nothing needs to be done."),
        )
    _check(where)
    known = Position.objects.filter(client_id=client_id).first() if client_id else None
    if known is not None:
        return known
    theirs = Position.objects.filter(mission=mission, responder=responder)
    before = theirs.filter(at__lte=at).order_by("-at").first()
    earlier = None
    if before is not None:
        point = Point(before.latitude_microdegrees, before.longitude_microdegrees)
        earlier = Seen(point, before.at, before.accuracy_metres)
    place = mission.incident
    incident = point_of(place.latitude_microdegrees, place.longitude_microdegrees)
    position = Position.objects.create(
        client_id=client_id,
        mission=mission,
        responder=responder,
        at=at,
        latitude_microdegrees=where.latitude_microdegrees,
        longitude_microdegrees=where.longitude_microdegrees,
        accuracy_metres=accuracy_metres,
        flags=list(flags_of(Seen(where, at, accuracy_metres), earlier=earlier, incident=incident)),
    )
    theirs.filter(pk__in=theirs.order_by("-at", "-id").values("pk")[KEPT_MOST:]).delete()
    return position


def _check(where: Point) -> None:
    within = abs(where.latitude_microdegrees) <= 90_000_000
    if not within or abs(where.longitude_microdegrees) > 180_000_000:
        raise Invalid(
            "rescue.position.nowhere",
            _("This is no place on earth."),
            _("Share the position again."),
        )


def _recorded(by: Actor, verb: str, mission: Mission, position: Position) -> None:
    record(
        by=by,
        verb=verb,
        about=position,
        society_code=mission.team.society_id,
        after={"mission": mission, "flags": position.flags},
    )
