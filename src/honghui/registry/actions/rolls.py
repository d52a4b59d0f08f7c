"""A whole list of people at once: a team's roll, a course's class. The rules are those for one
person; the number of queries does not grow with the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import Personal, action, record
from honghui.kernel import clock, subject_keys, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import access, searching
from honghui.registry.actions.people import NAME_LIMIT
from honghui.registry.identities import seal_identity
from honghui.registry.jobs import look_for_duplicates_of_roll
from honghui.registry.models import Affiliation, Person, Society
from honghui.registry.permissions import REGISTER_PEOPLE
from honghui.registry.rolls import Listed, check_roll, find_listed


@action("registry.roll.registered")
def register_people(*, by: Actor, society: Society, kind: str, people: Sequence[Listed]) -> Society:
    """Everybody on the list, or nobody. Who is known already is found, not written down twice;
    `rolls.find_listed` gives the rows afterwards, in the list's order."""
    access.require(by, REGISTER_PEOPLE, society.code)
    if kind not in Affiliation.Kind.values:
        raise Invalid("registry.kind.unknown", _("This kind is unknown."), field="kind")
    lines = check_roll(people)
    found = find_listed(lines)
    new = [line for line, person in zip(lines, found, strict=True) if person is None]
    persons = [Person(registered_at=clock.now()) for _line in new]
    with subject_keys.at_hand(subject_keys.make_keys(one.pk for one in persons)):
        for person, line in zip(persons, new, strict=True):
            person.name = text.name_line(line.name, limit=NAME_LIMIT)
            person.name_key = text.sort_key(person.name, person=True)
            seal_identity(person, line.resident_id, line.phone)
        _save(persons)
        _note(by, society, kind, persons)
    _affiliate([*persons, *(one for one in found if one is not None)], society, kind)
    record(
        by=by,
        verb="registry.roll.registered",
        about=society,
        society_code=society.code,
        after={"kind": kind, "listed": len(lines), "new": len(new)},
    )
    return society


def _save(persons: list[Person]) -> None:
    try:
        with transaction.atomic():
            Person.objects.bulk_create(persons)
    except IntegrityError as error:
        if "person_has_a_resident_id_of_their_own" not in str(error):
            raise
        raise Conflict(
            "registry.person.registered_meanwhile",
            _("Somebody else registered a resident id of this list a moment ago."),
            _("Send the list again: the person will be found."),
        ) from error
    searching.index_people({person.pk: person.name for person in persons})
    if persons:
        look_for_duplicates_of_roll.after_commit(person_ids=[str(each.pk) for each in persons])


def _note(by: Actor, society: Society, kind: str, persons: list[Person]) -> None:
    for person in persons:
        after = {
            "kind": kind,
            "has_resident_id": person.resident_id_hash is not None,
            "has_phone": person.phone_hash is not None,
        }
        record(
            by=by,
            verb="registry.person.registered",
            about=person,
            society_code=society.code,
            after=after,
            personal=Personal(person.pk, {}, {"name": person.name}),
        )


def _affiliate(persons: Iterable[Person], society: Society, kind: str) -> None:
    """Those who are affiliated so already stay as they are."""
    rows = [
        Affiliation(person=person, society=society, kind=kind, began_on=clock.today())
        for person in persons
    ]
    Affiliation.objects.bulk_create(rows, ignore_conflicts=True)
