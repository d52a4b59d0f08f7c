from __future__ import annotations

from collections import Counter
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from honghui.audit.auditing import audit_records
from honghui.record.entries import Act
from honghui.record.schemas import SCHEMAS
from tests.audit.societies import random_society


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), acts=st.integers(0, 60))
def test_a_random_society_proves_and_equals_the_unit_model_pool_for_pool(
    seed: int, acts: int
) -> None:
    society = random_society(seed, acts)
    report = audit_records(society.entries)
    assert not report.findings, [one.say("en") for one in report.findings]
    assert {
        pool: (held.taken_in, held.booked) for pool, held in report.pools.items()
    } == society.units.state()


def test_every_act_and_every_schema_occurs_and_proves() -> None:
    done: Counter[str] = Counter()
    for seed in range(12):
        society = random_society(seed, 400)
        report = audit_records(society.entries)
        assert not report.findings, (seed, [one.say("en") for one in report.findings])
        assert {
            pool: (held.taken_in, held.booked) for pool, held in report.pools.items()
        } == society.units.state()
        done += society.done
    for what in (*get_args(Act), *(schema for schema in SCHEMAS if schema != "entry/1")):
        assert done[what], what
    for what in ("undone where it moved", "covered", "short", "overhead", "gift in parts"):
        assert done[what], what
