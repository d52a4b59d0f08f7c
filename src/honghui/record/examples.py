"""An example of every schema, and an entry of every act: for the reference, and for tests.

The society is Shaoxing's (330600) in June 2020, its fund is one for police officers. No id is a
real one: they are small numbers, which no random 128 bits ever are.
"""

from __future__ import annotations

from datetime import date

from honghui.record import clauses
from honghui.record.agreements import Consent, Decision, Review
from honghui.record.credentials import Certificate, CertificateRevocation
from honghui.record.example_entries import (
    AT,
    BULLETIN,
    CALL_OUT,
    CERTIFICATE,
    CHAIR,
    CLOSING,
    CONSENT,
    CONSENT_QUANTITY,
    DECISION,
    EMERGENCY_USE,
    FINANCE,
    FUND,
    GIFT,
    HEAD,
    LEFTOVER,
    MOVE,
    SOCIETY,
    entries,
    hash_,
    id_,
)
from honghui.record.log_events import KeyChange, RecoveryMark
from honghui.record.measures import Measure
from honghui.record.references import Clock, Content, Item, Lot, Place, Purpose, Society, Unit
from honghui.record.schemas import SCHEMAS, Record
from honghui.record.statements import (
    Bulletin,
    Closing,
    ClosingLine,
    Correction,
    Figure,
    Outstanding,
    Reconciliation,
    RescueSummary,
    Responded,
    Sum,
    Thing,
)
from honghui.record.values import Count

_OLD_KEY = "example.org/shaoxing+156a5b63+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
_NEW_KEY = "example.org/shaoxing+0a1b2c3d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh"


def _references() -> tuple[Record, ...]:
    return (
        Society(
            id=id_(0x01), recorded_at=AT, name=hash_(0x01), code=SOCIETY, level="city",
            upper="330000", place="330600", since=date(1952, 3, 1),
        ),
        Place(
            id=id_(0x02), recorded_at=AT, name=hash_(0x02), code="wh-330600-1", kind="warehouse",
            within="330602", since=date(2015, 5, 8),
        ),
        Unit(id=id_(0x03), recorded_at=AT, name=hash_(0x03), code="box-24", base="bottle",
             per_base=24),
        Item(
            id=id_(0x04), recorded_at=AT, name=hash_(0x04), code="family-kit", unit="piece",
            kind="relief-goods",
            contents=(Content(item="quilt", quantity=1), Content(item="towel", quantity=2)),
        ),
        Lot(
            id=id_(0x05), recorded_at=AT, name=hash_(0x05), code="kit-2020-06-a",
            item="family-kit", made_on=date(2020, 6, 16), expires_on=date(2025, 6, 15),
            value_fen=20_000, value_of=1, value_basis="contents", value_on=date(2020, 6, 16),
        ),
        Clock(
            id=id_(0x06), recorded_at=AT, name=hash_(0x06), code="gift-receipt",
            trigger="gift-received", days=5, valid_from=date(2016, 9, 1), source=hash_(0x16),
        ),
        Purpose(
            id=FUND, recorded_at=AT, name=hash_(0x07), code="police-fund", society=SOCIETY,
            starts_on=date(2020, 6, 1), ends_on=date(2022, 12, 31), nearest="general",
            clauses=_every_clause(), requested_by=FINANCE, approved_by=(HEAD,), text=hash_(0x17),
        ),
    )  # fmt: skip


def _every_clause() -> tuple[clauses.Clause, ...]:
    return (
        clauses.Uses(only=("award", "relief", "transport", "overhead")),
        clauses.Places(within=("330600",)),
        clauses.Items(kinds=("relief-goods",)),
        clauses.Dates(what="received", first=date(2020, 6, 1), last=date(2020, 12, 31)),
        clauses.Cap(uses=("overhead",), share_bp=500),
        clauses.Limit(currency="CNY", quantity=50_000_000),
        clauses.Decision(currency="CNY", above=1_000_000, approvers=2, body="fund-committee"),
        clauses.Approvers(at_least=1),
        clauses.AttestedText(text=hash_(0x18)),
    )


def _agreements() -> tuple[Record, ...]:
    return (
        Decision(
            id=DECISION, recorded_at=AT, society=SOCIETY, body="fund-committee",
            purpose="police-fund", commodity="CNY", quantity=2_000_000,
            decided_on=date(2020, 6, 12), last_on=date(2020, 12, 31), requested_by=FINANCE,
            approved_by=(HEAD, CHAIR), need=hash_(0x20), rule=hash_(0x21), evidence=(hash_(0x22),),
        ),
        Consent(
            id=CONSENT, recorded_at=AT, society=SOCIETY, given_by="giver", of=GIFT,
            from_purpose="flood-fund", to_purpose="police-fund", given_on=date(2020, 6, 17),
            commodity="CNY", quantity=CONSENT_QUANTITY, evidence=(hash_(0x23),),
        ),
        Review(
            id=id_(0x0c), recorded_at=AT, society=SOCIETY, of=EMERGENCY_USE, reviewed_by=HEAD,
            reviewed_on=date(2020, 6, 22), outcome="in_order", text=hash_(0x24),
        ),
    )  # fmt: skip


