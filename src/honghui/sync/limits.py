"""How often somebody who is not signed in may send, by their address. Whoever is signed in is held
by their role; a link is open to whoever has it.

Counted in the cache that all processes share; not the address but its keyed hash is kept. Many
phones may share one address, so the limit only keeps one sender from keeping us busy.
"""

from __future__ import annotations

import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Refused

LETTERS_MOST = 600
WITHIN_SECONDS = 600
_SALT = "honghui.sync.limits"


class TooOften(Refused):
    status = 429


def count_letter(request: HttpRequest) -> None:
    """Raises TooOften. Two that are counted at the same moment may count as one: no harm."""
    window = int(time.time()) // WITHIN_SECONDS
    network = _network(get_adapter().get_client_ip(request))
    key = f"sync-letters-{window}-{salted_hmac(_SALT, network).hexdigest()}"
    count = int(cache.get(key) or 0) + 1
    cache.set(key, count, WITHIN_SECONDS)
    if count > LETTERS_MOST:
        raise TooOften(
            "sync.too_often",
            _("From this address a great deal was sent in the last minutes."),
            _("Wait ten minutes. The phone keeps everything and sends it by itself."),
        )


def _network(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
