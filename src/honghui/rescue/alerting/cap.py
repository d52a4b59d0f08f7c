"""What a CAP 1.2 message holds (OASIS CAP-v1.2, 1 July 2010), as plain values. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
)  # fmt: skip
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
GEOCODE = "GB/T 2260"


@dataclass(frozen=True)
class Circle:
    """Microdegrees, and metres."""

    latitude_microdegrees: int
    longitude_microdegrees: int
    radius_metres: int


Pair = tuple[int, int]
Ring = tuple[Pair, ...]


@dataclass(frozen=True)
class Area:
    """polygons: rings of (latitude, longitude) in microdegrees; the first pair is the last."""

    text: str
    codes: Sequence[str] = ()
    circles: Sequence[Circle] = ()
    polygons: Sequence[Ring] = ()


@dataclass(frozen=True)
class Info:
    """One language's block. language: RFC 3066, "zh-CN", "en-GB"."""

    language: str
    category: str
    event: str
    urgency: str
    severity: str
    certainty: str
    expires_at: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    areas: Sequence[Area] = ()


@dataclass(frozen=True)
class Message:
    """references: as reference() writes them. incidents: our numbers, or the sender's. is_signed:
    it carries an XML signature, which nobody here has checked."""

    identifier: str
    sender: str
    sent_at: datetime
    status: str
    message_type: str
    scope: str
    infos: Sequence[Info]
    addresses: str = ""
    note: str = ""
    references: Sequence[str] = ()
    incidents: Sequence[str] = ()
    is_signed: bool = False

    def infos_in(self, language: str) -> list[Info]:
        """The blocks in a language: "zh", "en"."""
        return [one for one in self.infos if one.language.lower().startswith(language)]


def reference(sender: str, identifier: str, sent_at: datetime) -> str:
    """How one message names another; the moment in UTC, so that two spellings are one."""
    return f"{sender},{identifier},{moment(sent_at.astimezone(UTC))}"


def moment(at: datetime) -> str:
    """ "2020-06-24T09:00:00+08:00"; UTC is "-00:00" (CAP 3.3.2), and "Z" is not allowed."""
    text = at.replace(microsecond=0).isoformat()
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text