def _figure(name: str, value: int, unit: str, measure: Measure) -> Figure:
    return Figure(name=name, value=value, unit=unit, measure=measure)


def _money(*flows: str) -> Measure:
    return Measure(
        flows=flows, societies=(SOCIETY,), purposes=("police-fund",), commodities=("CNY",)  # type: ignore[arg-type]
    )  # fmt: skip


def _books() -> tuple[Record, ...]:
    return (
        Bulletin(
            id=BULLETIN, recorded_at=AT, society=SOCIETY, published_on=date(2020, 6, 24),
            as_of=1_288,
            figures=(
                _figure("paid", 2_000_000, "fen", _money("used")),
                _figure("bought-goods-for", 200_000, "fen", _money("converted_out")),
                _figure("spent", 2_200_000, "fen", _money("used", "converted_out")),
                Figure(
                    name="people", value=50, unit="recipients", qualifier="over",
                    measure=Measure(
                        take="recipients", flows=("used",), societies=(SOCIETY,),
                        purposes=("police-fund",), last=date(2020, 6, 23),
                    ),
                ),
            ),
            sums=(Sum(total="spent", of=("paid", "bought-goods-for")),),
            requested_by=FINANCE, approved_by=(HEAD,), text=hash_(0x30),
        ),
        Correction(
            id=id_(0x0e), recorded_at=AT, society=SOCIETY, of=BULLETIN, reason="amount",
            corrected_on=date(2020, 6, 26), as_of=1_290,
            figures=(_figure("paid", 2_100_000, "fen", _money("used")),),
            requested_by=FINANCE, approved_by=(HEAD,), text=hash_(0x31),
        ),
        Closing(
            id=id_(0x0f), recorded_at=AT, society=SOCIETY, first=date(2020, 6, 1),
            last=date(2020, 6, 30), as_of=1_302, after=CLOSING,
            lines=(
                ClosingLine(
                    purpose="police-fund", source="donation", commodity="CNY",
                    came=30_001_000, went=2_200_000, held=27_801_000,
                ),
                ClosingLine(
                    purpose="police-fund", source="donation", commodity="kit-2020-06-a",
                    opening=20, came=50, went=30, held=40,
                ),
            ),
            requested_by=FINANCE, approved_by=(HEAD,),
        ),
        Reconciliation(
            id=id_(0x10), recorded_at=AT, society=SOCIETY, place="icbc-330600", commodity="CNY",
            statement_on=date(2020, 6, 30), statement=27_905_000, as_of=1_302,
            outstanding=(
                Outstanding(quantity=-100_000, reason="not_yet_booked"),
                Outstanding(quantity=20_000, reason="not_yet_at_bank", entry=MOVE),
            ),
            requested_by=FINANCE, approved_by=(HEAD,), evidence=(hash_(0x32),),
        ),
    )  # fmt: skip


def _rescue() -> RescueSummary:
    boats = Thing(kind="inflatable-boat", count=Count(value=2))
    return RescueSummary(
        id=id_(0x11), recorded_at=AT, society=SOCIETY, call_out=CALL_OUT,
        happened_on=date(2020, 6, 20), place="330681",
        teams=(
            Responded(
                society=SOCIETY, team="water-rescue", people=Count(value=12), things=(boats,)
            ),
            Responded(society="330681", team="first-aid", people=Count(value=11)),
        ),
        people=Count(value=23), things=(boats,),
        helped=(Thing(kind="moved-to-safety", count=Count(value=10, qualifier="under")),),
        requested_by=FINANCE, approved_by=(HEAD,), text=hash_(0x33),
    )  # fmt: skip


def _others() -> tuple[Record, ...]:
    return (
        Certificate(
            id=CERTIFICATE, recorded_at=AT, society=SOCIETY, kind="first-aider",
            issued_on=date(2020, 6, 19), valid_until=date(2023, 6, 18), holder=hash_(0x40),
        ),
        CertificateRevocation(
            id=id_(0x13), recorded_at=AT, society=SOCIETY, of=CERTIFICATE,
            revoked_on=date(2020, 6, 23), reason="replaced",
        ),
        KeyChange(
            id=id_(0x14), recorded_at=AT, old_key=_OLD_KEY, new_key=_NEW_KEY,
            from_on=date(2020, 7, 1),
        ),
        RecoveryMark(
            id=id_(0x15), recorded_at=AT, restored_to=1_280, replayed=8, lost=(LEFTOVER,),
            text=hash_(0x41),
        ),
    )  # fmt: skip


def _all() -> dict[str, Record]:
    """By schema, in the order of `SCHEMAS`; the entries follow it, each with its act."""
    others = (*_references(), *_agreements(), *_books(), _rescue(), *_others())
    by_schema: dict[str, Record] = {str(one.__struct_config__.tag): one for one in others}
    found: dict[str, Record] = {}
    for schema in SCHEMAS:
        if schema in by_schema:
            found[schema] = by_schema[schema]
        else:
            found |= {f"{schema} {one.act}": one for one in entries()}
    return found


EXAMPLES: dict[str, Record] = _all()
