"""Words of warnings: what CAP's codes mean, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.registry.naming import local_text
from honghui.rescue.models import Alert

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MESSAGE_TYPES: dict[str, _StrOrPromise] = {
    "Alert": pgettext_lazy("a warning", "Warning"),
    "Update": pgettext_lazy("a warning", "Update"),
    "Cancel": pgettext_lazy("a warning", "Cancellation"),
    "Ack": pgettext_lazy("a warning", "Acknowledgement"),
    "Error": pgettext_lazy("a warning", "Rejection"),
}
STATUSES: dict[str, _StrOrPromise] = {
    "Actual": pgettext_lazy("a warning", "real"),
    "Exercise": pgettext_lazy("a warning", "exercise"),
    "System": pgettext_lazy("a warning", "between systems"),
    "Test": pgettext_lazy("a warning", "test"),
    "Draft": pgettext_lazy("a warning", "draft"),
}
SCOPES: dict[str, _StrOrPromise] = {
    "Public": pgettext_lazy("a warning", "for everybody"),
    "Restricted": pgettext_lazy("a warning", "for some"),
    "Private": pgettext_lazy("a warning", "for those named"),
}
CATEGORIES: dict[str, _StrOrPromise] = {
    "Met": _("Weather and floods"),
    "Geo": _("Earthquake, landslide"),
    "Safety": _("Public safety"),
    "Security": _("Security"),
    "Rescue": _("Rescue"),
    "Fire": _("Fire"),
    "Health": _("Health"),
    "Env": _("Environment"),
    "Transport": _("Traffic"),
    "Infra": _("Utilities"),
    "CBRNE": _("Dangerous substances"),
    "Other": pgettext_lazy("a warning", "Other"),
}
URGENCIES: dict[str, _StrOrPromise] = {
    "Immediate": _("act now"),
    "Expected": _("act within the hour"),
    "Future": _("act soon"),
    "Past": _("no longer"),
    "Unknown": pgettext_lazy("a warning", "unknown"),
}
SEVERITIES: dict[str, _StrOrPromise] = {
    "Extreme": _("extreme"),
    "Severe": _("severe"),
    "Moderate": _("moderate"),
    "Minor": _("minor"),
    "Unknown": pgettext_lazy("a warning", "unknown"),
}
CERTAINTIES: dict[str, _StrOrPromise] = {
    "Observed": _("observed"),
    "Likely": _("likely"),
    "Possible": _("possible"),
    "Unlikely": _("unlikely"),
    "Unknown": pgettext_lazy("a warning", "unknown"),
}
# How it stands: how that is drawn (ui/figures.KINDS), and its words.
STANDINGS: dict[str, tuple[str, _StrOrPromise]] = {
    "in_force": ("now", _("in force")),
    "updated": ("cover", _("updated since")),
    "cancelled": ("off", _("cancelled")),
    "cancel": ("off", _("ends an earlier one")),
    "expired": ("off", _("expired")),
    "draft": ("half", _("draft")),
    "withdrawn": ("off", _("withdrawn")),
}
# Which cause an incident gets that is opened for a warning.
CAUSE_OF = {
    "Met": "typhoon", "Geo": "earthquake", "Fire": "fire", "Health": "epidemic",
    "Transport": "traffic", "Rescue": "missing_person",
}  # fmt: skip


def headline_of(alert: Alert) -> str:
    return local_text(alert.headline or alert.event, alert.headline_en or alert.event_en)


def event_of(alert: Alert) -> str:
    return local_text(alert.event, alert.event_en)


def description_of(alert: Alert) -> str:
    return local_text(alert.description, alert.description_en)


def instruction_of(alert: Alert) -> str:
    return local_text(alert.instruction, alert.instruction_en)


def area_of(alert: Alert) -> str:
    return local_text(alert.area_text, alert.area_text_en)
