"""Reports under lock, and what must not stand in them: names, numbers, points on a map."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.registry.models import Account, Person
from honghui.rescue import access
from honghui.rescue.models import RescueReport
from honghui.rescue.reporting.contents import from_json, texts_of
from honghui.rescue.rules.report import private_in

_KINDS = {
    "name": _("a name of somebody who took part"),
    "phone": _("a phone number"),
    "landline": _("a phone number"),
    "resident_id": _("a resident id"),
    "plate": _("a number plate"),
    "point": _("a point on the map"),
    "mail": _("a mail address"),
}


def locked_report(by: Actor, report: RescueReport) -> RescueReport:
    """As it stands, if this actor may see it."""
    access.report(by, report.pk)
    return (
        RescueReport.objects.select_for_update(of=("self",))
        .select_related("incident__society", "written_by", "corrects")
        .get(pk=report.pk)
    )


def locked_draft(by: Actor, report: RescueReport) -> RescueReport:
    locked = locked_report(by, report)
    if locked.state != RescueReport.State.DRAFT:
        raise Conflict(
            "rescue.report.released_already",
            _("This report was released already, and stays as it is."),
            _("Count a new one: it takes the place of this one."),
        )
    return locked


def account_of(by: Actor) -> Account:
    if by.account_id is None:
        raise Conflict(
            "rescue.report.nobody",
            _("A report is written and released by people."),
            _("Sign in."),
        )
    return Account.objects.get(pk=by.account_id)


def check_private(report: RescueReport) -> None:
    """That nobody is known from what was typed, wherever it was."""
    notes = [report.note, report.note_en]
    check_texts(report, notes, "note")
    check_texts(report, texts_of(from_json(report.contents)))


def check_texts(report: RescueReport, texts: Iterable[str], field: str = "") -> None:
    found = private_in(texts, _names(report))
    if found:
        raise Conflict(
            "rescue.report.private",
            _("There is something in it by which somebody could be known: %(kinds)s.")
            % {"kinds": ", ".join(str(_KINDS[kind]) for kind in found)},
            _("Take it out of the title, the note, or what the source said, and count again."),
            field=field,
        )


def _names(report: RescueReport) -> list[str]:
    took_part = Person.objects.filter(rescue_responses__mission__incident=report.incident)
    return list(took_part.values_list("name", flat=True))
