"""Whatever the records say, the audit answers: it proves, or it names a record and a rule."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from honghui.audit.auditing import audit_records
from honghui.audit.report_words import in_words
from honghui.record.errors import BadRecord
from honghui.record.schemas import decode
from tests.audit.societies import random_society


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value where something simple stands."""
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in leaves(one, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, one in enumerate(value) for leaf in leaves(one, (*path, at))]
    return [path]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def swapped(entries: list[bytes], chance: random.Random) -> list[bytes]:
    """One value of one record replaced by one of the same name from another, or a whole record
    dropped, doubled or moved. Still canonical, and often still a valid record."""
    entries = list(entries)
    one = chance.randrange(len(entries))
    if chance.random() < 0.3:
        record = entries.pop(one)
        for _ in range(chance.randrange(3)):
            entries.insert(chance.randint(0, len(entries)), record)
        return entries
    value, other = json.loads(entries[one]), json.loads(chance.choice(entries))
    path = chance.choice(leaves(value))
    same = [leaf for leaf in leaves(other) if leaf[-1] == path[-1]]
    new = at(other, chance.choice(same)) if same else chance.choice([0, 1, "x", None])
    if isinstance(new, int) and not isinstance(new, bool) and chance.random() < 0.5:
        new += chance.choice([-1, 1, 2**40])
    at(value, path[:-1])[path[-1]] = new
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    entries[one] = text.encode()
    return entries


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 6))
def test_the_audit_answers_whatever_the_records_say(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    entries = random_society(seed, 40).entries
    for _ in range(changes):
        entries = swapped(entries, chance)
    report = audit_records(entries)
    for language in ("zh", "en"):
        assert in_words(report, language)
    json.loads(report.as_json())
    for one in report.findings:
        assert -1 <= one.index < len(entries)


def test_changed_records_often_still_decode() -> None:
    """Else the test above would only fuzz the decoder."""
    chance = random.Random(1)
    entries = random_society(1, 60).entries
    decoded = 0
    for _ in range(300):
        try:
            for entry in set(swapped(entries, chance)) - set(entries):
                decode(entry)
                decoded += 1
        except BadRecord:
            pass
    assert decoded > 30
