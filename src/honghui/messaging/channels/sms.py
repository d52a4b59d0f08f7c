"""Text messages over an interface in the shape of Alibaba Cloud SMS: SendBatchSms takes up to a
hundred numbers, each with its own signature, variables and extension code.

The one hard idea: the gateway does not know a request again. Sent twice, it is sent twice. So an
answer that was lost is asked for (QuerySendDetails, by number and day, compared by our out_id).
One number over its limit makes the gateway refuse the whole request: it is then halved until the
one stands alone, so that one phone never keeps ninety-nine others waiting.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from honghui.kernel import clock
from honghui.messaging.channels.base import (
    Accepted,
    Busy,
    NoAnswer,
    NotAsked,
    Outgoing,
    Refused,
    Result,
    Unsure,
    post,
)
from honghui.messaging.channels.signing import signed_headers

SMS_VERSION = "2017-05-25"
BATCH_MAX = 100
LIMITED = "isv.BUSINESS_LIMIT_CONTROL"
# Of the moment, not of the message.
_MOMENTARY = ("Throttling", "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY", "ServiceUnavailable")
# Of our account or of all that it sends: whoever runs this site has to see to it.
NOT_LIMITED_FOR_SECONDS = 60.0


class Sms:
    batch_max = BATCH_MAX

    def is_set_up(self) -> bool:
        return bool(settings.SMS_API and settings.SMS_KEY and settings.SMS_SECRET)

    def hand_over(self, out_id: str, outgoing: Sequence[Outgoing]) -> Result:
        try:
            said = ask(settings.SMS_API, SMS_VERSION, "SendBatchSms", _batch(out_id, outgoing))
        except NotAsked as error:
            return Busy(str(error), 5.0)
        except NoAnswer as error:
            return Unsure(str(error))
        code = str(said.get("Code", ""))[:60]
        if code == "OK":
            return Accepted(biz_id=str(said.get("BizId", ""))[:80])
        if code == LIMITED:
            return Busy(code, NOT_LIMITED_FOR_SECONDS)
        return Busy(code) if code.startswith(_MOMENTARY) else Refused(code or "no_code")

    def became_of(self, out_id: str, one: Outgoing, sent_on: str) -> Result:
        """What the gateway sent to this number on that day ("20200624") under this out_id."""
        for page in range(1, 5):
            wanted = {
                "PhoneNumber": _plain(one.address), "SendDate": sent_on, "PageSize": "50",
                "CurrentPage": str(page),
            }  # fmt: skip
            try:
                said = ask(settings.SMS_API, SMS_VERSION, "QuerySendDetails", wanted)
            except (NotAsked, NoAnswer) as error:
                return Busy(str(error), 5.0)
            if said.get("Code") != "OK":
                return Busy(str(said.get("Code", ""))[:60], 5.0)
            details = (said.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            for each in details:
                if each.get("OutId") == out_id:
                    return _as_result(each)
            if len(details) < 50:
                break
        return Unsure("not_known_there")


def ask(api: str, version: str, action: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """One signed request. Raises NotAsked or NoAnswer."""
    body = urlencode(sorted(parameters.items())).encode()
    headers = signed_headers(
        host=urlsplit(api).netloc,
        action=action,
        version=version,
        key_id=settings.SMS_KEY,
        secret=settings.SMS_SECRET,
        body=body,
        now=clock.machine_now(),
    )
    return post(api.rstrip("/") + "/", body, headers).json()


def _batch(out_id: str, outgoing: Sequence[Outgoing]) -> dict[str, str]:
    def row(values: Sequence[Any]) -> str:
        return json.dumps(values, ensure_ascii=False)

    return {
        "PhoneNumberJson": row([_plain(each.address) for each in outgoing]),
        "SignNameJson": row([each.sign for each in outgoing]),
        "TemplateCode": outgoing[0].gateway_code,
        "TemplateParamJson": row([dict(each.values) for each in outgoing]),
        "SmsUpExtendCodeJson": row([each.code for each in outgoing]),
        "OutId": out_id,
    }


def _plain(number: str) -> str:
    """As the gateway wants it: a number in China without its country's code."""
    return number.removeprefix("+86") if number.startswith("+86") else "00" + number.lstrip("+")


def _as_result(detail: Mapping[str, Any]) -> Result:
    status = detail.get("SendStatus")
    if status == 2:
        return Refused(str(detail.get("ErrCode", ""))[:60] or "no_code")
    return Accepted(is_delivered=status == 3)
