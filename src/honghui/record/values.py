"""What a field of a record may hold.

A field that stands at its default is left out, so that one meaning has one spelling. Integers stay
within 2^53 - 1, which every JSON reader keeps exactly (RFC 8785, RFC 7493). There is no float.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

INTEGER_MAX = 2**53 - 1
# `$` alone would let a line break through at the end, in Python; this ends the text everywhere.
_END = r"$(?![\s\S])"
_CODE = r"[a-z0-9][a-z0-9.-]{0,47}"

Code = Annotated[
    str, Meta(pattern=f"^{_CODE}{_END}", description="a short name: a-z, 0-9, dot, hyphen")
]
SocietyCode = Annotated[
    str, Meta(pattern=f"^[0-9]{{6}}{_END}", description="division code at the founding (GB/T 2260)")
]
Commodity = Annotated[
    str,
    Meta(
        pattern=f"^([A-Z]{{3}}|{_CODE}){_END}",
        description="a currency (ISO 4217; quantities in its smallest unit) or the code of a lot",
    ),
]
FigureUnit = Annotated[
    str,
    Meta(
        pattern=f"^([A-Z]{{3}}|{_CODE}){_END}",
        description="fen, another currency (ISO 4217), a unit's code, steps or recipients",
    ),
]
Id = Annotated[
    str, Meta(pattern=f"^[0-9a-f]{{32}}{_END}", description="128 bits that name a record or a ref")
]
Pseudonym = Annotated[
    str,
    Meta(pattern=f"^[0-9a-f]{{32}}{_END}", description="one person in one society, unnamed"),
]
Hash = Annotated[str, Meta(pattern=f"^[0-9a-f]{{64}}{_END}", description="SHA-256 or HMAC, hex")]
RecordedAt = Annotated[
    str,
    Meta(
        pattern=r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):00Z" + _END,
        description="when it was written down, UTC, to the hour and no finer",
    ),
]
Quantity = Annotated[
    int, Meta(ge=1, le=INTEGER_MAX, description="fen, or the item's smallest unit")
]
Amount = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Signed = Annotated[int, Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)]
Position = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Interval = tuple[Position, Position]
BasisPoints = Annotated[int, Meta(ge=0, le=10_000, description="hundredths of a per cent")]
Vkey = Annotated[
    str,
    Meta(
        pattern=rf"^[^\s+\x00-\x20\x7f]{{1,255}}\+[0-9a-f]{{8}}\+[A-Za-z0-9+/]{{1,4000}}=?=?{_END}",
        description="a verifier key (C2SP signed-note)",
    ),
]
Qualifier = Literal["exact", "about", "over", "under"]

LIST_MAX = 512
CLAUSES_MAX = 64


class Form(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    repr_omit_defaults=True,
):
    """A part of a record: immutable, no field but its own, a default is left out."""


class Count(Form, frozen=True, kw_only=True):
    """A number of people or things as it is known. A count of people below the society's
    `count_min` is never exact."""

    value: Amount
    qualifier: Qualifier = "exact"


Period = tuple[date, date]


def recorded_at(moment: datetime) -> str:
    """A moment (aware) as records tell it: UTC, to the hour."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H}:00Z"


def is_currency(commodity: str) -> bool:
    return commodity.isupper()
