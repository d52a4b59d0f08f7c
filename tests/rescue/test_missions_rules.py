"""Where a team stands, out of what was told: without a database."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from honghui.rescue.rules.hours import LONGEST, span_of
from honghui.rescue.rules.missions import (
    KINDS,
    Standing,
    Told,
    judge,
    lanes_of,
    next_step,
    open_questions,
    responder_state,
)

DAY = datetime.fromisoformat("2020-06-13T00:00:00+08:00")
KNOWN = DAY + timedelta(hours=16, minutes=40)


def at(hour: int, minute: int = 0, day: int = 13) -> datetime:
    return DAY + timedelta(days=day - 13, hours=hour, minutes=minute)


def told(kind: str, moment: datetime, **values: object) -> Told:
    values.setdefault("told_at", max(moment, KNOWN) + timedelta(minutes=1))
    return Told(id=uuid4(), kind=kind, at=moment, **values)  # type: ignore[arg-type]


def judged(*all_told: Told) -> Standing:
    return judge(all_told, known_at=KNOWN)


def flags(standing: Standing, one: Told) -> tuple[str, ...]:
    return standing.flags[one.id]


def test_wenling_two_batches_arrive_and_nothing_more_is_told() -> None:
    first = told("arrived", at(17), batch=1, people=40, people_qualifier="about")
    second = told("arrived", at(18), batch=2, people=52)
    standing = judged(first, second)
    assert standing.state == "there"
    assert standing.people == {1: (40, "about"), 2: (52, "exact")}
    assert standing.first("arrived") == at(17)
    assert standing.first("back") is None
    assert flags(standing, first) == flags(standing, second) == ()


def test_the_way_step_by_step() -> None:
    steps = [
        told("departed", at(19)), told("arrived", at(21)), told("ordered_back", at(5, day=14)),
        told("left", at(5, 20, day=14)), told("back", at(8, day=14)),
    ]  # fmt: skip
    states = ["departed", "there", "ordered_back", "returning", "back"]
    for number, state in enumerate(states, 1):
        assert judged(*steps[:number]).state == state
    assert judged().state == ""


def test_arrived_before_departed_is_flagged_and_counts() -> None:
    departed, arrived = told("departed", at(20)), told("arrived", at(18))
    standing = judged(departed, arrived)
    assert flags(standing, arrived) == ("before_departure",)
    assert standing.state == "there"
    assert standing.first("arrived") == at(18)


def test_an_arrival_whose_departure_nobody_told_is_in_order() -> None:
    arrived = told("arrived", at(21))
    assert flags(judged(arrived), arrived) == ()


def test_ordered_back_before_arriving_and_home_before_leaving_are_flagged() -> None:
    arrived, ordered = told("arrived", at(21)), told("ordered_back", at(20))
    left, back = told("left", at(23)), told("back", at(22))
    standing = judged(arrived, ordered, left, back)
    assert flags(standing, ordered) == ("before_arrival",)
    assert flags(standing, back) == ("before_leaving",)


def test_before_the_incident_was_known_is_flagged() -> None:
    early = told("departed", at(9))
    assert flags(judged(early), early) == ("before_incident",)


def test_what_a_hand_rounds_to_the_minute_is_no_other_order_than_a_phone_tells() -> None:
    by_hand = told("departed", at(20) + timedelta(minutes=1))
    by_phone = told("arrived", at(20) + timedelta(seconds=1))
    assert flags(judged(by_hand, by_phone), by_phone) == ()
    a_minute_before = told("arrived", at(20))
    assert flags(judged(by_hand, a_minute_before), a_minute_before) == ("before_departure",)


def test_a_few_minutes_before_the_incident_was_written_down_are_its_rounding() -> None:
    soon = told("departed", KNOWN - timedelta(minutes=14))
    assert flags(judged(soon), soon) == ()


def test_a_time_in_the_future_or_a_month_ago_does_not_count_until_somebody_looked() -> None:
    future = told("arrived", at(23), told_at=at(20))
    standing = judged(told("departed", at(19)), future)
    assert flags(standing, future) == ("in_the_future",)
    assert standing.state == "departed"
    seen = replace(future, is_settled=True)
    assert judged(told("departed", at(19)), seen).state == "there"
    old = told("departed", at(19) - timedelta(days=31), told_at=at(20))
    assert "long_ago" in flags(judged(old), old)
    assert judged(old).state == ""


def test_ten_minutes_ahead_is_a_clock_and_no_future() -> None:
    near = told("arrived", at(20, 9), told_at=at(20))
    assert flags(judged(near), near) == ()


def test_told_twice_is_once() -> None:
    one = told("arrived", at(21), told_at=at(21))
    again = told("arrived", at(21, 12), told_at=at(21, 12))
    standing = judged(one, again)
    assert flags(standing, one) == ()
    assert flags(standing, again) == ("repeated",)
    assert standing.first("arrived") == at(21)
    assert not open_questions(("repeated",), is_void=False, is_settled=False)


def test_two_that_contradict_are_both_shown_and_the_later_told_counts() -> None:
    one = told("arrived", at(19), told_at=at(19))
    other = told("arrived", at(21), told_at=at(21))
    standing = judged(one, other)
    assert flags(standing, one) == flags(standing, other) == ("contradicts",)
    assert standing.first("arrived") == at(21)
    settled = replace(one, is_settled=True)
    standing = judged(settled, other)
    assert standing.first("arrived") == at(19), "what somebody settled counts"


def test_a_batch_that_arrives_with_another_number_is_a_question() -> None:
    out = told("departed", at(19), batch=1, people=50)
    there = told("arrived", at(21), batch=1, people=48)
    standing = judged(out, there)
    assert flags(standing, there) == ("people_differ",)
    assert standing.people == {1: (48, "exact")}


def test_a_void_telling_no_longer_counts_and_is_no_question() -> None:
    wrong = told("back", at(22), is_void=True)
    standing = judged(told("arrived", at(21)), wrong)
    assert standing.state == "there"
    assert not open_questions(("before_leaving",), is_void=True, is_settled=False)


def test_a_team_is_back_when_all_its_batches_are() -> None:
    both = [told("arrived", at(17), batch=1), told("arrived", at(18), batch=2)]
    one_back = told("back", at(23), batch=1)
    assert judged(*both, one_back).state == "there"
    assert judged(*both, one_back, told("back", at(23, 30), batch=2)).state == "back"
    assert judged(*both, told("back", at(23, 30))).state == "back"


def test_a_responders_own_report_moves_nobody_else() -> None:
    who = uuid4()
    standing = judged(told("departed", at(19), responder=who))
    assert standing.state == ""
    own = {kind: standing.at(kind, *lanes_of(who, None, "coming")) for kind in KINDS}
    assert responder_state("coming", own) == "departed"


def test_the_teams_report_speaks_for_those_who_are_coming_and_for_a_batchs_people() -> None:
    standing = judged(told("departed", at(19)), told("arrived", at(21), batch=2))
    who = uuid4()

    def state(answered: str, batch: int | None) -> str:
        lanes = lanes_of(who, batch, answered)
        return responder_state(answered, {kind: standing.at(kind, *lanes) for kind in KINDS})

    assert state("coming", None) == "departed"
    assert state("coming", 2) == "there"
    assert state("declined", None) == "declined"
    assert state("if_short", None) == "if_short"


TELLING = st.builds(
    lambda kind, minutes, later, batch, void: Told(
        id=UUID(
            int=(minutes + 300) * 10_000 + later * 10 + KINDS.index(kind) + (batch or 0) * 10**8
        ),
        kind=kind,
        at=KNOWN + timedelta(minutes=minutes),
        told_at=KNOWN + timedelta(minutes=minutes + later),
        batch=batch,
        is_void=void,
    ),
    st.sampled_from(KINDS),
    st.integers(-300, 3_000),
    st.integers(0, 400),
    st.sampled_from([None, 1, 2]),
    st.booleans(),
)


@given(st.lists(TELLING, max_size=12, unique_by=lambda one: one.id), st.randoms())
def test_the_order_in_which_reports_come_in_makes_no_difference(
    all_told: list[Told], chance: random.Random
) -> None:
    standing = judge(all_told, known_at=KNOWN)
    shuffled = list(all_told)
    chance.shuffle(shuffled)
    again = judge(shuffled, known_at=KNOWN)
    assert again.state == standing.state
    assert {key: set(value) for key, value in again.flags.items()} == {
        key: set(value) for key, value in standing.flags.items()
    }
    assert again.counting == standing.counting
    assert set(standing.flags) == {each.id for each in all_told}, "nothing told is lost"


def test_one_button_leads_to_the_next() -> None:
    state, way = "called", []
    while step := next_step(state):
        way.append(step)
        state = judged(*[told(kind, at(17 + place)) for place, kind in enumerate(way)]).state
    assert way == list(KINDS)


# ── hours ────────────────────────────────────────────────────────────────────────────────────

TEAM = {"departed": at(19), "arrived": at(21), "left": at(5, day=14), "back": at(8, day=14)}


def test_hours_run_from_leaving_to_being_back() -> None:
    span = span_of({"departed": at(19), "back": at(7, 30, day=14)}, TEAM)
    assert span and span.minutes == 12 * 60 + 30
    assert not span.is_estimated and not span.is_capped


def test_a_missing_time_is_estimated_from_the_teams_and_says_so() -> None:
    span = span_of({"departed": at(19, 5)}, TEAM)
    assert span and (span.until_at, span.is_estimated) == (at(8, day=14), True)
    span = span_of({"back": at(9, day=14)}, TEAM)
    assert span and (span.from_at, span.is_estimated) == (at(19), True)


def test_where_the_way_back_is_missing_it_took_as_long_as_the_way_there() -> None:
    team = {"departed": at(19), "arrived": at(21), "ordered_back": at(5, day=14)}
    span = span_of({"departed": at(19), "arrived": at(21)}, team)
    assert span and span.until_at == at(7, day=14)
    assert span.is_estimated


def test_no_hours_are_made_up() -> None:
    assert span_of({}, {}) is None
    assert span_of({"departed": at(19)}, {}) is None
    assert span_of({"departed": at(19), "back": at(18)}, {}) is None


def test_hours_that_somebody_forgot_to_end_are_cut_and_say_so() -> None:
    span = span_of({"departed": at(19), "back": at(19) + timedelta(days=40)}, {})
    assert span and span.is_capped
    assert span.until_at - span.from_at == LONGEST
