"""A copy of the database lets nobody answer: tokens are kept as a keyed hash, and sealed."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from honghui.callouts import tokens
from honghui.callouts.access import invitation_by_token
from honghui.callouts.actions.answers import answer_by_link
from honghui.callouts.asking import tokens_of
from honghui.callouts.models import Invitation
from honghui.kernel import subject_keys
from honghui.kernel.actors import VISITOR
from honghui.kernel.errors import NotFound
from honghui.messaging.models import Message
from tests.callouts.conftest import draft, messages_of, person, rows

pytestmark = pytest.mark.django_db


def everything_of(one: Invitation) -> bytes:
    """What a copy of the database says of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM callouts_invitation i WHERE id = %s", [one.pk])
        found = str(cursor.fetchone()[0])
        cursor.execute("SELECT m::text FROM messaging_message m WHERE about = %s", [one.pk])
        return (found + "".join(row[0] for row in cursor.fetchall())).encode()


def test_the_token_is_nowhere_in_the_open_and_opens_the_page(call: Any) -> None:
    one = rows(call())[0]
    token = one.token
    assert len(token) == tokens.TOKEN_LENGTH
    assert token.encode() not in everything_of(one)
    assert token.encode().hex().encode() not in everything_of(one)
    assert invitation_by_token(token).pk == one.pk


def test_what_lies_in_the_database_is_no_token(call: Any) -> None:
    one = rows(call())[0]
    for guess in (bytes(one.token_hash).hex().upper()[:16], bytes(one.token_hash).hex()):
        with pytest.raises(NotFound):
            answer_by_link(by=VISITOR, token=guess, meaning="coming")
    assert not one.answers.exists()


def test_a_sealed_token_moved_to_another_person_opens_nothing(call: Any) -> None:
    first, second = rows(call())[:2]
    Invitation.objects.filter(pk=second.pk).update(token_sealed=bytes(first.token_sealed))
    second.refresh_from_db()
    with pytest.raises(Exception, match="sealed|封"):
        _ = second.token


def test_every_message_of_one_person_names_the_same_link(call: Any) -> None:
    from honghui.messaging.sending import values_of

    one = rows(call())[0]
    key = subject_keys.keys_of([one.person_id])[one.person_id]
    said = [values_of(each, key) for each in messages_of(one)]
    assert {each["token"] for each in said if each} == {one.token}


def test_whoever_was_erased_has_a_link_no_more(call: Any) -> None:
    made = call()
    one = rows(made)[0]
    subject_keys.destroy_key(one.person_id)
    assert one.token == ""
    assert one.pk not in tokens_of(rows(made))


def test_drafting_for_many_costs_no_more_queries_than_for_few(db: None) -> None:
    asked = []
    for count, first in ((3, 100), (40, 200)):
        people = [person(f"队员{n}", first + n) for n in range(count)]
        with CaptureQueriesContext(connection) as caught:
            draft(people)
        asked.append(len(caught))
    assert asked[0] == asked[1]


def test_links_of_before_go_on_working(call: Any) -> None:
    """What the migration does to rows that still hold their token."""
    made = call()
    before = {one.pk: one.token for one in rows(made)}
    Invitation.objects.update(token_sealed=b"", token_hash=F("token_hash"))
    migration = import_module("honghui.callouts.migrations.0002_token_sealed")

    class Old:
        """The table as it was: with a column `token`."""

        def values_list(self, *_names: str) -> list[tuple[Any, Any, str]]:
            return [(one.pk, one.person_id, before[one.pk]) for one in rows(made)]

        def filter(self, **which: Any) -> Any:
            return Invitation.objects.filter(**which)

    migration.seal_tokens(
        SimpleNamespace(get_model=lambda *_: SimpleNamespace(objects=Old())), None
    )
    for one in rows(made):
        assert one.token == before[one.pk]
        assert invitation_by_token(before[one.pk]).pk == one.pk
    assert Message.objects.exists()
