"""Four eyes: one asks, another approves, and nobody counts twice."""

from __future__ import annotations

from honghui.audit.acts import ACTS
from honghui.audit.findings import Broken
from honghui.record.entries import Entry


def check_people(
    requested_by: str | None, approved_by: tuple[str, ...], *, at_least: int, act: str
) -> None:
    if len(set(approved_by)) != len(approved_by):
        raise Broken("four-eyes.twice")
    if requested_by is not None and requested_by in approved_by:
        raise Broken("four-eyes.same")
    if at_least and (requested_by is None or len(approved_by) < at_least):
        raise Broken("four-eyes.missing", act=act)


def check_four_eyes(entry: Entry) -> None:
    """An emergency waives the second person for now, never the first, nor the reason."""
    needed = ACTS[entry.act].four_eyes and not entry.emergency
    if entry.approved_by or needed:
        check_people(entry.requested_by, entry.approved_by, at_least=int(needed), act=entry.act)
    if entry.emergency and (entry.requested_by is None or entry.text is None):
        raise Broken("four-eyes.no-reason")
