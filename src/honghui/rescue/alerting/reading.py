"""Reads a warning that a stranger wrote.

The one hard idea: it is hostile until it is read. Its size is looked at before anything else; a
document type, an entity or a reference to elsewhere ends it (defusedxml); whatever CAP requires
must be there; and what is longer than we keep is refused for names and cut for prose, because the
bytes are kept whole beside it. Nothing that decides where or whether a warning holds (a shape, the
message that it ends) is skipped: what of that cannot be read refuses the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from honghui.kernel import text as texts
from honghui.kernel.errors import Invalid
from honghui.rescue.alerting import cap, shapes

BYTES_MAX = 500_000
INFOS_MAX, AREAS_MAX, CODES_MAX, REFERENCES_MAX = 50, 500, 3_000, 100
SHAPES_MAX, POINTS_MAX, RADIUS_KM_MAX = 500, 10_000, 20_016
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
# Six digits that are no division of China.
_FOREIGN_CODES = {"SAME", "FIPS", "FIPS6", "UGC", "EMMA_ID", "WARNCELLID"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_RADIUS = re.compile(r"\d{1,5}(?:\.\d{1,18})?")
_NAME = re.compile(r"[^\s,<&]{1,200}")


def read(data: bytes) -> cap.Message:
    """The message in these bytes. Invalid "rescue.cap.…": too_large, not_xml, dangerous, not_cap,
    missing, not_known, time, name, too_many, shape, references."""
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
    infos = _some(root, "info", INFOS_MAX)
    _check_size(root)
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
        is_signed=root.find(SIGNATURE) is not None,
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
        web=_web(_text(block, "web")),
        areas=[_area(each) for each in _some(block, "area", AREAS_MAX)],
    )


def _area(block: Element) -> cap.Area:
    values = [
        _text(each, "value")
        for each in _all(block, "geocode")
        if _text(each, "valueName").upper() not in _FOREIGN_CODES
    ]
    codes = [value[:6] for value in values if re.fullmatch(r"\d{6}(\d{3}|\d{6})?", value)]
    return cap.Area(
        _line(block, "areaDesc", 400),
        tuple(dict.fromkeys(codes))[:CODES_MAX],
        tuple(_circle((each.text or "").split()) for each in _all(block, "circle")),
        tuple(_polygon((each.text or "").split()) for each in _all(block, "polygon")),
    )


def _check_size(root: Element) -> None:
    """Of all its areas together, before any number in them is read."""
    found = [
        each for name in ("polygon", "circle") for each in root.iter(f"{{{cap.NAMESPACE}}}{name}")
    ]
    if len(found) > SHAPES_MAX or sum((each.text or "").count(",") for each in found) > POINTS_MAX:
        raise _too_many("polygon")


def _circle(parts: Sequence[str]) -> cap.Circle:
    """ "28.4512,121.4103 30": a centre, and kilometres."""
    try:
        centre, radius = parts
        if not _RADIUS.fullmatch(radius) or Decimal(radius) > RADIUS_KM_MAX:
            raise ValueError(radius)
        return cap.Circle(*_pair(centre), round(Decimal(radius) * 1000))
    except ValueError as error:
        raise _bad_shape("circle") from error


def _polygon(parts: Sequence[str]) -> cap.Ring:
    try:
        ring = tuple(_pair(part) for part in parts)
        shapes.check_ring(ring)
    except ValueError as error:
        raise _bad_shape("polygon") from error
    return ring


def _pair(text: str) -> cap.Pair:
    latitude, longitude = text.split(",")
    return shapes.pair(latitude, longitude)


def _bad_shape(name: str) -> Invalid:
    return _refused(
        "shape",
        _("A %(name)s in the warning is none: it cannot be told where the warning holds.")
        % {"name": name},
        _("CAP writes latitude,longitude pairs; a polygon has four at least and ends as it began."),
    )


def _too_many(name: str) -> Invalid:
    return _refused(
        "too_many",
        _("The warning has more of %(name)s than any warning needs.") % {"name": name},
        _("Ask the sender for a coarser one."),
    )


def _web(text: str) -> str:
    """Kept only if it is an address of the web: it may be shown as a link one day."""
    return text if re.fullmatch(r"https?://[^\s<>\"]{1,500}", text) else ""


def _references(text: str) -> tuple[str, ...]:
    """Which earlier messages it is about. One that cannot be read might be the one it ends."""
    told = text.split()
    if len(told) > REFERENCES_MAX:
        raise _too_many("references")
    found = []
    for one in told:
        parts = one.split(",")
        if len(parts) != 3 or not _MOMENT.fullmatch(parts[2]) or len(one) > 480:
            raise _refused(
                "references",
                _("The warning names an earlier one in a way that cannot be read."),
                _("CAP writes sender,identifier,sent. Ask the sender for a CAP 1.2 message."),
            )
        found.append(cap.reference(parts[0], parts[1], _moment(parts[2])))
    return tuple(found)


def _some(parent: Element, name: str, most: int) -> list[Element]:
    found = _all(parent, name)
    if len(found) > most:
        raise _too_many(name)
    return found


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
