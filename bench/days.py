"""The parser of days scored: what members write of when they can come, in tests/rescue/days.tsv.
187 were written before the parser, and 62 of these held back from it.

Wrong is a state or a day that was not said; whatever is in doubt goes to a person."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from bench.table import Row
from honghui.rescue.rules.days import understand_days

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "rescue" / "days.tsv"
TODAY = date(2020, 6, 24)
HELD_BACK_RIGHT_LEAST = 0.9
_PARTS = {"develop": "developed with", "held_back": "held back"}
RIGHT_LEAST = {"develop": 1.0, "held_back": HELD_BACK_RIGHT_LEAST}


@dataclass(frozen=True)
class Said:
    """`state`: of Availability, or "person"; `begins`, `ends`: "06-25", or "" for now and open."""

    line: int
    part: str
    state: str
    begins: str
    ends: str
    text: str


@lru_cache(maxsize=1)
def corpus() -> tuple[Said, ...]:
    lines = CORPUS.read_text(encoding="utf-8").split("\n")
    return tuple(
        Said(number, *line.split("\t"))
        for number, line in enumerate(lines, 1)
        if number > 1 and line
    )


def outcome_of(said: Said) -> str:
    """ "right", "person" (a person reads what could have been read), "wrong"."""
    heard = understand_days(said.text, today=TODAY)
    if heard is None:
        return "right" if said.state == "person" else "person"
    found = [f"{day:%m-%d}" if day else "" for day in (heard.from_on, heard.until_on)]
    return "right" if [heard.state, *found] == [said.state, said.begins, said.ends] else "wrong"


def outcomes(part: str) -> Counter[str]:
    return Counter(outcome_of(each) for each in corpus() if each.part == part)


def rows() -> list[Row]:
    found = []
    for part, words in _PARTS.items():
        score = outcomes(part)
        count = sum(score.values())
        right = 100 * score["right"] / count
        found += [
            Row(f"days {words}: not read rightly, of {count}", 100 - right,
                100 - 100 * RIGHT_LEAST[part], "%",
                f"{score['right']} right, person {score['person']}, wrong {score['wrong']}"),
            Row(f"days {words}: taken for something else", score["wrong"], 0, "texts"),
        ]  # fmt: skip
    began = time.perf_counter()
    for each in corpus():
        understand_days(each.text, today=TODAY)
    milliseconds = 1000 * (time.perf_counter() - began) / len(corpus())
    found.append(Row("time to read one text of days, on average", milliseconds, 5, "ms"))
    return found
