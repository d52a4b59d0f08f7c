"""The simulated platform over HTTP: its interface for merchants, and a cashier for people."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from honghui.kernel import clock
from honghui.payments.simulator import cashier
from honghui.payments.simulator.ledger import (
    PlacedOrder,
    PlatformError,
    PlatformLedger,
    told_of_payment,
)
from honghui.payments.simulator.posting import WRONGS, Poster
from honghui.payments.wechat.credentials import credentials, private_key, serial_of
from honghui.payments.wechat.refusals import NotSigned
from honghui.payments.wechat.signing import check_merchant, sign_as_platform

REFUND_SECONDS = 3
BODY_BYTES_MAX = 64 * 1024
_ORDER = r"/v3/pay/transactions/out-trade-no/([^/?]+)"


class Simulator(ThreadingHTTPServer):
    """One platform with one merchant. `address`: where a browser finds its cashier. `wrongs`:
    what it does wrong with every payment, besides what is asked for at the cashier."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        at: tuple[str, int],
        *,
        keys: Path,
        merchant_id: str,
        address: str = "",
        now: Callable[[], Any] = clock.machine_now,
        scale: float = 1.0,
        wrongs: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(at, _Handler)
        ours = credentials()
        certificate = x509.load_pem_x509_certificate((keys / "apiclient_cert.pem").read_bytes())
        merchant_key = certificate.public_key()
        assert isinstance(merchant_key, RSAPublicKey)
        self.merchants = {(merchant_id, ours.merchant_serial): merchant_key}
        self.key = private_key(keys / "simulator" / "key.pem")
        platform = (keys / "platform" / "simulator.pem").read_bytes()
        self.serial = serial_of(x509.load_pem_x509_certificate(platform))
        self.address = (address or f"http://{at[0]}:{self.server_address[1]}").rstrip("/")
        self.wrongs = wrongs
        self.ledger = PlatformLedger(now)
        self.poster = Poster(self.key, self.serial, ours.sealing_key, scale=scale)

    def pay(self, order: PlacedOrder, wrongs: frozenset[str] | set[str] = frozenset()) -> None:
        """Somebody pays; the merchant is told."""
        asked = set(wrongs | self.wrongs) & set(WRONGS)
        for again in (False, True) if "double" in asked else (False,):
            transaction = self.ledger.pay(order, again=again)
            said = told_of_payment(order, transaction, more_fen=1 if "amount" in asked else 0)
            self.poster.tell(order.content["notify_url"], "TRANSACTION.SUCCESS", said, asked)

    def refund(self, content: dict[str, Any]) -> dict[str, Any]:
        order, refund, is_new = self.ledger.refund(content)
        url = content.get("notify_url") or order.content["notify_url"]

        def made() -> None:
            self.ledger.refund_made(refund)
            said = {key: value for key, value in refund.items() if key != "status"}
            said |= {
                "mchid": order.content["mchid"],
                "refund_status": "SUCCESS",
                "user_received_account": "支付用户零钱",
            }
            self.poster.tell(url, "REFUND.SUCCESS", said, set(self.wrongs))

        if is_new:
            self.poster.later(REFUND_SECONDS, made)
        return refund

    def server_close(self) -> None:
        self.poster.close()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Simulator

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        self._answer("GET")

    def do_POST(self) -> None:  # noqa: N802
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: addresses hold order numbers."""

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= BODY_BYTES_MAX:
            self._send(413, b"", "text/plain")
            return
        body = self.rfile.read(length)
        try:
            if self.path.startswith("/v3/"):
                self._answer_merchant(method, body)
            else:
                self._answer_person(method, body)
        except PlatformError as error:
            if self.path.startswith("/v3/"):
                self._send_signed(error.status, {"code": error.code, "message": error.message})
            else:
                self._send_page(error.status, cashier.gone(self._language()))

    # ── merchants ────────────────────────────────────────────────────────────────────────────

    def _answer_merchant(self, method: str, body: bytes) -> None:
        header = self.headers.get("Authorization", "")
        now = int(clock.machine_now().timestamp())
        try:
            check_merchant(header, method, self.path, body, self.server.merchants, now_seconds=now)
        except NotSigned:
            raise PlatformError(401, "SIGN_ERROR", "错误的签名，验签失败") from None
        try:
            content = json.loads(body) if body else {}
        except ValueError:
            raise PlatformError(400, "PARAM_ERROR", "the body is no JSON") from None
        self._send_signed(*self._carry_out(method, content))

    def _carry_out(self, method: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        ledger, path = self.server.ledger, urlsplit(self.path).path
        if (method, path) == ("POST", "/v3/pay/transactions/h5"):
            order = ledger.place(content)
            return 200, {"h5_url": f"{self.server.address}/cashier/{order.token}?"}
        if (method, path) == ("POST", "/v3/refund/domestic/refunds"):
            return 200, self.server.refund(content)
        asked = re.fullmatch(_ORDER, path)
        if method == "GET" and asked:
            return 200, _as_answer(ledger.order(asked[1]))
        closed = re.fullmatch(_ORDER + "/close", path)
        if method == "POST" and closed:
            ledger.close(closed[1])
            return 204, {}
        raise PlatformError(404, "NOT_FOUND", "there is no such interface")

    def _send_signed(self, status: int, content: dict[str, Any]) -> None:
        body = b"" if status == 204 else json.dumps(content, ensure_ascii=False).encode()
        signed = sign_as_platform(
            self.server.key,
            self.server.serial,
            body,
            timestamp=int(clock.machine_now().timestamp()),
            nonce=secrets.token_hex(16),
        )
        self._send(status, body, "application/json", signed.as_headers())

    # ── people ───────────────────────────────────────────────────────────────────────────────

    def _answer_person(self, method: str, body: bytes) -> None:
        path = urlsplit(self.path).path
        if path == "/healthz":
            self._send(200, b"ok", "text/plain")
            return
        if path == f"/{cashier.STYLE}":
            self._send(200, cashier.style(), "text/css")
            return
        found = re.fullmatch(r"/cashier/([\w-]+)", path)
        if not found:
            raise PlatformError(404, "NOT_FOUND", "there is no such page")
        order = self.server.ledger.by_token(found[1])
        if method == "GET":
            page = cashier.page(order, self.path, self._language(), self.server.wrongs)
            self._send_page(200, page)
            return
        form = parse_qs(body.decode("utf-8", "replace"))
        if form.get("do") == ["pay"]:
            self.server.pay(order, set(form.get("wrong", [])))
        self.send_response(303)
        self.send_header("Location", self._return_to() or quote(self.path, safe="/?=&%"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _return_to(self) -> str:
        return cashier.return_address(self.path)

    def _language(self) -> str:
        return cashier.language(self.path)

    def _send_page(self, status: int, page: str) -> None:
        # After the button is pressed the browser goes back to the merchant, which is another site:
        # the policy must allow that, since browsers hold redirects of a form to it too.
        back = urlsplit(self._return_to())
        origin = f" {back.scheme}://{back.netloc}" if back.netloc else ""
        policy = (
            f"default-src 'none'; style-src 'self'; form-action 'self'{origin}; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
        self._send(status, page.encode(), "text/html; charset=utf-8", headers)

    def _send(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _as_answer(order: PlacedOrder) -> dict[str, Any]:
    if not order.transactions:
        return {
            "mchid": order.content.get("mchid", ""),
            "out_trade_no": order.number,
            "trade_state": order.state,
        }
    return told_of_payment(order, order.transactions[0]) | {"trade_state": order.state}
