"""Calls that speak a text and take a key, over an interface in the shape of Alibaba Cloud's voice
service (IvrCall): one call a request; what was pressed comes back as a report."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.conf import settings

from honghui.messaging.channels.base import (
    Accepted,
    Busy,
    NoAnswer,
    NotAsked,
    Outgoing,
    Refused,
    Result,
    Unsure,
)
from honghui.messaging.channels.sms import _MOMENTARY, LIMITED, ask

VOICE_VERSION = "2017-05-25"
KEYS = ("1", "2", "3")


class Voice:
    batch_max = 1

    def is_set_up(self) -> bool:
        return bool(settings.VOICE_API and settings.VOICE_NUMBER and settings.SMS_KEY)

    def hand_over(self, out_id: str, outgoing: Sequence[Outgoing]) -> Result:
        (one,) = outgoing
        parameters = {
            "CalledNumber": one.address.removeprefix("+86"),
            "CalledShowNumber": settings.VOICE_NUMBER,
            "StartCode": one.gateway_code,
            "StartTtsParams": json.dumps(dict(one.values), ensure_ascii=False),
            "OutId": out_id,
            "PlayTimes": "2",
        }
        for number, key in enumerate(KEYS, start=1):
            parameters[f"MenuKeyMap.{number}.Key"] = key
            parameters[f"MenuKeyMap.{number}.Code"] = one.gateway_code
        try:
            said = ask(settings.VOICE_API, VOICE_VERSION, "IvrCall", parameters)
        except NotAsked as error:
            return Busy(str(error), 5.0)
        except NoAnswer as error:
            return Unsure(str(error))
        code = str(said.get("Code", ""))[:60]
        if code == "OK":
            return Accepted(biz_id=str(said.get("CallId", ""))[:80])
        if code == LIMITED:
            return Busy(code, 60.0)
        return Busy(code) if code.startswith(_MOMENTARY) else Refused(code or "no_code")

    def became_of(self, out_id: str, one: Outgoing, sent_on: str) -> Result:
        """The interface finds a call by its own id alone, which is what was lost: nobody can say
        whether it rang. Its report names our out_id; until it comes the call counts as made, since
        a second call in the night is worse than the next way."""
        return Refused("voice_unsure")
