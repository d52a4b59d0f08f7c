"""One file a way to reach somebody; each speaks a real gateway's interface."""

from __future__ import annotations

from honghui.messaging.channels.base import Adapter
from honghui.messaging.channels.dingtalk import DingTalk
from honghui.messaging.channels.sms import Sms
from honghui.messaging.channels.voice import Voice
from honghui.messaging.channels.web_push import WebPush
from honghui.messaging.channels.wecom import WeCom

ADAPTERS: dict[str, Adapter] = {
    "sms": Sms(),
    "voice": Voice(),
    "web_push": WebPush(),
    "wecom": WeCom(),
    "dingtalk": DingTalk(),
}
