"""An entry of every act, for `examples`: what happened to one fund, told in the order of a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from honghui.record.entries import Act, Attested, Entry
from honghui.record.pools import FundSource, Pool, Stage
from honghui.record.steps import Back, Cover, In, Leg, Link, Out, Shrink, Step, Via
from honghui.record.values import Count


def id_(number: int) -> str:
    return f"{number:032x}"


def hash_(number: int) -> str:
    return f"{number:064x}"


AT = "2020-12-31T10:00Z"
SOCIETY, COUNTY = "330600", "330681"
FUND, DECISION, CONSENT = id_(0x07), id_(0x0A), id_(0x0B)
BULLETIN, CALL_OUT, CERTIFICATE, CLOSING = id_(0x0D), id_(0x61), id_(0x12), id_(0x0E0)
FINANCE, HEAD, CHAIR = id_(0xA1), id_(0xA2), id_(0xA3)
RESERVED_FOR, PAYMENT, WAYBILL = id_(0x51), id_(0x52), id_(0x53)
CONSENT_QUANTITY = 500_000
_BANK, _STORE, _KIT = "icbc-330600", "wh-330600-1", "kit-2020-06-a"
# The entries that others speak of: their ids are 0x100 and the place of their act in `entries`.
GIFT, USE, EMERGENCY_USE, TRANSFER = id_(0x101), id_(0x10C), id_(0x10C), id_(0x115)
DECIDING, MOVE, LEFTOVER = id_(0x10A), id_(0x108), id_(0x118)


def _pool(
    commodity: str = "CNY",
    stage: Stage = "on_hand",
    ref: str | None = None,
    *,
    purpose: str = "police-fund",
    source: FundSource = "donation",
    place: str | None = None,
    society: str = SOCIETY,
) -> Pool:
    where = place or (_BANK if commodity.isupper() else _STORE)
    return Pool(
        society=society, purpose=purpose, source=source, commodity=commodity, place=where,
        stage=stage, ref=ref,
    )  # fmt: skip


def _link(before: Pool, into: Pool, taken: int, given: int | None = None) -> Link:
    part = (Leg(pool=before, quantity=taken),)
    return Link(into=into, quantity=taken if given is None else given, parts=(part,))


_MONEY, _KITS = _pool(), _pool(_KIT)
_SET_ASIDE, _HELD_BACK = _pool(stage="decided", ref=DECISION), _pool(_KIT, "reserved", RESERVED_FOR)
_RESERVE = _pool(purpose="reserve", source="own")
_SENT = _pool(_KIT, "in_transit", WAYBILL)
_SHRINK = Shrink(pool=_MONEY, remainder=27_101_000, loss=1_500, use="fee")
_ASKED: dict[str, Any] = {
    "purposes": (FUND,), "requested_by": FINANCE, "approved_by": (HEAD,)
}  # fmt: skip


def entries() -> Iterator[Entry]:
    told = [*_received(), *_turned_into(), *_set_aside(), *_given(), *_undone(), *_elsewhere()]
    for place, (act, day, step, more) in enumerate(told, start=1):
        yield Entry(
            id=id_(0x100 + place), act=act, society=more.pop("society", SOCIETY),
            occurred_on=day, recorded_at=AT, steps=(step,), request=hash_(0x100 + place), **more,
        )  # fmt: skip


Told = tuple[Act, date, Step, dict[str, Any]]


def _received() -> Iterator[Told]:
    yield "gift", date(2020, 6, 8), In(pool=_MONEY, quantity=20_000_000), {"text": hash_(0x50)}
    yield (
        "appropriation", date(2020, 6, 9),
        In(pool=_pool(source="appropriation"), quantity=10_000_000), {"evidence": (hash_(0x51),)},
    )  # fmt: skip
    yield "earning", date(2020, 6, 21), In(pool=_RESERVE, quantity=5_000), {}


def _turned_into() -> Iterator[Told]:
    yield (
        "purchase", date(2020, 6, 14), _link(_MONEY, _pool("quilt-2020-06-a"), 600_000, 50),
        {**_ASKED, "evidence": (hash_(0x52),)},
    )  # fmt: skip
    yield (
        "sale", date(2020, 6, 15), _link(_pool("quilt-2020-06-a"), _MONEY, 2, 20_000),
        {**_ASKED},
    )  # fmt: skip
    yield "exchange", date(2020, 6, 15), _link(_pool("USD"), _MONEY, 100_000, 708_000), {**_ASKED}
    quilts, towels = (Leg(pool=_pool(f"{item}-2020-06-a"), quantity=count)
                      for item, count in (("quilt", 48), ("towel", 96)))  # fmt: skip
    yield (
        "pack", date(2020, 6, 16), Link(into=_KITS, quantity=48, parts=((quilts,), (towels,))),
        {"purposes": (FUND,)},
    )  # fmt: skip


def _set_aside() -> Iterator[Told]:
    yield (
        "move", date(2020, 6, 17), _link(_KITS, _pool(_KIT, "in_transit", PAYMENT), 5),
        {"purposes": (FUND,)},
    )  # fmt: skip
    yield "reserve", date(2020, 6, 17), _link(_KITS, _HELD_BACK, 30), {"purposes": (FUND,)}
    yield (
        "decide", date(2020, 6, 18), _link(_MONEY, _SET_ASIDE, 2_000_000),
        {"decision": DECISION, "purposes": (FUND,)},
    )  # fmt: skip
    yield "release", date(2020, 6, 19), _link(_HELD_BACK, _KITS, 5), {"purposes": (FUND,)}


def _given() -> Iterator[Told]:
    given = Out(
        pool=_SET_ASIDE, quantity=2_000_000, use="award", place="330600",
        recipients=Count(value=10, qualifier="under"),
    )  # fmt: skip
    yield (
        "use", date(2020, 6, 20), given,
        {"decision": DECISION, "purposes": (FUND,), "requested_by": FINANCE, "emergency": True,
         "attested": (Attested(purpose="police-fund", clause=9),), "text": hash_(0x53)},
    )  # fmt: skip


def _undone() -> Iterator[Told]:
    yield (
        "refund", date(2020, 6, 22),
        Out(pool=_MONEY, quantity=1_000, at=((19_999_000, 20_000_000),)), {**_ASKED, "of": GIFT},
    )  # fmt: skip
    covered = Cover(
        pool=_SET_ASIDE, at=((0, 1_000),), spent_by=USE, by=_RESERVE,
        via=(Via(entry=DECIDING, step=0),),
    )  # fmt: skip
    yield "reversal", date(2020, 6, 23), covered, {"of": GIFT, "purposes": (FUND, id_(0x08))}
    yield (
        "return", date(2020, 6, 24),
        Back(pool=_SET_ASIDE, at=((1_500_000, 2_000_000),), spent_by=USE, use="award",
             place="330600"),
        {**_ASKED, "of": USE},
    )  # fmt: skip
    yield (
        "cover", date(2020, 6, 25),
        Cover(pool=_SET_ASIDE, at=((1_000, 2_000),), spent_by=USE, by=_RESERVE),
        {**_ASKED, "purposes": (FUND, id_(0x08))},
    )  # fmt: skip
    yield "shortfall", date(2020, 6, 25), In(pool=_pool(stage="shortfall"), quantity=3_000), {}
    yield "shrink", date(2020, 6, 26), _SHRINK, {**_ASKED}
    yield "stocktake", date(2020, 6, 30), Out(pool=_KITS, quantity=1, use="stocktake"), {**_ASKED}
    yield "loss", date(2020, 6, 30), Out(pool=_KITS, quantity=2, use="loss"), {**_ASKED}


def _elsewhere() -> Iterator[Told]:
    yield (
        "transfer_out", date(2020, 7, 2), _link(_KITS, _SENT, 10),
        {**_ASKED, "counterparty": COUNTY},
    )  # fmt: skip
    theirs = _pool(_KIT, place="wh-330681-1", society=COUNTY)
    yield (
        "transfer_in", date(2020, 7, 3), _link(_SENT, theirs, 9),
        {"society": COUNTY, "counterparty": SOCIETY, "of": TRANSFER, "purposes": (FUND,)},
    )  # fmt: skip
    yield (
        "change_of_purpose", date(2020, 7, 6),
        _link(_pool(purpose="flood-fund"), _MONEY, CONSENT_QUANTITY),
        {**_ASKED, "purposes": (FUND, id_(0x09)), "consent": CONSENT},
    )  # fmt: skip
    yield (
        "leftover", date(2020, 7, 8),
        _link(_pool(purpose="masks-2003"), _pool(purpose="general"), 70),
        {**_ASKED, "purposes": (id_(0x54), id_(0x55))},
    )  # fmt: skip
