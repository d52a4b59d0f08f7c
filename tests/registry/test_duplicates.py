"""Two rows, one person? Found by the machine, decided by two people, never undone silently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotFound, Refused
from honghui.registry import duplicates, identities
from honghui.registry.actions.accounts import enter_admin_mode, grant_role
from honghui.registry.actions.duplicates import (
    confirm_merge,
    keep_apart,
    propose_merge,
    report_duplicate,
    return_proposal,
)
from honghui.registry.actions.organisations import register_organisation
from honghui.registry.actions.people import erase_person
from honghui.registry.actions.units import open_unit
from honghui.registry.models import (
    Account,
    Affiliation,
    Organisation,
    OrganisationPair,
    Person,
    PersonPair,
    SearchEntry,
    Society,
)
from honghui.registry.queries.desk import acts_seen_by
from honghui.registry.queries.organisations import organisation_list
from honghui.registry.signing_in import actor_of
from tests.registry.samples import REASON, SYSTEM, account, pair, person, resident_id

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
PHONE = "13987654321"
ID, OTHER_ID = resident_id(921), resident_id(922)


def _firm(name: str, **values: Any) -> Organisation:
    society = Society.objects.get(pk="330600")
    return register_organisation(by=SYSTEM, society=society, name=name, kind="enterprise", **values)


def _firm_pair(one: Organisation, other: Organisation) -> OrganisationPair:
    return OrganisationPair.objects.create(
        first=one, second=other, signs=["name"], score=80, found_at=clock.now()
    )


def _merged(as_actor: As, found: Any) -> Any:
    propose_merge(by=as_actor("officer"), pair=found, reason=REASON)
    return confirm_merge(by=as_actor("officer2"), pair=found, reason=REASON)


# ── finding ──────────────────────────────────────────────────────────────────────────────────


def test_the_sample_world_has_one_person_written_down_twice() -> None:
    found = PersonPair.objects.get()
    assert (found.first.name, found.state, found.signs) == ("林样例", "found", ["name_and_phone"])
    assert duplicates.find_all() == 0


def test_a_name_and_a_phone_are_found_and_a_second_look_finds_nothing_new() -> None:
    one, other = person("样例甲", phone=PHONE), person("样例甲", phone=PHONE)
    assert duplicates.find_for_person(other.pk) == 1
    assert duplicates.find_for_person(one.pk) == 0
    found = PersonPair.objects.get(first=one)
    assert (found.second, found.state) == (other, "found")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "样例甲"}, {"name": "样例甲"}),
        ({"name": "样例甲", "phone": PHONE}, {"name": "样例乙", "phone": PHONE}),
        (
            {"name": "样例甲", "phone": PHONE, "resident_id": ID},
            {"name": "样例甲", "phone": PHONE, "resident_id": OTHER_ID},
        ),
    ],
    ids=["a name alone", "a phone alone", "two different ids"],
)
def test_too_little_is_not_a_pair(one: dict[str, str], other: dict[str, str]) -> None:
    person(**one)
    assert duplicates.find_for_person(person(**other).pk) == 0


def test_an_erased_person_is_never_a_pair() -> None:
    gone, there = person("样例甲", phone=PHONE), person("样例甲", phone=PHONE)
    erase_person(by=SYSTEM, person=gone, reason=REASON)
    assert duplicates.find_for_person(there.pk) == duplicates.find_for_person(gone.pk) == 0


def test_two_firms_of_one_name_are_a_pair_unless_their_codes_differ() -> None:
    first = _firm("样例公司", credit_code="91990100MA00000073")
    second = _firm("样例集团", aliases=("样例公司",))
    assert duplicates.find_for_organisation(second.pk) == 1
    found = OrganisationPair.objects.get()
    assert (found.first, found.second, found.signs) == (first, second, ["alias"])


def test_a_pair_kept_apart_is_not_brought_up_again(as_actor: As) -> None:
    one, other = person("样例甲", phone=PHONE), person("样例甲", phone=PHONE)
    duplicates.find_for_person(other.pk)
    found = PersonPair.objects.get(first=one)
    keep_apart(by=as_actor("officer"), pair=found, reason=REASON)
    assert duplicates.find_all() == 0
    found.refresh_from_db()
    assert (found.state, found.decided_reason) == ("apart", REASON)


# ── four eyes ────────────────────────────────────────────────────────────────────────────────


def test_who_proposed_does_not_confirm(as_actor: As) -> None:
    found = pair(person("样例甲"), person("样例甲"))
    by = as_actor("officer")
    propose_merge(by=by, pair=found, reason=REASON)
    with pytest.raises(Conflict) as refused:
        confirm_merge(by=by, pair=found, reason=REASON)
    assert refused.value.code == "access.four_eyes"
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_a_second_account_is_not_a_second_pair_of_eyes(as_actor: As) -> None:
    officer = Account.objects.get(username="officer")
    second = account("officer-too", officer.person, role="officer")
    found = pair(person("样例甲"), person("样例甲"))
    propose_merge(by=as_actor("officer"), pair=found, reason=REASON)
    with pytest.raises(Conflict) as refused:
        confirm_merge(by=actor_of(second), pair=found, reason=REASON)
    assert refused.value.code == "access.four_eyes"


def test_the_database_refuses_a_merge_only_one_has_seen() -> None:
    officer = Account.objects.get(username="officer")
    found = pair(person("样例甲"), person("样例甲"))
    decided = {
        "state": "merged",
        "decided_by": officer,
        "decided_reason": REASON,
        "decided_at": clock.now(),
    }
    for proposer in (officer, None):
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            PersonPair.objects.filter(pk=found.pk).update(proposed_by=proposer, **decided)


def test_a_merge_needs_a_proposal_first(as_actor: As) -> None:
    found = pair(person("样例甲"), person("样例甲"))
    with pytest.raises(Conflict) as refused:
        confirm_merge(by=as_actor("officer2"), pair=found, reason=REASON)
    assert refused.value.code == "registry.pair.moved_on"


@pytest.mark.parametrize("verb", [propose_merge, keep_apart])
def test_every_decision_has_a_reason(as_actor: As, verb: Callable[..., Any]) -> None:
    found = pair(person("样例甲"), person("样例甲"))
    before = Act.objects.count()
    with pytest.raises(Invalid) as refused:
        verb(by=as_actor("officer"), pair=found, reason="是")
    assert refused.value.field == "reason"
    found.refresh_from_db()
    assert (found.state, Act.objects.count()) == ("found", before)


def test_a_returned_proposal_is_open_again_for_everybody(as_actor: As) -> None:
    found = pair(person("样例甲"), person("样例甲"))
    propose_merge(by=as_actor("officer"), pair=found, reason=REASON)
    return_proposal(by=as_actor("officer2"), pair=found, reason=REASON)
    found.refresh_from_db()
    assert (found.state, found.proposed_by) == ("found", None)
    propose_merge(by=as_actor("officer2"), pair=found, reason=REASON)
    confirm_merge(by=as_actor("officer"), pair=found, reason=REASON)


@pytest.mark.parametrize("verb", [propose_merge, confirm_merge, return_proposal, keep_apart])
def test_what_is_decided_stays_decided(as_actor: As, verb: Callable[..., Any]) -> None:
    found = pair(person("样例甲"), person("样例甲"))
    keep_apart(by=as_actor("officer"), pair=found, reason=REASON)
    with pytest.raises(Conflict) as refused:
        verb(by=as_actor("officer2"), pair=found, reason=REASON)
    assert refused.value.code == "registry.pair.moved_on"


# ── reporting ────────────────────────────────────────────────────────────────────────────────


def test_merging_a_person_with_themselves_is_refused(as_actor: As) -> None:
    made = person("样例甲")
    before = Act.objects.count()
    with pytest.raises(Conflict) as refused:
        report_duplicate(by=as_actor("officer"), first=made, second=made, reason=REASON)
    assert refused.value.code == "registry.merge.same"
    assert Act.objects.count() == before


def test_the_database_refuses_a_row_merged_into_itself() -> None:
    made = person("样例甲")
    with pytest.raises(IntegrityError, match="not_merged_into_themselves"), transaction.atomic():
        Person.objects.filter(pk=made.pk).update(merged_into=made)
    with pytest.raises(IntegrityError, match="two_different_ones"), transaction.atomic():
        pair(made, made)


def test_a_colleague_may_report_what_the_search_cannot_see(as_actor: As) -> None:
    one, other = person("样例甲"), person("样例乙")
    found = report_duplicate(by=as_actor("officer"), first=other, second=one, reason=REASON)
    assert (found.first, found.second, found.signs) == (one, other, ["reported"])
    again = report_duplicate(by=as_actor("officer2"), first=one, second=other, reason=REASON)
    assert again == found


def test_a_person_of_another_society_cannot_be_reported_or_decided(as_actor: As) -> None:
    ours, theirs = person("样例甲"), person("样例甲", society="330400")
    by = as_actor("officer")
    with pytest.raises(NotFound):
        report_duplicate(by=by, first=ours, second=theirs, reason=REASON)
    with pytest.raises(NotFound):
        propose_merge(by=by, pair=pair(ours, theirs), reason=REASON)


# ── merging ──────────────────────────────────────────────────────────────────────────────────


def test_a_merged_person_hands_over_everything(as_actor: As) -> None:
    kept = person("样例甲", kind="volunteer", phone=PHONE)
    dropped = person("样例甲", society="330602", resident_id=ID)
    theirs = account("sample-one", dropped)
    both = grant_and_see(as_actor, "330602")
    found = pair(
        kept,
        dropped,
        state="proposed",
        proposed_reason=REASON,
        proposed_by=Account.objects.get(username="officer2"),
    )
    confirm_merge(by=both, pair=found, reason=REASON)
    for row in (kept, dropped, theirs):
        row.refresh_from_db()
    assert dropped.merged_into == kept
    assert theirs.person == kept
    assert set(kept.affiliations.values_list("society_id", "kind")) == {
        ("330600", "volunteer"),
        ("330602", "donor"),
    }
    shown = identities.opened(kept)
    assert (shown.resident_id, shown.phone) == (ID, f"+86{PHONE}")
    assert identities.owner_of(ID) == kept
    assert not SearchEntry.objects.filter(object_id=str(dropped.pk)).exists()
    act = Act.objects.get(verb="registry.pair.merged")
    assert act.after == {"kept": str(kept.pk), "merged": str(dropped.pk)}


def grant_and_see(as_actor: As, code: str) -> Actor:
    """The officer of Shaoxing, who is one in another society too."""
    officer = Account.objects.get(username="officer")
    grant_role(
        by=SYSTEM,
        society=Society.objects.get(pk=code),
        account=officer,
        role="officer",
        reason=REASON,
    )
    return as_actor("officer")


def test_what_both_rows_were_to_one_society_runs_once_afterwards(as_actor: As) -> None:
    kept, dropped = person("样例甲"), person("样例甲")
    Affiliation.objects.filter(person=dropped).update(began_on=date(2020, 6, 25))
    _merged(as_actor, pair(kept, dropped))
    running = kept.affiliations.filter(ended_on=None)
    assert (kept.affiliations.count(), running.count()) == (2, 1)


def test_the_kept_row_keeps_its_own_phone(as_actor: As) -> None:
    kept, dropped = person("样例甲", phone=PHONE), person("样例甲", phone="13987654322")
    _merged(as_actor, pair(kept, dropped))
    kept.refresh_from_db()
    assert identities.opened(kept).phone == f"+86{PHONE}"


def test_a_row_is_merged_once(as_actor: As) -> None:
    one, two, three = (person("样例甲") for _ in range(3))
    second = pair(
        two,
        three,
        state="proposed",
        proposed_reason=REASON,
        proposed_by=Account.objects.get(username="officer2"),
    )
    _merged(as_actor, pair(one, two))
    with pytest.raises(Refused):
        confirm_merge(by=as_actor("officer"), pair=second, reason=REASON)
    three.refresh_from_db()
    assert three.merged_into is None


def test_a_merged_firm_hands_over_its_names_its_code_and_its_units(as_actor: As) -> None:
    kept = _firm("样例公司")
    dropped = _firm("旧样例厂", aliases=("老厂",), credit_code="91990100MA00000073")
    unit = open_unit(
        by=SYSTEM,
        society=Society.objects.get(pk="330600"),
        name="样例厂红十字会",
        kind="enterprise",
        organisation=dropped,
    )
    _merged(as_actor, _firm_pair(kept, dropped))
    for row in (kept, dropped, unit):
        row.refresh_from_db()
    assert (kept.credit_code, kept.aliases) == ("91990100MA00000073", ["旧样例厂", "老厂"])
    assert (dropped.merged_into, unit.organisation) == (kept, kept)
    assert kept in organisation_list(as_actor("officer"))
    assert dropped not in organisation_list(as_actor("officer"))


# ── what the house does not hold yet ─────────────────────────────────────────────────────────


def test_a_merged_firm_is_found_by_the_name_it_had(as_actor: As) -> None:
    kept, dropped = _firm("样例公司"), _firm("旧样例厂")
    _merged(as_actor, _firm_pair(kept, dropped))
    assert list(organisation_list(as_actor("officer"), "旧样例厂")) == [kept]


def test_the_auditor_sees_a_merge(as_actor: As) -> None:
    _merged(as_actor, pair(person("样例甲"), person("样例甲")))
    seen = acts_seen_by(as_actor("auditor")).values_list("verb", flat=True)
    assert {"registry.pair.proposed", "registry.pair.merged"} <= set(seen)


def test_two_resident_ids_are_never_merged_into_one(as_actor: As) -> None:
    one, other = person("样例甲", resident_id=ID), person("样例甲", resident_id=OTHER_ID)
    with pytest.raises(Refused):
        _merged(
            as_actor,
            report_duplicate(by=as_actor("officer"), first=one, second=other, reason=REASON),
        )


def test_nobody_is_merged_with_an_erased_person(as_actor: As) -> None:
    gone, there = person("样例甲", phone=PHONE), person("样例甲", phone=PHONE)
    found = pair(gone, there)
    erase_person(by=SYSTEM, person=gone, reason=REASON)
    with pytest.raises(Refused):
        _merged(as_actor, found)


def test_whoever_kept_a_merged_rows_address_still_arrives(
    as_actor: As, sign_in: Callable[[str], Any]
) -> None:
    kept, dropped = person("样例甲"), person("样例甲")
    _merged(as_actor, pair(kept, dropped))
    answer = sign_in("officer").get(dropped.get_absolute_url())
    assert (answer.status_code, answer.headers.get("Location")) == (302, kept.get_absolute_url())


def test_administrator_mode_decides_nothing_about_people(as_actor: As) -> None:
    found = pair(person("样例甲"), person("样例甲"))
    by = as_actor("administrator")
    enter_admin_mode(by=by, society=Society.objects.get(pk="330600"), reason=REASON)
    with pytest.raises(Refused):
        propose_merge(by=as_actor("administrator"), pair=found, reason=REASON)
