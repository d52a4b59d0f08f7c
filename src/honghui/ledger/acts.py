"""What each act of the ledger is: the shape of its steps, from which stage to which, and whether
two people must have looked at it.

The posting goes by this table, and the audit by one of its own: two programs that agree are worth
more than one that is sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from honghui.record.steps import Back, Cover, In, Link, Out, Shrink, Step


class Turn(Enum):
    """What a link makes of a commodity."""

    NOTHING = "the same, as much"
    BUYS = "money becomes a lot"
    SELLS = "a lot becomes money"
    EXCHANGES = "one currency becomes another"
    PACKS = "lots become a kit"


@dataclass(frozen=True)
class Kind:
    """`stages`: where the value lies, by the shapes other than a link. `roads`: a link's, from and
    to. `use`: what an outflow of it must be said to be used for; "" leaves it to the act."""

    shapes: tuple[type[Step], ...]
    stages: str = ""
    roads: tuple[tuple[str, str], ...] = ()
    turn: Turn = Turn.NOTHING
    four_eyes: bool = False
    use: str | None = None
    source: str | None = None

    def goes(self, before: str, after: str) -> bool:
        return any(before in one.split() and after in other.split() for one, other in self.roads)


HAND, DECIDED, WAY, SHORT = "on_hand", "decided", "in_transit", "shortfall"
SET_ASIDE = "reserved decided"
AT_HOME = f"{HAND} {SET_ASIDE}"
ALIVE = f"{AT_HOME} {WAY}"

KINDS: dict[str, Kind] = {
    # from outside
    "gift": Kind((In,), HAND, source="donation"),
    "appropriation": Kind((In,), HAND, source="appropriation"),
    "earning": Kind((In,), HAND),
    "shortfall": Kind((In,), SHORT),
    # into something else
    "purchase": Kind(
        (Link,), roads=((f"{HAND} {DECIDED}", f"{HAND} {WAY}"),), turn=Turn.BUYS, four_eyes=True
    ),
    "sale": Kind((Link,), roads=((HAND, HAND),), turn=Turn.SELLS, four_eyes=True),
    "exchange": Kind((Link,), roads=((HAND, HAND),), turn=Turn.EXCHANGES, four_eyes=True),
    "pack": Kind((Link,), roads=((f"{HAND} reserved", HAND),), turn=Turn.PACKS),
    # to another place, stage, purpose or society
    "move": Kind((Link,), roads=((HAND, HAND), (AT_HOME, WAY), (WAY, f"{HAND} {WAY}"))),
    "reserve": Kind((Link,), roads=((HAND, "reserved"),)),
    "decide": Kind((Link,), roads=((f"{HAND} reserved", DECIDED),)),
    "release": Kind((Link,), roads=((SET_ASIDE, HAND),)),
    "transfer_out": Kind((Link,), roads=((AT_HOME, WAY),), four_eyes=True),
    "transfer_in": Kind((Link,), roads=((WAY, HAND),)),
    "change_of_purpose": Kind((Link,), roads=((HAND, HAND),), four_eyes=True),
    "leftover": Kind((Link,), roads=((HAND, HAND),), four_eyes=True),
    # to its end
    "use": Kind((Out,), ALIVE, four_eyes=True, use=""),
    "loss": Kind((Out,), f"{HAND} reserved {WAY}", four_eyes=True, use="loss"),
    "stocktake": Kind((In, Out), HAND, four_eyes=True, use="stocktake"),
    "shrink": Kind((Shrink,), HAND, four_eyes=True),
    # undone, or borne by others
    "refund": Kind((Out, Cover), ALIVE, four_eyes=True),
    "reversal": Kind((Out, Cover), ALIVE),
    "return": Kind((Back,), ALIVE, four_eyes=True),
    "cover": Kind((Cover,), f"{ALIVE} {SHORT}", four_eyes=True),
}

# Come from outside and wait for the sequencer, which gives them their positions.
ARRIVING = frozenset({"gift", "appropriation", "earning"})
# Give a gift back to whoever gave it.
GIVING_BACK = frozenset({"refund", "reversal"})
BETWEEN_SOCIETIES = frozenset({"transfer_out", "transfer_in"})
CHANGING_PURPOSE = frozenset({"change_of_purpose", "leftover"})
SHRINKING_BY = frozenset({"fee", "loss", "exchange", "overhead"})
# Go on when a purpose has ended: they spend nothing of it for a new end.
AFTER_THE_END = frozenset(
    {
        "refund", "reversal", "return", "cover", "release", "stocktake", "loss", "leftover",
        "change_of_purpose", "move", "transfer_in",
    }
)  # fmt: skip
