"""Reads a warning that a stranger wrote.

The one hard idea: it is hostile until it is read. Its size is looked at before anything else; a
document type, an entity or a reference to elsewhere ends it (defusedxml); whatever CAP requires
must be there; and what is longer than we keep is refused for names and cut for prose, because the
bytes are kept whole beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from honghui.kernel import text as texts
from honghui.kernel.errors import Invalid
from honghui.rescue.alerting import cap

BYTES_MAX = 500_000
INFOS_MAX, AREAS_MAX, CODES_MAX, REFERENCES_MAX = 20, 50, 100, 50
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_CIRCLE = re.compile(r"(-?\d{1,3}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?) +(\d{1,5}(?:\.\d+)?)")
_NAME = re.compile(r"[^\s,<&]{1,200}")


def read(data: bytes) -> cap.Message:
    """The message in these bytes. Invalid "rescue.cap.…": too_large, not_xml, dangerous, not_cap,
    missing, not_known, time, name."""
    if len(data) > BYTES_MAX:
        raise _refused(
            "too_large",
            _("The file is larger than any warning."),
            _("Half a megabyte is the limit; send the XML alone, without pictures."),
        )
    root = _parsed(data)
    if root.tag != f"{{{cap.NAMESPACE}}}alert":
        raise _refused(
            "not_cap",
            _("This is XML, but no CAP 1.2 message."),
            _("Ask the sender for the CAP 1.2 file."),
        )
    infos = _all(root, "info")[:INFOS_MAX]
    sent_at = _moment(_needed(root, "sent"))
    return cap.Message(
        identifier=_name(_needed(root, "identifier")),
        sender=_name(_needed(root, "sender")),
        sent_at=sent_at,
        status=_one_of(root, "status", cap.STATUSES),
        message_type=_one_of(root, "msgType", cap.MESSAGE_TYPES),
        scope=_one_of(root, "scope", cap.SCOPES),
        infos=[_info(each, sent_at) for each in infos],
        addresses=_line(root, "addresses", 500),
        note=_prose(root, "note", 4000),
        references=_references(_text(root, "references")),
        incidents=_text(root, "incidents").split()[:REFERENCES_MAX],
    )


def _parsed(data: bytes) -> Element:
    try:
        root: Element = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise _refused(
            "dangerous",
            _("The file declares a document type or entities, which no warning needs."),
            _("Do not trust where it came from; nothing of it was read."),
        ) from error
    except (ParseError, ValueError, LookupError, UnicodeError) as error:
        raise _refused(
            "not_xml",
            _("The file is no readable XML, or not in the encoding that it names."),
            _("Fetch it again; a page saved from a browser is often no XML any more."),
        ) from error
    return root


def _info(block: Element, sent_at: datetime) -> cap.Info:
    expires = _text(block, "expires")
    expires_at = _moment(expires) if expires else None
    if expires_at is not None and expires_at < sent_at:
        raise _refused(
            "time",
            _("The warning ends before it was sent."),
            _("Ask the sender for the right one."),
        )
    return cap.Info(
        language=_line(block, "language", 20) or "en-US",
        category=_one_of(block, "category", cap.CATEGORIES),
        event=_line(block, "event", 120) or _needed(block, "event")[:120],
        urgency=_one_of(block, "urgency", cap.URGENCIES),
        severity=_one_of(block, "severity", cap.SEVERITIES),
        certainty=_one_of(block, "certainty", cap.CERTAINTIES),
        expires_at=expires_at,
        sender_name=_line(block, "senderName", 160),
        headline=_line(block, "headline", 200),
        description=_prose(block, "description", 4000),
        instruction=_prose(block, "instruction", 4000),
        areas=[_area(each) for each in _all(block, "area")[:AREAS_MAX]],
    )


def _area(block: Element) -> cap.Area:
    values = [_text(each, "value") for each in _all(block, "geocode")]
    codes = [value[:6] for value in values if re.fullmatch(r"\d{6}(\d{3}|\d{6})?", value)]
    circles = [_CIRCLE.fullmatch((each.text or "").strip()) for each in _all(block, "circle")]
    return cap.Area(
        _line(block, "areaDesc", 400),
        tuple(dict.fromkeys(codes))[:CODES_MAX],
        tuple(_circle(found) for found in circles if found and _on_earth(found)),
    )


def _on_earth(found: re.Match[str]) -> bool:
    return abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180


def _circle(found: re.Match[str]) -> cap.Circle:
    return cap.Circle(
        round(float(found[1]) * 1e6), round(float(found[2]) * 1e6), round(float(found[3]) * 1000)
    )


def _references(text: str) -> tuple[str, ...]:
    found = []
    for one in text.split()[:REFERENCES_MAX]:
        parts = one.split(",")
        if len(parts) == 3 and _MOMENT.fullmatch(parts[2]):
            found.append(cap.reference(parts[0], parts[1], _moment(parts[2]))[:500])
    return tuple(found)


def _all(parent: Element, name: str) -> list[Element]:
    return parent.findall(f"{{{cap.NAMESPACE}}}{name}")


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(f"{{{cap.NAMESPACE}}}{name}") or "").strip()


def _needed(parent: Element, name: str) -> str:
    text = _text(parent, name)
    if not text:
        raise _refused(
            "missing",
            _("The warning has no %(name)s, which CAP requires.") % {"name": name},
            _("Ask the sender for a complete one."),
        )
    return text


def _one_of(parent: Element, name: str, known: Sequence[str]) -> str:
    text = _needed(parent, name)
    if text not in known:
        raise _refused(
            "not_known",
            _("The warning's %(name)s is none that CAP 1.2 knows.") % {"name": name},
            _("Ask the sender for a CAP 1.2 message."),
        )
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _refused(
            "name",
            _("The warning's identifier or sender cannot be one: too long, or with blanks."),
            _("Ask the sender for a CAP 1.2 message."),
        )
    return text


def _moment(text: str) -> datetime:
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _refused(
            "time",
            _("A time in the warning cannot be read."),
            _("CAP writes it like 2020-06-24T09:00:00+08:00."),
        ) from error


def _line(parent: Element, name: str, limit: int) -> str:
    text = _text(parent, name)[: 4 * limit]
    return _cut(texts.clean_line(text, limit=4 * limit, field="xml"), limit)


def _prose(parent: Element, name: str, limit: int) -> str:
    text = _text(parent, name)[: 4 * limit]
    return _cut(texts.clean_text(text, limit=4 * limit, field="xml"), limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _refused(code: str, sentence: object, hint: object) -> Invalid:
    return Invalid(f"rescue.cap.{code}", sentence, hint, field="xml")  # type: ignore[arg-type]
