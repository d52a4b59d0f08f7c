"""Organisations: written down once, shared by all societies, changed by the one that did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from honghui.journal.models import Act
from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from honghui.registry import access
from honghui.registry.actions.organisations import (
    ALIASES_MAX,
    change_organisation,
    register_organisation,
)
from honghui.registry.models import Organisation, Society
from honghui.registry.queries.organisations import organisation_list
from honghui.registry.queries.search import search
from tests.registry.samples import SYSTEM

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
CODE = "91990100MA00000073"


def _firm(name: str = "样例公司", *, society: str = "330600", **values: Any) -> Organisation:
    return register_organisation(
        **{
            "by": SYSTEM,
            "society": Society.objects.get(pk=society),
            "name": name,
            "kind": "enterprise",
            **values,
        }
    )


@pytest.mark.parametrize("username", ["officer", "finance"])
def test_officers_and_finance_write_organisations_down(as_actor: As, username: str) -> None:
    by = as_actor(username)
    made = _firm(by=by, name_en="Sample Ltd.", credit_code=CODE, aliases=("样例厂", " "))
    assert (made.credit_code, made.aliases, made.society_code) == (CODE, ["样例厂"], "330600")
    act = Act.objects.get(verb="registry.organisation.registered", object_id=str(made.pk))
    assert (act.actor_id, act.society_code) == (by.account_id, "330600")
    assert (act.after["name"], act.after["credit_code"]) == ("样例公司", CODE)


@pytest.mark.parametrize(
    "typed",
    [
        "９１９９０１００ＭＡ００００００７３",
        "91990100ma00000073",
        "91990100-MA000000-73",
        f" {CODE} ",
    ],
)
def test_a_credit_code_is_kept_plain_however_it_was_typed(typed: str) -> None:
    assert _firm(credit_code=typed).credit_code == CODE


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"credit_code": CODE[:-1] + "4"}, "credit_code.check", "credit_code"),
        ({"credit_code": "９１"}, "credit_code.length", "credit_code"),
        ({"name": "\u3000"}, "text.empty", "name"),
        ({"name": "样" * 121}, "text.too_long", "name"),
        ({"name": "样例\x07"}, "text.control", "name"),
        ({"name_en": "A\u2066B"}, "text.direction", "name_en"),
        ({"aliases": ("\x00",)}, "text.control", "aliases"),
        ({"kind": "empire"}, "registry.kind.unknown", "kind"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    values: dict[str, Any], code: str, field: str
) -> None:
    before = Act.objects.count(), Organisation.objects.count()
    with pytest.raises(Invalid) as refused:
        _firm(**values)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert before == (Act.objects.count(), Organisation.objects.count())


def test_a_credit_code_is_written_down_once() -> None:
    _firm(credit_code=CODE)
    with pytest.raises(Conflict) as refused:
        _firm("样例集团", society="330400", credit_code=CODE)
    assert (refused.value.code, refused.value.field) == (
        "registry.organisation.known",
        "credit_code",
    )
    assert not Organisation.objects.filter(name="样例集团").exists()


def test_two_organisations_without_a_code_may_have_one_name() -> None:
    assert _firm().pk != _firm().pk


def test_the_database_refuses_a_second_holder_of_a_code() -> None:
    _firm(credit_code=CODE)
    with pytest.raises(IntegrityError, match="credit_code_of_its_own"), transaction.atomic():
        Organisation.objects.filter(pk=_firm("样例集团").pk).update(credit_code=CODE)


def test_a_change_keeps_what_was_before_in_the_journal(as_actor: As) -> None:
    made = _firm(credit_code=CODE)
    change_organisation(
        by=as_actor("finance"),
        organisation=made,
        name="样例集团",
        kind="other",
        aliases=("样例公司",),
    )
    made.refresh_from_db()
    assert (made.name, made.kind, made.credit_code) == ("样例集团", "other", None)
    act = Act.objects.get(verb="registry.organisation.changed")
    assert (act.before["name"], act.before["credit_code"]) == ("样例公司", CODE)
    assert (act.after["name"], act.after["credit_code"]) == ("样例集团", None)


def test_only_the_society_that_wrote_it_down_changes_it(as_actor: As) -> None:
    made = _firm(society="330400")
    by = as_actor("officer")
    assert access.organisation(by, made.pk) == made
    with pytest.raises(NotAllowed):
        change_organisation(by=by, organisation=made, name="别名", kind="other")


def test_no_more_aliases_are_kept_than_there_is_room_for() -> None:
    aliases = tuple(f"样例{number}" for number in range(ALIASES_MAX + 5))
    assert len(_firm(aliases=aliases).aliases) == ALIASES_MAX


@pytest.mark.parametrize("query", ["样例公司", "yangli", "ylgs", "老字号", "lzh", CODE, "sample l"])
def test_it_is_found_by_name_alias_pinyin_english_and_code(as_actor: As, query: str) -> None:
    made = _firm(aliases=("老字号",), credit_code=CODE, name_en="Sample Ltd.")
    assert made in organisation_list(as_actor("storekeeper"), query)


def test_organisations_are_for_those_with_a_role(as_actor: As) -> None:
    made = _firm("独一无二样例公司")
    for by in (VISITOR, as_actor("outsider"), as_actor("volunteer")):
        with pytest.raises(NotFound):
            access.organisation(by, made.pk)
        assert list(organisation_list(by)) == []
        assert search(by, "独一无二") == []
    assert [hit.label for hit in search(as_actor("trainer"), "独一无二")] == [made.name]
