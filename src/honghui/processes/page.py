"""Everything the trace page shows, in the reader's language, from a trace and the published log."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from honghui.funds.codes import in_groups
from honghui.funds.models.donations import CODE_LENGTH
from honghui.journal import log_place
from honghui.journal.log_head import LogHead, fingerprint, head_at_hand
from honghui.kernel.amounts import format_yuan
from honghui.processes.telling import result, road, ways
from honghui.processes.telling.words import local, short_yuan
from honghui.processes.tracing import Named, Trace
from honghui.registry.naming import local_name
from honghui.tlog.signatures import Key
from honghui.ui.figures import Flows, TapeStep

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# A code with its separators, typed generously.
CODE_LIMIT = 2 * CODE_LENGTH


@dataclass(frozen=True)
class TracePage:
    """`log_address`: where this site shows its log, with a slash at the end."""

    trace: Trace
    log_address: str
    keys: list[Key] = field(default_factory=log_place.public_keys)

    @property
    def as_of(self) -> int | None:
        """None before the first record."""
        return self.trace.as_of or None

    @property
    def code(self) -> str:
        return in_groups(self.trace.donation.code)

    @property
    def society(self) -> str:
        return local_name(self.trace.donation.fund.society)

    @property
    def fund(self) -> str:
        fund = self.trace.donation.fund
        return local(Named(fund.name, fund.name_en))

    @property
    def giver(self) -> str:
        """As the giver chose to be shown; "" for nobody."""
        return self.trace.donation.shown_as

    @property
    def has_road(self) -> bool:
        return self.trace.placed is not None

    @property
    def is_waiting(self) -> bool:
        """For its place in the log, now."""
        return not self.has_road and self.trace.is_now

    @property
    def is_before(self) -> bool:
        """The page is asked for a moment before the gift."""
        return not self.has_road and not self.trace.is_now

    @property
    def sum(self) -> str:
        return short_yuan(self.trace.donation.amount_fen)

    @cached_property
    def headline(self) -> str:
        return result.headline(self.trace)

    @cached_property
    def numbers(self) -> list[dict[str, object]]:
        return result.numbers(self.trace.balance)

    @cached_property
    def tape(self) -> list[TapeStep]:
        return road.tape(self.trace)

    @cached_property
    def flows(self) -> Flows | None:
        return ways.flows(self.trace)

    # The proof.

    @property
    def index(self) -> int | None:
        return self.trace.placed.index if self.trace.placed else None

    @property
    def index_text(self) -> str:
        return f"{self.index:,}" if self.index is not None else ""

    @cached_property
    def head(self) -> LogHead | None:
        """As it was read some seconds ago, for whoever reads without scripts or on paper."""
        return head_at_hand()

    @property
    def key(self) -> str:
        return self.keys[0].vkey if self.keys else ""

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.keys[0]) if self.keys else ""

    @property
    def command(self) -> str:
        """Offline, with the two files of this page and the key from paper."""
        at = self.index
        return f"python3 verify.py proof {at}.tlog-proof {at}.json --key '{self.key}'"

    @property
    def audit(self) -> str:
        """The whole road: every step is taken again."""
        return f"honghui audit {self.log_address} --key '{self.key}'"

    @cached_property
    def record(self) -> str:
        """The record, set so that it can be read; the file has it in one line."""
        assert self.trace.placed is not None
        return json.dumps(json.loads(self.trace.placed.data), indent=2, ensure_ascii=False)

    @property
    def said(self) -> list[tuple[_StrOrPromise, str]]:
        """What the record says, in words."""
        donation = self.trace.donation
        return [
            (_("What the record says"), _("a gift")),
            (_("Amount"), _("%(sum)s yuan") % {"sum": format_yuan(donation.amount_fen)}),
            (_("For"), f"{self.fund} · {donation.fund_id}"),
            (_("Booked by"), f"{self.society} · {donation.fund.society_id}"),
            (_("Day"), donation.occurred_on.isoformat()),
        ]


def page_of(found: Trace, log_address: str) -> TracePage:
    return TracePage(found, log_address)
