"""Work that may wait runs after the commit, in a real worker, and twice does no harm."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from honghui.kernel.actors import system_actor
from honghui.registry.actions.people import register_person
from honghui.registry.jobs import look_for_all_duplicates, look_for_duplicates_of_person
from honghui.registry.models import PersonPair, Society


def jobs_waiting(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'",
            [name],
        )
        return int(cursor.fetchone()[0])


def work() -> None:
    """A worker that does what is there and stops. The nightly jobs it queues take its connector
    too, as `honghui worker`'s do: not a connection kept by a thread from an earlier database."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_registered_person_is_looked_for_by_the_worker(committed: str) -> None:
    society, by = Society.objects.get(pk="330600"), system_actor("test")
    work()
    for _ in range(2):
        register_person(by=by, society=society, name="样例戊", kind="donor", phone="13900009999")
    assert jobs_waiting("registry.look_for_duplicates_of_person") == 2
    work()
    assert jobs_waiting("registry.look_for_duplicates_of_person") == 0
    assert PersonPair.objects.filter(first__name="样例戊").count() == 1


def test_a_job_of_a_transaction_that_failed_is_never_queued(committed: str) -> None:
    work()
    society, by = Society.objects.get(pk="330600"), system_actor("test")
    with pytest.raises(RuntimeError), transaction.atomic():
        register_person(by=by, society=society, name="样例戊", kind="donor")
        raise RuntimeError
    assert jobs_waiting("registry.look_for_duplicates_of_person") == 0


@pytest.mark.django_db
def test_running_a_job_twice_changes_nothing() -> None:
    look_for_all_duplicates(timestamp=0)
    before = PersonPair.objects.count()
    look_for_all_duplicates(timestamp=0)
    person = PersonPair.objects.get().first
    look_for_duplicates_of_person(person_id=str(person.pk))
    assert PersonPair.objects.count() == before == 1
