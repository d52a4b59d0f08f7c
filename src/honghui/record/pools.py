"""Where value lies. Everything entrusted is in a pool: one commodity, one society, one purpose, one
fund source, one place, one stage. A pool has one axis of positions, `[0, taken_in)`.

A lot is a commodity of its own: two deliveries of one item are two lots, and never mix.
"""

from __future__ import annotations

from sys import intern
from typing import Literal

from honghui.record.values import Code, Commodity, Form, Id, SocietyCode

FundSource = Literal["donation", "appropriation", "own"]
# on_hand    at its place, free to be used
# reserved   for request `ref`
# decided    set aside by decision `ref`, for nothing else
# in_transit on waybill or payment order `ref`, with the sender until it is received
# shortfall  a loss that no reserve could bear, shown openly until one does
Stage = Literal["on_hand", "reserved", "decided", "in_transit", "shortfall"]
STAGES_WITH_REF = frozenset({"reserved", "decided", "in_transit"})


class Pool(Form, frozen=True, kw_only=True):
    """A pool's full key. `ref` stands exactly where the stage needs one."""

    society: SocietyCode
    purpose: Code
    source: FundSource
    commodity: Commodity
    place: Code
    stage: Stage = "on_hand"
    ref: Id | None = None


def interned(pool: Pool) -> Pool:
    """The same key, its words shared with all other pools: a fourth of the memory."""
    return Pool(
        society=intern(pool.society),
        purpose=intern(pool.purpose),
        source=pool.source,
        commodity=intern(pool.commodity),
        place=intern(pool.place),
        stage=pool.stage,
        ref=pool.ref,
    )


def in_words(pool: Pool) -> str:
    """The key on one line, for reports: society/purpose/source/commodity/place[/stage/ref]."""
    parts = [pool.society, pool.purpose, pool.source, pool.commodity, pool.place]
    if pool.stage != "on_hand":
        parts += [pool.stage, *([pool.ref] if pool.ref else [])]
    return "/".join(parts)
