"""A fund's purpose, as it is kept while it waits to be opened, and the pools its money lies in."""

from __future__ import annotations

import re

import msgspec
from django.utils.translation import gettext_lazy as _

from honghui.funds.models import Fund
from honghui.kernel.errors import Invalid
from honghui.record.canonical import canonical
from honghui.record.clauses import Clause
from honghui.record.pools import Pool

CURRENCY = "CNY"
_CODE = re.compile(r"[a-z][a-z0-9-]{2,39}")
_decoder = msgspec.json.Decoder(tuple[Clause, ...], strict=True)


def encoded(clauses: tuple[Clause, ...]) -> bytes:
    """Canonical JSON. Raises Invalid for what the language of clauses does not know."""
    data = canonical(list(clauses))
    try:
        _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise Invalid(
            "funds.fund.clauses",
            _("A clause is not well formed."),
            _("Choose uses, places and approvers again."),
        ) from error
    return data


def decoded(data: bytes | memoryview) -> tuple[Clause, ...]:
    return _decoder.decode(bytes(data))


def checked_code(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise Invalid(
            "funds.fund.code",
            _("A code has 3 to 40 characters: a to z, 0 to 9 and hyphens, a letter first."),
            _("Choose a short English name, such as flood-2020."),
            field="code",
        )
    return code


def money_of(fund: Fund) -> Pool:
    """Where its gifts lie until somebody decides on them."""
    return Pool(
        society=fund.society_id,
        purpose=fund.code,
        source="donation",
        commodity=CURRENCY,
        place=fund.account,
    )


def decided_of(fund: Fund, decision_id: str) -> Pool:
    """Where what a decision set aside lies until it is paid."""
    return msgspec.structs.replace(money_of(fund), stage="decided", ref=decision_id)
