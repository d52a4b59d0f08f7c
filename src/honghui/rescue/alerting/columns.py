"""A message's columns, as a row keeps them beside the bytes, and the way back for its shapes.

A message may have several blocks a language (one a danger, or one an area) and several areas a
block. The row has one line of each: it is taken from the worst block of the language, because who
reads one line must read that one. Areas and shapes are those of all blocks; every block stands on
the warning's page, read from the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from honghui.rescue.alerting import cap

Kept = dict[str, Any]


def columns_of(message: cap.Message) -> dict[str, Any]:
    """Without a Chinese block the others stand for it."""
    chinese = message.infos_in("zh") or list(message.infos)
    english = message.infos_in("en")
    first, first_en = _worst(chinese), _worst(english)
    ends = [info.expires_at for info in message.infos if info.expires_at]
    return {
        "status": message.status,
        "message_type": message.message_type,
        "scope": message.scope,
        "addresses": message.addresses,
        "references": list(message.references),
        "category": first.category if first else "",
        "event": first.event if first else message.message_type,
        "event_en": first_en.event if first_en else "",
        "urgency": first.urgency if first else "Unknown",
        "severity": first.severity if first else "Unknown",
        "certainty": first.certainty if first else "Unknown",
        # Where one block tells no end, the message has none.
        "expires_at": max(ends) if ends and len(ends) == len(message.infos) else None,
        "headline": first.headline if first else "",
        "headline_en": first_en.headline if first_en else "",
        "description": first.description if first else message.note,
        "description_en": first_en.description if first_en else "",
        "instruction": first.instruction if first else "",
        "instruction_en": first_en.instruction if first_en else "",
        "area_text": _joined(chinese, "、", 400),
        "area_text_en": _joined(english, "; ", 500),
        "area_codes": list(dict.fromkeys(code for area in _areas(message) for code in area.codes)),
        "areas": areas_of(message),
    }


def areas_of(message: cap.Message) -> list[Kept]:
    """Areas that have a shape: the same shape in several blocks is one, with both its names."""
    found: dict[object, Kept] = {}
    for info in message.infos:
        end = "_en" if info.language.lower().startswith("en") else ""
        for area in info.areas:
            if not area.polygons and not area.circles:
                continue
            key = (tuple(area.polygons), tuple(area.circles))
            kept = found.setdefault(key, kept_area(area.polygons, area.circles))
            kept[f"text{end}"] = kept[f"text{end}"] or area.text
    return list(found.values())


def kept_area(
    polygons: Iterable[cap.Ring], circles: Iterable[cap.Circle], text: str = "", text_en: str = ""
) -> Kept:
    return {
        "text": text,
        "text_en": text_en,
        "polygons": [[list(point) for point in ring] for ring in polygons],
        "circles": [
            [one.latitude_microdegrees, one.longitude_microdegrees, one.radius_metres]
            for one in circles
        ],
    }


def polygons_of(kept: Kept) -> tuple[cap.Ring, ...]:
    return tuple(tuple((point[0], point[1]) for point in ring) for ring in kept["polygons"])


def circles_of(kept: Kept) -> tuple[cap.Circle, ...]:
    return tuple(cap.Circle(*one) for one in kept["circles"])


def _worst(infos: Sequence[cap.Info]) -> cap.Info | None:
    """By severity, then urgency, then certainty; "Unknown" counts least, the earlier one first."""
    return min(infos, key=_rank, default=None)


def _rank(info: cap.Info) -> tuple[int, int, int]:
    return (
        cap.SEVERITIES.index(info.severity),
        cap.URGENCIES.index(info.urgency),
        cap.CERTAINTIES.index(info.certainty),
    )


def _areas(message: cap.Message) -> list[cap.Area]:
    return [area for info in message.infos for area in info.areas]


def _joined(infos: Sequence[cap.Info], between: str, limit: int) -> str:
    texts = dict.fromkeys(area.text for info in infos for area in info.areas if area.text)
    text = between.join(texts)
    return text if len(text) <= limit else text[: limit - 1] + "…"
