"""Shaoxing's books in the sample world: gifts come, something is used, the log goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from honghui.disclosure.actions.bulletins import draft_bulletin, publish_bulletin
from honghui.disclosure.models import Bulletin
from honghui.journal.models import Leaf
from honghui.kernel.actors import Actor, system_actor
from honghui.kernel.ids import new_code
from honghui.ledger.actions import post_entry, receive
from honghui.ledger.drafting import draft
from honghui.ledger.placing import begin_epoch, place_all
from honghui.record.pools import Pool
from honghui.record.steps import Out
from honghui.registry.models import Account, Society
from honghui.registry.signing_in import actor_of
from tests.ledger.books import log

SYSTEM = system_actor("tests")
CODE = "330600"
FIRST, LAST = date(2020, 6, 1), date(2020, 6, 24)
POOL = Pool(society=CODE, purpose="unrestricted", source="donation", commodity="CNY", place=CODE)


def person(username: str) -> Actor:
    return actor_of(Account.objects.get(username=username))


def give(amount_fen: int, day: date = date(2020, 6, 12)) -> None:
    receive(
        by=SYSTEM, act="gift", pool=POOL, quantity=amount_fen, occurred_on=day,
        request=new_code(20),
    )  # fmt: skip


def use(amount_fen: int, use: str = "relief", day: date = date(2020, 6, 20)) -> None:
    asks, approves = person("finance").person_id, person("officer").person_id
    step = Out(pool=POOL, quantity=amount_fen, use=use, place=CODE)
    entry = draft(
        "use", society=CODE, steps=[step], occurred_on=day, request=new_code(20),
        requested_by=asks, approved_by=[one for one in (approves,) if one],
    )  # fmt: skip
    post_entry(by=SYSTEM, parts=(entry,))


def settle() -> int:
    """The sequencer has its turn; how long the log is then."""
    place_all(begin_epoch())
    return Leaf.objects.count()


def drafted(**more: Any) -> Bulletin:
    facts: dict[str, Any] = {"first": FIRST, "last": LAST, **more}
    return draft_bulletin(by=person("finance"), society=Society.objects.get(pk=CODE), **facts)


def published(**more: Any) -> Bulletin:
    bulletin = publish_bulletin(by=person("officer"), bulletin=drafted(**more))
    settle()
    return bulletin


def values(bulletin: Bulletin, names: Iterable[str]) -> list[int]:
    figures = bulletin.content.by_name()
    return [figures[name].value if name in figures else 0 for name in names]


def records() -> list[bytes]:
    return log()
