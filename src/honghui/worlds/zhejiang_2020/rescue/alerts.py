"""Warnings in a flood season: two of a weather service that exists nowhere, and ours. Samples."""

from __future__ import annotations

from datetime import datetime

from honghui.kernel import clock
from honghui.kernel.clock import CHINA
from honghui.registry.models import Society
from honghui.rescue.actions.alerts import WarningText, draft_alert, publish_alert, read_alert
from honghui.rescue.alerting import cap
from honghui.rescue.alerting.writing import written
from honghui.rescue.models import Alert, Incident
from honghui.worlds.zhejiang_2020.cast import actor_named
from honghui.worlds.zhejiang_2020.rescue.teams import SHAOXING

SENDER = "warnings@weather.example"
AREA = cap.Area("诸暨市、新昌县、嵊州市", ("330681", "330624", "330683"))
AREA_EN = cap.Area("Zhuji, Xinchang and Shengzhou", AREA.codes)
# Identifier, sent, severity, and its colour in both languages. The second replaces the first.
COMING = (
    ("sample-20200623-1", (23, 15, 0), "Minor", "蓝色", "blue"),
    ("sample-20200623-2", (23, 16, 50), "Moderate", "黄色", "yellow"),
)


def take_in() -> None:
    """As they came, byte for byte, in the evening of 23 June."""
    by, society = actor_named("officer"), Society.objects.get(pk=SHAOXING)
    for number, xml in enumerate(messages()):
        with clock.at(_at(23, 17, 10 + number)):
            read_alert(by=by, society=society, xml=xml)


def publish(incident: Incident) -> Alert:
    """Ours: written by one officer, published by the other."""
    society = Society.objects.get(pk=SHAOXING)
    with clock.at(_at(23, 18, 45)):
        alert = draft_alert(
            by=actor_named("officer"), society=society, incident=incident,
            warning=_warning("浦阳江沿岸内涝风险提示（示例）",
                             "Risk of flooding along the Puyang River (sample)", "Moderate"),
        )  # fmt: skip
    with clock.at(_at(23, 18, 55)):
        return publish_alert(by=actor_named("officer2"), alert=alert)


def draft_update(alert: Alert) -> None:
    """It waits for the second pair of eyes."""
    with clock.at(_at(24, 8, 45)):
        draft_alert(
            by=actor_named("officer"), society=Society.objects.get(pk=SHAOXING),
            warning=_warning("浦阳江水位续涨，低洼处请提前转移（示例）",
                             "The Puyang River is still rising: leave low ground early (sample)",
                             "Severe"),
            message_type="Update", replaces=alert,
        )  # fmt: skip


def messages() -> list[bytes]:
    """What the sample weather service sent."""
    sent: list[cap.Message] = []
    for identifier, when, severity, colour, colour_en in COMING:
        sent_at = _at(*when)
        words = (severity, _at(24, 18))
        sent.append(
            cap.Message(
                identifier=identifier, sender=SENDER, sent_at=sent_at, status="Actual",
                message_type="Update" if sent else "Alert", scope="Public",
                references=[cap.reference(one.sender, one.identifier, one.sent_at) for one in sent],
                infos=[
                    _info("zh-CN", f"样例气象台发布暴雨{colour}预警（示例）", AREA, *words),
                    _info("en-GB", f"Rain storm, {colour_en} warning (sample)", AREA_EN, *words),
                ],
            )
        )  # fmt: skip
    return [written(each) for each in sent]


def _info(
    language: str, headline: str, area: cap.Area, severity: str, expires_at: datetime
) -> cap.Info:
    zh = language.startswith("zh")
    return cap.Info(
        language=language, category="Met", event="暴雨" if zh else "Rain storm",
        urgency="Expected", severity=severity, certainty="Likely", expires_at=expires_at,
        sender_name="样例气象台" if zh else "Sample Weather Service", headline=headline,
        description="未来24小时有暴雨，局部大暴雨（示例）。" if zh
        else "Heavy rain in the next 24 hours, very heavy in places (sample).",
        instruction="注意防范山洪和内涝（示例）。" if zh else "Mind flash floods (sample).",
        areas=[area],
    )  # fmt: skip


def _warning(headline: str, headline_en: str, severity: str) -> WarningText:
    return WarningText(
        event="内涝风险", event_en="Risk of flooding", headline=headline, headline_en=headline_en,
        area_codes=("330681",), area_text="诸暨市浦阳江沿岸（示例）",
        area_text_en="Along the Puyang River in Zhuji (sample)", expires_at=_at(25, 8),
        severity=severity,
        description="梅雨持续，浦阳江水位上涨，低洼村可能进水（示例）。",
        description_en="The plum rain goes on, the river is rising, low villages may be flooded"
        " (sample).",
        instruction="留意村里通知，贵重物品移到高处，听从安排转移（示例）。",
        instruction_en="Follow what your village says, bring valuables up, and leave when told"
        " (sample).",
        circle=cap.Circle(29_715_000, 120_240_000, 12_000),
    )  # fmt: skip


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 6, day, hour, minute, tzinfo=CHINA)
