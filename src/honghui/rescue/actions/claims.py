"""What others published of a rescue: noted as they said it, taken back when it was noted wrongly.
A claim changes no count."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.kernel.measures import Qualifier
from honghui.registry.access import require
from honghui.registry.permissions import WRITE_RESCUE_REPORTS
from honghui.registry.rules import check_reason
from honghui.rescue import access
from honghui.rescue.models import Claim, Incident
from honghui.rescue.words.reports import CLAIMS

VALUE_MAX = 10_000_000


@action("rescue.claim.noted")
def note_claim(
    *,
    by: Actor,
    incident: Incident,
    measure: str,
    value: int,
    told_as: str,
    source: str,
    qualifier: str = "exact",
    unit: str = "",
) -> Claim:
    """`measure`: one of words.reports.CLAIMS; `unit`: that measure's own unless another is told
    (人次 instead of 人)."""
    incident = access.incident(by, incident.pk)
    require(by, WRITE_RESCUE_REPORTS, incident.society_id)
    if measure not in CLAIMS or qualifier not in set(Qualifier):
        raise Invalid(
            "rescue.claim.measure",
            _("This cannot be compared with anything that we count."),
            _("Choose what was counted from the list."),
            field="measure",
        )
    if not 0 <= value <= VALUE_MAX:
        raise Invalid(
            "rescue.claim.value",
            _("A published number is a whole number from 0 to ten million."),
            field="value",
        )
    claim = Claim.objects.create(
        incident=incident,
        measure=measure,
        value=value,
        qualifier=qualifier,
        unit=text.clean_line(unit, limit=16, field="unit") or CLAIMS[measure][1],
        told_as=text.name_line(told_as, limit=120, field="told_as"),
        source=text.name_line(source, limit=160, field="source"),
    )
    record(
        by=by,
        verb="rescue.claim.noted",
        about=claim,
        society_code=incident.society_id,
        after={"incident": incident, "measure": measure, "value": value, "qualifier": qualifier},
    )
    return claim


@action("rescue.claim.removed")
def remove_claim(*, by: Actor, claim: Claim, reason: str) -> None:
    """It was noted wrongly. What a report counted of it before stays there."""
    incident = access.incident(by, claim.incident_id)
    require(by, WRITE_RESCUE_REPORTS, incident.society_id)
    reason = check_reason(reason)
    before = {"measure": claim.measure, "value": claim.value, "qualifier": claim.qualifier}
    record(
        by=by,
        verb="rescue.claim.removed",
        about=claim,
        society_code=incident.society_id,
        reason=reason,
        before=before,
    )
    Claim.objects.filter(pk=claim.pk).delete()
