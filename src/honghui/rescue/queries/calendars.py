"""Which calendar feed an address belongs to, and whether its account may still see the team."""

from __future__ import annotations

from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.registry.access import not_found
from honghui.registry.signing_in import actor_of
from honghui.rescue import access, team_access
from honghui.rescue.models import CalendarFeed, Team
from honghui.rescue.models.rosters import CALENDAR_SECRET

SECRET_CHARACTERS_MAX = 64


def feed_of(by: Actor, team: Team) -> CalendarFeed | None:
    """This account's own, if it has one that was not revoked."""
    return team_access.feeds(by).filter(team=team).first()


def feed_by_secret(secret: str) -> CalendarFeed:
    """NotFound for a secret that is wrong, revoked, of a closed account, or of somebody who may
    not see the team's people any more: nobody learns which."""
    if not 20 <= len(secret) <= SECRET_CHARACTERS_MAX:
        raise not_found()
    hashes = subject_keys.look_up_hashes(CALENDAR_SECRET, secret)
    feed = (
        CalendarFeed.objects.filter(secret_hash__in=hashes, revoked_at__isnull=True)
        .select_related("account", "team__society", "team__kind")
        .first()
    )
    if feed is None or not feed.account.is_active:
        raise not_found()
    if not access.may_see_names(actor_of(feed.account), feed.team):
        raise not_found()
    return feed
