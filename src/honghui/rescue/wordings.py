"""The texts that rescue itself sends, as messaging's templates. Call-outs have their own.

Each is told twice: with the link of somebody's own page, and without, for whoever has none or is
rung up. None of them asks for an answer.
"""

from __future__ import annotations

from honghui.messaging.declaring import declare_template

ORDERED_BACK = "rescue.ordered_back"
CALLED_OFF = "rescue.called_off"
INCIDENT_CLOSED = "rescue.over"
AVAILABILITY_NOTED = "rescue.days_noted"
PLAIN = {each: f"{each}_plain" for each in (ORDERED_BACK, CALLED_OFF, INCIDENT_CLOSED)}
ALL = frozenset({*PLAIN, *PLAIN.values()})
RESPONDER_PATH = "/r/{token}/"
VARIABLES = ("team", "title")


def _declare_noted() -> None:
    declare_template(
        AVAILABILITY_NOTED,
        zh="{society}已记下：您{what}。如有不对，请打电话告诉队长。",
        en="{society} has noted that you are {what}. If that is wrong, call your team leader.",
        variables=("society", "what"),
    )


def family(template: str) -> str:
    """What is said, with a link or without."""
    return template.removesuffix("_plain")


def declare() -> None:
    """Called when the app is ready."""
    _declare_noted()
    _declare(
        ORDERED_BACK,
        zh="{title}：{team}奉命撤离，请听队长安排返回，路上小心。",
        en="{title}: {team} is ordered back. Return as your leader says, travel safely.",
    )
    _declare(
        CALLED_OFF,
        zh="{title}：{team}不用去了，请不要出发，已在路上的请返回。",
        en="{title}: {team} need not go. Do not set out; turn back if on the way.",
    )
    _declare(
        INCIDENT_CLOSED,
        zh="{title}已结束。{team}队员还没出发的不用去了，在外的请返回，路上小心。",
        en="{title} is over. {team}: do not set out; if you are out, come home, travel safely.",
    )


def _declare(code: str, *, zh: str, en: str) -> None:
    declare_template(
        code,
        zh=zh + "到家后点 {link} 报平安。",
        en=en + " Tell us when you are home: {link}",
        variables=VARIABLES,
        link_path=RESPONDER_PATH,
    )
    declare_template(
        PLAIN[code],
        zh=zh + "到家后告诉队长一声。",
        en=en + " Tell your leader when you are home.",
        variables=VARIABLES,
    )
