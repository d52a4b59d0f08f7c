"""The simulated cashier's page: one amount, two buttons, and what may go wrong, folded away."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from honghui.payments.simulator.ledger import PlacedOrder

STYLE = "simulator.css"
_STATIC = Path(__file__).resolve().parent.parent / "static" / "payments"
WRONG_WORDS = {
    "twice": _("Tell it three times at once"),
    "late": _("Tell it half a minute late"),
    "lost": _("Lose the answer, and tell it again"),
    "forged": _("Sign it wrongly the first time"),
    "stale": _("Give it an old time the first time"),
    "amount": _("Say one fen more than was ordered"),
    "double": _("Take the money twice"),
}


def page(order: PlacedOrder, path: str, language_code: str, wrongs: frozenset[str]) -> str:
    """The page for one order, in the language of the page that the payer came from."""
    with translation.override(language_code):
        return get_template("payments/simulator.html").render(
            {
                "order": order,
                "description": order.content.get("description", ""),
                "path": path,
                "back": return_address(path),
                "style": f"/{STYLE}",
                "wrongs": [(word, text, word in wrongs) for word, text in WRONG_WORDS.items()],
            }
        )


def gone(language_code: str) -> str:
    """There is no such order, or no longer."""
    with translation.override(language_code):
        return get_template("payments/simulator.html").render({"style": f"/{STYLE}"})


def style() -> bytes:
    return (_STATIC / STYLE).read_bytes()


def return_address(path: str) -> str:
    """Where the merchant wants the browser back, "" if that is nowhere on the web."""
    address = parse_qs(urlsplit(path).query).get("redirect_url", [""])[0]
    is_plain = not any(ord(sign) <= 32 for sign in address)
    return address if is_plain and address.startswith(("http://", "https://")) else ""


def language(path: str) -> str:
    """English for who comes from an English page."""
    came_from = urlsplit(return_address(path)).path
    return "en" if came_from.startswith("/en/") else "zh-hans"
