"""What gateways post, item by item, into our own words: pure but for the look-up keys.

Shapes (Alibaba Cloud, SmsReport, SmsUp, VoiceReport): arrays of objects whose values are mostly
texts; times in China without a zone. Whatever is missing or strange is "", never an error: an
answer that cannot be read is still somebody's answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from honghui.kernel import clock, identifiers, subject_keys
from honghui.kernel.errors import HonghuiError
from honghui.messaging.rules.replies import REPLY_CHARACTERS_MAX

CALL_ANSWERED = "200000"
_PARTS_MAX = 99


@dataclass(frozen=True, repr=False)
class ToldReceipt:
    hashes: tuple[bytes, ...]
    out_id: str
    biz_id: str
    is_delivered: bool
    code: str
    parts: int | None
    told_at: datetime | None


@dataclass(frozen=True, repr=False)
class ToldReply:
    """hashes: of the sender's number, newest secret first. extension: four digits or ""."""

    channel: str
    told_id: str
    hashes: tuple[bytes, ...]
    extension: str
    out_id: str
    text: str
    told_at: datetime | None


def receipt_of(item: Mapping[str, Any]) -> ToldReceipt:
    return ToldReceipt(
        hashes=_hashes(_text(item, "phone_number")),
        out_id=_text(item, "out_id")[:32],
        biz_id=_text(item, "biz_id")[:80],
        is_delivered=item.get("success") is True or _text(item, "success").lower() == "true",
        code=_text(item, "err_code")[:60] or "no_code",
        parts=_parts(_text(item, "sms_size")),
        told_at=_moment(_text(item, "report_time")),
    )


def receipt_of_call(item: Mapping[str, Any]) -> ToldReceipt:
    code = _text(item, "status_code")[:60] or "no_code"
    return ToldReceipt(
        hashes=_hashes(_text(item, "callee")),
        out_id=_text(item, "out_id")[:32],
        biz_id=_text(item, "call_id")[:80],
        is_delivered=code == CALL_ANSWERED,
        code=code,
        parts=None,
        told_at=_moment(_text(item, "end_time")),
    )


def reply_of(item: Mapping[str, Any]) -> ToldReply:
    number, text = _text(item, "phone_number"), _text(item, "content")[:REPLY_CHARACTERS_MAX]
    digits = "".join(each for each in _text(item, "dest_code") if each in "0123456789")
    return ToldReply(
        channel="sms",
        told_id=_told_id("sms", _text(item, "sequence_id"), number, _text(item, "send_time"), text),
        hashes=_hashes(number),
        # Some gateways put their own number in front of our extension.
        extension=digits[-4:] if len(digits) >= 4 else "",
        out_id="",
        text=text,
        told_at=_moment(_text(item, "send_time")),
    )


def reply_of_call(item: Mapping[str, Any]) -> ToldReply | None:
    """The key that was pressed, None when there was none."""
    pressed = _text(item, "dtmf")[:20]
    if not pressed:
        return None
    number = _text(item, "callee")
    return ToldReply(
        channel="voice",
        told_id=_told_id("voice", _text(item, "call_id"), number, pressed, ""),
        hashes=_hashes(number),
        extension="",
        out_id=_text(item, "out_id")[:32],
        text=pressed,
        told_at=_moment(_text(item, "end_time")),
    )


def _told_id(channel: str, said: str, *values: str) -> str:
    if said and len(said) <= 40 and said.isascii() and said.isprintable():
        return f"{channel}:{said}"
    # Keyed, since a number is among the values.
    keyed = subject_keys.look_up_hash("messaging.reply", "\x00".join((said, *values)))
    return f"{channel}:{hashlib.sha256(keyed).hexdigest()[:48]}"


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, bool | int | str):
        # No database keeps a NUL: one would keep all that came with it from being read.
        text = str(value)[:20_000].replace("\x00", "")
        return text.encode("utf-8", "replace").decode().strip()
    return ""


def _hashes(number: str) -> tuple[bytes, ...]:
    if not number:
        return ()
    try:
        value = identifiers.parse_phone(number).value
    except HonghuiError:
        value = number[:40]
    return tuple(subject_keys.look_up_hashes("phone", value))


def _parts(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 3
    return int(text) if is_number and int(text) <= _PARTS_MAX else None


def _moment(text: str) -> datetime | None:
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"):
        try:
            found = datetime.strptime(text[:19], shape).replace(tzinfo=clock.CHINA)
        except ValueError:
            continue
        return found if 2000 <= found.year <= 2100 else None
    return None
