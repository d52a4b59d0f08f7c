"""What a line of the incident's log says, by its kind. Values are named as `add_line` gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LINES: dict[str, _StrOrPromise] = {
    "incident_opened": _("Incident opened"),
}
