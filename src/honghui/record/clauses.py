"""What a purpose allows, as clauses that a person can read and a machine can hold anybody to.

A purpose is a list of clauses. Each is either provable, from public fields alone, or attested: a
person vouches, by name in our own books and by pseudonym here. The posting refuses what breaks a
clause, and the audit re-proves every provable one.

What no clause allows is refused where silence would be dangerous: `overhead` needs a `cap`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from honghui.record.steps import UseClass
from honghui.record.values import Amount, BasisPoints, Code, Form, Hash, Quantity

_Codes = Annotated[tuple[Code, ...], Meta(min_length=1, max_length=128)]
_Uses = Annotated[tuple[UseClass, ...], Meta(min_length=1, max_length=64)]
_Number = Annotated[int, Meta(ge=1, le=32)]


class Uses(Form, frozen=True, kw_only=True, tag_field="clause", tag="uses"):
    """Only for these."""

    only: _Uses


class Places(Form, frozen=True, kw_only=True, tag_field="clause", tag="places"):
    """Only used in these places or within them."""

    within: _Codes


class Items(Form, frozen=True, kw_only=True, tag_field="clause", tag="items"):
    """Goods only of these kinds or kinds of them, whether given, bought or handed out."""

    kinds: _Codes


class Dates(Form, frozen=True, kw_only=True, tag_field="clause", tag="dates"):
    """Received, or used, only from the first day to the last, both included."""

    what: Literal["received", "used"]
    first: date | None = None
    last: date | None = None


class Cap(Form, frozen=True, kw_only=True, tag_field="clause", tag="cap"):
    """At any moment no more than this share of all money received for the purpose goes to these
    uses together. Per currency; goods count on neither side."""

    uses: _Uses
    share_bp: BasisPoints


class Limit(Form, frozen=True, kw_only=True, tag_field="clause", tag="limit"):
    """One use, purchase or decision is of no more than this, in this currency."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?![\s\S])")]
    quantity: Quantity


class Decision(Form, frozen=True, kw_only=True, tag_field="clause", tag="decision"):
    """What is above `above`, in this currency, is paid by decision alone: of `body`, with at
    least so many approvers, all different people and none of them the one who asked."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?![\s\S])")]
    above: Amount
    approvers: _Number = 1
    body: Code | None = None


class Approvers(Form, frozen=True, kw_only=True, tag_field="clause", tag="approvers"):
    """Every use has at least so many approvers, all different and none the one who asked."""

    at_least: _Number


class AttestedText(Form, frozen=True, kw_only=True, tag_field="clause", tag="attested"):
    """Something that only a person can judge. The words lie in a side file under this hash; for
    every use somebody vouches that they were kept."""

    text: Hash


Clause = Uses | Places | Items | Dates | Cap | Limit | Decision | Approvers | AttestedText
