"""A roll is registered whole or not at all, each person once, with few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honghui.journal.models import Act
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import identities
from honghui.registry.actions.people import register_person
from honghui.registry.actions.rolls import register_people
from honghui.registry.models import Affiliation, Person, SearchEntry, Society
from honghui.registry.rolls import Listed, check_roll, find_listed
from tests.registry.samples import SYSTEM, resident_id

pytestmark = pytest.mark.django_db
KIND = Affiliation.Kind.VOLUNTEER


@pytest.fixture
def wenling(django_db_setup: None) -> Society:
    return Society.objects.get(pk="331081")


def _roll(count: int, first: int = 700) -> list[Listed]:
    return [Listed(f"样例{n}", resident_id(first + n), f"1397000{n:04d}") for n in range(count)]


def _registered(society: Society, people: list[Listed], by: Actor = SYSTEM) -> list[Person | None]:
    register_people(by=by, society=society, kind=KIND, people=people)
    return find_listed(check_roll(people))


def test_everybody_on_the_roll_is_registered_sealed_and_found(wenling: Society) -> None:
    people = _roll(5)
    rows = _registered(wenling, people)
    for line, person in zip(people, rows, strict=True):
        assert person is not None and person.name == line.name
        assert identities.opened(person).phone == f"+86{line.phone}"
        assert person.affiliations.get().society_id == wenling.pk
        assert SearchEntry.objects.filter(object_id=str(person.pk)).exists()
        act = Act.objects.get(object_id=str(person.pk))
        assert act.sealed is not None and line.name not in str(act.after)
    assert Act.objects.filter(verb="registry.roll.registered").latest("pk").after["new"] == 5


def test_a_hundred_cost_as_many_queries_as_five(wenling: Society) -> None:
    counts = []
    for first, count in ((300, 5), (400, 100)):
        with CaptureQueriesContext(connection) as queries:
            register_people(by=SYSTEM, society=wenling, kind=KIND, people=_roll(count, first))
        counts.append(len(queries))
    assert counts[1] <= counts[0] < 20


def test_who_is_known_by_id_or_by_phone_and_name_is_not_written_down_twice(
    wenling: Society,
) -> None:
    by_id = register_person(
        by=SYSTEM, society=wenling, name="样例一", kind="donor", resident_id=resident_id(801)
    )
    by_phone = register_person(
        by=SYSTEM, society=wenling, name="样例二", kind=KIND, phone="13970000002"
    )
    people = [
        Listed("样例一", resident_id(801)),
        Listed("样例二", phone="139 7000 0002"),
        Listed("样例三", phone="13970000002"),  # the same telephone, another person
    ]
    rows = _registered(wenling, people)
    assert rows[:2] == [by_id, by_phone]
    assert rows[2] not in (None, by_phone)
    assert by_id.affiliations.count() == 2
    assert by_phone.affiliations.count() == 1


def test_the_same_roll_again_changes_nothing(wenling: Society) -> None:
    people = _roll(3)
    first = _registered(wenling, people)
    assert _registered(wenling, people) == first
    assert Affiliation.objects.filter(person__in=[one.pk for one in first if one]).count() == 3


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Listed("样例九"), "registry.roll.nobody"),
        (Listed("样例九", "990100199003070011"), "resident_id.check"),
        (Listed("样例九", phone="12"), "phone"),
        (Listed("样例0", resident_id(700)), "registry.roll.twice"),
        (Listed("", phone="13970009999"), "text"),
    ],
    ids=["nothing to tell by", "wrong id", "wrong phone", "twice", "no name"],
)
def test_one_wrong_line_and_nobody_is_registered(line: Listed, code: str, wenling: Society) -> None:
    before = Person.objects.count()
    with pytest.raises(Invalid) as refused:
        register_people(by=SYSTEM, society=wenling, kind=KIND, people=[*_roll(3), line])
    assert refused.value.code.startswith(code)
    assert Person.objects.count() == before
    if code != "text":
        assert "4" in str(refused.value.sentence)


def test_a_known_id_under_another_name_is_refused_and_tells_nobody_whose_it_is(
    wenling: Society,
) -> None:
    register_person(
        by=SYSTEM, society=wenling, name="原名", kind=KIND, resident_id=resident_id(801)
    )
    with pytest.raises(Conflict) as refused:
        register_people(
            by=SYSTEM, society=wenling, kind=KIND, people=[Listed("他名", resident_id(801))]
        )
    assert "原名" not in str(refused.value)
    assert "Listed(…)" in repr(Listed("他名", resident_id(801)))
