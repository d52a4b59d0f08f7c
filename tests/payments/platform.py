"""The other side, for the tests: what a platform would send, right or wrong in one way.

Signed with `cryptography` and not with our own functions, so that a mistake of ours is not made
twice.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from honghui.kernel import clock
from honghui.payments.models import Order

PAYER = "oPayer-of-the-tests-0000001"
BANK = "BANK-OF-THE-TESTS"


@dataclass(frozen=True)
class Platform:
    """Reads its keys out of the folder that a simulated platform made."""

    folder: Path

    @property
    def serial(self) -> str:
        pem = (self.folder / "platform" / "simulator.pem").read_bytes()
        return f"{x509.load_pem_x509_certificate(pem).serial_number:X}"

    def paid(self, order: Order, **changes: Any) -> bytes:
        """The body of a notification that `order` was paid. changes: of what it says; `id` and
        `event_type` of its envelope."""
        amount = {
            "total": order.amount_fen, "payer_total": order.amount_fen,
            "currency": "CNY", "payer_currency": "CNY",
        }  # fmt: skip
        said = {
            "mchid": "9901000001", "appid": "wx9901000000000001",
            "out_trade_no": order.out_trade_no, "transaction_id": f"42{secrets.randbelow(10**20)}",
            "trade_type": "MWEB", "trade_state": "SUCCESS", "bank_type": BANK,
            "success_time": "2020-06-24T09:01:02+08:00", "payer": {"openid": PAYER},
            "amount": amount | changes.pop("amount", {}),
        }  # fmt: skip
        return self.body(said, "TRANSACTION.SUCCESS", "transaction", **changes)

    def refunded(self, order: Order, number: str, fen: int, **changes: Any) -> bytes:
        said = {
            "mchid": "9901000001", "out_trade_no": order.out_trade_no,
            "transaction_id": order.transaction_id, "out_refund_no": number,
            "refund_id": "50300000000000000000000001", "refund_status": "SUCCESS",
            "success_time": "2020-06-24T10:01:02+08:00", "user_received_account": BANK,
            "amount": {"total": order.amount_fen, "refund": fen, "currency": "CNY"},
        }  # fmt: skip
        return self.body(said, "REFUND.SUCCESS", "refund", **changes)

    def body(self, said: dict[str, Any], event: str, original: str, **changes: Any) -> bytes:
        envelope = {
            "id": changes.pop("id", secrets.token_hex(16)),
            "event_type": changes.pop("event_type", event),
        }
        nonce = secrets.token_hex(6)
        key = AESGCM((self.folder / "api-v3.key").read_bytes())
        sealed = key.encrypt(nonce.encode(), json.dumps(said | changes).encode(), original.encode())
        resource = {
            "original_type": original, "algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
            "associated_data": original, "ciphertext": base64.b64encode(sealed).decode(),
        }  # fmt: skip
        return json.dumps(
            envelope | {"create_time": "2020-06-24T09:01:02+08:00",
                        "resource_type": "encrypt-resource", "resource": resource}
        ).encode()  # fmt: skip

    def headers(self, body: bytes, *, age_seconds: int = 0, serial: str = "") -> dict[str, str]:
        """The four headers, as they stand in a WSGI environment."""
        timestamp = str(int(clock.machine_now().timestamp()) - age_seconds)
        nonce = secrets.token_hex(16)
        key = serialization.load_pem_private_key(
            (self.folder / "simulator" / "key.pem").read_bytes(), None
        )
        message = timestamp.encode() + b"\n" + nonce.encode() + b"\n" + body + b"\n"
        signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg, arg-type]
        return {
            "HTTP_WECHATPAY_TIMESTAMP": timestamp,
            "HTTP_WECHATPAY_NONCE": nonce,
            "HTTP_WECHATPAY_SIGNATURE": base64.b64encode(signature).decode(),
            "HTTP_WECHATPAY_SERIAL": serial or self.serial,
        }
