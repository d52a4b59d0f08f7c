"""A refused record leaves nothing behind, and an answer does not outlive what it rested on."""

from __future__ import annotations

import random

from msgspec.structs import replace

from honghui.audit.auditing import audit_records
from honghui.record.agreements import Decision
from honghui.record.clauses import Places
from honghui.record.references import Place
from tests.audit.bookkeeper import APPROVES, ASKS, AT, TODAY
from tests.audit.wrongs import Wrongs


def test_what_a_refused_entry_took_of_a_decision_is_still_there() -> None:
    society = Wrongs(random.Random(1))
    decision = Decision(
        id=society.name(), recorded_at=AT, society="330600", body="committee", purpose="general",
        commodity="CNY", quantity=10, decided_on=TODAY, requested_by=ASKS, approved_by=(APPROVES,),
    )  # fmt: skip
    society.write(decision)
    into = replace(society.money, stage="decided", ref=decision.id)
    elsewhere = replace(into, purpose="school")
    society.carry("decide", society.money, 10, elsewhere, decision=decision.id)
    refused = len(society.records) - 1
    society.carry("decide", society.money, 10, into, decision=decision.id)
    found = audit_records(society.entries).findings
    assert {(one.index, one.rule) for one in found} == {(refused, "purpose.changed")}


def test_a_place_that_moves_changes_which_purpose_is_narrower() -> None:
    society = Wrongs(random.Random(1))
    society.purpose("city", Places(within=("330600",)))
    society.purpose("county", Places(within=("330602",)))
    pool = replace(society.money, purpose="city")
    society.take_in("gift", pool, 100)
    into = replace(pool, purpose="county")
    society.carry("move", pool, 5, into)
    assert audit_records(society.entries).proven
    society.write(
        Place(id=society.name(), recorded_at=AT, code="330602", kind="division", within="330100")
    )
    society.carry("move", pool, 5, into)
    found = audit_records(society.entries).findings
    last = len(society.records) - 1
    assert [(one.index, one.rule) for one in found] == [(last, "purpose.changed")]
