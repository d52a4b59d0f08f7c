"""The templates of messaging itself: that somebody is left in peace."""

from __future__ import annotations

from honghui.messaging.declaring import declare_template

STOPPED = "messaging.stopped"


def declare() -> None:
    declare_template(
        STOPPED,
        zh="已为您退订，今后不再发送任何短信，紧急召集也不再发送。如需恢复，请联系您所在的红十字会。",
        en="You will get no more messages, urgent call-outs included. To get them again, "
        "ask your Red Cross society.",
    )
