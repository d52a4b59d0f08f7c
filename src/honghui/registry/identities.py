"""Sealing and opening what identifies a person: resident id and phone. Never logged, never
searched in the open: a keyed hash finds the owner."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock, identifiers, subject_keys
from honghui.kernel.errors import CannotRun
from honghui.registry.models import Division, Person

RESIDENT_ID_CONTEXT = "registry.person.resident_id"
PHONE_CONTEXT = "registry.person.phone"


@dataclass(frozen=True)
class OpenedIdentity:
    """What one look shows. It has no repr worth logging."""

    resident_id: str | None
    phone: str | None
    extension: str = ""

    def __repr__(self) -> str:
        return "OpenedIdentity(…)"


def opened(person: Person) -> OpenedIdentity:
    """The values in the open. Only after `show_identity` has recorded who looks and why."""
    phone = _opened_phone(person)
    return OpenedIdentity(
        subject_keys.open_for(person.pk, person.resident_id_sealed, RESIDENT_ID_CONTEXT),
        phone.value if phone else None,
        phone.extension if phone else "",
    )


def owner_of(resident_id: str) -> Person | None:
    """Who has this resident id already; Invalid if it is none."""
    if not resident_id.strip():
        return None
    parsed = identifiers.parse_resident_id(resident_id, today=clock.today())
    hashes = subject_keys.look_up_hashes("resident_id", parsed.value)
    owners = Person.objects.filter(resident_id_hash__in=hashes, merged_into=None, erased_at=None)
    return owners.first()


def owners_of_phone(phone: str) -> list[Person]:
    """Whose number this is; Invalid if it is none. The hash is the number's without its
    extension, so a switchboard finds everybody behind it; with an extension, only those who
    have it, or of whom none is known."""
    wanted = identifiers.parse_phone(phone)
    hashes = subject_keys.look_up_hashes("phone", wanted.value)
    owners = Person.objects.filter(phone_hash__in=hashes, merged_into=None, erased_at=None)
    if not wanted.extension:
        return list(owners)
    return [each for each in owners if _extension_of(each) in {wanted.extension, ""}]


def seal_identity(person: Person, resident_id: str, phone: str) -> None:
    """Seals what is given onto the unsaved row; an empty text leaves what is there."""
    if resident_id.strip():
        parsed = identifiers.parse_resident_id(
            resident_id, today=clock.today(), known_region=_region_is_known
        )
        _set_resident_id(person, parsed.value)
    if phone.strip():
        _set_phone(person, identifiers.parse_phone(phone))


def inherit_identity(kept: Person, dropped: Person) -> None:
    """After a merge: what only the dropped row knew is sealed anew for the kept one."""
    values, phone = opened(dropped), _opened_phone(dropped)
    if values.resident_id and not kept.resident_id_hash:
        _set_resident_id(kept, values.resident_id)
    if phone and not kept.phone_hash:
        _set_phone(kept, phone)
    kept.save(force_update=True)


def rehash(person: Person) -> bool:
    """Makes one row's hashes (locked by the caller) anew under the newest secret; whether they
    had to be."""
    values = opened(person)
    before = (_plain(person.resident_id_hash), _plain(person.phone_hash))
    if values.resident_id:
        person.resident_id_hash = subject_keys.look_up_hash("resident_id", values.resident_id)
    if values.phone:
        person.phone_hash = subject_keys.look_up_hash("phone", values.phone)
    if (person.resident_id_hash, person.phone_hash) == before:
        return False
    try:
        with transaction.atomic():
            person.save(update_fields=["resident_id_hash", "phone_hash"])
    except IntegrityError as error:
        # Written under two secrets at once, while some processes did not know the newer one yet.
        raise CannotRun(
            "keys.same_id_twice",
            _("Two people on file have the same resident id: %(id)s and another.")
            % {"id": person.pk},
            _("Merge them on the desk, then run this again."),
        ) from error
    return True


def _plain(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)


def _set_resident_id(person: Person, value: str) -> None:
    person.resident_id_sealed = subject_keys.seal_for(person.pk, value, RESIDENT_ID_CONTEXT)
    person.resident_id_hash = subject_keys.look_up_hash("resident_id", value)
    person.resident_id_tail = value[-4:]


def _set_phone(person: Person, phone: identifiers.PhoneNumber) -> None:
    person.phone_sealed = subject_keys.seal_for(person.pk, phone.text, PHONE_CONTEXT)
    person.phone_hash = subject_keys.look_up_hash("phone", phone.value)
    person.phone_tail = phone.value[-4:]


def _opened_phone(person: Person) -> identifiers.PhoneNumber | None:
    text = subject_keys.open_for(person.pk, person.phone_sealed, PHONE_CONTEXT)
    return identifiers.parse_phone(text) if text else None


def _extension_of(person: Person) -> str:
    phone = _opened_phone(person)
    return phone.extension if phone else ""


def _region_is_known(code: str) -> bool:
    """Only Zhejiang's codes are on file: another province's are taken as they are."""
    return not code.startswith("33") or Division.objects.filter(code=code).exists()
