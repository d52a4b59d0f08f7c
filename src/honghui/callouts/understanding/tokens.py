"""An answer as clauses of tokens: each word known by its kind, each time read, the rest unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from honghui.callouts.understanding import times
from honghui.callouts.understanding.words import PATTERNS

_NUMBER = re.compile(r"(?<!\d)\d+(?!\d)")
# A foreign word is unknown whole: the n of "on" says nothing.
_UNKNOWN = re.compile(r"[a-z']+|.", re.DOTALL)
_BOUNDARY = re.compile(r"[,.!:\n()\[\]「」【】\"~]+|\s+")
_TELEPHONE_DIGITS_MIN = 7


@dataclass(frozen=True)
class Token:
    """kind: of words.PATTERNS, or "time", "past", "leaves", "number", "telephone", "unknown"."""

    kind: str
    text: str
    time: times.Time | None = None


Clause = list[Token]


def clauses_of(text: str) -> list[Clause]:
    """In order, none empty. A blank divides Chinese clauses, unless a number stands beside it."""
    clauses: list[Clause] = [[]]
    for token in _tokens(text):
        if token is not None:
            clauses[-1].append(token)
        elif clauses[-1]:
            clauses.append([])
    return [clause for clause in clauses if clause]


def _tokens(text: str) -> Iterator[Token | None]:
    """None where a clause ends."""
    place = 0
    while place < len(text):
        token = _longest(text, place)
        if token is not None:
            yield token
            place += len(token.text)
            continue
        boundary = _BOUNDARY.match(text, place)
        if boundary:
            if not _joins(text, boundary):
                yield None
            place = boundary.end()
            continue
        unknown = _UNKNOWN.match(text, place)
        assert unknown is not None
        yield Token("unknown", unknown[0])
        place = unknown.end()


def _longest(text: str, place: int) -> Token | None:
    best: Token | None = None
    time = times.find(text, place)
    if time is not None:
        kind = "time" if time.kind == "T" else time.kind
        best = Token(kind, text[place : time.end], time.time)
    for kind, pattern in PATTERNS:
        found = pattern.match(text, place)
        if found and found.end() > place and (best is None or len(found[0]) > len(best.text)):
            best = Token(kind, found[0])
    number = _NUMBER.match(text, place)
    if number and (best is None or len(number[0]) > len(best.text)):
        long = len(number[0]) >= _TELEPHONE_DIGITS_MIN
        best = Token("telephone" if long else "number", number[0], times.bare(number[0]))
    return best


def _joins(text: str, boundary: re.Match[str]) -> bool:
    """Whether this is no boundary at all: `去 30`, `去。30`, or a blank between English words."""
    before, after = text[: boundary.start()][-1:], text[boundary.end() :][:1]
    if after.isdigit() or (before.isdigit() and not boundary[0].strip()):
        return "\n" not in boundary[0]
    return not boundary[0].strip(" ") and before.isascii() and after.isascii()
