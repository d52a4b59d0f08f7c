"""WeCom (企业微信): a text card from the society's own app. With its check for duplicates on, the
same request within half an hour is delivered once, so an answer that was lost is simply sent
again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from honghui.messaging.channels import chat
from honghui.messaging.channels.base import (
    Accepted,
    Busy,
    NoAnswer,
    NotAsked,
    Outgoing,
    Refused,
    Result,
)

EXPIRED = frozenset({40014, 41001, 42001})
BUSY = frozenset({-1, 45009, 45033})
NOT_REACHED = frozenset({81013, 60111, 40003, 82001})
TITLE_CHARACTERS_MAX = 40


def _fetch() -> dict[str, Any]:
    return chat.get(
        settings.WECOM_API,
        "/cgi-bin/gettoken",
        {"corpid": settings.WECOM_CORP, "corpsecret": settings.WECOM_SECRET},
    )


class WeCom:
    batch_max = 1

    def __init__(self) -> None:
        self.token = chat.Token(_fetch)

    def is_set_up(self) -> bool:
        return bool(settings.WECOM_CORP and settings.WECOM_SECRET and settings.WECOM_AGENT)

    def hand_over(self, out_id: str, outgoing: Sequence[Outgoing]) -> Result:
        (one,) = outgoing
        content: dict[str, Any] = {
            "touser": one.address,
            "agentid": int(settings.WECOM_AGENT),
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 1800,
        }
        if one.link:
            card = {
                "title": one.text[:TITLE_CHARACTERS_MAX], "description": one.text, "url": one.link
            }  # fmt: skip
            content |= {"msgtype": "textcard", "textcard": card}
        else:
            content |= {"msgtype": "text", "text": {"content": one.text}}
        try:
            said = chat.with_token(
                self.token,
                EXPIRED,
                lambda token: chat.send(
                    settings.WECOM_API, "/cgi-bin/message/send", token, content
                ),
            )
        except (NotAsked, NoAnswer) as error:
            # Once more is once: the other side checks for duplicates.
            return Busy(str(error), 5.0)
        code = said.get("errcode", -1)
        if code == 0:
            failed = {one.message_id: "no_account"} if said.get("invaliduser") else {}
            return Accepted(biz_id=str(said.get("msgid", ""))[:80], failed=failed)
        if code in BUSY:
            return Busy(f"wecom_{code}", 30.0)
        return Refused("no_account" if code in NOT_REACHED else f"wecom_{code}")

    def became_of(self, out_id: str, one: Outgoing, sent_on: str) -> Result:
        return self.hand_over(out_id, [one])
