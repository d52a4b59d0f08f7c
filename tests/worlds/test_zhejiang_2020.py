"""The sample world of June 2020: complete, all or nothing, and nobody real in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate
from django.db import connection

from honghui.callouts.models import Answer
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.errors import CannotRun
from honghui.kernel.identifiers import parse_resident_id
from honghui.kernel.models import World
from honghui.registry import access, duplicates
from honghui.registry.actions.divisions import load_divisions
from honghui.registry.models import (
    Account,
    GrassRootsUnit,
    Organisation,
    Person,
    PersonPair,
    RoleGrant,
    SearchEntry,
    Society,
)
from honghui.registry.queries.societies import counts_on
from honghui.registry.signing_in import actor_of
from honghui.rescue.models import RescueReport, Responder
from honghui.worlds import SAMPLE_PASSWORD, cast, zhejiang_2020
from honghui.worlds.cli import world as world_command
from honghui.worlds.loader import load_world, worlds
from honghui.worlds.zhejiang_2020 import registry, rescue
from tests.committed import WholeWorld

NAME = "zhejiang_2020"


def _silent(_line: str) -> None: ...


@pytest.fixture
def empty(committed_empty: str) -> None:
    """An installation in which nothing was recorded."""
    clock.forget_pin()


def test_everything_is_there(loaded: None) -> None:
    counts = counts_on(date(2020, 6, 24))
    assert (counts.provinces, counts.cities, counts.counties) == (1, 11, 90)
    assert Society.objects.count() == 102
    assert Society.objects.get(pk="330103").place_name == "下城区"
    assert Account.objects.count() == len(cast.MEMBERS) == 15
    assert Organisation.objects.filter(source="第 370 期").count() == len(registry.NAMED)
    assert GrassRootsUnit.objects.filter(source="示例").count() == len(registry.UNITS)


def test_the_clock_stands_still_and_the_machine_is_remembered(loaded: None) -> None:
    assert clock.now() == zhejiang_2020.PINNED_AT
    assert clock.today() == date(2020, 6, 24)
    row = World.objects.get()
    assert (row.name, row.pinned_at) == (NAME, zhejiang_2020.PINNED_AT)
    # the machine's day, not the world's; a busy machine may come late to this test
    assert abs((clock.machine_now() - row.loaded_at).total_seconds()) < 86_400


def test_every_act_has_its_moment_and_none_lies_ahead(loaded: None) -> None:
    moments = list(Act.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[0].astimezone(clock.CHINA).date() == date(2020, 6, 1)
    assert moments[-1] < zhejiang_2020.PINNED_AT
    verbs = set(Act.objects.values_list("verb", flat=True))
    assert verbs >= {
        "registry.divisions.loaded",
        "registry.society.founded",
        "registry.person.registered",
        "registry.account.opened",
        "registry.role.granted",
        "registry.organisation.registered",
        "registry.unit.opened",
    }


def test_loading_again_does_nothing(loaded: None) -> None:
    acts = Act.objects.count()
    assert load_world(NAME, _silent) is False
    assert Act.objects.count() == acts


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_world_is_refused_with_the_names_there_are(db: None) -> None:
    with pytest.raises(CannotRun, match=NAME) as caught:
        load_world("atlantis", _silent)
    assert caught.value.code == "world.unknown"


def test_another_world_is_refused(empty: None) -> None:
    World.objects.create(name="other", pinned_at=None, loaded_at=clock.machine_now())
    with pytest.raises(CannotRun) as caught:
        load_world(NAME, _silent)
    assert caught.value.code == "world.other_world"


def test_an_installation_with_data_is_refused(empty: None) -> None:
    Organisation.objects.create(
        name="样例", name_key="x", kind="other", registered_at=clock.machine_now()
    )
    with pytest.raises(CannotRun) as caught:
        load_world(NAME, _silent)
    assert caught.value.code == "world.data_there"
    assert not World.objects.exists()


@pytest.mark.django_db
def test_two_loads_at_once_do_not_meet_half_way() -> None:
    settings = connection.get_connection_params()
    plain = {key: settings[key] for key in ("host", "port", "dbname", "user") if key in settings}
    with psycopg.connect(**plain) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [370_2020_06_24])
        with pytest.raises(CannotRun) as caught:
            load_world(NAME, _silent)
    assert caught.value.code == "world.loading"


def test_a_load_that_breaks_leaves_nothing(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = Act.objects.count()

    def breaks(*_rest: object) -> None:
        raise RuntimeError("the power is cut")

    monkeypatch.setattr(registry, "_open_units", breaks)
    with pytest.raises(RuntimeError):
        load_world(NAME, _silent)
    for model in (World, Society, Person, Account, Organisation, SearchEntry):
        assert not model._default_manager.exists(), model
    assert Act.objects.count() == acts
    assert clock.now().year > 2020


# ── the cast ─────────────────────────────────────────────────────────────────────────────────


def test_roles_are_as_cast(loaded: None) -> None:
    held = {
        grant.account.username: (grant.role, grant.society_id)
        for grant in RoleGrant.objects.select_related("account")
    }
    assert held == {
        "finance": ("finance", "330600"),
        "team-leader": ("team_leader", "331081"),
        "caseworker": ("caseworker", "330800"),
        "officer": ("officer", "330600"),
        "officer2": ("officer", "330600"),
        "auditor": ("auditor", "330600"),
        "administrator": ("administrator", "330600"),
        "province": ("officer", "330000"),
        "storekeeper": ("storekeeper", "330600"),
        "trainer": ("trainer", "330700"),
        "editor": ("editor", "330000"),
        "leader-yongjia": ("team_leader", "330324"),
        "leader-yongkang": ("team_leader", "330784"),
    }


@pytest.mark.parametrize("username", ["outsider", "volunteer"])
def test_an_account_without_a_role_sees_nobody(loaded: None, username: str) -> None:
    by = actor_of(Account.objects.get(username=username))
    assert by.grants == frozenset()
    assert not access.people(by).exists()
    assert not access.organisations(by).exists()


def test_the_sample_password_signs_in_and_need_not_be_changed(loaded: None, rf: Any) -> None:
    account = authenticate(rf.post("/"), username="finance", password=SAMPLE_PASSWORD)
    assert account is not None
    assert not Account.objects.filter(must_change_password=True).exists()


def test_something_waits_for_the_officers_of_shaoxing(loaded: None) -> None:
    pair = PersonPair.objects.get()
    assert (pair.first.name, pair.signs, pair.state) == ("林样例", ["name_and_phone"], "found")
    for username in ("officer", "officer2"):
        by = actor_of(Account.objects.get(username=username))
        assert list(access.person_pairs(by)) == [pair]
    assert duplicates.find_all() == 0


def test_sample_identities_can_belong_to_nobody() -> None:
    people = [*cast.MEMBERS, *cast.DUPLICATE, *rescue.rolled()]
    ids = [each.resident_id for each in people if each.resident_id]
    assert len(set(ids)) == len(ids) == 16 + 241
    for each in ids:
        parsed = parse_resident_id(each, today=date(2020, 6, 24))
        assert parsed.region_code == "990100"
    assert all(re.fullmatch("1390000[0-9]{4}", each.phone) for each in people)
    assert len({each.name for each in people}) == 16 + 241


def test_nobody_named_in_the_issue_is_in_the_world(loaded: None) -> None:
    """The sealed names are those of the cast; every text in the open is free of the issue's
    people, whose names follow 通讯员 (correspondent) in its text and are not repeated here."""
    cast_names = {each.name for each in (*cast.MEMBERS, *cast.DUPLICATE, *rescue.rolled())}
    assert set(Person.objects.values_list("name", flat=True)) == cast_names
    source = Path(registry.__file__).read_text(encoding="utf-8")
    for word in ("书记", "会长", "通讯员", "记者"):
        assert word not in source


# ── cost and command line ────────────────────────────────────────────────────────────────────


def test_loading_keeps_its_budget_of_queries(whole_world: WholeWorld) -> None:
    """203 people who are asked by text message cost most of it, some forty queries each."""
    assert whole_world.queries < 19_000


def test_the_night_at_wenling_is_told_as_the_newspaper_tells_it(loaded: None) -> None:
    """Case C1: 177 people, 92, 50 and 35; four arrivals; two orders to withdraw, Wenling's is not
    told; and what the newspaper contradicts is found by counting."""
    report = RescueReport.objects.get(incident__is_drill=False)
    teams = {each["code"]: each for each in report.contents["teams"]}
    people = {code: each["people"] for code, each in teams.items()}
    assert people == {
        "wenling-rescue": [92, "exact"],
        "yongjia-sea-eagle": [50, "exact"],
        "yongkang-rescue": [35, "exact"],
    }
    told = [group["told"] for each in teams.values() for group in each["groups"]]
    hours = ["13T09:00", "13T10:00", "13T13:00", "13T15:00"]
    assert [one["arrived"][0][8:16] for one in told] == hours
    back = {code: [g["told"].get("ordered_back") for g in t["groups"]] for code, t in teams.items()}
    assert back["wenling-rescue"] == [None, None]
    assert back["yongjia-sea-eagle"] == [["2020-06-13T21:00:00Z", "about"]]
    assert back["yongkang-rescue"] == [["2020-06-13T22:00:00Z", "about"]]
    found = {each["code"]: each for each in report.findings}
    assert found["people.total"]["kind"] == "holds"
    assert found["batches.same_label"]["values"]["label"] == "第二批"
    assert found["vehicles.only_if"]["kind"] == "differs"
    assert found["silent.withdrawal"]["values"]["teams"] == ["wenling-rescue"]
    answers = Answer.objects.filter(invitation__call_out__about=report.incident_id)
    assert answers.filter(via="sms", meaning="coming").count() == 177
    there = Responder.objects.filter(mission__incident=report.incident_id, state="there")
    assert there.count() == 177
    assert report.state == "released" and report.record_id is not None


def test_the_commands_list_load_and_refuse(empty: None) -> None:
    """Divisions that were loaded before are no obstacle."""
    load_divisions(by=registry.SYSTEM)
    run = CliRunner().invoke
    assert [each.NAME for each in worlds()] == [NAME]
    assert f"  {NAME}" in run(world_command, ["list"]).output
    assert "is loaded" in run(world_command, ["load", NAME]).output
    assert f"* {NAME}" in run(world_command, ["list"]).output
    assert "already" in run(world_command, ["load", NAME]).output
    refused = run(world_command, ["load", "atlantis"]).exception
    assert isinstance(refused, CannotRun)
    assert NAME in refused.hint
