"""What may be: pure functions over plain values. No Django models, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.kernel import text
from honghui.kernel.errors import Conflict, Invalid

ADMIN_MODE_MINUTES = 30
REASON_LIMIT = 400
ONE_TIME_PASSWORD_HOURS = 2
# Whoever could sign in as one of these could do more than they are granted.
HELPED_ON_SERVER = {"administrator", "auditor"}

# A pair may move only along these.
PAIR_TRANSITIONS = {
    ("found", "proposed"),
    ("found", "apart"),
    ("proposed", "merged"),
    ("proposed", "apart"),
    ("proposed", "found"),
}

# What counts for two rows being one, out of 100; a pair is shown from SCORE_SHOWN on.
PERSON_SIGNS = {"resident_id": 100, "name_and_phone": 90, "phone": 40, "name": 30}
ORGANISATION_SIGNS = {"credit_code": 100, "name": 80, "alias": 60}
SCORE_SHOWN = 60


@dataclass(frozen=True)
class Sighting:
    """What is compared of one row: the hashes, never the values."""

    id: UUID
    name: str
    resident_id_hash: bytes | None = None
    phone_hash: bytes | None = None


def person_signs(one: Sighting, other: Sighting) -> list[str]:
    """Why two people may be the same person; empty if nothing speaks for it."""
    signs = []
    if one.resident_id_hash and one.resident_id_hash == other.resident_id_hash:
        signs.append("resident_id")
    same_name = one.name == other.name
    if one.phone_hash and one.phone_hash == other.phone_hash:
        signs.append("name_and_phone" if same_name else "phone")
    elif same_name:
        signs.append("name")
    # Two different resident ids are two people, whatever else agrees.
    if (
        one.resident_id_hash
        and other.resident_id_hash
        and one.resident_id_hash != other.resident_id_hash
    ):
        return []
    return signs


def score(signs: Iterable[str], weights: Mapping[str, int]) -> int:
    return min(100, max((weights[sign] for sign in signs), default=0))


def check_transition(before: str, after: str) -> None:
    if (before, after) not in PAIR_TRANSITIONS:
        raise Conflict(
            "registry.pair.moved_on",
            _("This pair was decided in the meantime."),
            _("Open it again to see who decided what."),
        )


def check_two_people(first: UUID, second: UUID) -> None:
    """A merge needs two different rows."""
    if first == second:
        raise Conflict(
            "registry.merge.same",
            _("A record cannot be merged with itself."),
            _("Choose the other record of the pair."),
        )


def check_four_eyes(requested_by: UUID | None, approved_by: UUID | None) -> None:
    """Two different people, not merely two accounts: both ids are of persons.

    The reusable rule behind every second signature (payments, merges, bulletins)."""
    if requested_by is None or approved_by is None or requested_by == approved_by:
        raise Conflict(
            "access.four_eyes",
            _("The same person cannot ask and approve."),
            _("A colleague with the same permission has to look at it."),
        )


def check_reason(reason: str) -> str:
    """A reason somebody else can understand later: not empty, not one character."""
    reason = text.clean_line(reason, limit=REASON_LIMIT, field="reason")
    if len(reason) < 4:
        raise Invalid(
            "registry.reason.missing",
            _("A reason is missing."),
            _("Write one sentence that a colleague will still understand next year."),
            field="reason",
        )
    return reason


def check_period(began_on: object, ended_on: object, *, field: str = "ended_on") -> None:
    if began_on is not None and ended_on is not None and ended_on < began_on:  # type: ignore[operator]
        raise Invalid(
            "registry.period.reversed",
            _("The end is before the beginning."),
            _("Check both dates."),
            field=field,
        )


def check_may_be_helped(*, is_own: bool, roles: set[str], elsewhere: bool) -> None:
    """Whose sign-in an administrator may restore at the desk."""
    if is_own:
        raise Conflict(
            "registry.account.own_help",
            _("Nobody restores their own sign-in here."),
            _("Change your password on the page of your account, or ask another administrator."),
        )
    on_server = _("Whoever runs the installation does it on the command line.")
    if roles & HELPED_ON_SERVER:
        raise Conflict(
            "registry.account.on_server",
            _("The sign-in of an administrator or auditor is restored on the server."),
            on_server,
        )
    if elsewhere:
        raise Conflict(
            "registry.account.relied_on_elsewhere",
            _("Another society relies on this account, so its sign-in is restored on the server."),
            on_server,
        )


def check_account_is_open(is_active: bool) -> None:
    if not is_active:
        raise Conflict(
            "registry.account.closed_already",
            _("This account is closed."),
            _("Open a new one for the person."),
        )


def check_roles_together(roles: Iterable[str]) -> None:
    """The supervisory board watches and does not do: an auditor of a society holds no other
    role in it (Red Cross Law 2017, art. 8: a board of supervisors beside the council)."""
    held = set(roles)
    if "auditor" in held and len(held) > 1:
        raise Conflict(
            "registry.role.auditor_alone",
            _("An auditor can hold no other role in the same society."),
            _("End the other role first, or choose another account."),
        )
