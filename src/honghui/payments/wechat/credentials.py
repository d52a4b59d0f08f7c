"""Keys and ids: one folder with the files as the platform hands them out.

    apiclient_key.pem        the merchant's private key
    apiclient_cert.pem       its certificate, which names its serial
    api-v3.key               32 characters: seals what notifications are about
    platform/*.pem           the platform's public keys: certificates, or PUB_KEY_ID_….pem
    simulator/key.pem        only where a simulated platform made all of these

The platform changes its keys now and then, and for a while signs with either: so there is a
folder of them, read again as soon as it has changed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock
from honghui.kernel.errors import CannotRun

_SEALING_KEY_BYTES = 32
_VALID_FOR = timedelta(days=3650)


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Everything to speak with the platform. Prints no secret. platform_keys: by serial."""

    merchant_key: RSAPrivateKey
    merchant_serial: str
    sealing_key: AESGCM
    platform_keys: Mapping[str, RSAPublicKey]


def credentials() -> Credentials:
    """Those of this installation; read once, and again when the folder has changed. Raises
    CannotRun "payments.keys.missing" where it was never set up."""
    folder = Path(settings.WECHAT_KEYS)
    try:
        changed = max(each.stat().st_mtime_ns for each in (folder, folder / "platform"))
    except OSError:
        raise _missing() from None
    return _read(folder, changed)


@lru_cache(maxsize=2)
def _read(folder: Path, _changed: int) -> Credentials:
    try:
        certificate = x509.load_pem_x509_certificate((folder / "apiclient_cert.pem").read_bytes())
        sealing_key = (folder / "api-v3.key").read_text().strip().encode()
        key = private_key(folder / "apiclient_key.pem")
        platform = dict(_platform_key(each) for each in sorted(folder.glob("platform/*.pem")))
    except (OSError, ValueError):
        raise _missing() from None
    if len(sealing_key) != _SEALING_KEY_BYTES or not platform:
        raise _missing()
    return Credentials(key, serial_of(certificate), AESGCM(sealing_key), platform)


def _missing() -> CannotRun:
    return CannotRun(
        "payments.keys.missing",
        _("The keys of the payment platform are missing or cannot be read."),
        _("docs/running.md says which files belong into which folder."),
    )


def private_key(file: Path) -> RSAPrivateKey:
    """An RSA key from a PEM file without a password. Raises OSError or ValueError."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("no RSA key")
    return key


def _platform_key(file: Path) -> tuple[str, RSAPublicKey]:
    text = file.read_bytes()
    if b"BEGIN CERTIFICATE" in text:
        certificate = x509.load_pem_x509_certificate(text)
        serial, key = serial_of(certificate), certificate.public_key()
    else:
        # A bare public key does not say its serial: the platform names the file by it.
        serial, key = file.stem, load_pem_public_key(text)  # type: ignore[assignment]
    if not isinstance(key, RSAPublicKey):
        raise ValueError("no RSA key")
    return serial, key


def serial_of(certificate: x509.Certificate) -> str:
    """A certificate's serial as the platform writes it."""
    return f"{certificate.serial_number:X}"


# ── for a simulated platform: both sides' keys ───────────────────────────────────────────────


def make_simulated(folder: Path) -> None:
    """Both sides' keys, unless the folder has some. Written whole or not at all; 0600."""
    if (folder / "apiclient_cert.pem").exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = Path(tempfile.mkdtemp(prefix=".wechat-", dir=folder.parent))
    try:
        _make_pair(making, "apiclient_key.pem", "apiclient_cert.pem", "simulated merchant")
        (making / "platform").mkdir(mode=0o700)
        (making / "simulator").mkdir(mode=0o700)
        _make_pair(making, "simulator/key.pem", "platform/simulator.pem", "simulated platform")
        _write(making / "api-v3.key", secrets.token_hex(_SEALING_KEY_BYTES // 2).encode())
        making.rename(folder)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        if not (folder / "apiclient_cert.pem").exists():
            raise


def _make_pair(folder: Path, key_name: str, certificate_name: str, common_name: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    begins = clock.machine_now() - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _VALID_FOR)
        .sign(key, SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / key_name, pem)
    _write(folder / certificate_name, certificate.public_bytes(Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
