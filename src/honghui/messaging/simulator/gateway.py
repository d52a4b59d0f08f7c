"""What the simulated gateway knows and does: templates and their review, signatures, throttles,
text messages, calls. Its words are those of Alibaba Cloud's public lists."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from honghui.kernel import clock
from honghui.messaging.rules.states import Limit
from honghui.messaging.rules.texts import VARIABLE_CHARACTERS_MAX, parts_of
from honghui.messaging.simulator.misbehaving import Misbehaviour
from honghui.messaging.simulator.phones import Item, Phones
from honghui.messaging.simulator.posting import Poster

BATCH_MAX = 100
LIMITS = (Limit(1, 60), Limit(5, 3_600), Limit(10, 86_400))
REQUESTS_A_SECOND = 200
RING_SECONDS = 40
_VARIABLE = re.compile(r"\$\{([a-z_]+)\}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FORBIDDEN = re.compile(r"【|】|贷款|中奖|://\$|\$\{[^}]*\}\.(?:com|cn)")
_PAID = frozenset({"SendBatchSms", "IvrCall"})
_STOPS = frozenset({"退订", "TD", "T"})
_SILENT = {"off": "MOBILE_TERMINAL_ERROR", "no_such": "MOBILE_NOT_ON_SERVICE",
           "black": "MOBILE_IN_BLACK"}  # fmt: skip


class GatewayError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class GatewayTemplate:
    body: str
    reason: str = ""

    @property
    def status(self) -> int:
        return 2 if self.reason else 1


@dataclass(frozen=True)
class Sent:
    """One text message that was accepted. status: 1 waits, 2 failed, 3 was delivered."""

    phone: str
    text: str
    out_id: str
    biz_id: str
    template: str
    day: str
    at: datetime
    code: str
    status: int


class Gateway:
    """signs: the approved signatures. now: the time it says; limits: of one number."""

    def __init__(
        self,
        *,
        signs: frozenset[str],
        poster: Poster,
        now: Callable[[], datetime],
        wrongs: Misbehaviour,
        limits: tuple[Limit, ...] = LIMITS,
        requests_a_second: int = REQUESTS_A_SECOND,
    ) -> None:
        self.signs, self.poster, self.now, self.wrongs = signs, poster, now, wrongs
        self.limits, self.requests_a_second = limits, requests_a_second
        self.phones = Phones(now)
        self.templates: dict[str, GatewayTemplate] = {}
        self.sent: list[Sent] = []
        self._when: dict[str, list[float]] = defaultdict(list)
        self._lately: deque[float] = deque()
        self._lock = threading.Lock()
        self._sequence = 0
        self._file: Path | None = None

    def keep_in(self, file: Path) -> None:
        """Templates outlive a restart, as a real gateway's do."""
        self._file = file
        if file.exists():
            kept = json.loads(file.read_text("utf-8"))
            self.templates = {code: GatewayTemplate(*each) for code, each in kept.items()}

    # ── requests ─────────────────────────────────────────────────────────────────────────────

    def carry_out(self, action: str, given: Mapping[str, str]) -> dict[str, Any]:
        """Raises GatewayError with its word for what is wrong."""
        self._hold_to_rate()
        work = {
            "SendBatchSms": self._send, "QuerySendDetails": self._details,
            "AddSmsTemplate": self._add_template, "QuerySmsTemplate": self._template,
            "IvrCall": self._call,
        }.get(action)  # fmt: skip
        if work is None:
            raise GatewayError("InvalidAction.NotFound")
        if action in _PAID and self.wrongs.does("no_money"):
            raise GatewayError("isv.AMOUNT_NOT_ENOUGH")
        try:
            return {"Code": "OK", "Message": "OK", **work(given)}
        except (KeyError, TypeError, ValueError):
            raise GatewayError("isv.INVALID_PARAMETERS") from None

    def _hold_to_rate(self) -> None:
        with self._lock:
            now = time.monotonic()
            while self._lately and self._lately[0] < now - 1:
                self._lately.popleft()
            if len(self._lately) >= self.requests_a_second:
                raise GatewayError("Throttling.User")
            self._lately.append(now)

    def _add_template(self, given: Mapping[str, str]) -> dict[str, Any]:
        body = given["TemplateContent"]
        if not body or len(body) > 500:
            raise GatewayError("isv.SMS_CONTENT_ILLEGAL")
        code = f"SMS_{100_000_000 + len(self.templates)}"
        why = "模板中含有不允许的内容" if _FORBIDDEN.search(body) else ""
        self.templates[code] = GatewayTemplate(body, why)
        if self._file:
            kept = {code: [each.body, each.reason] for code, each in self.templates.items()}
            self._file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        return {"TemplateCode": code}

    def _template(self, given: Mapping[str, str]) -> dict[str, Any]:
        found = self.templates.get(given["TemplateCode"])
        if found is None:
            raise GatewayError("isv.SMS_TEMPLATE_ILLEGAL")
        if self.wrongs.does("reviewing"):
            # Two hours on a working day, longer at night: nothing may be sent under it meanwhile.
            return {"TemplateStatus": 0, "Reason": ""}
        return {"TemplateStatus": found.status, "Reason": found.reason}

    def _send(self, given: Mapping[str, str]) -> dict[str, Any]:
        phones, signs, values = (
            json.loads(given[name])
            for name in ("PhoneNumberJson", "SignNameJson", "TemplateParamJson")
        )
        codes = json.loads(given.get("SmsUpExtendCodeJson") or "[]") or [""] * len(phones)
        if not 1 <= len(phones) <= BATCH_MAX:
            raise GatewayError("isv.MOBILE_COUNT_OVER_LIMIT")
        if not len(phones) == len(signs) == len(values) == len(codes):
            raise GatewayError("isv.INVALID_PARAMETERS")
        template = self.templates.get(given["TemplateCode"])
        if template is None or template.status != 1:
            raise GatewayError("isv.SMS_TEMPLATE_ILLEGAL")
        if not set(signs) <= self.signs:
            raise GatewayError("isv.SMS_SIGNATURE_ILLEGAL")
        texts = [
            f"【{sign}】{_filled(template.body, each)}"
            for sign, each in zip(signs, values, strict=True)
        ]
        if not all(isinstance(each, str) and _MOBILE.fullmatch(each) for each in phones):
            raise GatewayError("isv.MOBILE_NUMBER_ILLEGAL")
        with self._lock:
            self._hold_to_limits(phones)
            biz_id = f"{secrets.randbelow(10**15):015d}^0"
            rows = list(zip(phones, texts, codes, strict=True))
            for phone, text, code in rows:
                self._when[phone].append(time.monotonic())
                self._deliver(phone, text, str(code), given.get("OutId", ""), biz_id, given)
        return {"BizId": biz_id}

    def _hold_to_limits(self, phones: list[str]) -> None:
        now = time.monotonic()
        if len(set(phones)) < len(phones) and self.limits:
            raise GatewayError("isv.BUSINESS_LIMIT_CONTROL")
        for phone in phones:
            for limit in self.limits:
                span = limit.seconds * self.poster.scale
                if sum(each > now - span for each in self._when[phone]) >= limit.count:
                    raise GatewayError("isv.BUSINESS_LIMIT_CONTROL")

    def _deliver(
        self, phone: str, text: str, code: str, out_id: str, biz_id: str, given: Mapping[str, str]
    ) -> None:
        silent = _SILENT.get(self.phones.state_of(phone), "")
        if not silent:
            self.phones.add(phone, "in", text, extension=code, out_id=out_id)
        self.sent.append(
            Sent(phone, text, out_id, biz_id, given["TemplateCode"], _day(), self.now(), code,
                 2 if silent else 3)
        )  # fmt: skip
        self._tell_receipt(phone, out_id, biz_id, silent, parts_of(text))

    def _tell_receipt(self, phone: str, out_id: str, biz_id: str, failed: str, parts: int) -> None:
        if self.wrongs.does("no_receipt"):
            return
        said = self.now().strftime("%Y-%m-%d %H:%M:%S")
        item: dict[str, Any] = {
            "phone_number": phone, "send_time": said, "report_time": said, "success": not failed,
            "err_code": failed or "DELIVERED", "err_msg": failed or "用户接收成功",
            "sms_size": str(parts), "biz_id": biz_id, "out_id": out_id,
        }  # fmt: skip
        path, wait = "/messaging/sms/receipts", 30.0 if self.wrongs.does("late") else 0.5
        if self.wrongs.does("early"):
            self.poster.tell_now(path, [item])
            return
        if self.wrongs.does("shuffled") and not failed:
            wrong = item | {"success": False, "err_code": "MOBILE_SEND_LIMIT", "err_msg": ""}
            self.poster.tell(path, item, seconds=wait)
            self.poster.tell(path, wrong, seconds=2 * wait)
            return
        for copy in range(2 if self.wrongs.does("twice") else 1):
            self.poster.tell(path, item, seconds=wait * (copy + 1))

    def _details(self, given: Mapping[str, str]) -> dict[str, Any]:
        size, page = int(given["PageSize"]), int(given["CurrentPage"])
        with self._lock:
            found = [
                each for each in self.sent
                if each.phone == given["PhoneNumber"] and each.day == given["SendDate"]
            ]  # fmt: skip
        shown = found[::-1][(page - 1) * size : page * size]
        details = [
            {
                "PhoneNum": each.phone, "SendStatus": each.status, "Content": each.text,
                "ErrCode": "DELIVERED" if each.status == 3 else "MOBILE_TERMINAL_ERROR",
                "TemplateCode": each.template, "OutId": each.out_id,
            }
            for each in shown
        ]  # fmt: skip
        return {"TotalCount": str(len(found)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}}

    # ── calls ────────────────────────────────────────────────────────────────────────────────

    def _call(self, given: Mapping[str, str]) -> dict[str, Any]:
        phone, values = given["CalledNumber"], json.loads(given["StartTtsParams"])
        if not given["StartCode"].startswith("TTS_") or not given["CalledShowNumber"]:
            raise GatewayError("isv.TTS_TEMPLATE_ILLEGAL")
        call_id = f"{secrets.randbelow(10**15):015d}^1"
        text = "，".join(str(each) for each in values.values())
        if self.phones.state_of(phone) != "on":
            self._report(phone, call_id, given.get("OutId", ""), "200010", "")
        else:
            self.phones.add(phone, "call", text, out_id=given.get("OutId", ""), call_id=call_id)
            timer = threading.Timer(RING_SECONDS * self.poster.scale, self.press, [call_id, "-"])
            timer.daemon = True
            timer.start()
        return {"CallId": call_id}

    def press(self, call_id: str, key: str) -> bool:
        """Whoever was called presses a key; "-": nobody answered. False when it rings no more."""
        found = self.phones.ringing(call_id)
        if found is None or not self.phones.press(found[1], key):
            return False
        status, pressed = ("200005", "") if key == "-" else ("200000", key)
        self._report(found[0].number, call_id, found[1].out_id, status, pressed)
        return True

    def _report(self, phone: str, call_id: str, out_id: str, status: str, key: str) -> None:
        said = self.now().strftime("%Y-%m-%d %H:%M:%S")
        self.poster.tell(
            "/messaging/voice/reports",
            {
                "call_id": call_id, "status_code": status, "callee": phone, "dtmf": key,
                "start_time": said, "end_time": said, "out_id": out_id,
            },
        )  # fmt: skip

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def reply(self, phone: str, text: str, extension: str) -> Item:
        """Somebody writes back from their phone."""
        self._sequence += 1
        if self.wrongs.does("bare"):
            extension = ""
        item = self.phones.add(phone, "out", text, extension=extension)
        if self.wrongs.does("blacks") and text.strip().upper() in _STOPS:
            self.phones.switch(phone, "black")
        told = {
            "phone_number": phone, "send_time": self.now().strftime("%Y-%m-%d %H:%M:%S"),
            "content": text, "sign_name": min(self.signs, default=""), "dest_code": extension,
            "sequence_id": int(time.time() * 1000) * 1000 + self._sequence % 1000,
        }  # fmt: skip
        self.poster.tell("/messaging/sms/replies", told)
        return item


def _filled(body: str, values: Any) -> str:
    if not isinstance(values, dict):
        raise GatewayError("isv.INVALID_JSON_PARAM")
    for name in _VARIABLE.findall(body):
        if name not in values:
            raise GatewayError("isv.TEMPLATE_MISSING_PARAMETERS")
    for name, value in values.items():
        if not isinstance(value, str):
            raise GatewayError("isv.INVALID_JSON_PARAM")
        if "://" in value or "www." in value:
            raise GatewayError("isv.PARAM_NOT_SUPPORT_URL")
        if len(value) > VARIABLE_CHARACTERS_MAX and name != "token":
            raise GatewayError("isv.PARAM_LENGTH_LIMIT")
    return _VARIABLE.sub(lambda found: str(values[found[1]]), body)


def _day() -> str:
    """By the machine: who asks says on which day it was really sent."""
    return clock.machine_now().astimezone(clock.CHINA).strftime("%Y%m%d")
