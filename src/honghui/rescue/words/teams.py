"""Words of teams and their people: states, roles, and why somebody is or is not ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.rescue.rules.duty import Reason, Why

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# code -> the shape of the state, and its word.
TEAM_STATES: dict[str, tuple[str, _StrOrPromise]] = {
    "active": ("used", pgettext_lazy("a team", "Active")),
    "suspended": ("half", pgettext_lazy("a team", "Suspended")),
    "disbanded": ("off", pgettext_lazy("a team", "Disbanded")),
}
ROLES: dict[str, _StrOrPromise] = {
    "leader": _("Leader"),
    "deputy": _("Deputy leader"),
    "member": _("Team member"),
}
AVAILABILITY: dict[str, _StrOrPromise] = {
    "available": _("Available"),
    "if_short": _("Only if short"),
    "away": _("Away"),
}
# What a list of people calls its columns, for whoever pastes one.
ROSTER_COLUMNS: dict[str, _StrOrPromise] = {
    "name": pgettext_lazy("a person", "Name"),
    "resident_id": _("Resident id"),
    "phone": _("Phone"),
    "role": _("Post in the team"),
    "skills": _("Skills"),
    "certificate": _("Certificate of"),
    "number": _("Certificate number"),
    "issued_on": _("Issued on"),
    "expires_on": _("Expires on"),
    "insured_until": _("Insured until"),
}


def day_words(day: object) -> str:
    """ "2020年6月24日", or "24 June 2020"."""
    chinese = (get_language() or "zh").startswith("zh")
    return date_format(day, "Y年n月j日" if chinese else "j F Y")  # type: ignore[arg-type]


def joined(phrases: Iterable[str]) -> str:
    """Phrases one after the other, parted as either language parts them."""
    return ("；" if (get_language() or "zh").startswith("zh") else "; ").join(phrases)


def reason_words(reason: Reason, skills: Mapping[str, str]) -> str:
    """Why not, in one phrase. `skills`: code -> name in the reader's language."""
    skill = skills.get(reason.skill, reason.skill)
    until = day_words(localtime(reason.until)) if reason.until else ""
    on = day_words(reason.on) if reason.on else ""
    match reason.why:
        case Why.LEFT:
            return gettext("left the team on %(on)s") % {"on": on}
        case Why.TEAM_SUSPENDED:
            return gettext("the team is suspended")
        case Why.TEAM_DISBANDED:
            return gettext("the team is disbanded")
        case Why.LACKS_SKILL:
            return gettext("not known for: %(skill)s") % {"skill": skill}
        case Why.NO_CERTIFICATE:
            return gettext("no certificate on file: %(skill)s") % {"skill": skill}
        case Why.CERTIFICATE_EXPIRED:
            return gettext("certificate ran out on %(on)s: %(skill)s") % {"on": on, "skill": skill}
        case Why.CERTIFICATE_REVOKED:
            return gettext("certificate revoked on %(on)s: %(skill)s") % {"on": on, "skill": skill}
        case Why.UNINSURED:
            return gettext("no accident insurance that day")
        case Why.AWAY:
            return gettext("away until %(until)s") % {"until": until} if until else gettext("away")
        case Why.ON_MISSION:
            return gettext("on another mission")
        case Why.IF_SHORT:
            return gettext("comes only if too few do")
    raise AssertionError(reason.why)
