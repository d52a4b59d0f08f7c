"""The texts that rescue itself sends, as messaging's templates. Call-outs have their own."""

from __future__ import annotations

from honghui.messaging.declaring import declare_template

ORDERED_BACK = "rescue.ordered_back"
ORDERED_BACK_PLAIN = "rescue.ordered_back_plain"
RESPONDER_PATH = "/r/{token}/"
VARIABLES = ("team", "title")


def declare() -> None:
    """Called when the app is ready."""
    declare_template(
        ORDERED_BACK,
        zh="{title}：{team}奉命撤离，请听队长安排返回，路上小心。到家后点 {link} 报平安。",
        en="{title}: {team} is ordered back. Return as your leader says, travel safely. "
        "Tell us when you are home: {link}",
        variables=VARIABLES,
        link_path=RESPONDER_PATH,
    )
    declare_template(
        ORDERED_BACK_PLAIN,
        zh="{title}：{team}奉命撤离，请听队长安排返回，路上小心。到家后告诉队长一声。",
        en="{title}: {team} is ordered back. Return as your leader says, travel safely. "
        "Tell your leader when you are home.",
        variables=VARIABLES,
    )
