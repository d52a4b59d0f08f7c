"""What is sealed for one person opens for that person, and never again once the key is gone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from honghui.kernel import sealing, subject_keys
from honghui.kernel.ids import new_code, new_id, parse_id
from honghui.kernel.models import SubjectKey

pytestmark = pytest.mark.django_db


def test_a_value_opens_again_and_rests_unreadable() -> None:
    subject = new_id()
    sealed = subject_keys.seal_for(subject, "990100199003070019", "test.id")
    assert b"990100" not in sealed
    assert subject_keys.open_for(subject, sealed, "test.id") == "990100199003070019"


def test_a_value_of_one_person_does_not_open_for_another_or_in_another_column() -> None:
    one, other = new_id(), new_id()
    sealed = subject_keys.seal_for(one, "value", "test.id")
    subject_keys.seal_for(other, "else", "test.id")
    with pytest.raises(sealing.SealBroken):
        subject_keys.open_for(other, sealed, "test.id")
    with pytest.raises(sealing.SealBroken):
        subject_keys.open_for(one, sealed, "test.phone")


def test_a_destroyed_key_is_gone_for_good() -> None:
    subject = new_id()
    sealed = subject_keys.seal_for(subject, "value", "test.id")
    subject_keys.destroy_key(subject)
    assert subject_keys.open_for(subject, sealed, "test.id") is None
    with pytest.raises(AssertionError, match="destroyed"):
        subject_keys.seal_for(subject, "anew", "test.id")
    row = SubjectKey.objects.get(pk=subject)
    assert row.wrapped is None and row.destroyed_at is not None


def test_the_database_refuses_a_key_that_is_neither_there_nor_destroyed() -> None:
    subject = new_id()
    subject_keys.seal_for(subject, "value", "test.id")
    with pytest.raises(IntegrityError, match="subject_key_is_there"), transaction.atomic():
        SubjectKey.objects.filter(pk=subject).update(wrapped=None)


def test_look_ups_survive_a_new_secret_put_before_the_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = sealing.new_secret_text(), sealing.new_secret_text()
    before = sealing.MasterKeys.from_texts([old])
    after = sealing.MasterKeys.from_texts([new, old])
    monkeypatch.setattr(subject_keys, "master_keys", lambda: before)
    subject = new_id()
    sealed = subject_keys.seal_for(subject, "value", "test.id")
    found = subject_keys.look_up_hash("phone", "+8613900000001")
    monkeypatch.setattr(subject_keys, "master_keys", lambda: after)
    newest, older = subject_keys.look_up_hashes("phone", "+8613900000001")
    assert (subject_keys.look_up_hash("phone", "+8613900000001"), older) == (newest, found)
    assert subject_keys.open_for(subject, sealed, "test.id") == "value"


def test_ids_sort_by_birth_and_codes_can_be_read_aloud() -> None:
    ids = [new_id() for _ in range(200)]
    assert ids == sorted(ids)
    assert all(each.version == 7 for each in ids)
    assert not set("ILOU") & set("".join(new_code(12) for _ in range(100)))
    assert parse_id("not an id") is None
    assert parse_id(str(ids[0])) == ids[0]


def test_a_secret_that_was_undone_is_not_remembered() -> None:
    """The process would go on with it, and what it sealed nobody could ever open again."""

    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        undone = subject_keys.named_secret("test.undone")
        raise Undone
    kept = subject_keys.named_secret("test.undone")
    assert kept != undone
    assert subject_keys.named_secret("test.undone") == kept


def test_a_secret_that_is_there_for_good_is_asked_for_once(
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = subject_keys.named_secret("test.kept")
    with django_assert_num_queries(0):
        assert subject_keys.named_secret("test.kept") == secret
    subject_keys._named_secrets.pop(("test.kept", connection.settings_dict["NAME"]))
