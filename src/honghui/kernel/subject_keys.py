"""Values of persons at rest: sealed under a key per person that can be destroyed.

`seal_for` makes the person's key on first use. After `destroy_key` every value ever sealed for
that person reads as None, for ever: that is how a log that may not be rewritten still forgets.
(PIPL art. 47: erasure; where erasing is technically hard, processing stops: destroying the key
does both.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection, transaction

from honghui.kernel import clock, sealing
from honghui.kernel.models import SubjectKey

# Keys of nobody: each is the key of a name under this one (RFC 9562, version 5).
_NAMED = UUID("5d1f0b0e-1a52-4c5e-9d0a-3702020062e4")
_NONE: Mapping[UUID, bytes] = {}
# By name and database: what does not change once it is there.
_named_secrets: dict[tuple[str, str], bytes] = {}
_at_hand: ContextVar[Mapping[UUID, bytes]] = ContextVar("subject_keys_at_hand", default=_NONE)


@lru_cache(maxsize=1)
def master_keys() -> sealing.MasterKeys:
    """The installation's secrets, newest first, from the setting HONGHUI_SEALING_SECRETS."""
    return sealing.MasterKeys.from_texts(settings.SEALING_SECRETS)


def look_up_hash(kind: str, value: str) -> bytes:
    """The keyed hash by which an identifier is found again without being readable: the one to
    write down, under the newest secret."""
    return look_up_hashes(kind, value)[0]


def look_up_hashes(kind: str, value: str) -> list[bytes]:
    """The hash under each secret, newest first: the ones to find by, until `honghui keys rewrap`
    has made those on file anew."""
    return [sealing.look_up_hash(pepper, kind, value) for pepper in master_keys().peppers]


@contextmanager
def at_hand(keys: Mapping[UUID, bytes]) -> Iterator[None]:
    """While it lasts, what is sealed or opened for these persons asks no database."""
    token = _at_hand.set({**_at_hand.get(), **keys})
    try:
        yield
    finally:
        _at_hand.reset(token)


def seal_for(subject_id: UUID, text: str, context: str) -> bytes:
    """`text` sealed for this person; `context` names the column, so blobs cannot be swapped."""
    return sealing.seal(_data_key(subject_id, make=True), text, context)


def open_for(subject_id: UUID, sealed: bytes | memoryview | None, context: str) -> str | None:
    """The text again, or None when there is none or the key was destroyed."""
    if sealed is None:
        return None
    if subject_id in _at_hand.get():
        return sealing.open_sealed(_at_hand.get()[subject_id], bytes(sealed), context)
    row = SubjectKey.objects.filter(subject_id=subject_id, wrapped__isnull=False).first()
    if row is None:
        return None
    key = master_keys().unwrap(bytes(row.wrapped or b""), str(subject_id))
    return sealing.open_sealed(key, bytes(sealed), context)


def keys_of(subject_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of many persons, one query; whose key was destroyed or never made is left out.
    For `sealing.open_sealed`, where a value of each is opened at once."""
    rows = SubjectKey.objects.filter(subject_id__in=list(subject_ids), wrapped__isnull=False)
    return {
        row.subject_id: master_keys().unwrap(bytes(row.wrapped or b""), str(row.subject_id))
        for row in rows
    }


def keys_for(subject_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of many, made for those who never had one; whose key was destroyed is left out.
    Three queries at most."""
    ids = set(subject_ids)
    keys = keys_of(ids)
    missing = ids - set(keys)
    if missing:
        known = SubjectKey.objects.filter(subject_id__in=missing)
        keys |= make_keys(missing - set(known.values_list("subject_id", flat=True)))
    return keys


def make_keys(subject_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Keys for persons who have none yet, one query."""
    keys = {each: sealing.new_data_key() for each in subject_ids}
    SubjectKey.objects.bulk_create(
        SubjectKey(subject_id=each, wrapped=master_keys().wrap(key, str(each)), made_at=clock.now())
        for each, key in keys.items()
    )
    return keys


def named_secret(name: str) -> bytes:
    """32 bytes that stay the same for as long as the installation lives, whatever becomes of the
    sealing secrets: for keyed hashes in the public log. Kept sealed, as a key of nobody.
    Remembered once the transaction that read it is there for good: it may have made it."""
    known = (name, connection.settings_dict["NAME"])
    if known not in _named_secrets:
        secret = _data_key(uuid5(_NAMED, name), make=True)
        transaction.on_commit(lambda: _named_secrets.__setitem__(known, secret))
        return secret
    return _named_secrets[known]


def destroy_key(subject_id: UUID) -> None:
    """Makes every sealed value of this person unreadable. There is no way back."""
    SubjectKey.objects.filter(subject_id=subject_id, wrapped__isnull=False).update(
        wrapped=None, destroyed_at=clock.now()
    )


def rewrap(row: SubjectKey) -> bool:
    """Wraps one key (locked by the caller) under the newest secret; whether it had to be."""
    wrapped = bytes(row.wrapped or b"")
    if not wrapped or master_keys().is_current(wrapped):
        return False
    key = master_keys().unwrap(wrapped, str(row.subject_id))
    row.wrapped = master_keys().wrap(key, str(row.subject_id))
    row.save(update_fields=["wrapped"])
    return True


def _data_key(subject_id: UUID, *, make: bool) -> bytes:
    if subject_id in _at_hand.get():
        return _at_hand.get()[subject_id]
    row = SubjectKey.objects.filter(subject_id=subject_id).first()
    if row is None:
        assert make
        key = sealing.new_data_key()
        wrapped = master_keys().wrap(key, str(subject_id))
        made, _ = SubjectKey.objects.get_or_create(
            subject_id=subject_id, defaults={"wrapped": wrapped, "made_at": clock.now()}
        )
        row = made
    assert row.wrapped is not None, "this person's key was destroyed: nothing may be sealed anew"
    return master_keys().unwrap(bytes(row.wrapped), str(subject_id))
