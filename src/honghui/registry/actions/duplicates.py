"""Duplicates: propose, confirm, hand back, keep apart. Two pairs of eyes make a merge.

The older row is kept. The other stays in the table and points to it: whoever kept its id still
arrives. What hung on it (affiliations, accounts) moves over, and jobs move theirs
(merging.on_merge).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry import access, rules, searching
from honghui.registry.identities import inherit_identity
from honghui.registry.merging import tell_merged
from honghui.registry.models import (
    Account,
    GrassRootsUnit,
    Organisation,
    OrganisationPair,
    Person,
    PersonPair,
    SearchEntry,
)
from honghui.registry.permissions import RESOLVE_DUPLICATES

AnyPair = PersonPair | OrganisationPair


@action("registry.pair.reported")
def report_duplicate(*, by: Actor, first: Person, second: Person, reason: str) -> PersonPair:
    """A person who knows better than the search says: these two are one."""
    rules.check_two_people(first.pk, second.pk)
    access.require_somewhere(by, RESOLVE_DUPLICATES)
    one, other = sorted(
        (access.person(by, first.pk), access.person(by, second.pk)), key=lambda row: row.pk
    )
    reason = rules.check_reason(reason)
    pair, _made = PersonPair.objects.get_or_create(
        first=one,
        second=other,
        defaults={"signs": ["reported"], "score": 100, "found_at": clock.now()},
    )
    record(
        by=by,
        verb="registry.pair.reported",
        about=pair,
        society_code=_society(by),
        reason=reason,
    )
    return pair


@action("registry.pair.proposed")
def propose_merge(*, by: Actor, pair: AnyPair, reason: str) -> AnyPair:
    """The first pair of eyes: these two are one, because…"""
    pair = _locked(by, pair)
    rules.check_transition(pair.state, "proposed")
    pair.state = "proposed"
    pair.proposed_by = _account(by)
    pair.proposed_reason = rules.check_reason(reason)
    pair.save(force_update=True)
    record(
        by=by,
        verb="registry.pair.proposed",
        about=pair,
        society_code=_society(by),
        reason=reason,
    )
    return pair


@action("registry.pair.merged")
def confirm_merge(*, by: Actor, pair: AnyPair, reason: str) -> AnyPair:
    """The second pair of eyes, and the merge itself."""
    pair = _locked(by, pair)
    rules.check_transition(pair.state, "merged")
    assert pair.proposed_by is not None
    rules.check_four_eyes(pair.proposed_by.person_id, by.person_id)
    rules.check_two_people(pair.first_id, pair.second_id)
    _decide(by, pair, "merged", reason)
    if isinstance(pair, PersonPair):
        _merge_people(pair.first, pair.second)
    else:
        _merge_organisations(pair.first, pair.second)
    record(
        by=by,
        verb="registry.pair.merged",
        about=pair,
        society_code=_society(by),
        reason=reason,
        after={"kept": pair.first, "merged": pair.second},
    )
    return pair


@action("registry.pair.returned")
def return_proposal(*, by: Actor, pair: AnyPair, reason: str) -> AnyPair:
    """Not convinced, not refused: back to the list."""
    pair = _locked(by, pair)
    rules.check_transition(pair.state, "found")
    reason = rules.check_reason(reason)
    pair.state = "found"
    pair.proposed_by = None
    pair.proposed_reason = ""
    pair.save(force_update=True)
    record(
        by=by,
        verb="registry.pair.returned",
        about=pair,
        society_code=_society(by),
        reason=reason,
    )
    return pair


@action("registry.pair.kept_apart")
def keep_apart(*, by: Actor, pair: AnyPair, reason: str) -> AnyPair:
    """Two different ones after all. The search will not bring this pair up again."""
    pair = _locked(by, pair)
    rules.check_transition(pair.state, "apart")
    _decide(by, pair, "apart", reason)
    record(
        by=by,
        verb="registry.pair.kept_apart",
        about=pair,
        society_code=_society(by),
        reason=reason,
    )
    return pair


def _locked(by: Actor, pair: AnyPair) -> AnyPair:
    """The pair, locked, if the actor may see both sides and resolve them."""
    access.require_somewhere(by, RESOLVE_DUPLICATES)
    if isinstance(pair, PersonPair):
        access.person_pair(by, pair.pk)
    else:
        access.organisation_pair(by, pair.pk)
    locked: AnyPair = type(pair)._default_manager.select_for_update(of=("self",)).get(pk=pair.pk)
    return locked


def _society(by: Actor) -> str:
    """Where the act is filed: a society in which the actor resolves duplicates."""
    return min(access.societies_where(by, RESOLVE_DUPLICATES), default="")


def _account(by: Actor) -> Account:
    assert by.account_id is not None, "only people decide about pairs"
    return Account.objects.get(pk=by.account_id)


def _decide(by: Actor, pair: PersonPair | OrganisationPair, state: str, reason: str) -> None:
    pair.state = state
    pair.decided_by = _account(by)
    pair.decided_reason = rules.check_reason(reason)
    pair.decided_at = clock.now()
    pair.save(force_update=True)


def _merge_people(kept: Person, dropped: Person) -> None:
    kept = Person.objects.select_for_update().get(pk=kept.pk)
    dropped = Person.objects.select_for_update().get(pk=dropped.pk)
    _check_unmerged(kept.merged_into_id, dropped.merged_into_id)
    _check_one_identity(kept, dropped)
    running = set(kept.affiliations.filter(ended_on=None).values_list("society_id", "kind"))
    for affiliation in dropped.affiliations.all():
        if affiliation.ended_on is None and (affiliation.society_id, affiliation.kind) in running:
            affiliation.ended_on = max(clock.today(), affiliation.began_on)
        affiliation.person = kept
        affiliation.save(update_fields=["person", "ended_on"])
    dropped.accounts.update(person=kept)
    dropped.merged_into = kept
    dropped.save(update_fields=["merged_into"])
    inherit_identity(kept, dropped)
    searching.forget(SearchEntry.Kind.PERSON, dropped.pk)
    tell_merged(kept, dropped)


def _merge_organisations(kept: Organisation, dropped: Organisation) -> None:
    kept = Organisation.objects.select_for_update().get(pk=kept.pk)
    dropped = Organisation.objects.select_for_update().get(pk=dropped.pk)
    _check_unmerged(kept.merged_into_id, dropped.merged_into_id)
    GrassRootsUnit.objects.filter(organisation=dropped).update(organisation=kept)
    others = {*kept.aliases, *dropped.aliases, dropped.name} - {kept.name}
    kept.aliases = sorted(others)
    dropped.merged_into = kept
    dropped.save(update_fields=["merged_into"])
    kept.credit_code = kept.credit_code or dropped.credit_code
    kept.save(update_fields=["aliases", "credit_code"])
    searching.index_organisation(kept)
    searching.forget(SearchEntry.Kind.ORGANISATION, dropped.pk)


def _check_one_identity(kept: Person, dropped: Person) -> None:
    """Two resident ids are two people, whatever anybody says."""
    ids = {bytes(row.resident_id_hash) for row in (kept, dropped) if row.resident_id_hash}
    if len(ids) > 1:
        raise Conflict(
            "registry.merge.two_ids",
            _("These two have different resident ids: they are two people."),
            _("Keep them apart; if one id is wrong, register that person again."),
        )


def _check_unmerged(*merged_into: object) -> None:
    if any(merged_into):
        raise Conflict(
            "registry.merge.already",
            _("One of the two was merged with a third in the meantime."),
            _("Look at the pair again from the list."),
        )
