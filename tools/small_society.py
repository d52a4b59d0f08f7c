"""Writes the small society of `docs/small-society/`: records that a reader can audit by hand, and
the log they stand in. The same bytes every time; a test holds the folder to them.

    python -m tools.small_society
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from honghui.record.agreements import Decision
from honghui.record.clauses import Approvers, Cap, Places, Uses
from honghui.record.clauses import Decision as DecisionClause
from honghui.record.entries import Entry
from honghui.record.measures import Measure
from honghui.record.pools import Pool
from honghui.record.references import Item, Lot, Place, Purpose, Society, Unit
from honghui.record.schemas import Record, encode
from honghui.record.statements import Bulletin, Closing, ClosingLine, Figure, Reconciliation, Sum
from honghui.record.steps import Cover, In, Leg, Link, Out, Via
from honghui.record.values import Count
from honghui.tlog.heads import Heads
from honghui.tlog.signatures import NOTE, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.writer import writing

FOLDER = Path(__file__).parent.parent / "docs" / "small-society"
ORIGIN = "example.org/small-society"
# A key for a lesson: everybody may know it.
KEY = SigningKey(ORIGIN, NOTE, hashlib.sha256(b"the small society").digest())
SOCIETY = "330600"
AT = "2020-06-24T01:00Z"


def name(what: str, length: int = 32) -> str:
    """An id or a hash that is the same every time."""
    return hashlib.sha256(f"small society: {what}".encode()).hexdigest()[:length]


FINANCE, HEAD, CHAIR = name("finance"), name("head"), name("chair")
FUND, RESERVE = name("police-fund 1"), name("reserve 1")
BANK = Pool(
    society=SOCIETY, purpose="police-fund", source="donation", commodity="CNY", place="bank"
)
OWN = Pool(society=SOCIETY, purpose="reserve", source="own", commodity="CNY", place="bank")
DECIDED = Pool(
    society=SOCIETY, purpose="police-fund", source="donation", commodity="CNY", place="bank",
    stage="decided", ref=name("decision"),
)  # fmt: skip
KITS = Pool(
    society=SOCIETY, purpose="police-fund", source="donation", commodity="kit-a", place="store"
)


def records() -> Iterator[Record]:
    yield from references()
    yield from purposes()
    yield from entries()
    yield from statements()


def references() -> Iterator[Record]:
    for code, kind, within in (
        ("330000", "division", None),
        ("330600", "division", "330000"),
        ("bank", "account", "330600"),
        ("store", "warehouse", "330600"),
    ):
        yield Place(id=name(code), recorded_at=AT, code=code, kind=kind, within=within)  # type: ignore[arg-type]
    yield Unit(id=name("unit"), recorded_at=AT, code="piece")
    yield Item(id=name("item"), recorded_at=AT, code="first-aid-kit", unit="piece")
    yield Society(
        id=name("society"), recorded_at=AT, code=SOCIETY, level="city", place="330600",
        since=date(1999, 1, 1),
    )  # fmt: skip


def purposes() -> Iterator[Record]:
    yield Purpose(
        id=FUND, recorded_at=AT, code="police-fund", society=SOCIETY, starts_on=date(2020, 6, 1),
        requested_by=FINANCE, approved_by=(HEAD,),
        clauses=(
            Uses(only=("award", "relief", "overhead")),
            Places(within=("330600",)),
            DecisionClause(currency="CNY", above=1_000_000, approvers=2),
            Cap(uses=("overhead",), share_bp=500),
            Approvers(at_least=1),
        ),
    )  # fmt: skip
    yield Purpose(
        id=RESERVE, recorded_at=AT, code="reserve", society=SOCIETY, starts_on=date(2020, 6, 1),
        requested_by=FINANCE, approved_by=(HEAD,), clauses=(Uses(only=("cover",)),),
    )  # fmt: skip


def entry(what: str, act: str, day: int, *steps: object, **more: object) -> Entry:
    return Entry(
        id=name(what), act=act, society=SOCIETY, occurred_on=date(2020, 6, day), recorded_at=AT,  # type: ignore[arg-type]
        steps=steps, request=name(f"request {what}", 64), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def asked(*purposes: str) -> dict[str, object]:
    return {"purposes": purposes, "requested_by": FINANCE, "approved_by": (HEAD,)}


def entries() -> Iterator[Record]:
    yield entry("gift 1", "gift", 8, In(pool=BANK, quantity=1_000))
    yield entry("gift 2", "gift", 9, In(pool=BANK, quantity=20_000_000))
    yield entry("gift 3", "gift", 9, In(pool=BANK, quantity=10_000_000))
    yield entry("interest", "earning", 10, In(pool=OWN, quantity=5_000))
    yield Decision(
        id=name("decision"), recorded_at=AT, society=SOCIETY, body="fund-committee",
        purpose="police-fund", commodity="CNY", quantity=2_000_000, decided_on=date(2020, 6, 12),
        requested_by=FINANCE, approved_by=(HEAD, CHAIR),
    )  # fmt: skip
    yield entry(
        "set aside", "decide", 12,
        Link(into=DECIDED, quantity=2_000_000, parts=((Leg(pool=BANK, quantity=2_000_000),),)),
        decision=name("decision"), purposes=(FUND,),
    )  # fmt: skip
    yield entry(
        "award", "use", 15, Out(pool=DECIDED, quantity=2_000_000, use="award", place="330600"),
        decision=name("decision"), **asked(FUND),
    )  # fmt: skip
    yield Lot(
        id=name("lot"), recorded_at=AT, code="kit-a", item="first-aid-kit", value_fen=4_000,
        value_of=1, value_basis="purchase", value_on=date(2020, 6, 16),
    )  # fmt: skip
    yield entry(
        "buy", "purchase", 16,
        Link(into=KITS, quantity=50, parts=((Leg(pool=BANK, quantity=200_000),),)),
        **asked(FUND),
    )  # fmt: skip
    yield entry(
        "hand out", "use", 18,
        Out(
            pool=KITS, quantity=30, use="relief", place="330600", recipients=Count(value=30)
        ),
        **asked(FUND),
    )  # fmt: skip
    yield entry(
        "bounced", "reversal", 20,
        Cover(
            pool=DECIDED, at=((0, 1_000),), spent_by=name("award"), by=OWN,
            via=(Via(entry=name("set aside"), step=0),),
        ),
        of=name("gift 1"), purposes=(FUND, RESERVE),
    )  # fmt: skip


def figure(what: str, value: int, unit: str, **measure: object) -> Figure:
    return Figure(
        name=what, value=value, unit=unit,
        measure=Measure(societies=(SOCIETY,), purposes=("police-fund",), **measure),  # type: ignore[arg-type]
    )  # fmt: skip


def statements() -> Iterator[Record]:
    people = {"requested_by": FINANCE, "approved_by": (HEAD,)}
    money: dict[str, object] = {"commodities": ("CNY",)}
    yield Bulletin(
        id=name("bulletin"), recorded_at=AT, society=SOCIETY, published_on=date(2020, 6, 24),
        as_of=20,
        figures=(
            figure("received", 30_001_000, "fen", flows=("received",), **money),
            figure("paid", 2_000_000, "fen", flows=("used",), **money),
            figure("bought-goods-for", 200_000, "fen", flows=("converted_out",), **money),
            figure("spent", 2_200_000, "fen", flows=("used", "converted_out"), **money),
            figure("left", 27_801_000, "fen", held=True, **money),
            figure("kits-handed-out", 30, "piece", flows=("used",), commodities=("kit-a",)),
            figure("people", 30, "recipients", take="recipients", flows=("used",)),
        ),
        sums=(Sum(total="spent", of=("paid", "bought-goods-for")),),
        **people,  # type: ignore[arg-type]
    )  # fmt: skip
    yield Closing(
        id=name("closing"), recorded_at=AT, society=SOCIETY, first=date(2020, 6, 1),
        last=date(2020, 6, 20), as_of=20,
        lines=(
            ClosingLine(
                purpose="police-fund", source="donation", commodity="CNY", came=30_001_000,
                went=2_200_000, held=27_801_000,
            ),
            ClosingLine(
                purpose="police-fund", source="donation", commodity="kit-a", came=50, went=30,
                held=20,
            ),
            ClosingLine(
                purpose="reserve", source="own", commodity="CNY", came=5_000, went=1_000,
                held=4_000,
            ),
        ),
        **people,  # type: ignore[arg-type]
    )  # fmt: skip
    yield Reconciliation(
        id=name("reconciliation"), recorded_at=AT, society=SOCIETY, place="bank", commodity="CNY",
        statement_on=date(2020, 6, 20), statement=27_805_000, as_of=20, **people,  # type: ignore[arg-type]
    )  # fmt: skip


def write(folder: Path) -> None:
    """`records.jsonl`, `log/` and `key.txt` in a folder, as if nothing were there."""
    lines = [encode(record) for record in records()]
    folder.mkdir(exist_ok=True)
    (folder / "records.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / "key.txt").write_text(f"{KEY.public.vkey}\n", "utf-8")
    shutil.rmtree(folder / "log", ignore_errors=True)
    with tempfile.TemporaryDirectory() as heads:
        head = Heads(Path(heads)).of(ORIGIN)
        with writing(Folder(folder / "log"), [KEY], head, create=True) as log:
            log.append(lines)
            log.publish()


if __name__ == "__main__":
    write(FOLDER)
