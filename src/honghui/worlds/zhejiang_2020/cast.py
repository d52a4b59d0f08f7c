"""Who acts in this world: a member of the cast, by user name."""

from __future__ import annotations

from honghui.kernel.actors import Actor
from honghui.registry.models import Account
from honghui.registry.signing_in import actor_of

# Leaders of the teams that issue 370 names, by the society of their team.
LEADERS = {"331081": "team-leader", "330324": "leader-yongjia", "330784": "leader-yongkang"}


def actor_named(username: str) -> Actor:
    return actor_of(Account.objects.get(username=username))


def leader_of(society: str) -> Actor:
    return actor_named(LEADERS[society])
