"""Every text that a call-out may send, as messaging's templates; which one when.

A drill says so in front of each of them: messaging does it, for all templates alike.
"""

from __future__ import annotations

from honghui.messaging.declaring import declare_template, declared_template

ASKED = "call_out.asked"
STAND_BY = "call_out.stand_by"
REMINDER = "call_out.reminder"
NEEDED = "call_out.needed"
CONFIRM = "call_out.confirm"
ENOUGH = "call_out.enough"
STOOD_DOWN = "call_out.stood_down"
GO_HOME = "call_out.go_home"
CLOSED = "call_out.closed"

VARIABLES = ("society", "title", "place")
# Those that ask for an answer, and therefore carry a code and a link.
ASKING = frozenset({ASKED, STAND_BY, REMINDER, NEEDED, CONFIRM})
PREFIX = "call_out."


def variables_of(template: str) -> tuple[str, ...]:
    return declared_template(template).variables


def declare() -> None:
    """Called when the app is ready. Short: each part costs, and is read at 2 a.m."""
    declare_template(
        ASKED,
        zh="{society}召集：{title}，集合点{place}。请回“去30”（30分钟到）、“不行”"
        "或“L”（人不够再叫）。编号{code}，或点 {link}",
        en="{society} calls: {title}. Meet at {place}. Reply Y and minutes, N, or L (if short). "
        "Code {code}, or {link}",
        variables=VARIABLES,
    )
    declare_template(
        STAND_BY,
        zh="{society}请您备勤：{title}，待命地点{place}。请回“备勤”或“不行”。"
        "编号{code}，或点 {link}",
        en="{society} asks you to stand by: {title}, at {place}. Reply Y or N. "
        "Code {code}, or {link}",
        variables=VARIABLES,
    )
    declare_template(
        REMINDER,
        zh="{society}还在等您回复：{title}，集合点{place}。请回“去30”（30分钟到）、“不行”或“L”（人不够再叫）。"
        "编号{code}，或点 {link}",
        en="{society} still waits for your answer: {title}, at {place}. Y and minutes, N, or L. "
        "Code {code}, or {link}",
        variables=VARIABLES,
    )
    declare_template(
        NEEDED,
        zh="{society}：人手还不够，请您来。{title}，集合点{place}。请回“去30”（30分钟到）或“不行”。"
        "编号{code}，或点 {link}",
        en="{society}: we are short, please come. {title}, at {place}. Reply Y and minutes, or N. "
        "Code {code}, or {link}",
        variables=VARIABLES,
    )
    declare_template(
        CONFIRM,
        zh="已收到，还没看懂您来不来：{title}。请回“去30”（30分钟到）或“不行”。"
        "编号{code}，或点 {link}",
        en="Received, but can you come? {title}. Reply Y and minutes, or N. Code {code}, or {link}",
        variables=("title",),
    )
    declare_template(
        ENOUGH,
        zh="{society}：{title}人手已够，您先休息。还缺人会再叫您。",
        en="{society}: {title} has enough people. Rest; we call you if that changes.",
        variables=("society", "title"),
    )
    declare_template(
        STOOD_DOWN,
        zh="{society}：{title}的召集已取消，请不要出发；已在路上的请返回。",
        en="{society}: the call for {title} is cancelled. Do not set out; turn back if on the way.",
        variables=("society", "title"),
    )
    declare_template(
        GO_HOME,
        zh="{society}：{title}任务结束，您可以回家了，路上小心。谢谢您。",
        en="{society}: {title} is over. You may go home; travel safely. Thank you.",
        variables=("society", "title"),
    )
    declare_template(
        CLOSED,
        zh="{society}：{title}的召集已结束，您不用来了。谢谢您。",
        en="{society}: the call for {title} is closed; no need to come. Thank you.",
        variables=("society", "title"),
    )
