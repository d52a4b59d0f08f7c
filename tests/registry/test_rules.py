"""The registry's rules: pure, so they are tried on everything."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import rules
from honghui.registry.models.organisations import Pair
from honghui.registry.permissions import Role
from honghui.registry.rules import Sighting

STATES = [state.value for state in Pair.State]
hashes = st.none() | st.sampled_from([b"one", b"two", b"three"])
sightings = st.builds(
    Sighting,
    id=st.uuids(),
    name=st.sampled_from(["张伟", "王秀英", "林样例"]),
    resident_id_hash=hashes,
    phone_hash=hashes,
)


@given(sightings, sightings)
def test_two_rows_look_alike_from_either_side(one: Sighting, other: Sighting) -> None:
    assert rules.person_signs(one, other) == rules.person_signs(other, one)


@given(sightings, sightings)
def test_every_sign_has_a_weight_and_the_score_stays_within_a_hundred(
    one: Sighting, other: Sighting
) -> None:
    points = rules.score(rules.person_signs(one, other), rules.PERSON_SIGNS)
    assert 0 <= points <= 100


@given(sightings, sightings)
def test_two_different_resident_ids_are_two_people(one: Sighting, other: Sighting) -> None:
    ids = {one.resident_id_hash, other.resident_id_hash}
    if len(ids) == 2 and None not in ids:
        assert rules.person_signs(one, other) == []


@given(sightings)
def test_a_name_alone_never_makes_a_pair(one: Sighting) -> None:
    namesake = Sighting(UUID(int=1), one.name)
    points = rules.score(rules.person_signs(one, namesake), rules.PERSON_SIGNS)
    assert points < rules.SCORE_SHOWN


def test_a_phone_alone_never_makes_a_pair_since_families_share_one() -> None:
    one = Sighting(UUID(int=1), "张伟", phone_hash=b"one")
    other = Sighting(UUID(int=2), "王秀英", phone_hash=b"one")
    points = rules.score(rules.person_signs(one, other), rules.PERSON_SIGNS)
    assert points < rules.SCORE_SHOWN


def test_a_name_and_a_phone_make_a_pair() -> None:
    one = Sighting(UUID(int=1), "张伟", phone_hash=b"one")
    other = Sighting(UUID(int=2), "张伟", phone_hash=b"one")
    assert rules.person_signs(one, other) == ["name_and_phone"]
    assert rules.score(["name_and_phone"], rules.PERSON_SIGNS) >= rules.SCORE_SHOWN


def test_nothing_in_common_scores_nothing() -> None:
    assert rules.score([], rules.PERSON_SIGNS) == 0


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_a_pair_moves_only_along_the_table(before: str, after: str) -> None:
    if (before, after) in rules.PAIR_TRANSITIONS:
        rules.check_transition(before, after)
        return
    with pytest.raises(Conflict) as refused:
        rules.check_transition(before, after)
    assert refused.value.code == "registry.pair.moved_on"


@pytest.mark.parametrize("state", ["merged", "apart"])
def test_a_decision_is_final(state: str) -> None:
    assert not [after for before, after in rules.PAIR_TRANSITIONS if before == state]


def test_nothing_is_merged_that_was_not_proposed() -> None:
    assert [before for before, after in rules.PAIR_TRANSITIONS if after == "merged"] == ["proposed"]


@given(st.uuids())
def test_nothing_is_merged_with_itself(one: UUID) -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_two_people(one, one)
    assert refused.value.code == "registry.merge.same"


@given(st.none() | st.uuids(), st.none() | st.uuids())
def test_four_eyes_are_two_known_people(asked: UUID | None, approved: UUID | None) -> None:
    if asked is not None and approved is not None and asked != approved:
        rules.check_four_eyes(asked, approved)
        return
    with pytest.raises(Conflict) as refused:
        rules.check_four_eyes(asked, approved)
    assert refused.value.code == "access.four_eyes"


WORDS = st.text(
    st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F) | st.sampled_from("补登 理由")
)


@given(WORDS)
def test_a_reason_is_kept_without_its_blanks_or_asked_for(reason: str) -> None:
    whole = " ".join(reason.split())
    if 4 <= len(whole) <= rules.REASON_LIMIT:
        assert rules.check_reason(f"  {reason}\n") == whole
        return
    with pytest.raises(Invalid) as refused:
        rules.check_reason(reason)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("trick", ["\x00", "\x1f", "\u202e", "\u2066"])
def test_a_reason_holds_nothing_that_cannot_be_seen(trick: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_reason(f"a good{trick} reason")
    assert refused.value.field == "reason"


@given(st.none() | st.dates(), st.none() | st.dates())
def test_nothing_ends_before_it_began(began: date | None, ended: date | None) -> None:
    if began is None or ended is None or began <= ended:
        rules.check_period(began, ended)
        return
    with pytest.raises(Invalid) as refused:
        rules.check_period(began, ended)
    assert refused.value.field == "ended_on"


@given(st.sets(st.sampled_from(list(Role))))
def test_an_auditor_holds_no_other_role(roles: set[Role]) -> None:
    if Role.AUDITOR not in roles or len(roles) == 1:
        rules.check_roles_together(roles)
        return
    with pytest.raises(Conflict) as refused:
        rules.check_roles_together(roles)
    assert refused.value.code == "registry.role.auditor_alone"
