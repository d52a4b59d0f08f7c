"""DingTalk (钉钉, 浙政钉): a work notification from the society's own app. The same content reaches
the same person once a day, so an answer that was lost is simply sent again."""

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

EXPIRED = frozenset({40014, 42001, 88, 33001})
BUSY = frozenset({-1, 90018, 130101, 143106})
NOT_REACHED = frozenset({33012, 60121, 400002, 40035})
_SEND = "/topapi/message/corpconversation/asyncsend_v2"


def _fetch() -> dict[str, Any]:
    return chat.get(
        settings.DINGTALK_API,
        "/gettoken",
        {"appkey": settings.DINGTALK_KEY, "appsecret": settings.DINGTALK_SECRET},
    )


class DingTalk:
    batch_max = 1

    def __init__(self) -> None:
        self.token = chat.Token(_fetch)

    def is_set_up(self) -> bool:
        keys = (settings.DINGTALK_KEY, settings.DINGTALK_SECRET, settings.DINGTALK_AGENT)
        return all(keys)

    def hand_over(self, out_id: str, outgoing: Sequence[Outgoing]) -> Result:
        (one,) = outgoing
        text = f"{one.text}\n\n[{one.link}]({one.link})" if one.link else one.text
        content = {
            "agent_id": int(settings.DINGTALK_AGENT),
            "userid_list": one.address,
            "msg": {"msgtype": "markdown", "markdown": {"title": one.text[:40], "text": text}},
        }
        try:
            said = chat.with_token(
                self.token,
                EXPIRED,
                lambda token: chat.send(settings.DINGTALK_API, _SEND, token, content),
            )
        except (NotAsked, NoAnswer) as error:
            return Busy(str(error), 5.0)
        code = said.get("errcode", -1)
        if code == 0:
            return Accepted(biz_id=str(said.get("task_id", ""))[:80])
        if code in BUSY:
            return Busy(f"dingtalk_{code}", 60.0)
        return Refused("no_account" if code in NOT_REACHED else f"dingtalk_{code}")

    def became_of(self, out_id: str, one: Outgoing, sent_on: str) -> Result:
        return self.hand_over(out_id, [one])
