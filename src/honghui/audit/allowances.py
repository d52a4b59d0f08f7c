"""What a decision or a consent allows, and how much of it is taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Decided:
    """What a decision allows, how many approved it, and how much of it is taken up."""

    society: str
    body: str
    purpose: str
    commodity: str
    quantity: int
    last_on: date | None
    approvers: int
    taken: int = 0


@dataclass(slots=True)
class Consented:
    """What somebody agreed to, and how much of it is taken up. Without a commodity: that a purpose
    becomes wider."""

    society: str
    from_purpose: str
    to_purpose: str
    commodity: str | None
    quantity: int
    taken: int = 0
