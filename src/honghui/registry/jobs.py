"""Work of the registry that may wait: looking for duplicates."""

from __future__ import annotations

from uuid import UUID

from honghui.kernel.jobs import job, nightly


@job("registry.look_for_duplicates_of_person")
def look_for_duplicates_of_person(*, person_id: str) -> None:
    from honghui.registry.duplicates import find_for_person

    find_for_person(UUID(person_id))


@job("registry.look_for_duplicates_of_roll")
def look_for_duplicates_of_roll(*, person_ids: list[str]) -> None:
    from honghui.registry.duplicates import find_for_person

    for each in person_ids:
        find_for_person(UUID(each))


@job("registry.look_for_duplicates_of_organisation")
def look_for_duplicates_of_organisation(*, organisation_id: str) -> None:
    from honghui.registry.duplicates import find_for_organisation

    find_for_organisation(UUID(organisation_id))


@nightly("30 18 * * *")
@job("registry.look_for_all_duplicates", lock="registry.duplicates")
def look_for_all_duplicates(*, timestamp: int) -> None:
    """At 02:30 in China: whatever a lost job left undone is found by morning."""
    from honghui.registry.duplicates import find_all

    find_all()
