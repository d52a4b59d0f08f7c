"""What entries will speak of: every place, every society, the units of things, and the purpose that
holds what was given without a condition."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.kernel.ids import new_public_id
from honghui.ledger.actions import declare_record
from honghui.ledger.drafting import now_as_told, pseudonym_of
from honghui.record import references
from honghui.record.clauses import Approvers, Places, Uses
from honghui.record.schemas import Record
from honghui.registry.models import Account, Society
from honghui.worlds.loader import Report
from honghui.worlds.zhejiang_2020.registry import SYSTEM

BOOKS_AT = datetime(2020, 6, 4, 9, 0, tzinfo=CHINA)
PROVINCE = "330000"
UNRESTRICTED = "unrestricted"
# Red Cross Law of 1993: the societies' books here begin before any act of this world.
_SINCE = date(1994, 1, 1)


def load(report: Report) -> None:
    report("books …")
    with clock.at(BOOKS_AT):
        for society in Society.objects.order_by("code"):
            _declare(society.code, _place(society))
            _declare(society.code, _society(society))
        _declare(PROVINCE, references.Unit(code="piece", **_new()))
        _declare(PROVINCE, _unrestricted())


def _declare(society: str, record: Record) -> None:
    declare_record(by=SYSTEM, society=society, parts=(record,))


def _new() -> dict[str, Any]:
    return {"id": new_public_id(), "recorded_at": now_as_told()}


def _place(society: Society) -> references.Place:
    """The division that the society is for has the society's code."""
    return references.Place(code=society.code, kind="division", within=society.parent_id, **_new())


def _society(society: Society) -> references.Society:
    return references.Society(
        code=society.code,
        level=society.level,  # type: ignore[arg-type]
        upper=society.parent_id,
        place=society.code,
        since=society.began_on or _SINCE,
        **_new(),
    )


def _unrestricted() -> references.Purpose:
    """非限定性捐赠: for all that the society is there for, in the province; never for overhead."""
    return references.Purpose(
        code=UNRESTRICTED,
        society=PROVINCE,
        clauses=(
            Uses(only=("relief", "rescue", "training", "award", "transport", "cover")),
            Places(within=(PROVINCE,)),
            Approvers(at_least=1),
        ),
        starts_on=_SINCE,
        requested_by=pseudonym_of(_person("province"), PROVINCE),
        approved_by=(pseudonym_of(_person("editor"), PROVINCE),),
        **_new(),
    )


def _person(username: str) -> UUID:
    person_id = Account.objects.get(username=username).person_id
    assert person_id is not None
    return person_id
