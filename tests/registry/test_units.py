"""Grass-roots units: opened, found by everybody, closed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from honghui.journal.models import Act
from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from honghui.registry.actions.organisations import register_organisation
from honghui.registry.actions.units import close_unit, open_unit
from honghui.registry.models import Account, GrassRootsUnit, Organisation, Society
from honghui.registry.queries.organisations import units_of
from honghui.registry.queries.search import search
from honghui.registry.queries.societies import society_page
from tests.registry.samples import REASON, SYSTEM

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
NAME = "独一无二社区红十字会"


def _unit(*, society: str = "330600", **values: Any) -> GrassRootsUnit:
    given = {"name": NAME, "kind": "community", **values}
    return open_unit(**{"by": SYSTEM, "society": Society.objects.get(pk=society), **given})


def test_an_open_unit_stands_on_the_page_of_its_society_and_in_the_search(as_actor: As) -> None:
    by = as_actor("officer")
    unit = _unit(by=by, opened_on=date(2020, 6, 1))
    assert unit in society_page("330600").units
    assert [hit.label for hit in search(VISITOR, "独一无二")] == [NAME]
    act = Act.objects.get(verb="registry.unit.opened", object_id=str(unit.pk))
    assert (act.actor_id, act.society_code) == (by.account_id, "330600")
    assert act.after == {"name": NAME, "kind": "community", "opened_on": "2020-06-01"}


def test_a_name_is_used_once_in_a_society(as_actor: As) -> None:
    _unit()
    with pytest.raises(Conflict) as refused:
        _unit(by=as_actor("officer"))
    assert (refused.value.code, refused.value.field) == ("registry.unit.known", "name")
    assert _unit(society="330400").pk


def test_a_closed_unit_frees_its_name_and_is_not_found_any_more(as_actor: As) -> None:
    unit = _unit(opened_on=date(2020, 1, 1))
    close_unit(by=as_actor("officer"), unit=unit, closed_on=date(2020, 6, 24), reason=REASON)
    assert search(VISITOR, "独一无二") == []
    assert unit not in society_page("330600").units
    assert _unit().pk != unit.pk
    act = Act.objects.get(verb="registry.unit.closed")
    assert (act.reason, act.after) == (REASON, {"closed_on": "2020-06-24"})


def test_a_unit_is_closed_once(as_actor: As) -> None:
    unit = _unit()
    by = as_actor("officer")
    close_unit(by=by, unit=unit, closed_on=date(2020, 6, 24), reason=REASON)
    with pytest.raises(Conflict) as refused:
        close_unit(by=by, unit=unit, closed_on=date(2020, 6, 25), reason=REASON)
    assert refused.value.code == "registry.unit.closed_already"
    unit.refresh_from_db()
    assert unit.closed_on == date(2020, 6, 24)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"closed_on": date(2020, 6, 24), "reason": "no"}, "reason"),
    ],
)
def test_a_unit_closes_after_it_opened_and_for_a_reason(
    as_actor: As, values: dict[str, Any], field: str
) -> None:
    unit = _unit(opened_on=date(2020, 1, 1))
    with pytest.raises(Invalid) as refused:
        close_unit(by=as_actor("officer"), unit=unit, **values)
    assert refused.value.field == field
    unit.refresh_from_db()
    assert unit.closed_on is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "社区\u202e"}, "name"),
        ({"name": "样" * 81}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"name_en": "x" * 121}, "name_en"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(values: dict[str, Any], field: str) -> None:
    before = GrassRootsUnit.objects.count()
    with pytest.raises(Invalid) as refused:
        _unit(**values)
    assert (refused.value.field, GrassRootsUnit.objects.count()) == (field, before)


def test_another_societys_units_are_not_ours_to_open_list_or_close(as_actor: As) -> None:
    theirs = _unit(society="330400")
    by = as_actor("officer")
    with pytest.raises(NotAllowed):
        _unit(by=by, society="330400", name="样例")
    with pytest.raises(NotFound):
        close_unit(by=by, unit=theirs, closed_on=date(2020, 6, 24), reason=REASON)
    assert theirs not in units_of(by)


def test_the_database_refuses_a_second_open_unit_of_a_name() -> None:
    first = _unit()
    with pytest.raises(IntegrityError, match="unit_name_is_used_once"), transaction.atomic():
        GrassRootsUnit.objects.create(society=first.society, name=NAME, kind="village")


def test_a_wrong_closing_day_is_refused_at_the_field_of_the_form(as_actor: As) -> None:
    unit = _unit(opened_on=date(2020, 1, 1))
    with pytest.raises(Invalid) as refused:
        close_unit(by=as_actor("officer"), unit=unit, closed_on=date(2019, 12, 31), reason=REASON)
    assert refused.value.field == "closed_on"


# ── the form: an organisation is looked up, never listed ─────────────────────────────────────
def _post(client: Any, **typed: str) -> Any:
    given = {"once": "0" * 32, "society": "330600", "name": NAME, "kind": "community"}
    client.force_login(Account.objects.get(username="officer"))
    return client.post("/desk/units/new/", {**given, **typed})


def _firm(name: str, **values: str) -> Organisation:
    society = Society.objects.get(pk="330100")
    given = {"name": name, "kind": "school", **values}
    return register_organisation(by=SYSTEM, society=society, **given)


def test_the_form_names_its_societies_in_the_readers_language(client: Any) -> None:
    client.force_login(Account.objects.get(username="officer"))
    assert ">绍兴市红十字会</option>" in client.get("/desk/units/new/").text
    english = client.get("/en/desk/units/new/").text
    assert ">Shaoxing Red Cross</option>" in english and "绍兴市红十字会</option>" not in english


def test_the_form_finds_the_organisation_that_is_meant(client: Any) -> None:
    assert "公安局" not in client.get("/desk/units/new/").text
    assert _post(client, within="绍兴市公安局").status_code == 302
    assert GrassRootsUnit.objects.get(name=NAME).organisation.name == "绍兴市公安局"


def test_a_name_in_full_means_that_one(client: Any) -> None:
    meant = _firm("样例中学")
    _firm("样例中学分校")
    assert _post(client, within="样例中学").status_code == 302
    assert GrassRootsUnit.objects.get(name=NAME).organisation == meant


def test_where_several_fit_the_form_asks_which_and_keeps_what_was_typed(client: Any) -> None:
    first, second = _firm("样例中学一部"), _firm("样例中学二部", name_en="Sample School 2")
    asked = _post(client, within="样例中学")
    assert asked.status_code == 422 and "不止一家" in asked.text
    assert str(first.pk) in asked.text and f'value="{NAME}"' in asked.text
    assert not GrassRootsUnit.objects.filter(name=NAME).exists()
    assert _post(client, within="样例中学", organisation=str(second.pk)).status_code == 302
    assert GrassRootsUnit.objects.get(name=NAME).organisation == second


def test_the_form_shows_ten_that_fit_and_says_that_there_are_more(client: Any) -> None:
    for serial in range(12):
        _firm(f"样例中学{serial}部")
    asked = _post(client, within="样例中学")
    assert asked.text.count('name="organisation"') == 10
    assert "再多打几个字" in asked.text


@pytest.mark.parametrize("typed", ["没有登记过的单位", "a\x00b", "长" * 200])
def test_what_no_organisation_fits_opens_nothing(client: Any, typed: str) -> None:
    asked = _post(client, within=typed)
    assert asked.status_code == 422 and 'aria-invalid="true"' in asked.text
    assert not GrassRootsUnit.objects.filter(name=NAME).exists()


def test_one_that_was_not_offered_cannot_be_chosen(client: Any) -> None:
    _firm("样例中学一部")
    _firm("样例中学二部")
    other = _firm("别处的单位")
    assert _post(client, within="样例中学", organisation=str(other.pk)).status_code == 422
    assert not GrassRootsUnit.objects.filter(name=NAME).exists()
