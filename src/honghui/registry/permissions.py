"""Who may do what: one table. A permission belongs to roles; a role is held in one society.

Reading down a column tells what a role may do; reading a row tells who may do it. The same table
is printed in docs/permissions.md and run, row by row, by tests/access/.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    OFFICER = "officer"
    FINANCE = "finance"
    STOREKEEPER = "storekeeper"
    TEAM_LEADER = "team_leader"
    TRAINER = "trainer"
    CASEWORKER = "caseworker"
    EDITOR = "editor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.OFFICER: _("Officer"),
    Role.FINANCE: _("Finance"),
    Role.STOREKEEPER: _("Storekeeper"),
    Role.TEAM_LEADER: _("Team leader"),
    Role.TRAINER: _("Trainer"),
    Role.CASEWORKER: _("Caseworker"),
    Role.EDITOR: _("Editor"),
    Role.AUDITOR: _("Auditor (supervisory board)"),
    Role.ADMINISTRATOR: _("Administrator"),
}


@dataclass(frozen=True)
class Permission:
    """`roles` hold it always, `in_admin_mode` only while administrator mode is on."""

    code: str
    roles: frozenset[Role]
    in_admin_mode: frozenset[Role] = frozenset()


def _by(code: str, *roles: Role, in_admin_mode: tuple[Role, ...] = ()) -> Permission:
    permission = Permission(code, frozenset(roles), frozenset(in_admin_mode))
    PERMISSIONS[code] = permission
    return permission


PERMISSIONS: dict[str, Permission] = {}

_CASES = (Role.OFFICER, Role.CASEWORKER)
_PEOPLE = (*_CASES, Role.TEAM_LEADER, Role.TRAINER)
_ALL = tuple(Role)
_ADMIN = (Role.ADMINISTRATOR,)

USE_DESK = _by("desk.use", *_ALL)
SEE_PEOPLE = _by("people.see", *_PEOPLE, Role.FINANCE, Role.AUDITOR, in_admin_mode=_ADMIN)
REGISTER_PEOPLE = _by("people.register", *_PEOPLE, in_admin_mode=_ADMIN)
SHOW_IDENTITY = _by("people.show_identity", *_CASES)
RESOLVE_DUPLICATES = _by("people.resolve_duplicates", *_CASES)
ERASE_PEOPLE = _by("people.erase", in_admin_mode=_ADMIN)
SEE_ORGANISATIONS = _by("organisations.see", *_ALL)
REGISTER_ORGANISATIONS = _by("organisations.register", Role.OFFICER, Role.FINANCE)
MANAGE_UNITS = _by("units.manage", Role.OFFICER)
SEE_ROLES = _by("roles.see", Role.ADMINISTRATOR, Role.AUDITOR)
MANAGE_ROLES = _by("roles.manage", in_admin_mode=_ADMIN)
RESTORE_ACCOUNTS = _by("accounts.restore", in_admin_mode=_ADMIN)
ENTER_ADMIN_MODE = _by("admin_mode.enter", Role.ADMINISTRATOR)
SEE_ACTS = _by("acts.see", Role.AUDITOR, Role.ADMINISTRATOR)
RECEIVE = _by("ledger.receive", Role.OFFICER, Role.FINANCE)
POST = _by("ledger.post", Role.OFFICER, Role.FINANCE, Role.STOREKEEPER)
DECLARE = _by("ledger.declare", Role.OFFICER, Role.FINANCE)
SEE_PAYMENTS = _by("payments.see", Role.OFFICER, Role.FINANCE, Role.AUDITOR)
SETTLE_PAYMENTS = _by("payments.settle", Role.OFFICER, Role.FINANCE)
REFUND_PAYMENTS = _by("payments.refund", Role.OFFICER, Role.FINANCE)
SEE_MONEY = _by("funds.see", Role.OFFICER, Role.FINANCE, Role.AUDITOR)
OPEN_FUNDS = _by("funds.open", Role.OFFICER, Role.FINANCE)
ASK_SPENDING = _by("funds.ask", Role.OFFICER, Role.FINANCE)
APPROVE_SPENDING = _by("funds.approve", Role.OFFICER, Role.FINANCE)
SEE_BULLETINS = _by("bulletins.see", Role.OFFICER, Role.FINANCE, Role.EDITOR, Role.AUDITOR)
PREPARE_BULLETINS = _by("bulletins.prepare", Role.OFFICER, Role.FINANCE, Role.EDITOR)
APPROVE_BULLETINS = _by("bulletins.approve", Role.OFFICER, Role.EDITOR)
SEE_RESCUE = _by("rescue.see", Role.OFFICER, Role.TEAM_LEADER, Role.AUDITOR)
MANAGE_TEAMS = _by("rescue.teams", Role.OFFICER, Role.TEAM_LEADER)
OPEN_INCIDENTS = _by("rescue.incidents", Role.OFFICER)
CALL_OUT = _by("rescue.call_out", Role.OFFICER, Role.TEAM_LEADER)
LEAD_MISSIONS = _by("rescue.missions", Role.OFFICER, Role.TEAM_LEADER)
SEE_INJURIES = _by("rescue.injuries", Role.OFFICER, Role.TEAM_LEADER)
WRITE_RESCUE_REPORTS = _by("rescue.write_reports", Role.OFFICER, Role.TEAM_LEADER)
RELEASE_RESCUE_REPORTS = _by("rescue.release_reports", Role.OFFICER, Role.EDITOR)
SEE_MESSAGES = _by("messages.see", Role.OFFICER, Role.TEAM_LEADER, Role.AUDITOR)
SETTLE_MESSAGES = _by("messages.settle", Role.OFFICER, Role.TEAM_LEADER)
