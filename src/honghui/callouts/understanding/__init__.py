"""What somebody means who answers a call-out at 2 a.m. on a telephone. Pure: text in, meaning out.

    text → normalise → code → tokens (times among them) → clauses → meaning

The one hard idea: it may fail to understand, and then a person reads the answer; it may never take
a coming for a declining, or the reverse. Hence a clause counts only if every word of it is known,
and whatever hedges, asks, or sets a condition leaves the whole answer to a person. The grammar is
in docs/algorithms/answers.md, its score in bench/results/answers.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from honghui.callouts.understanding.codes import split_code
from honghui.callouts.understanding.meanings import Read, read
from honghui.callouts.understanding.normalising import normalised
from honghui.callouts.understanding.times import moment_of
from honghui.callouts.understanding.tokens import clauses_of

CHARACTERS_MAX = 500


class Meaning(StrEnum):
    """Of one answer. The last three leave the person where they stood."""

    COMING = "coming"
    DECLINED = "declined"
    IF_SHORT = "if_short"
    STAND_BY = "stand_by"
    ACKNOWLEDGED = "acknowledged"
    QUESTION = "question"
    OPT_OUT = "opt_out"
    UNCLEAR = "unclear"


DECISIVE = frozenset({Meaning.COMING, Meaning.DECLINED, Meaning.IF_SHORT, Meaning.STAND_BY})


@dataclass(frozen=True)
class Understood:
    """eta_minutes, at: when they will be there, both or neither; `at` is in the zone of `now`.
    code: a message's own short code, in capitals, "" if there was none. progress: "departed" or
    "arrived" where they say so. speaks_for_others: somebody besides them is told of. asks: a
    question stands beside a clear answer."""

    meaning: Meaning
    eta_minutes: int | None = None
    at: datetime | None = None
    code: str = ""
    progress: str = ""
    speaks_for_others: bool = False
    asks: bool = False

    @property
    def needs_a_person(self) -> bool:
        """Nobody can go on from this without reading it; or there is more in it than one answer."""
        return (
            self.meaning in (Meaning.UNCLEAR, Meaning.QUESTION, Meaning.OPT_OUT)
            or self.speaks_for_others
            or self.asks
        )


def understand(text: str, *, now: datetime, codes: Collection[str] = ()) -> Understood:
    """text: as it came, at most CHARACTERS_MAX are read. now: aware, in the zone that people there
    mean. codes: the short codes that may stand in it; without them, what looks like one is one."""
    plain, code = split_code(normalised(text[:CHARACTERS_MAX]), codes)
    found: Read = read(clauses_of(plain))
    meaning = Meaning(found.meaning)
    at = eta = None
    if found.time is not None and meaning in DECISIVE - {Meaning.DECLINED}:
        at, eta = moment_of(found.time, now)
    return Understood(
        meaning=meaning,
        eta_minutes=eta,
        at=at,
        code=code,
        progress=found.progress,
        speaks_for_others=found.speaks_for_others,
        asks=found.asks,
    )
