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
from honghui.registry.actions.units import close_unit, open_unit
from honghui.registry.models import GrassRootsUnit, Society
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
