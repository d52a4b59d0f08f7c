from __future__ import annotations

import random

import pytest

from honghui.audit.auditing import audit_records
from honghui.audit.rules import RULES
from honghui.record.rules import RECORD_RULES
from tests.audit.societies import WEIGHTS
from tests.audit.wrongs import WRONGS, Wrong, Wrongs

# Names no single record: two halves of the audit that disagree. `test_balance` has it.
ELSEWHERE = {"pool.unbalanced"}
# Would change what some wrong counts on: the first closing, the first version.
_NOT_BEFORE = {"new_version", "closing", "key_change"}


def some_society(seed: int) -> Wrongs:
    chance = random.Random(seed)
    verbs = [verb for verb in WEIGHTS if verb not in _NOT_BEFORE]
    return Wrongs(chance, *chance.choices(verbs, k=12 * seed))


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.__name__)
def test_a_wrong_is_caught_at_its_record_by_its_rule(wrong: Wrong) -> None:
    for seed in range(3):
        society = some_society(seed)
        assert audit_records(society.entries).proven
        wrong(society)
        found = audit_records(society.entries).findings
        assert {one.index for one in found} == {len(society.records) - 1}
        assert WRONGS[wrong] in {one.rule for one in found}
        for one in found:
            assert one.say("zh") and one.say("en")


def test_every_rule_is_broken_by_some_wrong() -> None:
    assert set(RULES) - set(RECORD_RULES) - ELSEWHERE == set(WRONGS.values())
