"""People: register, change, affiliate, show an identity, erase."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import Personal, action, record
from honghui.kernel import clock, subject_keys, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import access, rules, searching
from honghui.registry.identities import owner_of, seal_identity
from honghui.registry.jobs import look_for_duplicates_of_person
from honghui.registry.models import Affiliation, Person, SearchEntry, Society
from honghui.registry.permissions import ERASE_PEOPLE, REGISTER_PEOPLE, SHOW_IDENTITY

NAME_LIMIT = 80


@action("registry.person.registered")
def register_person(
    *,
    by: Actor,
    society: Society,
    name: str,
    kind: str,
    resident_id: str = "",
    phone: str = "",
) -> Person:
    """Registers a person with one affiliation. A resident id that is already known belongs to
    somebody: that person is affiliated instead of being written down twice."""
    access.require(by, REGISTER_PEOPLE, society.code)
    name = text.name_line(name, limit=NAME_LIMIT)
    known = owner_of(resident_id)
    if known is not None:
        return _affiliate_known(by, known, society, kind, name)
    person = Person(name=name, name_key=text.sort_key(name, person=True), registered_at=clock.now())
    seal_identity(person, resident_id, phone)
    _save_new(person)
    _affiliate(person, society, kind)
    _index(person)
    record(
        by=by,
        verb="registry.person.registered",
        about=person,
        society_code=society.code,
        after={"kind": kind, "has_resident_id": bool(resident_id), "has_phone": bool(phone)},
        personal=Personal(person.id, {}, {"name": name}),
    )
    look_for_duplicates_of_person.after_commit(person_id=str(person.id))
    return person


@action("registry.person.changed")
def change_person(*, by: Actor, person: Person, name: str, phone: str = "") -> Person:
    """Changes the name; changes the phone if one is given."""
    person, society_code = access.person_in(by, person.pk, REGISTER_PEOPLE)
    person = _locked(person)
    before = person.name
    person.name = text.name_line(name, limit=NAME_LIMIT)
    person.name_key = text.sort_key(person.name, person=True)
    seal_identity(person, "", phone)
    person.save(force_update=True)
    _index(person)
    record(
        by=by,
        verb="registry.person.changed",
        about=person,
        society_code=society_code,
        after={"phone_changed": bool(phone)},
        personal=Personal(person.id, {"name": before}, {"name": person.name}),
    )
    look_for_duplicates_of_person.after_commit(person_id=str(person.id))
    return person


@action("registry.person.affiliated")
def affiliate_person(
    *, by: Actor, person: Person, society: Society, kind: str, began_on: date | None = None
) -> Affiliation:
    """Adds what a person is to a society; the actor must see the person and register there."""
    access.require(by, REGISTER_PEOPLE, society.code)
    person = access.person(by, person.pk)
    affiliation = _affiliate(person, society, kind, began_on)
    record(
        by=by,
        verb="registry.person.affiliated",
        about=affiliation,
        society_code=society.code,
        after={"person": person, "kind": kind},
    )
    return affiliation


@action("registry.person.affiliation_ended")
def end_affiliation(
    *, by: Actor, affiliation: Affiliation, ended_on: date, reason: str
) -> Affiliation:
    access.require(by, REGISTER_PEOPLE, affiliation.society_id)
    reason = rules.check_reason(reason)
    affiliation = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    if affiliation.ended_on:
        raise Conflict(
            "registry.affiliation.ended_already",
            _("This affiliation has already ended."),
            _("Nothing needs to be done."),
        )
    rules.check_period(affiliation.began_on, ended_on)
    affiliation.ended_on = ended_on
    affiliation.save(update_fields=["ended_on"])
    record(
        by=by,
        verb="registry.person.affiliation_ended",
        about=affiliation,
        society_code=affiliation.society_id,
        reason=reason,
        after={"ended_on": ended_on},
    )
    return affiliation


@action("registry.person.identity_shown")
def show_identity(*, by: Actor, person: Person, reason: str) -> Person:
    """Allows one look at the sealed id and phone, for a reason: looking is an act too.
    `identities.opened` then gives the values."""
    person, society_code = access.person_in(by, person.pk, SHOW_IDENTITY)
    reason = rules.check_reason(reason)
    record(
        by=by,
        verb="registry.person.identity_shown",
        about=person,
        society_code=society_code,
        reason=reason,
    )
    return person


@action("registry.person.erased")
def erase_person(*, by: Actor, person: Person, reason: str) -> Person:
    """Forgets a person (PIPL art. 47): values gone, key destroyed, the bare row stays so that
    what they did still adds up."""
    person, society_code = access.person_in(by, person.pk, ERASE_PEOPLE)
    person = _locked(person)
    reason = rules.check_reason(reason)
    if person.accounts.filter(is_active=True).exists():
        raise Conflict(
            "registry.person.has_account",
            _("This person still has an open account."),
            _("Close their account first."),
        )
    record(
        by=by,
        verb="registry.person.erased",
        about=person,
        society_code=society_code,
        reason=reason,
    )
    for row in (person, *_merged_into(person)):
        _forget(row)
    return person


def _merged_into(person: Person) -> list[Person]:
    """Every row that was merged into this one, and into those: the same person's traces."""
    rows = list(Person.objects.select_for_update().filter(merged_into=person))
    return [each for row in rows for each in (row, *_merged_into(row))]


