"""The answer parser scored: answers that people type, and what each means, in
tests/callouts/answers.tsv. 482 were written before the parser, and 193 of these held back from it.
"harder" are 139 written afterwards to find its limits; it has learnt from them since.

An answer is right if its meaning and its time are; "person" if somebody has to read it; "wrong" if
it is taken for something else, and reversed if a coming is taken for a declining or the other way
round, of which there may be none.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bench.table import Row
from honghui.callouts.understanding import Meaning, understand
from honghui.kernel.clock import CHINA

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "callouts" / "answers.tsv"
NOW = datetime(2020, 6, 13, 2, 10, tzinfo=CHINA)
HELD_BACK_RIGHT_LEAST = 0.95
_UNREAD = {Meaning.UNCLEAR, Meaning.QUESTION}
_PARTS = {"develop": "developed with", "held_back": "held back", "harder": "harder, added later"}
RIGHT_LEAST = {"develop": 1.0, "held_back": HELD_BACK_RIGHT_LEAST, "harder": 0.75}


@dataclass(frozen=True)
class Answer:
    """`minutes`, `at`: when they are there, as "30" or "09:30"; both "" if they did not say."""

    line: int
    part: str
    kind: str
    meaning: Meaning
    minutes: str
    at: str
    text: str


@lru_cache(maxsize=1)
def corpus() -> tuple[Answer, ...]:
    answers = []
    lines = CORPUS.read_text(encoding="utf-8").split("\n")[1:]
    for line, row in enumerate(lines, start=2):
        if row:
            part, kind, meaning, minutes, at, text = row.split("\t")
            text = text.replace("\\n", "\n")
            answers.append(Answer(line, part, kind, Meaning(meaning), minutes, at, text))
    return tuple(answers)


def outcome_of(answer: Answer) -> str:
    """ "right", "time" (only the time is wrong), "person", "wrong", "reversed"."""
    read = understand(answer.text, now=NOW)
    if read.meaning == answer.meaning or {read.meaning, answer.meaning} <= _UNREAD:
        at = read.at.strftime("%H:%M") if read.at else ""
        if answer.at:
            return "right" if at == answer.at else "time"
        minutes = "" if read.eta_minutes is None else str(read.eta_minutes)
        return "right" if minutes == answer.minutes else "time"
    if {read.meaning, answer.meaning} == {Meaning.COMING, Meaning.DECLINED}:
        return "reversed"
    return "person" if read.meaning in _UNREAD else "wrong"


def outcomes(part: str, kind: str = "") -> Counter[str]:
    asked = (each for each in corpus() if each.part == part and kind in ("", each.kind))
    return Counter(map(outcome_of, asked))


def rows() -> list[Row]:
    found = []
    for part, words in _PARTS.items():
        score = outcomes(part)
        count = sum(score.values())
        beside = ", ".join(f"{word} {score[word]}" for word in ("time", "person", "wrong"))
        least = 100 * RIGHT_LEAST[part]
        right = 100 * score["right"] / count
        found += [
            Row(f"answers {words}: not read rightly, of {count}", 100 - right, 100 - least, "%",
                f"{score['right']} right, {beside}"),
            Row(f"answers {words}: taken for their opposite", score["reversed"], 0, "answers"),
            Row(f"answers {words}: taken for something else", score["wrong"], 0, "answers"),
        ]  # fmt: skip
    for kind in dict.fromkeys(each.kind for each in corpus()):
        score = outcomes("held_back", kind)
        count = sum(score.values())
        beside = ", ".join(f"{word} {n}" for word, n in score.items())
        found.append(Row(f"held back, {kind}: to a person, of {count}", score["person"], count,
                         "answers", beside))  # fmt: skip
    found.append(_speed())
    return found


def _speed() -> Row:
    began = time.perf_counter()
    for each in corpus():
        understand(each.text, now=NOW)
    milliseconds = 1000 * (time.perf_counter() - began) / len(corpus())
    return Row("time to read one answer, on average", milliseconds, 5, "ms")
