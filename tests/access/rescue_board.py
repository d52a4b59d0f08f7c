"""Boards and reports of one society, and their rows, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image

from honghui.kernel import clock
from honghui.registry.models import Account, Society
from honghui.rescue.actions.public_photos import choose_photo
from honghui.rescue.actions.reports import draft_report, release_report
from honghui.rescue.models import (
    Claim,
    Incident,
    Mission,
    Photo,
    PublicPhoto,
    RescueReport,
    Team,
)
from honghui.sync import files
from tests.access.money import person_of_the_system
from tests.access.rescue_missions import attachment_of
from tests.access.rows import EVERYBODY, NOBODY, OFFICERS, REASON, Row, Values, act, form, page

WRITE = OFFICERS | {"team-leader"}
SEE = WRITE | {"auditor"}
RELEASE = OFFICERS | {"editor"}
READ = SEE | RELEASE
ABOVE = frozenset({"province"})
# Sent empty: who is let in sees what is missing.
_SENT = frozenset({422})


@dataclass(frozen=True)
class Reported:
    """`fresh`: an incident with a team and no report. photo: marked, of the draft's incident;
    chosen: another, for the draft; shown: with the released one."""

    incident: Incident
    fresh: Incident
    draft: RescueReport
    released: RescueReport
    claim: Claim
    photo: Photo
    chosen: PublicPhoto
    shown: PublicPhoto


def reported_of(society: Society, writes: Account, releases: Account) -> Reported:
    """Written and released by people who are not of the cast."""
    by = person_of_the_system(writes)
    team = Team.objects.create(
        code=f"t{uuid4().hex[:12]}", society=society, kind_id="search",
        name=f"样例队{uuid4().hex[:6]}",
    )  # fmt: skip
    one, other, fresh = (_incident(society, team) for _ in range(3))
    released = draft_report(by=by, incident=other)
    shown = _chosen(releases, released, _photo(other))
    release_report(by=person_of_the_system(releases), report=released)
    # Before the draft, which counts it.
    claim = Claim.objects.create(
        incident=one, measure="people", value=12, unit="person", told_as="12人", source="样例"
    )
    draft = draft_report(by=by, incident=one)
    return Reported(
        incident=one,
        fresh=fresh,
        draft=draft,
        released=released,
        claim=claim,
        photo=_photo(one),
        chosen=_chosen(releases, draft, _photo(one)),
        shown=shown,
    )


def _photo(incident: Incident) -> Photo:
    """Marked for release, with its bytes."""
    kept = attachment_of(uuid4().bytes)
    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "JPEG")
    files.keep(kept.pk, data.getvalue())
    return Photo.objects.create(
        mission=incident.missions.get(), attachment_id=kept.pk, taken_at=clock.now(),
        is_for_release=True,
    )  # fmt: skip


def _chosen(releases: Account, report: RescueReport, photo: Photo) -> PublicPhoto:
    return choose_photo(
        by=person_of_the_system(releases), report=report, photo=photo, caption="样例",
        caption_en="A sample", consent="nobody",
    )  # fmt: skip


def _incident(society: Society, team: Team) -> Incident:
    now = clock.now()
    incident = Incident.objects.create(
        number=uuid4().hex, society=society, cause="flood", title="样例", known_at=now,
        place_code=society.code, opened_at=now,
    )  # fmt: skip
    Mission.objects.create(
        incident=incident, team=team, state="called", requester="own", people=12, opened_at=now
    )
    return incident


def _incident_of(it: Any) -> Values:
    return {"incident_id": it.reported.incident.pk}


def _report_of(it: Any) -> Values:
    return {"report_id": it.reported.draft.pk}


def _claim_of(it: Any) -> Values:
    return {**_incident_of(it), "claim_id": it.reported.claim.pk}


def _public(it: Any) -> Values:
    return {"number": it.reported.released.incident.number}


def _numbered(it: Any) -> Values:
    return {**_public(it), "serial": 1}


def _photo_of(it: Any) -> Values:
    return {**_report_of(it), "photo_id": it.reported.photo.pk}


def _chosen_of(it: Any) -> Values:
    return {**_report_of(it), "row_id": it.reported.chosen.pk}


def _shown_of(it: Any) -> Values:
    return {"report_id": it.reported.released.pk, "row_id": it.reported.shown.pk}


def _decide(verb: str, may: frozenset[str], permission: str) -> Row:
    return page(
        "rescue_report_decide", may, permission, others=NOBODY, variant=verb,
        given=lambda it: {"report_id": it.reported.draft.pk, "verb": verb},
        methods=("POST",), let_in=_SENT,
    )  # fmt: skip


BOARD_PAGES = (
    page("rescue_board", SEE, "rescue.see"),
    page("rescue_board_parts", SEE, "rescue.see"),
    *(
        page(name, SEE, "rescue.see", others=ABOVE, given=_incident_of)
        for name in ("incident_board", "incident_board_parts", "incident_reports")
    ),
    form("rescue_report_new", WRITE, "rescue.write_reports", others=NOBODY, given=_incident_of),
    page("claim_new", WRITE, "rescue.write_reports", others=NOBODY, given=_incident_of,
         methods=("POST",), let_in=_SENT),
    page("claim_remove", WRITE, "rescue.write_reports", others=NOBODY, given=_claim_of,
         methods=("POST",), let_in=_SENT),
    page("rescue_reports", READ, "rescue.see"),
    *(
        page(name, READ, "rescue.see", others=ABOVE, given=_report_of)
        for name in ("rescue_report", "rescue_report_paper", "rescue_report_table")
    ),
    _decide("redraft", WRITE, "rescue.write_reports"),
    *(_decide(verb, RELEASE, "rescue.release_reports") for verb in ("release", "withdraw")),
    page("rescue_report_photos", READ, "rescue.see", others=ABOVE, given=_report_of),
    page("rescue_report_picture", READ, "rescue.see", others=ABOVE, given=_photo_of),
    form("rescue_report_photo", RELEASE, "rescue.release_reports", others=NOBODY, given=_photo_of),
    page("rescue_photo_take_back", RELEASE, "rescue.release_reports", others=NOBODY,
         given=_chosen_of, methods=("POST",), let_in=_SENT),
    form("rescue_photo_withdraw", RELEASE, "rescue.release_reports", others=NOBODY,
         given=_shown_of),
    page("rescue_photo", EVERYBODY, others=EVERYBODY,
         given=lambda it: {"sha256": it.reported.shown.sha256}),
    *(page(name, EVERYBODY) for name in ("rescue", "rescue_teams_table", "rescue_figures")),
    page("rescue_public", EVERYBODY, others=EVERYBODY, given=_public),
    *(
        page(name, EVERYBODY, others=EVERYBODY, given=_numbered)
        for name in (
            "rescue_public_number", "rescue_public_paper", "rescue_public_table",
            "rescue_public_figures",
        )
    ),
)  # fmt: skip

_WITHIN = "rescue.actions"
BOARD_ACTIONS = (
    act("reports.draft_report", WRITE, "rescue.write_reports",
        lambda it: {"incident": it.reported.fresh}, within=_WITHIN),
    act("reports.redraft_report", WRITE, "rescue.write_reports",
        lambda it: {"report": it.reported.draft}, within=_WITHIN),
    act("reports.release_report", RELEASE, "rescue.release_reports",
        lambda it: {"report": it.reported.draft}, within=_WITHIN),
    act("reports.withdraw_report", RELEASE, "rescue.release_reports",
        lambda it: {"report": it.reported.released, "reason": REASON}, within=_WITHIN),
    act("public_photos.choose_photo", RELEASE, "rescue.release_reports",
        lambda it: {"report": it.reported.draft, "photo": it.reported.photo, "caption": "样例",
                    "caption_en": "A sample", "consent": "given"}, within=_WITHIN),
    act("public_photos.take_photo_back", RELEASE, "rescue.release_reports",
        lambda it: {"photo": it.reported.chosen}, within=_WITHIN),
    act("public_photos.withdraw_photo", RELEASE, "rescue.release_reports",
        lambda it: {"photo": it.reported.shown, "reason": REASON}, within=_WITHIN),
    act("claims.note_claim", WRITE, "rescue.write_reports",
        lambda it: {"incident": it.reported.incident, "measure": "people", "value": 12,
                    "told_as": "12人", "source": "样例"}, within=_WITHIN),
    act("claims.remove_claim", WRITE, "rescue.write_reports",
        lambda it: {"claim": it.reported.claim, "reason": REASON}, within=_WITHIN),
)  # fmt: skip
