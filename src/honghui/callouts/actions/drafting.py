"""Drafting a call-out: everybody who may be asked, in order. Nothing is sent by it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from honghui.callouts.models import CallOut, Invitation
from honghui.callouts.rules import REASON_CHARACTERS_MAX, Candidate, check_plan, in_order
from honghui.callouts.tokens import kept, new_token
from honghui.journal.acting import action, record
from honghui.kernel import clock, subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.text import clean_line, name_line
from honghui.registry.access import require
from honghui.registry.models import Society
from honghui.registry.permissions import CALL_OUT as CALL

_BATCH = 1_000


@action("callouts.call_out.drafted")
def draft_call_out(
    *,
    by: Actor,
    society: Society,
    about: UUID,
    kind: str,
    title: str,
    title_en: str,
    place: str,
    place_en: str,
    wanted: int,
    candidates: Sequence[Candidate],
    channels: Sequence[str],
    is_drill: bool = False,
    first: int | None = None,
    patience_minutes: int = 5,
) -> CallOut:
    """kind: of CallOut.Kind. candidates: their ranks are the order in which they are asked; a
    person who stands there twice is asked once. channels: in the order in which they are tried.
    first: how many are asked at once, at first as many as are wanted. A drill waits for people's
    quiet hours to end, anything else does not. The caller checks that they may be called."""
    require(by, CALL, society.code)
    check_plan(channels=channels, candidates=candidates, wanted=wanted, first=first or wanted)
    made = CallOut.objects.create(
        society=society,
        about=about,
        kind=CallOut.Kind(kind),
        title=name_line(title, limit=80, field="title"),
        title_en=clean_line(title_en, limit=120, field="title_en"),
        place=name_line(place, limit=80, field="place"),
        place_en=clean_line(place_en, limit=120, field="place_en"),
        wanted=wanted,
        first=first or wanted,
        channels=list(dict.fromkeys(channels)),
        patience_minutes=patience_minutes,
        is_drill=is_drill,
        is_urgent=not is_drill,
        drafted_by_id=by.account_id,
        drafted_at=clock.now(),
    )
    asked = in_order(candidates)
    keys = subject_keys.keys_for({each.person_id for each in asked})
    with subject_keys.at_hand(keys):
        Invitation.objects.bulk_create(
            (
                _invitation(made, rank, each, has_key=each.person_id in keys)
                for rank, each in enumerate(asked, start=1)
            ),
            batch_size=_BATCH,
        )
    record(
        by=by,
        verb="callouts.call_out.drafted",
        about=made,
        society_code=society.code,
        after={"about": about, "kind": kind, "wanted": wanted, "may_ask": len(candidates),
               "channels": list(made.channels), "is_drill": is_drill},
    )  # fmt: skip
    return made


def _invitation(call_out: CallOut, rank: int, one: Candidate, *, has_key: bool) -> Invitation:
    def texts(reasons: Sequence[str]) -> list[str]:
        return [clean_line(each[:REASON_CHARACTERS_MAX], limit=REASON_CHARACTERS_MAX,
                           field="reasons") for each in reasons]  # fmt: skip

    return Invitation(
        call_out=call_out,
        person_id=one.person_id,
        group=one.group,
        group_name=one.group_name[:80],
        group_name_en=one.group_name_en[:120],
        rank=rank,
        reasons={"zh": texts(one.reasons), "en": texts(one.reasons_en)},
        **kept(new_token(), one.person_id, has_key=has_key),
    )
