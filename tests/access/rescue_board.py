"""Boards and reports of one society, and their rows, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from honghui.kernel import clock
from honghui.registry.models import Account, Society
from honghui.rescue.actions.reports import draft_report, release_report
from honghui.rescue.models import Claim, Incident, Mission, RescueReport, Team
from tests.access.money import person_of_the_system
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
    """`fresh`: an incident with a team and no report."""

    incident: Incident
    fresh: Incident
    draft: RescueReport
    released: RescueReport
    claim: Claim


def reported_of(society: Society, writes: Account, releases: Account) -> Reported:
    """Written and released by people who are not of the cast."""
    by = person_of_the_system(writes)
    team = Team.objects.create(
        code=f"t{uuid4().hex[:12]}", society=society, kind_id="search",
        name=f"样例队{uuid4().hex[:6]}",
    )  # fmt: skip
    one, other, fresh = (_incident(society, team) for _ in range(3))
    released = draft_report(by=by, incident=other)
    release_report(by=person_of_the_system(releases), report=released)
    # Before the draft, which counts it.
    claim = Claim.objects.create(
        incident=one, measure="people", value=12, unit="person", told_as="12人", source="样例"
    )
    return Reported(
        incident=one,
        fresh=fresh,
        draft=draft_report(by=by, incident=one),
        released=released,
        claim=claim,
    )


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
    page("rescue", EVERYBODY),
    page("rescue_public", EVERYBODY, others=EVERYBODY, given=_public),
    *(
        page(name, EVERYBODY, others=EVERYBODY, given=_numbered)
        for name in ("rescue_public_number", "rescue_public_paper", "rescue_public_table")
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
    act("claims.note_claim", WRITE, "rescue.write_reports",
        lambda it: {"incident": it.reported.incident, "measure": "people", "value": 12,
                    "told_as": "12人", "source": "样例"}, within=_WITHIN),
    act("claims.remove_claim", WRITE, "rescue.write_reports",
        lambda it: {"claim": it.reported.claim, "reason": REASON}, within=_WITHIN),
)  # fmt: skip
