"""Funds: proposed by one, opened by another. Opening one declares its purpose and its account."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from honghui.funds import access, purposes, rules
from honghui.funds.askers import account_of, person_of
from honghui.funds.models import Fund
from honghui.journal.acting import action, record
from honghui.kernel import clock, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.kernel.ids import new_public_id
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import now_as_told, pseudonym_of
from honghui.record.clauses import Clause
from honghui.record.references import Place, Purpose
from honghui.registry.access import require
from honghui.registry.models import Society
from honghui.registry.permissions import APPROVE_SPENDING, OPEN_FUNDS
from honghui.registry.rules import check_four_eyes


@action("funds.fund.proposed")
def propose_fund(
    *,
    by: Actor,
    society: Society,
    code: str,
    name: str,
    about: str,
    body: str,
    clauses: tuple[Clause, ...],
    opened_on: date,
    name_en: str = "",
    about_en: str = "",
    accepts_online: bool = True,
    source: str = "",
) -> Fund:
    """`clauses`: what its money may be used for. `body`: who decides, as `decision/1` names it."""
    require(by, OPEN_FUNDS, society.code)
    code = purposes.checked_code(code)
    if Fund.objects.filter(pk=code).exists():
        raise Conflict(
            "funds.fund.known",
            _("There is a fund with this code already."),
            _("Choose another code."),
            field="code",
        )
    fund = Fund(
        code=code,
        society=society,
        name=text.name_line(name, limit=80),
        name_en=text.clean_line(name_en, limit=120, field="name_en"),
        about=text.clean_line(about, limit=400, field="about"),
        about_en=text.clean_line(about_en, limit=600, field="about_en"),
        body=body,
        account=f"{code}-account",
        clauses=purposes.encoded(clauses),
        accepts_online=accepts_online,
        opened_on=opened_on,
        source=source,
        asked_by_id=account_of(by),
    )
    fund.save(force_insert=True)
    record(
        by=by,
        verb="funds.fund.proposed",
        about=fund,
        society_code=society.code,
        after={"name": fund.name, "opened_on": opened_on},
    )
    return fund


@action("funds.fund.opened")
def open_fund(*, by: Actor, fund: Fund) -> Fund:
    """By somebody else than who proposed it. From now on its purpose is enforced by the ledger."""
    fund = access.fund(by, fund.pk)
    require(by, APPROVE_SPENDING, fund.society_id)
    fund = Fund.objects.select_for_update().select_related("society", "asked_by").get(pk=fund.pk)
    rules.check_still_open(fund.state, Fund.State.PROPOSED)
    check_four_eyes(fund.asked_by.person_id, by.person_id)
    society = fund.society_id
    declare(
        Place(
            id=new_public_id(),
            recorded_at=now_as_told(),
            code=fund.account,
            kind="account",
            within=society,
        )
    )
    declare(_purpose(fund, by))
    fund.state = Fund.State.OPEN
    fund.decided_by_id = account_of(by)
    fund.decided_at = clock.now()
    fund.save(update_fields=["state", "decided_by", "decided_at"])
    record(by=by, verb="funds.fund.opened", about=fund, society_code=society)
    return fund


def _purpose(fund: Fund, by: Actor) -> Purpose:
    return Purpose(
        id=new_public_id(),
        recorded_at=now_as_told(),
        code=fund.code,
        society=fund.society_id,
        clauses=purposes.decoded(fund.clauses),
        starts_on=fund.opened_on,
        requested_by=pseudonym_of(fund.asked_by.person_id, fund.society_id),
        approved_by=(pseudonym_of(person_of(by), fund.society_id),),
    )
