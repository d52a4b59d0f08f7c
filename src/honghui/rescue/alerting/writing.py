"""Writes a message as CAP 1.2. The same message is the same bytes."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from honghui.rescue.alerting.cap import GEOCODE, NAMESPACE, Area, Info, Message, Pair, moment


def written(message: Message) -> bytes:
    """UTF-8 with its declaration; the elements in the order of the schema."""
    root = Xml.Element("alert", {"xmlns": NAMESPACE})
    for name, text in (
        ("identifier", message.identifier),
        ("sender", message.sender),
        ("sent", moment(message.sent_at)),
        ("status", message.status),
        ("msgType", message.message_type),
        ("scope", message.scope),
        ("addresses", message.addresses),
        ("note", message.note),
        ("references", " ".join(message.references)),
        ("incidents", " ".join(message.incidents)),
    ):
        _add(root, name, text)
    for info in message.infos:
        _info(Xml.SubElement(root, "info"), info)
    Xml.indent(root)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + Xml.tostring(root, encoding="unicode").encode() + b"\n"


def _info(block: Xml.Element, info: Info) -> None:
    for name, text in (
        ("language", info.language),
        ("category", info.category),
        ("event", info.event),
        ("urgency", info.urgency),
        ("severity", info.severity),
        ("certainty", info.certainty),
        ("expires", moment(info.expires_at) if info.expires_at else ""),
        ("senderName", info.sender_name),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
        ("web", info.web),
    ):
        _add(block, name, text)
    for area in info.areas:
        _area(Xml.SubElement(block, "area"), area)


def _area(block: Xml.Element, area: Area) -> None:
    _add(block, "areaDesc", area.text)
    for polygon in area.polygons:
        _add(block, "polygon", " ".join(_pair(point) for point in polygon))
    for circle in area.circles:
        centre = _pair((circle.latitude_microdegrees, circle.longitude_microdegrees))
        kilometres = f"{circle.radius_metres / 1000:.3f}".rstrip("0").rstrip(".")
        _add(block, "circle", f"{centre} {kilometres}")
    for code in area.codes:
        geocode = Xml.SubElement(block, "geocode")
        _add(geocode, "valueName", GEOCODE)
        _add(geocode, "value", code)


def _pair(point: Pair) -> str:
    """ "28.451200,121.410300": latitude first (CAP 3.3.1), to a decimetre."""
    return ",".join(f"{micro / 1_000_000:.6f}" for micro in point)


def _add(parent: Xml.Element, name: str, text: str) -> None:
    if text:
        Xml.SubElement(parent, name).text = text
