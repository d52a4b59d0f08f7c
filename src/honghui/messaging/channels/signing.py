"""ACS3-HMAC-SHA256: how requests to Alibaba Cloud are signed.

From the public description "V3 request structure and signature": a canonical request of method,
path, query, headers and the body's hash; its hash keyed with the secret. A request is refused
when its time is more than a quarter of an hour away.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
LATE_MAX = timedelta(minutes=15)
_AUTHORIZATION = re.compile(
    ALGORITHM + r" Credential=([^,\s]+),\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})"
)
_NEEDED = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"}


def encoded(text: str) -> str:
    """Percent-encoding as the signature wants it: RFC 3986, nothing but letters, digits, -_.~"""
    return quote(text, safe="-_.~")


def canonical_query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{encoded(key)}={encoded(parameters[key])}" for key in sorted(parameters))


def signed_headers(
    *, host: str, action: str, version: str, key_id: str, secret: str, body: bytes, now: datetime,
    content_type: str = "application/x-www-form-urlencoded", query: str = "", nonce: str = "",
) -> dict[str, str]:  # fmt: skip
    """Every header of a POST to "/", Authorization among them."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce or secrets.token_hex(16),
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    }
    if content_type:
        headers["content-type"] = content_type
    names = ";".join(sorted(headers))
    signature = _signature("POST", "/", query, headers, names, secret)
    headers["Authorization"] = (
        f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
    )
    return headers


def _signature(
    method: str, path: str, query: str, headers: Mapping[str, str], names: str, secret: str
) -> str:
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names.split(";"))
    canonical = "\n".join([method, path, query, lines, names, headers["x-acs-content-sha256"]])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    said = f"{ALGORITHM}\n{digest}".encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def why_not_signed(
    headers: Mapping[str, str], body: bytes, *, query: str, keys: Mapping[str, str], now: datetime
) -> str:
    """For a gateway: "" when the request is signed rightly, else the code it answers with.
    headers: by lower-case names. keys: secret by key id."""
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found:
        return "MissingAuthorization"
    key_id, names, signature = found.groups()
    if key_id not in keys:
        return "InvalidAccessKeyId.NotFound"
    if not set(names.split(";")) >= _NEEDED or not set(names.split(";")) <= set(headers):
        return "IncompleteSignature"
    try:
        said_at = datetime.fromisoformat(headers["x-acs-date"].replace("Z", "+00:00"))
    except ValueError:
        return "InvalidTimeStamp.Format"
    if abs(now - said_at) > LATE_MAX:
        return "InvalidTimeStamp.Expired"
    if headers.get("x-acs-content-sha256") != hashlib.sha256(body).hexdigest():
        return "SignatureDoesNotMatch"
    right = _signature("POST", "/", query, headers, names, keys[key_id])
    return "" if hmac.compare_digest(right, signature) else "SignatureDoesNotMatch"
