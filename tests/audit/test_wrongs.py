from __future__ import annotations

import random

import pytest

from honghui.audit.auditing import audit_records
from honghui.audit.rules import RULES
from honghui.record.rules import RECORD_RULES
from tests.audit.societies import WEIGHTS
from tests.audit.wrongs import WRONGS, Wrong, Wrongs

# Names no single record: two halves of the audit that disagree. `test_audit_of_the_audit` has it.
ELSEWHERE = {"pool.unbalanced"}


def some_society(seed: int) -> Wrongs:
    """A society with a life behind it, so that a wrong stands among much that is in order."""
    chance = random.Random(seed)
    society = Wrongs(chance)
    once = {"new_version", "key_change", "closing"}
    verbs = [verb for verb in WEIGHTS if verb not in once]
    for verb in chance.choices(verbs, k=20):
        getattr(society, verb)()
    return society


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.__name__)
def test_a_wrong_is_caught_at_its_record_by_its_rule(wrong: Wrong) -> None:
    for seed in range(3):
        society = Wrongs(random.Random(seed)) if seed == 0 else fresh(seed)
        assert audit_records(society.entries).proven
        wrong(society)
        report = audit_records(society.entries)
        found = [(one.index, one.rule) for one in report.findings]
        assert (len(society.records) - 1, WRONGS[wrong]) in found[:1], found


def fresh(seed: int) -> Wrongs:
    return some_society(seed)


def test_every_rule_is_broken_by_some_wrong() -> None:
    assert set(RULES) - set(RECORD_RULES) - ELSEWHERE == set(WRONGS.values())
