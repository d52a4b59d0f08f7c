"""Web push: what is said is encrypted for one browser (RFC 8291, RFC 8188), and signed by us so
that its push service knows who sends (VAPID, RFC 8292).

Forty lines over `cryptography`, tried against the example of RFC 8291, appendix A: the usual
library would bring twenty packages for them.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import struct
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_RECORD_BYTES = 4096
_LASTS_SECONDS = 12 * 3600
PLAIN_BYTES_MAX = 3_900


def unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_unpadded(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def are_keys(browser_key: str, browser_secret: str) -> bool:
    """Whether something can be encrypted for a browser that names these, as it writes them. Not
    every 65 bytes are a point of the curve."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_unpadded(browser_key))
        return len(from_unpadded(browser_key)) == 65 and len(from_unpadded(browser_secret)) == 16
    except ValueError:
        return False


def sealed_for(
    browser_key: bytes,
    browser_secret: bytes,
    plain: bytes,
    *,
    salt: bytes = b"",
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push message. browser_key: 65 bytes, uncompressed; browser_secret: 16 bytes.
    salt and own: only to repeat an example."""
    assert len(plain) <= PLAIN_BYTES_MAX, "a push message is short"
    salt = salt or secrets.token_bytes(16)
    own = own or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_key)
    ours = public_bytes(own)
    shared = own.exchange(ec.ECDH(), theirs)
    start = _derived(shared, browser_secret, b"WebPush: info\x00" + browser_key + ours, 32)
    key = _derived(start, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(start, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + struct.pack("!IB", _RECORD_BYTES, len(ours)) + ours
    # 2: this is the last record.
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def authorization(
    key: ec.EllipticCurvePrivateKey, *, audience: str, contact: str, now_seconds: int
) -> str:
    """The header that says who sends. audience: scheme and host of the push service."""
    claims = {"aud": audience, "exp": now_seconds + _LASTS_SECONDS, "sub": contact}
    parts = [{"typ": "JWT", "alg": "ES256"}, claims]
    said = ".".join(unpadded(json.dumps(each).encode()) for each in parts)
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    signature = unpadded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={unpadded(public_bytes(key))}"


@lru_cache(maxsize=2)
def own_key(file: Path) -> ec.EllipticCurvePrivateKey:
    """The installation's key; made at first use, readable by its owner alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = ec.generate_private_key(ec.SECP256R1())
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # another process was quicker
        else:
            with os.fdopen(handle, "wb") as out:
                out.write(pem)
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
