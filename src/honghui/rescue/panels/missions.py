"""The teams of an incident, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q

from honghui.callouts.access import call_outs
from honghui.kernel.actors import Actor
from honghui.registry.access import may
from honghui.registry.permissions import CALL_OUT
from honghui.rescue.models import Incident
from honghui.rescue.panels import Panel
from honghui.rescue.queries.missions import teams_of

_COMING = Count("invitations", filter=Q(invitations__state="coming"))


def _teams(by: Actor, incident: Incident) -> Mapping[str, Any]:
    """Two queries."""
    return {
        "teams": list(teams_of(incident)),
        "call_outs": list(call_outs(by).filter(about=incident.pk).annotate(coming=_COMING)),
        "may_call": may(by, CALL_OUT, incident.society_id)
        and incident.state != Incident.State.CLOSED,
    }


PANELS = [Panel("teams", 5, "rescue/missions/section.html", _teams)]
