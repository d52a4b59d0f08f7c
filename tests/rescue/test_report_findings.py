"""The findings of C1 and C2 are computed from rows: what holds, what holds only if, what is not
told. Numbers and times that cannot be are found, and nothing is repaired."""

from __future__ import annotations

import pytest

from honghui.rescue.models import Claim, Incident, TaskResult
from honghui.rescue.reporting.contents import as_json, from_json
from honghui.rescue.reporting.counts import count_report
from honghui.rescue.rules import findings as rules
from honghui.rescue.rules.board import Number
from honghui.rescue.rules.findings import Finding, agrees, findings
from tests.rescue import cases
from tests.rescue.cases import at

pytestmark = pytest.mark.django_db
AFTER = at("2020-06-24 09:00")


def found_in(incident: Incident, when: str = "2021-12-31 09:00") -> dict[str, Finding]:
    return {one.code: one for one in findings(count_report(incident, at(when)))}


def test_wenling_has_177_people_of_three_teams_that_came_four_times() -> None:
    contents = count_report(cases.wenling(), AFTER)
    assert contents.people == Number(177)
    assert [team.people.value for team in contents.teams] == [92, 50, 35]
    assert sum(len(team.times("arrived")) for team in contents.teams) == 4
    assert sum(len(team.times("ordered_back")) for team in contents.teams) == 2
    assert contents.teams[0].withdrawal == []
    assert {one.kind: one.number for one in contents.vehicles} == {
        "equipment": 1, "truck": 2, "rescue": 2, "ambulance": 1
    }  # fmt: skip
    assert from_json(as_json(contents)) == contents


def test_what_is_inconsistent_in_wenling_is_found_by_counting() -> None:
    found = found_in(cases.wenling())
    assert found["people.total"].kind == "holds"
    assert found["vehicles.agrees"].values["vehicle"] == "ambulance"
    only_if = found["vehicles.only_if"]
    assert (only_if.values["ours"], only_if.values["claim"]) == (2, Number(5))
    assert only_if.values["readings"] == [
        {"with": [("wenling-rescue", "equipment", 1), ("wenling-rescue", "truck", 2)]}
    ]
    assert found["vehicles.sum"].kind == "holds"
    assert found["vehicles.sum"].values["said"] == 6
    assert found["batches.same_label"].values == {
        "team": "wenling-rescue", "label": "第二批", "numbers": [1, 2]
    }  # fmt: skip
    assert found["batches.not_split"].values["team"] == "wenling-rescue"
    assert found["silent.withdrawal"].values == {"teams": ["wenling-rescue"]}
    assert found["silent.vehicles"].values == {"teams": ["yongkang-rescue"]}


def test_henan_is_held_against_what_its_times_give() -> None:
    incident = cases.henan()
    contents = count_report(incident, at("2021-07-29 09:00"))
    assert contents.people == Number(25)
    found = found_in(incident)
    assert found["travel.hours"].kind == "holds"
    assert found["travel.hours"].values["minutes"] == 16 * 60
    days = found["duration"]
    assert (days.kind, days.values["days"], days.values["nights"]) == ("holds", 6, 5)
    # From Friday 17:00 to some time on Wednesday.
    assert (days.values["least"], days.values["most"]) == (103 * 60, 127 * 60)
    assert "silent.withdrawal" not in found


def test_another_number_of_vehicles_has_another_reading_or_none() -> None:
    incident = cases.wenling()
    claim = Claim.objects.get(incident=incident, measure="vehicle.rescue")
    readings = {}
    for value in (1, 3, 4, 9):
        Claim.objects.filter(pk=claim.pk).update(value=value)
        found = found_in(incident)
        one = found.get("vehicles.only_if") or found["vehicles.no_reading"]
        readings[value] = one.values["readings"]
    assert readings == {
        1: [],
        3: [{"with": [("wenling-rescue", "equipment", 1)]}],
        4: [{"with": [("wenling-rescue", "truck", 2)]}],
        9: [],
    }


def test_people_and_person_times_are_never_added() -> None:
    incident = cases.wenling()
    for mission, value, qualifier, unit in (
        (incident.missions.get(people=50), 30, "over", "person"),
        (incident.missions.get(people=35), 10, "exact", "person"),
        (incident.missions.get(people=35), 80, "about", "person_time"),
    ):
        TaskResult.objects.create(
            task=mission.tasks.all()[0], measure="moved", value=value, qualifier=qualifier,
            unit=unit,
        )  # fmt: skip
    contents = count_report(incident, AFTER)
    assert [(one.unit, one.number) for one in contents.results] == [
        ("person", Number(40, "over")), ("person_time", Number(80, "about"))
    ]  # fmt: skip
    assert found_in(incident)["results.two_units"].values["units"] == ["person", "person_time"]


def test_a_team_that_arrives_before_it_leaves_is_found() -> None:
    incident = cases.wenling()
    cases.tell(incident.missions.get(people=50), "departed", "2020-06-13 22:00")
    found = found_in(incident)["times.reversed"]
    assert (found.values["first"], found.values["then"]) == ("departed", "arrived")
    # At some time after seven is no contradiction to nine.
    incident.missions.get(people=50).tellings.filter(kind="departed").update(at_qualifier="under")
    assert "times.reversed" not in found_in(incident)


def test_totals_that_differ_are_shown_and_not_repaired() -> None:
    incident = cases.wenling()
    Claim.objects.filter(incident=incident, measure="people").update(value=187)
    found = found_in(incident)["people.total"]
    assert (found.kind, found.values["claim"], found.values["ours"]) == (
        "differs", Number(187), Number(177)
    )  # fmt: skip
    leopard = incident.missions.get(people=92)
    leopard.batches.filter(number=1).update(people=50)
    leopard.batches.filter(number=2).update(people=40)
    assert found_in(incident)["batches.total"].kind == "differs"
    cases.responder(leopard)
    assert found_in(incident)["people.registered"].values["registered"] == 1


def test_a_team_whose_number_nobody_told_makes_the_sum_open() -> None:
    incident = cases.wenling()
    incident.missions.filter(people=35).update(people=None)
    contents = count_report(incident, AFTER)
    assert contents.people == Number(142, "over")
    found = found_in(incident)
    assert found["people.incomplete"].kind == "silent"
    assert found["silent.people"].values == {"teams": ["yongkang-rescue"]}


@pytest.mark.parametrize(
    ("claimed", "ours", "both"),
    [
        (("exact", 5), ("exact", 5), True), (("exact", 5), ("exact", 6), False),
        (("about", 400), ("exact", 380), True), (("about", 400), ("exact", 300), False),
        (("over", 80), ("exact", 81), True), (("over", 80), ("exact", 80), False),
        (("under", 10), ("exact", 9), True), (("exact", 9), ("under", 9), False),
        (("over", 5), ("under", 7), True), (("over", 5), ("under", 6), False),
        (("over", 5), ("over", 80), True),
    ],
)  # fmt: skip
def test_two_numbers_agree_where_both_can_be_true(
    claimed: tuple[str, int], ours: tuple[str, int], both: bool
) -> None:
    assert agrees(Number(claimed[1], claimed[0]), Number(ours[1], ours[0])) is both
    assert agrees(Number(ours[1], ours[0]), Number(claimed[1], claimed[0])) is both


def test_findings_come_back_from_json_as_they_went() -> None:
    found = findings(count_report(cases.wenling(), AFTER))
    again = rules.from_json(rules.as_json(found))
    assert [(one.code, one.kind) for one in again] == [(one.code, one.kind) for one in found]
    assert rules.as_json(again) == rules.as_json(found)