def _forget(person: Person) -> None:
    person.name = person.name_key = person.resident_id_tail = person.phone_tail = ""
    person.resident_id_sealed = person.resident_id_hash = None
    person.phone_sealed = person.phone_hash = None
    person.erased_at = clock.now()
    person.save(force_update=True)
    searching.forget(SearchEntry.Kind.PERSON, person.pk)
    subject_keys.destroy_key(person.pk)


def _locked(person: Person) -> Person:
    """The row as it stands, locked; refused if a merge or an erasure overtook us."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.merged_into_id or row.erased_at:
        raise Conflict(
            "registry.person.moved_on",
            _("This person was merged or erased in the meantime."),
            _("Look them up again by name."),
        )
    return row


def _affiliate_known(by: Actor, person: Person, society: Society, kind: str, name: str) -> Person:
    """The id is known. Same name: the same person, now also of this society. Another name: a
    typing error or a false id, and the answer must not tell whose id it is."""
    if person.name != name:
        raise Conflict(
            "registry.person.id_has_other_name",
            _("This resident id is already registered under another name."),
            _("Check the card again. If it is right, ask an administrator to look into it."),
        )
    if not person.affiliations.filter(society=society, kind=kind, ended_on=None).exists():
        _affiliate(person, society, kind)
    record(
        by=by,
        verb="registry.person.registered",
        about=person,
        society_code=society.code,
        after={"kind": kind, "was_known": True},
    )
    return person


def _affiliate(
    person: Person, society: Society, kind: str, began_on: date | None = None
) -> Affiliation:
    if kind not in Affiliation.Kind.values:
        raise Invalid("registry.kind.unknown", _("This kind is unknown."), field="kind")
    try:
        with transaction.atomic():
            return Affiliation.objects.create(
                person=person, society=society, kind=kind, began_on=began_on or clock.today()
            )
    except IntegrityError as error:
        if "affiliation_runs_once" not in str(error):
            raise
        raise Conflict(
            "registry.affiliation.runs",
            _("This person already has this affiliation here."),
            _("End the current one first, or choose another kind."),
        ) from error


def _save_new(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        if "person_has_a_resident_id_of_their_own" not in str(error):
            raise
        raise Conflict(
            "registry.person.registered_meanwhile",
            _("Somebody else registered this resident id a moment ago."),
            _("Send the form again: the person will be found."),
        ) from error


def _index(person: Person) -> None:
    searching.index(SearchEntry.Kind.PERSON, person.pk, person.name, is_public=False)
