"""From clauses to one meaning. Rules in order, the first that fits; what is left is unclear.

A clause decides only if it is clean: nothing unknown in it, nobody else spoken of. Two clauses that
contradict each other decide only where a word says which of them is the newer (现在, 改一下, 但).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from honghui.callouts.understanding.times import Time
from honghui.callouts.understanding.tokens import Clause, Token

_GOING = {"go", "way", "here", "leaves"}
_SILENT = {"filler", "time", "number", "telephone", "reason", "change", "but", "people", "past"}
_NEGATIVE = {*"不没别未无莫勿非", "not", "never", "nor", "without", "don't", "dont", "didn't"}
# 刚才, 之前, 前面, 原来, 先前: what begins so was said before.
_PAST = set("刚之前原先")
_KEYS = {"1": "coming", "2": "declined", "3": "if_short"}


@dataclass(frozen=True)
class Read:
    meaning: str
    time: Time | None = None
    progress: str = ""
    speaks_for_others: bool = False
    asks: bool = False


@dataclass(frozen=True)
class _Verdict:
    """Of one clause: "coming", "declined", "stand_by", "heard", "time", "silent", "unknown" (says
    nothing that we know), "doubt" (says something of coming, and we are not sure what)."""

    word: str
    time: Time | None = None


def read(clauses: list[Clause]) -> Read:
    tokens = [token for clause in clauses for token in clause]
    kinds = {token.kind for token in tokens}
    early = _whole(clauses, kinds)
    if early is not None:
        return early
    found = _decided(clauses, kinds)
    progress = "arrived" if "here" in kinds else "departed" if "way" in kinds else ""
    return replace(
        found,
        progress=progress if found.meaning == "coming" else "",
        speaks_for_others=found.meaning == "coming" and bool(kinds & {"people", "other"}),
    )


def _whole(clauses: list[Clause], kinds: set[str]) -> Read | None:
    """What is settled by the whole answer, before its clauses are looked at one by one."""
    if not clauses:
        return Read("unclear")
    said = [token for token in (t for c in clauses for t in c) if token.kind != "filler"]
    if len(said) == 1 and said[0].kind in ("number", "go") and said[0].text in _KEYS:
        return Read(_KEYS[said[0].text])
    if "opt_out" in kinds:
        clean = kinds <= {"opt_out", "filler", "heard"}
        return Read("opt_out" if clean else "unclear")
    if kinds & {"hedge", "if"} and "short" not in kinds:
        asked = _asks_last(clauses)
        return Read("question" if asked else "unclear")
    if "short" in kinds:
        clean = not kinds & {"hedge", "ask", "other", "people", "decline"}
        return Read("if_short", _time_in(clauses)) if clean else Read("unclear")
    return None


def _decided(clauses: list[Clause], kinds: set[str]) -> Read:
    asking = [clause for clause in clauses if any(token.kind == "ask" for token in clause)]
    stated = [clause for clause in clauses if clause not in asking]
    verdicts = [_of_clause(clause) for clause in stated]
    words = [verdict.word for verdict in verdicts]
    if asking:
        sure = "coming" in words and not {"declined", "doubt", "unknown", "other"} & set(words)
        sure = sure and "decline" not in kinds
        return Read("coming", _latest(verdicts), asks=True) if sure else Read("question")
    if "doubt" in words:
        return Read("unclear")
    return _joined(verdicts, words, stated)


def _joined(verdicts: list[_Verdict], words: list[str], clauses: list[Clause]) -> Read:
    deciding = [word for word in words if word in ("coming", "declined", "stand_by")]
    if len(set(deciding)) > 1:
        if not _takes_back(words, clauses):
            return Read("unclear")
        deciding = deciding[-1:]
    if deciding:
        word = deciding[0]
        others = "other" in words
        if others and not (word == "coming" and words[0] == "coming"):
            return Read("unclear")
        return Read(word, None if word == "declined" else _latest(verdicts))
    if "time" in words and not {"unknown", "other"} & set(words):
        return Read("coming", _latest(verdicts))
    if "heard" in words and not {"unknown", "other"} & set(words):
        return Read("acknowledged")
    return Read("unclear")


def _takes_back(words: list[str], clauses: list[Clause]) -> bool:
    """Whether the last deciding clause says that it is the newer one (现在, 改一下, 但), or the one
    that it contradicts, that it is the older (刚才说)."""
    last = max(i for i, word in enumerate(words) if word in ("coming", "declined", "stand_by"))
    older = [i for i in range(last) if words[i] in ("coming", "declined", "stand_by")]
    before = max(i for i in older if words[i] != words[last])
    since = [token for clause in clauses[before + 1 : last + 1] for token in clause]
    if any(token.kind in ("change", "but") and token.text[:1] not in _PAST for token in since):
        return True
    return any(token.kind == "change" and token.text[:1] in _PAST for token in clauses[before])


def _of_clause(clause: Clause) -> _Verdict:
    kinds = {token.kind for token in clause}
    loose = kinds - _SILENT
    if "decline" in loose and _is_too_soon(clause):
        return _Verdict("silent")
    if "other" in loose:
        return _Verdict("other" if kinds & (_GOING | {"decline"}) else "unknown")
    if "unknown" in loose:
        return _unsure(clause, loose)
    time = _time_of(clause)
    if "decline" in loose:
        return _Verdict("doubt" if loose & _GOING else "declined")
    if loose & _GOING:
        return _Verdict("doubt" if "ready" in loose else "coming", time)
    if "ready" in loose:
        return _Verdict("stand_by", time)
    if _has_strange_number(clause):
        return _Verdict("heard" if "heard" in loose else "unknown")
    if time is not None and "reason" not in kinds and "telephone" not in kinds:
        return _Verdict("time", time)
    return _Verdict(
        "heard" if "heard" in loose else "unknown" if "telephone" in kinds else "silent"
    )


def _unsure(clause: Clause, loose: set[str]) -> _Verdict:
    """Something in it is unknown. A declining may have its reason beside it; a coming may not."""
    if "decline" in loose and not loose & _GOING and not loose & {"ready"}:
        first = next(i for i, token in enumerate(clause) if token.kind == "decline")
        before = clause[:first]
        strange = any(token.kind == "unknown" for token in before)
        explained = any(token.kind == "reason" or token.text[:1] == "我" for token in before)
        return _Verdict("declined" if explained or not strange else "doubt")
    negative = any(t.kind == "unknown" and t.text in _NEGATIVE for t in clause)
    return _Verdict("doubt" if loose & (_GOING | {"decline", "ready"}) or negative else "unknown")


def _is_too_soon(clause: Clause) -> bool:
    """30分钟到不了: not by then, which is no declining."""
    for before, token in zip(clause, clause[1:], strict=False):
        if token.kind == "decline" and before.kind == "time":
            return True
    return False


def _time_of(clause: Clause) -> Time | None:
    """The last one said; a bare number counts where it can be one."""
    found = [token.time for token in clause if token.kind in ("time", "number") and token.time]
    return found[-1] if found else None


def _has_strange_number(clause: Clause) -> bool:
    """A number that is no number of minutes: somebody's extension, a code of another sender."""
    return any(token.kind == "number" and not _may_be_minutes(token) for token in clause)


def _may_be_minutes(token: Token) -> bool:
    return token.time is not None and token.time.minutes is not None and token.time.minutes >= 5


def _latest(verdicts: list[_Verdict]) -> Time | None:
    found = [each.time for each in verdicts if each.word in ("coming", "time", "stand_by")]
    known = [time for time in found if time is not None]
    return known[-1] if known else None


def _time_in(clauses: list[Clause]) -> Time | None:
    return _latest([_Verdict("time", _time_of(clause)) for clause in clauses])


def _asks_last(clauses: list[Clause]) -> bool:
    return any(token.kind == "ask" for token in clauses[-1])
