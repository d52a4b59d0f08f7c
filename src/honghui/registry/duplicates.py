"""Finding rows that may be one and the same. Compares hashes and names, inside the database's
indexes; a pair already decided is left alone. Running it twice finds nothing new."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from honghui.kernel import clock
from honghui.registry import rules
from honghui.registry.models import Organisation, OrganisationPair, Person, PersonPair

# A name shared by more people than this says nothing (王伟), and would make pairs without end.
COMMON_NAME_MAX = 20


def find_for_person(person_id: UUID) -> int:
    """Writes the pairs of one person; how many are new."""
    person = Person.objects.filter(pk=person_id, merged_into=None, erased_at=None).first()
    if person is None:
        return 0
    same = Q(name=person.name)
    if person.phone_hash:
        same |= Q(phone_hash=person.phone_hash)
    others = Person.objects.filter(same, merged_into=None, erased_at=None).exclude(pk=person_id)
    found = [_person_pair(person, other) for other in others[:COMMON_NAME_MAX]]
    return _write(PersonPair, found)


def find_for_organisation(organisation_id: UUID) -> int:
    organisation = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if organisation is None:
        return 0
    names = [organisation.name, *organisation.aliases]
    same = Q(name__in=names) | Q(aliases__overlap=names)
    others = Organisation.objects.filter(same, merged_into=None).exclude(pk=organisation_id)
    found = [_organisation_pair(organisation, other) for other in others[:COMMON_NAME_MAX]]
    return _write(OrganisationPair, found)


def find_all() -> int:
    """Everybody, one after the other. Costs one query a row: a job for the night."""
    people = Person.objects.filter(merged_into=None, erased_at=None).values_list("pk", flat=True)
    new = sum(find_for_person(each) for each in people.iterator())
    firms = Organisation.objects.filter(merged_into=None).values_list("pk", flat=True)
    return new + sum(find_for_organisation(each) for each in firms.iterator())


def _person_pair(one: Person, other: Person) -> PersonPair | None:
    signs = rules.person_signs(_sighting(one), _sighting(other))
    points = rules.score(signs, rules.PERSON_SIGNS)
    if points < rules.SCORE_SHOWN:
        return None
    first, second = sorted((one, other), key=lambda row: row.pk)
    return PersonPair(first=first, second=second, signs=signs, score=points, found_at=clock.now())


def _organisation_pair(one: Organisation, other: Organisation) -> OrganisationPair | None:
    if one.credit_code and other.credit_code and one.credit_code != other.credit_code:
        return None
    signs = ["name"] if one.name == other.name else ["alias"]
    first, second = sorted((one, other), key=lambda row: row.pk)
    return OrganisationPair(
        first=first,
        second=second,
        signs=signs,
        score=rules.score(signs, rules.ORGANISATION_SIGNS),
        found_at=clock.now(),
    )


def _sighting(person: Person) -> rules.Sighting:
    return rules.Sighting(
        person.pk,
        person.name,
        bytes(person.resident_id_hash) if person.resident_id_hash else None,
        bytes(person.phone_hash) if person.phone_hash else None,
    )


def _write(
    model: type[PersonPair] | type[OrganisationPair],
    pairs: Iterable[PersonPair | OrganisationPair | None],
) -> int:
    wanted = [pair for pair in pairs if pair is not None]
    before = model._default_manager.count()
    model._default_manager.bulk_create(wanted, ignore_conflicts=True)  # type: ignore[arg-type]
    return model._default_manager.count() - before
