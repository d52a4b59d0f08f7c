"""People, as lists and pages see them."""

from __future__ import annotations

from django.db.models import QuerySet

from honghui.journal.models import Act
from honghui.kernel.actors import Actor
from honghui.registry import access, searching
from honghui.registry.models import Affiliation, Person, SearchEntry
from honghui.registry.permissions import SEE_PEOPLE

HISTORY_MAX = 30


def person_list(by: Actor, query: str = "") -> QuerySet[Person]:
    """The people this actor may see, in pinyin order; with a query, those whose name fits."""
    people = access.people(by).order_by("name_key", "id")
    if not query.strip():
        return people
    return searching.fitting(people, SearchEntry.Kind.PERSON, query)


def running_affiliations(person: Person, by: Actor) -> QuerySet[Affiliation]:
    """What the person is, to the actor's own societies: other societies' business stays theirs."""
    codes = access.societies_where(by, SEE_PEOPLE)
    return (
        person.affiliations.filter(society__in=codes)
        .select_related("society")
        .order_by("ended_on", "began_on")
    )


def person_history(person: Person, by: Actor) -> QuerySet[Act]:
    """The newest acts about this person in the actor's societies."""
    return Act.objects.filter(
        object_type="registry.person",
        object_id=str(person.pk),
        society_code__in=access.societies_where(by, SEE_PEOPLE),
    ).order_by("-id")[:HISTORY_MAX]
