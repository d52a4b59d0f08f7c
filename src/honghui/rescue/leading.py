"""What every action on an incident begins and ends with: the incident locked for whoever leads it,
and the act under the society that leads. Nothing is written here but the act."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import record
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.registry.access import require
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.rescue.models import Incident
from honghui.rescue.rules.incidents import check_not_closed


def locked(by: Actor, incident: Incident, *, closed_too: bool = False) -> Incident:
    """The incident as it stands, for whoever may lead it; nobody else changes it meanwhile."""
    require(by, OPEN_INCIDENTS, incident.society_id)
    found = (
        Incident.objects.select_for_update(no_key=True, of=("self",))
        .select_related("society")
        .get(pk=incident.pk)
    )
    if not closed_too:
        check_not_closed(found.state)
    return found


def record_of(by: Actor, verb: str, incident: Incident, **values: Any) -> None:
    """The act, about the incident or (`about`) something of it."""
    about = values.pop("about", incident)
    after = values.pop("after", {})
    if about is not incident:
        after = {"incident": incident, **after}
    record(by=by, verb=verb, about=about, society_code=incident.society_id, after=after, **values)


def check_code(code: str, known: Container[str], field: str) -> None:
    if code not in known:
        raise Invalid(
            "rescue.choice.unknown",
            _("This is not one of the choices."),
            _("Choose from the list."),
            field=field,
        )
