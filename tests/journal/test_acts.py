"""The act journal keeps everything, and only the truth."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from honghui.journal.acting import action, personal_of, record
from honghui.journal.models import Act
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry.actions.people import register_person
from honghui.registry.models import Person, Society

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_act SET reason = 'rewritten'",
        "DELETE FROM journal_act",
        "TRUNCATE journal_act",
    ],
)
def test_nobody_rewrites_the_journal_not_even_its_owner(statement: str, system: Actor) -> None:
    record(by=system, verb="test.noted")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s", ["journal_act"]
        )
        assert cursor.fetchone() == (True,)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_guard_also_works_in_replication_mode(system: Actor) -> None:
    record(by=system, verb="test.noted")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor = connection.cursor()
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM journal_act")


def test_an_action_writes_one_act_with_who_when_what_and_request(
    as_actor: Callable[..., Actor], shaoxing: Society
) -> None:
    by = as_actor("officer")
    person = register_person(by=by, society=shaoxing, name="样例甲", kind="donor")
    act = Act.objects.filter(verb="registry.person.registered").latest("id")
    assert (act.actor_id, act.person_id, act.society_code) == (
        by.account_id,
        by.person_id,
        "330600",
    )
    assert act.object_id == str(person.pk)
    assert act.request_id == by.request_id


def test_values_of_people_are_sealed_in_the_journal_and_gone_with_their_key(
    as_actor: Callable[..., Actor], shaoxing: Society
) -> None:
    person = register_person(by=as_actor("officer"), society=shaoxing, name="样例甲", kind="donor")
    act = Act.objects.get(object_id=str(person.pk))
    assert "样例甲" not in f"{act.before}{act.after}{act.reason}"
    assert personal_of(act) == {"before": {}, "after": {"name": "样例甲"}}
    subject_keys.destroy_key(person.pk)
    assert personal_of(act) is None


def test_the_same_request_twice_is_carried_out_once(
    as_actor: Callable[..., Actor], shaoxing: Society
) -> None:
    by = as_actor("officer").with_once("a" * 32)
    first = register_person(by=by, society=shaoxing, name="样例甲", kind="donor")
    second = register_person(by=by, society=shaoxing, name="样例甲", kind="donor")
    assert first == second
    assert Person.objects.filter(name="样例甲").count() == 1


def test_the_same_key_with_other_content_is_refused(
    as_actor: Callable[..., Actor], shaoxing: Society
) -> None:
    by = as_actor("officer").with_once("b" * 32)
    register_person(by=by, society=shaoxing, name="样例甲", kind="donor")
    with pytest.raises(Conflict) as refused:
        register_person(by=by, society=shaoxing, name="样例乙", kind="donor")
    assert refused.value.code == "journal.once.other_content"
    assert not Person.objects.filter(name="样例乙").exists()


def test_an_action_that_records_nothing_is_a_programmer_error(system: Actor) -> None:
    @action("test.forgotten")
    def forget(*, by: Actor) -> None:
        return None

    with pytest.raises(AssertionError, match="without recording"):
        forget(by=system)


def test_a_failed_action_leaves_neither_row_nor_act(
    as_actor: Callable[..., Actor], shaoxing: Society
) -> None:
    before = Act.objects.count()
    with pytest.raises(Conflict):
        by = as_actor("officer")
        register_person(
            by=by, society=shaoxing, name="样例甲", kind="donor", resident_id="990100199003070019"
        )
        register_person(
            by=by, society=shaoxing, name="样例乙", kind="donor", resident_id="990100199003070019"
        )
    assert Person.objects.filter(name="样例乙").count() == 0
    assert Act.objects.count() == before + 1


def test_the_journal_refuses_floats(system: Actor) -> None:
    with pytest.raises(AssertionError, match="float"):
        record(by=system, verb="test.noted", after={"amount": 1.5})


def test_a_visitor_and_the_system_can_act_too() -> None:
    act = record(by=Actor(name="a visitor", request_id=uuid4()), verb="test.noted")
    assert act.pk and act.actor_id is None
