"""Who to call: the order that anybody can follow, and what stays at home. Without a database."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from honghui.rescue.rules.positions import Seen, flags_of, is_in_china, microdegrees
from honghui.rescue.rules.proposing import (
    PersonFacts,
    Point,
    Proposal,
    TeamFacts,
    Wish,
    great_circle_m,
    minutes_for,
    propose,
    road_m,
)

WENLING = Point(28_370_000, 121_380_000)
HANGZHOU = Point(30_250_000, 120_160_000)
YONGJIA = Point(28_150_000, 120_690_000)
ZHENGZHOU = Point(34_750_000, 113_620_000)

_serial = itertools.count(1)


def team(code: str, base: Point | None = None, **values: object) -> TeamFacts:
    facts = {"kind": "search", "is_ours": True, "cover": 0, **values}
    return TeamFacts(id=uuid4(), code=code, base=base, **facts)  # type: ignore[arg-type]


def people(of: TeamFacts, number: int, **values: object) -> list[PersonFacts]:
    return [
        PersonFacts(UUID(int=next(_serial)), of.id, **{"role": "member", "since": 1, **values})  # type: ignore[arg-type]
        for _ in range(number)
    ]


def codes(proposal: Proposal) -> list[str]:
    return [each.facts.code for each in proposal.teams]


def going(proposal: Proposal) -> dict[str, int]:
    return {each.facts.code: each.proposed for each in proposal.teams}


def test_the_nearer_team_goes_first_and_stand_by_before_it() -> None:
    near, far, ready = team("near", YONGJIA), team("far", HANGZHOU), team("ready", HANGZHOU)
    all_people = [
        *people(near, 4),
        *people(far, 4),
        *people(ready, 3),
        *people(ready, 1, stands_by=True),
    ]
    found = propose(Wish(6), [far, near, ready], all_people, WENLING)
    assert codes(found) == ["ready", "near", "far"]
    assert going(found) == {"ready": 4, "near": 2, "far": 0}
    assert found.missing == 0


def test_a_team_whose_distance_nobody_knows_comes_last_and_says_so() -> None:
    known, unknown = team("a-known", HANGZHOU), team("a-unknown")
    found = propose(Wish(1), [unknown, known], [*people(known, 1), *people(unknown, 1)], WENLING)
    assert codes(found) == ["a-known", "a-unknown"]
    assert "distance_unknown" in {reason.code for reason in found.teams[1].reasons}


def test_without_a_point_the_named_county_goes_before_its_city_and_both_before_others() -> None:
    here = team("z-here", place="330324")
    city, far = team("y-city", place="330302"), team("a-far", place="331081")
    everybody = [*people(here, 1), *people(city, 1), *people(far, 1)]
    found = propose(Wish(1), [far, city, here], everybody, None, "330324")
    assert codes(found) == ["z-here", "y-city", "a-far"]
    said = [each.reasons[0].code for each in found.teams]
    assert said == ["same_county", "same_city", "distance_unknown"]


def test_a_known_distance_is_weighed_with_what_a_county_is_taken_for() -> None:
    near, here = team("near", WENLING), team("here", place="331081")
    far = team("far", HANGZHOU)
    everybody = [*people(near, 1), *people(here, 1), *people(far, 1)]
    found = propose(Wish(1), [far, here, near], everybody, WENLING, "331081")
    assert codes(found) == ["near", "here", "far"]
    nowhere = propose(Wish(1), [far, here, near], everybody, None, "330000")
    assert [each.reasons[0].code for each in nowhere.teams] == ["distance_unknown"] * 3


def test_what_must_stay_covered_stays() -> None:
    only = team("only", YONGJIA, cover=7)
    found = propose(Wish(5), [only], people(only, 10), WENLING)
    assert going(found) == {"only": 3}
    assert found.missing == 2
    staying = [each for each in found.teams[0].people if each.rank == 0]
    assert {each.reasons[-1].code for each in staying} == {"stays_for_cover"}
    assert len(staying) == 7


def test_who_cannot_do_it_stays_as_cover_and_who_is_away_does_not() -> None:
    only = team("only", YONGJIA, cover=2)
    all_people = [
        *people(only, 2),
        *people(only, 2, problem="lacks_skill"),
        *people(only, 3, problem="away", is_cover=False),
    ]
    assert going(propose(Wish(9), [only], all_people, WENLING)) == {"only": 2}
    away = [*people(only, 2), *people(only, 5, problem="away", is_cover=False)]
    assert going(propose(Wish(9), [only], away, WENLING)) == {"only": 0}


def test_only_if_short_is_asked_after_all_free_ones_of_all_teams() -> None:
    near, far = team("near", YONGJIA), team("far", HANGZHOU)
    all_people = [*people(near, 2), *people(near, 2, if_short=True), *people(far, 2)]
    found = propose(Wish(4), [near, far], all_people, WENLING)
    assert going(found) == {"near": 2, "far": 2}
    found = propose(Wish(5), [near, far], all_people, WENLING)
    assert going(found) == {"near": 3, "far": 2}
    last = max((each for t in found.teams for each in t.people if each.is_proposed),
               key=lambda each: each.rank)  # fmt: skip
    assert last.facts.if_short
    assert "if_short" in {reason.code for reason in last.reasons}


def test_somebody_in_two_teams_goes_once_and_is_missed_in_both() -> None:
    near, far = team("near", YONGJIA), team("far", HANGZHOU, cover=1)
    (both,) = people(near, 1)
    as_other = PersonFacts(both.person_id, far.id, "member", 1)
    found = propose(Wish(5), [near, far], [both, as_other, *people(far, 1)], WENLING)
    # With one gone, the other one is what the far team's cover needs.
    assert going(found) == {"near": 1, "far": 0}
    (seen,) = [p for p in found.teams[1].people if p.facts.person_id == both.person_id]
    assert seen.reasons[-1].code == "with_another_team"


def test_somebody_needed_as_cover_elsewhere_is_not_taken_from_there() -> None:
    near, strict = team("near", YONGJIA), team("strict", HANGZHOU, cover=1, kind="medical")
    (both,) = people(near, 1)
    as_other = PersonFacts(both.person_id, strict.id, "member", 1)
    found = propose(Wish(1, kind="search"), [near, strict], [both, as_other], WENLING)
    assert found.missing == 1


def test_a_sisters_team_is_asked_and_never_called() -> None:
    own, sister = team("own", HANGZHOU), team("sister", YONGJIA, is_ours=False, cover=1)
    found = propose(Wish(5), [sister, own], [*people(own, 2), *people(sister, 4)], WENLING)
    assert codes(found) == ["own"]
    assert found.missing == 3
    (asked,) = found.sisters
    assert (asked.facts.code, asked.spare, asked.proposed) == ("sister", 3, 0)


def test_a_kind_that_is_wished_is_the_only_one_proposed() -> None:
    search, medical = team("s", YONGJIA), team("m", YONGJIA, kind="medical")
    all_people = [*people(search, 2), *people(medical, 2)]
    assert codes(propose(Wish(4, kind="medical"), [search, medical], all_people, WENLING)) == ["m"]


def test_leaders_before_deputies_before_members_and_older_ones_first() -> None:
    only = team("only")
    late, early = people(only, 1, since=9), people(only, 1, since=2)
    deputy, leader = people(only, 1, role="deputy"), people(only, 1, role="leader")
    watch = people(only, 1, since=9, stands_by=True)
    found = propose(Wish(5), [only], [*late, *deputy, *early, *leader, *watch], None)
    ranked = [each.facts for each in found.teams[0].people]
    assert ranked == [*watch, *leader, *deputy, *early, *late]


PERSON = st.tuples(
    st.integers(0, 3),
    st.integers(0, 9),
    st.sampled_from(["", "", "", "away", "lacks_skill"]),
    st.booleans(),
    st.booleans(),
)


@given(
    st.lists(PERSON, max_size=40),
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
    st.integers(1, 30),
)
def test_whoever_is_wished_for_no_team_falls_below_its_cover(
    rows: list[tuple[int, int, str, bool, bool]], covers: list[int], wanted: int
) -> None:
    teams = [team(f"t{place}", cover=cover) for place, cover in enumerate(covers)]
    facts = {
        (place, person): PersonFacts(
            UUID(int=person), teams[place].id, "member", 1, problem, problem != "away", watch, short
        )
        for place, person, problem, watch, short in rows
    }
    found = propose(Wish(wanted), teams, list(facts.values()), None)
    gone = [p.facts.person_id for t in found.teams for p in t.people if p.is_proposed]
    assert len(gone) == len(set(gone)) == found.found <= wanted
    for each in teams:
        theirs = [one for one in facts.values() if one.team_id == each.id and one.is_cover]
        left = [one for one in theirs if one.person_id not in gone]
        assert len(left) >= min(each.cover, len(theirs))
    again = propose(Wish(wanted), teams[::-1], list(facts.values())[::-1], None)
    assert again == found, "the order does not depend on the order of the rows"


def test_distances_are_great_circles_with_a_road_factor_and_rounded_up_minutes() -> None:
    # Wenling to Hangzhou: 240 km as the crow flies.
    straight = great_circle_m(WENLING, HANGZHOU)
    assert 235_000 < straight < 245_000
    assert road_m(WENLING, HANGZHOU) == straight * 13 // 10
    assert minutes_for(60_000) == 60
    assert minutes_for(60_001) == 61
    assert road_m(None, WENLING) is None
    assert great_circle_m(Point(0, 0), Point(0, 180_000_000)) > 20_000_000


# ── positions ────────────────────────────────────────────────────────────────────────────────


def test_a_position_from_another_country_or_far_away_is_flagged() -> None:
    osaka, paris = Point(34_700_000, 135_500_000), Point(48_850_000, 2_350_000)
    at = datetime.fromisoformat("2020-06-24T09:00:00+08:00")
    for point in (osaka, paris, Point(0, 0)):
        assert flags_of(Seen(point, at), earlier=None, incident=WENLING) == (
            "another_country",
            "far_from_incident",
        )
    assert flags_of(Seen(ZHENGZHOU, at), earlier=None, incident=WENLING) == ("far_from_incident",)
    assert flags_of(Seen(YONGJIA, at), earlier=None, incident=WENLING) == ()
    assert is_in_china(ZHENGZHOU)


def test_an_impossible_speed_and_a_poor_accuracy_are_flagged() -> None:
    at = datetime.fromisoformat("2020-06-24T09:00:00+08:00")
    first, second = Seen(YONGJIA, at), Seen(HANGZHOU, at + timedelta(minutes=20))
    assert flags_of(second, earlier=first, incident=None) == ("impossible_speed",)
    later = Seen(HANGZHOU, at + timedelta(hours=4))
    assert flags_of(later, earlier=first, incident=None) == ()
    rough = Seen(YONGJIA, at, accuracy_metres=3_000)
    assert flags_of(rough, earlier=None, incident=None) == ("poor_accuracy",)


def test_degrees_that_are_none_are_nothing() -> None:
    assert microdegrees({"latitude": "28.37"}, "latitude") == 28_370_000
    for typed in ("", "north", "nan", "inf", "91", "-90.5"):
        assert microdegrees({"latitude": typed}, "latitude") is None
    assert microdegrees({"longitude": "180.1"}, "longitude") is None
