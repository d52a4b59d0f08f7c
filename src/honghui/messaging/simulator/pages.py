"""The simulated phones as pages: which there are, what arrived on each, and writing back."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.messaging.simulator.gateway import Gateway

SHOWN_MAX = 200
_STATIC = Path(__file__).resolve().parent.parent / "static" / "messaging"
FILES = {
    "/phones.css": ((_STATIC / "phones.css").read_bytes(), "text/css; charset=utf-8"),
    "/phones.js": ((_STATIC / "phones.js").read_bytes(), "text/javascript; charset=utf-8"),
}
STATE_WORDS = {
    "on": pgettext_lazy("a phone", "On"),
    "off": pgettext_lazy("a phone", "Switched off"),
    "no_such": _("Number not in use"),
    "black": _("On the gateway's blacklist"),
}
WRONG_WORDS = {
    "slow": _("Answer three seconds late"),
    "error": _("Answer with an error, and do nothing"),
    "lost": _("Do it, and lose the answer"),
    "throttle": _("Say that there are too many requests"),
    "late": _("Send receipts half a minute late"),
    "twice": _("Send each receipt twice"),
    "shuffled": _("Send a false “failed” after “delivered”"),
    "early": _("Send the receipt before the answer"),
    "no_receipt": _("Never send a receipt"),
    "bare": _("Leave the extension code out of answers"),
    "blacks": _("Blacklist whoever writes that they want no messages"),
    "no_money": _("Say that our account is empty"),
    "reviewing": _("Keep every new text under review"),
}
KEY_WORDS = {
    "1": _("1 · I am coming"),
    "2": _("2 · I cannot"),
    "3": _("3 · Only if people are short"),
}


def listing(gateway: Gateway, language_code: str) -> str:
    wrongs = [(word, text, gateway.wrongs.does(word)) for word, text in WRONG_WORDS.items()]
    phones = gateway.phones.all()
    context = {"phones": phones[:SHOWN_MAX], "count": len(phones), "wrongs": wrongs}
    return _page(context, language_code)


def phone(gateway: Gateway, number: str, language_code: str) -> str:
    found = gateway.phones.get(number)
    asked = next((each for each in found.newest_first if each.kind == "in"), None)
    context = {
        "phone": found,
        "items": found.newest_first,
        "extension": asked.extension if asked else "",
        "states": list(STATE_WORDS.items()),
        "keys": list(KEY_WORDS.items()),
    }
    return _page(context, language_code)


def _page(context: dict[str, object], language_code: str) -> str:
    is_english = language_code == "en"
    with translation.override(language_code):
        return get_template("messaging/phones.html").render(
            {**context, "is_english": is_english, "query": "?lang=en" if is_english else ""}
        )
