"""Two rows were one person: a step of the registry's merge. How they are reached moves to the kept
row; what was sent stays where it is, sealed, and answers to it are the kept person's."""

from __future__ import annotations

from honghui.messaging.models import ChatAccount, Preference, PushSubscription
from honghui.messaging.opening import ACCOUNT_CONTEXT, BROWSER_CONTEXT
from honghui.registry.merging import resealed
from honghui.registry.models import Person


def follow_merge(kept: Person, dropped: Person) -> None:
    """registry.merging.on_merge."""
    _preferences(kept, dropped)
    for browser in PushSubscription.objects.filter(person=dropped, ended_at=None):
        sealed = resealed(kept, dropped, browser.subscription_sealed, BROWSER_CONTEXT)
        if sealed is not None:
            browser.person, browser.subscription_sealed = kept, sealed
            browser.save(update_fields=["person", "subscription_sealed"])
    known = set(ChatAccount.objects.filter(person=kept).values_list("channel", flat=True))
    for account in ChatAccount.objects.filter(person=dropped).exclude(channel__in=known):
        sealed = resealed(kept, dropped, account.user_id_sealed, ACCOUNT_CONTEXT)
        if sealed is not None:
            account.person, account.user_id_sealed = kept, sealed
            account.save(update_fields=["person", "user_id_sealed"])


def _preferences(kept: Person, dropped: Person) -> None:
    """What the kept row says holds; but whoever asked to be left in peace is, on either."""
    theirs = Preference.objects.filter(person=dropped).first()
    if theirs is None:
        return
    own = Preference.objects.filter(person=kept).first()
    if own is None:
        theirs.delete()
        theirs.person = kept
        theirs.save(force_insert=True)
    elif theirs.stopped_at is not None and own.stopped_at is None:
        own.stopped_at, own.stopped_via = theirs.stopped_at, theirs.stopped_via
        own.save(update_fields=["stopped_at", "stopped_via"])
