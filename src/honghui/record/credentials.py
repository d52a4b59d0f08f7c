"""Certificates, as far as the public may know: that one was given, and whether it still stands."""

from __future__ import annotations

from datetime import date
from typing import Literal

from honghui.record.values import Code, Form, Hash, Id, RecordedAt, SocietyCode


class Certificate(Form, frozen=True, kw_only=True, tag_field="schema", tag="certificate/1"):
    """`holder` is the salted hash of what stands on it (name, number): whoever holds it can show
    that it is this one, and nobody else can find out whose it is."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    kind: Code
    issued_on: date
    valid_until: date | None = None
    holder: Hash


class CertificateRevocation(
    Form, frozen=True, kw_only=True, tag_field="schema", tag="certificate_revocation/1"
):
    """The certificate `of` no longer stands."""

    id: Id
    recorded_at: RecordedAt
    society: SocietyCode
    of: Id
    revoked_on: date
    reason: Literal["error", "fraud", "withdrawn", "replaced"]
