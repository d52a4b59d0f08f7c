"""Random societies with every act there is, through the real ledger: its pools are those of the
unit-by-unit model, its log audits clean, and the audit finds the same in every pool."""

from __future__ import annotations

import pytest

from honghui.audit.auditing import audit_records
from tests.audit.societies import random_society
from tests.ledger import books

SOCIETIES = 4
ACTS = 250


@pytest.mark.parametrize("seed", range(SOCIETIES))
def test_ledger_units_and_audit_agree_pool_for_pool(committed: str, seed: int) -> None:
    society = random_society(seed, ACTS)
    before = books.pools()
    books.keep(society.records)
    expected = society.units.state()
    found = {pool: held for pool, held in books.pools().items() if pool not in before}
    assert {pool: held for pool, held in found.items() if held[0]} == expected
    report = audit_records(books.log())
    assert not report.findings
    assert {pool: (h.taken_in, h.booked) for pool, h in report.pools.items()} == expected
