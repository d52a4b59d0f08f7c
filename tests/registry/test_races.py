"""Two at once: real transactions, the second running into what the first has not committed yet.

No test here may use `db` or `as_actor`: `committed` lends the connection a database of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from honghui.journal.models import Act
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry.actions.accounts import enter_admin_mode, grant_role
from honghui.registry.actions.duplicates import confirm_merge, keep_apart, report_duplicate
from honghui.registry.actions.organisations import register_organisation
from honghui.registry.actions.people import affiliate_person, change_person, register_person
from honghui.registry.actions.units import close_unit, open_unit
from honghui.registry.models import (
    Account,
    AdminMode,
    Affiliation,
    GrassRootsUnit,
    Organisation,
    Person,
    PersonPair,
    RoleGrant,
    Society,
)
from tests.registry.samples import (
    REASON,
    account,
    actor,
    overlapped,
    pair,
    person,
    resident_id,
)

ID = resident_id(911)
PHONE = "13987654321"
CREDIT_CODE = "91990100MA00000073"


@pytest.fixture
def officers(committed: str) -> tuple[Actor, Actor]:
    return actor("officer"), actor("officer2")


@pytest.fixture
def shaoxing(committed: str) -> Society:
    """Stands in for the shared fixture, which would open a transaction of its own."""
    return Society.objects.get(pk="330600")


def _proposed(one: Person, other: Person) -> PersonPair:
    return pair(
        one,
        other,
        state="proposed",
        proposed_reason=REASON,
        proposed_by=Account.objects.get(username="officer2"),
    )


def _third_officer() -> Actor:
    account("officer3", person("样例丙", kind="staff"), role="officer")
    return actor("officer3")


# ── the same request ─────────────────────────────────────────────────────────────────────────


def test_one_form_sent_twice_at_once_makes_one_person(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    by = officers[0].with_once("4" * 32)

    def register() -> Person:
        return register_person(by=by, society=shaoxing, name="样例甲", kind="donor")

    first, second = overlapped(committed, register, register)
    assert first == second
    assert Person.objects.filter(name="样例甲").count() == 1
    assert Act.objects.filter(once_key="4" * 32).count() == 1


def test_one_key_with_other_content_at_once_is_carried_out_once(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    by = officers[0].with_once("4" * 32)
    first, second = overlapped(
        committed,
        lambda: register_person(by=by, society=shaoxing, name="样例甲", kind="donor"),
        lambda: register_person(by=by, society=shaoxing, name="样例乙", kind="donor"),
    )
    assert isinstance(first, Person)
    assert isinstance(second, Conflict)
    assert second.code == "journal.once.other_content"
    assert not Person.objects.filter(name="样例乙").exists()


def test_two_people_may_use_the_same_key(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    first, second = overlapped(
        committed,
        *(
            lambda by=by.with_once("4" * 32): register_person(
                by=by, society=shaoxing, name="样例甲", kind="donor"
            )
            for by in officers
        ),
    )
    assert first != second
    assert Person.objects.filter(name="样例甲").count() == 2


@pytest.mark.parametrize("what", ["person", "unit", "merge"])
def test_one_form_sent_twice_at_once_gets_one_answer_whatever_it_meets(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society, what: str
) -> None:
    by = officers[0].with_once("5" * 32)
    proposed = _proposed(person("样例甲"), person("样例甲"))
    calls: dict[str, Any] = {
        "person": lambda: register_person(
            by=by, society=shaoxing, name="样例乙", kind="donor", resident_id=ID
        ),
        "unit": lambda: open_unit(by=by, society=shaoxing, name="样例", kind="community"),
        "merge": lambda: confirm_merge(by=by, pair=proposed, reason=REASON),
    }
    first, second = overlapped(committed, calls[what], calls[what])
    assert not isinstance(first, Exception)
    assert first == second


# ── the same thing, by two people ────────────────────────────────────────────────────────────


def test_two_registrations_of_one_id_at_once_make_one_person(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    def register(by: Actor) -> Person:
        return register_person(by=by, society=shaoxing, name="样例甲", kind="donor", resident_id=ID)

    first, second = overlapped(
        committed, lambda: register(officers[0]), lambda: register(officers[1])
    )
    assert isinstance(first, Person)
    assert isinstance(second, Conflict)
    assert second.code == "registry.person.registered_meanwhile"
    assert Person.objects.filter(name="样例甲").count() == 1
    assert not Act.objects.filter(actor_id=officers[1].account_id).exists()
    # As the hint promises: sent again, the person is found.
    assert register(officers[1]) == first


def test_two_confirmations_at_once_merge_once(
    committed: str, officers: tuple[Actor, Actor]
) -> None:
    proposed = _proposed(person("样例甲"), person("样例甲"))
    third = _third_officer()
    first, second = overlapped(
        committed,
        lambda: confirm_merge(by=officers[0], pair=proposed, reason=REASON),
        lambda: confirm_merge(by=third, pair=proposed, reason=REASON),
    )
    assert isinstance(first, PersonPair)
    assert isinstance(second, Conflict)
    assert second.code == "registry.pair.moved_on"
    proposed.refresh_from_db()
    assert proposed.decided_by_id == officers[0].account_id
    assert Act.objects.filter(verb="registry.pair.merged").count() == 1


def test_a_merge_and_keeping_apart_at_once_are_one_decision(
    committed: str, officers: tuple[Actor, Actor]
) -> None:
    one, other = person("样例甲"), person("样例甲")
    proposed = _proposed(one, other)
    first, second = overlapped(
        committed,
        lambda: keep_apart(by=officers[1], pair=proposed, reason=REASON),
        lambda: confirm_merge(by=officers[0], pair=proposed, reason=REASON),
    )
    assert isinstance(first, PersonPair)
    assert isinstance(second, Conflict)
    assert not Person.objects.filter(pk__in=(one.pk, other.pk), merged_into__isnull=False).exists()


def test_two_merges_of_one_row_at_once_do_not_both_happen(
    committed: str, officers: tuple[Actor, Actor]
) -> None:
    one, two, three = (person("样例甲") for _ in range(3))
    pairs = _proposed(one, three), _proposed(two, three)
    first, second = overlapped(
        committed,
        *(
            lambda each=each: confirm_merge(by=officers[0], pair=each, reason=REASON)
            for each in pairs
        ),
    )
    assert isinstance(first, PersonPair)
    assert isinstance(second, Conflict)
    assert second.code == "registry.merge.already"
    three.refresh_from_db()
    assert three.merged_into_id == one.pk


def test_the_same_pair_reported_twice_at_once_is_one_pair(
    committed: str, officers: tuple[Actor, Actor]
) -> None:
    one, other = person("样例甲"), person("样例乙")

    def report(by: Actor, *people: Person) -> PersonPair:
        return report_duplicate(by=by, first=people[0], second=people[1], reason=REASON)

    first, second = overlapped(
        committed,
        lambda: report(officers[0], one, other),
        lambda: report(officers[1], other, one),
    )
    assert first == second
    assert PersonPair.objects.filter(first=one, second=other).count() == 1


def test_one_credit_code_registered_twice_at_once_is_one_organisation(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    def register(by: Actor) -> Organisation:
        return register_organisation(
            by=by, society=shaoxing, name="样例公司", kind="enterprise", credit_code=CREDIT_CODE
        )

    first, second = overlapped(
        committed, lambda: register(officers[0]), lambda: register(officers[1])
    )
    assert isinstance(first, Organisation)
    assert isinstance(second, Conflict)
    assert second.code == "registry.organisation.known"


def test_a_unit_closes_once_also_when_two_close_it(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    unit = open_unit(by=officers[0], society=shaoxing, name="样例", kind="community")

    def close(by: Actor, on: date) -> GrassRootsUnit:
        return close_unit(by=by, unit=unit, closed_on=on, reason=REASON)

    first, second = overlapped(
        committed,
        lambda: close(officers[0], date(2020, 6, 23)),
        lambda: close(officers[1], date(2020, 6, 24)),
    )
    assert isinstance(first, GrassRootsUnit)
    assert isinstance(second, Conflict)
    unit.refresh_from_db()
    assert unit.closed_on == date(2020, 6, 23)


def test_one_role_granted_twice_at_once_is_held_once(committed: str, shaoxing: Society) -> None:
    by = actor("administrator", elevated="330600")
    theirs = account("sample-one", person("样例甲", kind="staff"))

    def grant() -> RoleGrant:
        return grant_role(by=by, society=shaoxing, account=theirs, role="officer", reason=REASON)

    first, second = overlapped(committed, grant, grant)
    assert isinstance(first, RoleGrant)
    assert isinstance(second, Conflict)
    assert second.code == "registry.role.held"


# ── what the house does not hold yet ─────────────────────────────────────────────────────────


def test_two_equal_affiliations_at_once_are_one_and_a_conflict(
    committed: str, officers: tuple[Actor, Actor], shaoxing: Society
) -> None:
    made = person("样例甲")

    def affiliate(by: Actor) -> Affiliation:
        return affiliate_person(by=by, person=made, society=shaoxing, kind="volunteer")

    first, second = overlapped(
        committed, lambda: affiliate(officers[0]), lambda: affiliate(officers[1])
    )
    assert isinstance(first, Affiliation)
    _raise_unless_refused(second)


def test_a_change_does_not_undo_a_merge_that_overtook_it(
    committed: str, officers: tuple[Actor, Actor]
) -> None:
    kept, dropped = person("样例甲", phone=PHONE), person("样例甲", phone=PHONE)
    proposed = _proposed(kept, dropped)
    overlapped(
        committed,
        lambda: confirm_merge(by=officers[0], pair=proposed, reason=REASON),
        lambda: change_person(by=officers[1], person=dropped, name="样例乙"),
    )
    dropped.refresh_from_db()
    assert dropped.merged_into_id == kept.pk


def test_an_auditor_gets_no_second_role_by_two_grants_at_once(
    committed: str, shaoxing: Society
) -> None:
    by = actor("administrator", elevated="330600")
    theirs = account("sample-one", person("样例甲", kind="staff"))
    overlapped(
        committed,
        *(
            lambda role=role: grant_role(
                by=by, society=shaoxing, account=theirs, role=role, reason=REASON
            )
            for role in ("auditor", "finance")
        ),
    )
    assert theirs.grants.filter(ended_at=None).count() == 1


def test_administrator_mode_entered_twice_at_once_is_on_once(
    committed: str, shaoxing: Society
) -> None:
    by = actor("administrator")

    def enter() -> AdminMode:
        return enter_admin_mode(by=by, society=shaoxing, reason=REASON)

    first, second = overlapped(committed, enter, enter)
    assert isinstance(first, AdminMode)
    assert AdminMode.objects.filter(left_at=None).count() == 1
    if not isinstance(second, AdminMode):
        _raise_unless_refused(second)


def _raise_unless_refused(outcome: object) -> None:
    assert isinstance(outcome, Exception)
    if not isinstance(outcome, Conflict):
        raise outcome
