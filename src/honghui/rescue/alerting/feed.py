"""The Atom feed of our public warnings (RFC 4287): an entry a message, linked to its CAP file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as Xml

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from honghui.kernel import clock
from honghui.registry import naming
from honghui.rescue.models import Alert
from honghui.rescue.words.alerts import STATUSES, description_of, headline_of

ATOM = "http://www.w3.org/2005/Atom"


def atom(alerts: Sequence[Alert]) -> bytes:
    """Newest first. An exercise says so in its title."""
    language = "en" if get_language() == "en" else "zh-CN"
    root = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    address = settings.ADDRESS + reverse("alerts_feed")
    _add(root, "id", address)
    _add(root, "title", _("Warnings"))
    _add(root, "updated", _moment(alerts[0].sent_at if alerts else clock.now()))
    Xml.SubElement(root, "link", {"rel": "self", "href": address})
    page = settings.ADDRESS + reverse("alerts")
    Xml.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for alert in alerts:
        _entry(Xml.SubElement(root, "entry"), alert)
    Xml.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, "unicode").encode()


def _entry(entry: Xml.Element, alert: Alert) -> None:
    title = headline_of(alert)
    if alert.status != "Actual":
        title = f"[{STATUSES[alert.status]}] {title}"
    _add(entry, "id", f"urn:uuid:{alert.pk}")
    _add(entry, "title", title)
    _add(entry, "updated", _moment(alert.sent_at))
    author = Xml.SubElement(entry, "author")
    _add(author, "name", naming.local_name(alert.society) if alert.society else alert.sender)
    for name, kind in (("alert_xml", "application/cap+xml"), ("alert", "text/html")):
        href = settings.ADDRESS + reverse(name, args=[alert.pk])
        rel = "enclosure" if name == "alert_xml" else "alternate"
        Xml.SubElement(entry, "link", {"rel": rel, "type": kind, "href": href})
    _add(entry, "summary", description_of(alert) or title)


def _add(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text


def _moment(at: datetime) -> str:
    return at.astimezone(clock.CHINA).isoformat(timespec="seconds")
