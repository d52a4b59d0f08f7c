"""Who acts. Plain facts, no database: an Actor is made at the edge (a request, a command, a job)
and handed down to every action as `by`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from honghui.kernel.ids import new_id


@dataclass(frozen=True)
class Grant:
    """One role in one society: `officer` of `330600`."""

    role: str
    society_code: str


@dataclass(frozen=True)
class Elevation:
    """Administrator powers, switched on for a while, in one society, for a reason."""

    society_code: str
    until: datetime
    reason: str


@dataclass(frozen=True)
class Actor:
    """account_id and person_id are None for a visitor and for the system itself.

    `once_key` names the request this actor is making (a form, a client's queued act): the same
    key is carried out once. `request_id` ties an act to the line in the server's log.
    """

    account_id: UUID | None = None
    person_id: UUID | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    elevation: Elevation | None = None
    is_system: bool = False
    request_id: UUID = field(default_factory=new_id)
    once_key: str = ""

    def with_once(self, key: str) -> Actor:
        return replace(self, once_key=key)

    def roles_in(self, society_code: str) -> frozenset[str]:
        return frozenset(g.role for g in self.grants if g.society_code == society_code)

    @property
    def society_codes(self) -> frozenset[str]:
        return frozenset(g.society_code for g in self.grants)

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None


VISITOR = Actor()


def system_actor(name: str) -> Actor:
    """The system at work: a command, a job, a world's loader. `name` says which."""
    return Actor(name=name, is_system=True)
