"""What the registry's tests write down: resident ids that nobody holds, people, and races.

The area 990100 was never assigned, so no id made here can be a real person's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
from django.db import connections, transaction

from honghui.kernel.actors import Actor, system_actor
from honghui.registry.actions.accounts import enter_admin_mode, grant_role, open_account
from honghui.registry.actions.people import register_person
from honghui.registry.models import Account, Person, PersonPair, Society
from honghui.registry.signing_in import actor_of

SYSTEM = system_actor("tests")
REASON = "两张表都核对过了。"
PASSWORD = "a long first password 7"
BLOCKED_SECONDS_MAX = 20

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(serial: int, born: str = "19900307") -> str:
    """A well-formed id of the area 990100; `serial` 1 to 999 tells them apart."""
    body = f"990100{born}{serial:03d}"
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return body + "10X98765432"[weighed % 11]


def person(name: str, *, society: str = "330600", kind: str = "donor", **values: str) -> Person:
    """A person written down by the system itself."""
    return register_person(
        by=SYSTEM, society=Society.objects.get(pk=society), name=name, kind=kind, **values
    )


def pair(one: Person, other: Person, **values: Any) -> PersonPair:
    """A pair as the search would write it."""
    first, second = sorted((one, other), key=lambda row: row.pk)
    found = {"signs": ["name_and_phone"], "score": 90, "found_at": one.registered_at}
    return PersonPair.objects.create(first=first, second=second, **{**found, **values})


def account(username: str, owner: Person, *, role: str = "", society: str = "330600") -> Account:
    """An account, with one role if it is named."""
    where = Society.objects.get(pk=society)
    made = open_account(
        by=SYSTEM, society=where, person=owner, username=username, post="岗", password=PASSWORD
    )
    if role:
        grant_role(by=SYSTEM, society=where, account=made, role=role, reason=REASON)
    return made


def actor(username: str, *, elevated: str = "") -> Actor:
    """A member of the cast, as `as_actor` makes one: for tests that commit."""
    if elevated:
        enter_admin_mode(
            by=actor(username), society=Society.objects.get(pk=elevated), reason=REASON
        )
    return actor_of(Account.objects.get(username=username))


def overlapped(
    address: str, first: Callable[[], Any], second: Callable[[], Any]
) -> tuple[Any, Any]:
    """Both at once, really: `first` has written and not committed when `second` runs into it.

    Gives what each returned, or the exception it raised. `address`: from `committed`.
    """
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ours = _outcome(first)
            theirs = pool.submit(_in_a_thread, second)
            _wait_until_blocked(address, theirs)
        return ours, theirs.result()


def _in_a_thread(work: Callable[[], Any]) -> Any:
    try:
        return _outcome(work)
    finally:
        connections.close_all()


def _outcome(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        return error


def _wait_until_blocked(address: str, work: Future[Any]) -> None:
    """Until the other waits for one of our locks, or has finished without needing one."""
    deadline = time.monotonic() + BLOCKED_SECONDS_MAX
    with psycopg.connect(address, autocommit=True) as watcher:
        while not work.done() and time.monotonic() < deadline:
            row = watcher.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row and row[0]:
                return
            time.sleep(0.01)
