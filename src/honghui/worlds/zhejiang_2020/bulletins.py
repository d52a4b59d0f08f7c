"""One bulletin of Shaoxing: June 2020 up to the day of this world. Counted and published after the
world is loaded, for a bulletin is as of records that stand in the log.

`honghui up` calls `after_publishing` once its sequencer runs. One that is there is left alone.
"""

from __future__ import annotations

from datetime import date

from honghui.disclosure.actions.bulletins import draft_bulletin, publish_bulletin
from honghui.disclosure.queries.bulletins import begun
from honghui.registry.access import society
from honghui.registry.models import Account
from honghui.registry.signing_in import actor_of
from honghui.worlds.loader import Report

SHAOXING = "330600"
FIRST, LAST = date(2020, 6, 1), date(2020, 6, 24)
_TEXT = "本公告按账面逐笔计出，截至 2020 年 6 月 24 日。每个数字都可以用公开记录重算。"
_TEXT_EN = (
    "Counted from the books entry by entry, up to 24 June 2020. "
    "Each figure can be computed again from the public records."
)


def after_publishing(report: Report) -> None:
    """Drafted by finance, published by an officer. Killed between the two, it goes on there."""
    bulletin = begun(SHAOXING, FIRST, LAST)
    if bulletin is None:
        report("bulletin …")
        bulletin = draft_bulletin(
            by=actor_of(Account.objects.get(username="finance")),
            society=society(SHAOXING),
            first=FIRST,
            last=LAST,
            text=_TEXT,
            text_en=_TEXT_EN,
        )
    if bulletin.state == bulletin.State.DRAFTED:
        publish_bulletin(by=actor_of(Account.objects.get(username="officer")), bulletin=bulletin)
