"""Texts that a public record only carries a hash of: kept with the act, published as side files,
withdrawn for good.

The one hard idea: a file is no part of a transaction. So the words are a row of the act's
transaction first, and a job that may run any number of times makes the file from it, or removes it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from honghui.journal.log_place import side_files
from honghui.journal.models import SideText
from honghui.kernel import clock
from honghui.kernel.jobs import job, nightly
from honghui.record.commitments import commit

AT_ONCE = 500


def keep_text(text: str) -> str:
    """The hash for the record. The words appear under /open/texts/HASH once the act stands."""
    return keep_texts([text])[0]


def keep_texts(texts: Iterable[str]) -> list[str]:
    """Many, in order; one query."""
    made = [commit(text) for text in texts]
    SideText.objects.bulk_create(
        SideText(hash=one.hash, opening=one.opening, made_at=clock.now()) for one in made
    )
    if made:
        settle_side_texts.after_commit()
    return [one.hash for one in made]


def withdraw_text(hash_: str) -> None:
    """The words and their salt are destroyed; the hash in the log says nothing any more. Twice, or
    for what was never kept, is no error."""
    SideText.objects.filter(pk=hash_, withdrawn_at=None).update(
        opening=None, withdrawn_at=clock.now(), settled_at=None
    )
    settle_side_texts.after_commit()


@job("journal.settle_side_texts", lock="journal.side_texts")
def settle_side_texts() -> None:
    """Makes the files that are missing and removes those that were withdrawn. A row is held while
    its file is seen to, so that nobody withdraws it in between and the file comes after."""
    while True:
        with transaction.atomic():
            unsettled = SideText.objects.select_for_update(skip_locked=True).filter(settled_at=None)
            rows = list(unsettled[:AT_ONCE])
            for row in rows:
                _settle(row)
            settled = SideText.objects.filter(pk__in=[row.pk for row in rows])
            settled.update(settled_at=clock.now())
        if len(rows) < AT_ONCE:
            return


def _settle(row: SideText) -> None:
    if row.opening is None:
        side_files().withdraw(row.hash)
    else:
        side_files().write(row.hash, bytes(row.opening))


@nightly("*/5 * * * *")
@job("journal.sweep_side_texts", lock="journal.sweep_side_texts")
def sweep_side_texts(*, timestamp: int) -> None:
    """Every five minutes: a process may have died between its commit and its job, and what a giver
    took back must not stay."""
    settle_side_texts()
