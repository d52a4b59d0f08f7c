"""On which ways somebody can be reached, asked of many at once: for sending, and for a job that
chooses among the ways before it drafts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from honghui.messaging.models import ChatAccount, Preference, PushSubscription
from honghui.registry.models import Person


@dataclass
class Reach:
    """What is known of everybody at once."""

    persons: dict[UUID, Person] = field(default_factory=dict)
    preferences: dict[UUID, Preference] = field(default_factory=dict)
    browsers: set[UUID] = field(default_factory=set)
    accounts: set[tuple[UUID, str]] = field(default_factory=set)

    def lacks(self, person_id: UUID, channel: str) -> str:
        """Why this person cannot be reached so; "" when they can."""
        person = self.persons.get(person_id)
        if person is None:
            return "no_person"
        if channel in ("sms", "voice"):
            return "" if person.phone_sealed is not None else "no_number"
        if channel == "web_push":
            return "" if person_id in self.browsers else "no_browser"
        return "" if (person_id, channel) in self.accounts else "no_account"

    def ways(self, person_id: UUID, channels: Iterable[str]) -> tuple[str, ...]:
        """Those of the channels that reach this person, in the order given."""
        return tuple(each for each in channels if not self.lacks(person_id, each))

    def language(self, person_id: UUID) -> str:
        found = self.preferences.get(person_id)
        return found.language if found else "zh"


def reach_of(person_ids: Collection[UUID], channels: Collection[str]) -> Reach:
    """Four queries at most, whatever the number of people."""
    persons = Person.objects.filter(pk__in=person_ids, erased_at=None, merged_into=None)
    preferences = Preference.objects.filter(person__in=person_ids)
    reach = Reach(
        persons={each.pk: each for each in persons.only("id", "phone_sealed", "phone_hash")},
        preferences={each.person_id: each for each in preferences},
    )
    if "web_push" in channels:
        rows = PushSubscription.objects.filter(person__in=person_ids, ended_at=None)
        reach.browsers = set(rows.values_list("person_id", flat=True))
    if {"wecom", "dingtalk"} & set(channels):
        accounts = ChatAccount.objects.filter(person__in=person_ids)
        reach.accounts = set(accounts.values_list("person_id", "channel"))
    return reach
