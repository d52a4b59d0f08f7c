"""A gift's receipt: every fact on the paper, and whose name it carries.

Whoever has the code has the paper. So it says of the giver what everybody may read, and no more: a
voucher that is lost, or passed on, gives nobody away. The sealed name is printed for those of
the society who receive gifts and hand the paper to the giver, and that they did is an act.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from honghui.funds.codes import in_groups
from honghui.funds.models import Donation, Refund
from honghui.funds.models.donations import Channel
from honghui.funds.papers.receipt import ReceiptPaper
from honghui.funds.queries.desk import giver_of
from honghui.journal import log_place
from honghui.kernel.errors import Conflict
from honghui.kernel.models import World

_CHANNELS = {
    Channel.CASH: ("现金", "Cash"),
    Channel.TRANSFER: ("银行转账", "Bank transfer"),
    Channel.WECHAT: ("微信支付", "WeChat Pay"),
}


def receipt_of(donation: Donation, *, trace_path: str, with_sealed_name: bool) -> ReceiptPaper:
    """Raises Conflict before the log has begun: a receipt without its key would prove nothing.
    Three queries, one more with the sealed name."""
    keys = log_place.public_keys()
    if not keys:
        raise Conflict(
            "funds.receipt.no_log",
            _("The public log has not begun, so its key cannot be printed."),
            _("Try again in a minute."),
        )
    fund, channel = donation.fund, _CHANNELS[Channel(donation.channel)]
    return ReceiptPaper(
        number=number_of(donation),
        society=fund.society.name,
        society_english=fund.society.name_en,
        giver=(with_sealed_name and giver_of(donation)) or donation.shown_as,
        purpose=fund.name,
        purpose_english=fund.name_en or fund.name,
        amount_fen=donation.amount_fen,
        occurred_on=donation.occurred_on,
        channel=channel[0],
        channel_english=channel[1],
        trace_code=in_groups(donation.code),
        trace_address=settings.ADDRESS + trace_path,
        log_origin=settings.LOG_ORIGIN,
        log_address=f"{settings.ADDRESS}/log/",
        log_key=keys[0].vkey,
        record_id=donation.entry_id.hex,
        issued_at=donation.received_at,
        is_sample_world=World.objects.exists(),
        is_cancelled=_is_given_back(donation),
    )


def number_of(donation: Donation) -> str:
    """Tells the society, the day and the record, and nothing of the code."""
    day = donation.occurred_on
    return f"{donation.fund.society_id}-{day:%Y%m%d}-{donation.entry_id.hex[:8].upper()}"


def _is_given_back(donation: Donation) -> bool:
    paid = donation.refunds.filter(state=Refund.State.PAID).values_list("amount_fen", flat=True)
    return sum(paid) >= donation.amount_fen
