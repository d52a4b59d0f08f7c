"""How often somebody may try codes that nobody has.

A code has 80 random bits. With a million gifts, a thousand guesses a second would find one in
some 36 million years, so the limit is not what keeps codes secret; it keeps whoever tries from
keeping us busy. Therefore it is gentle: only wrong codes count, the same one typed again counts
once, and what cannot be a code is not counted at all. But who is over it gets no answer about any
code, right or wrong, or the limit would be none.

Counted by address in the cache that all processes share. The address itself is not kept: its keyed
hash is. HONGHUI_PROXIES says which address is the reader's.
"""

from __future__ import annotations

import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

WRONG_MOST = 10
WITHIN_SECONDS = 600
_SALT = "honghui.processes.guessing"


def is_over(request: HttpRequest) -> bool:
    """One query."""
    return len(_recent(_key(request))) >= WRONG_MOST


def note_wrong(request: HttpRequest, code: str) -> None:
    """Two that are noted at the same moment may count as one: no harm."""
    key = _key(request)
    wrong = _recent(key)
    wrong[_hashed(code)] = time.time()
    cache.set(key, wrong, WITHIN_SECONDS)


def _recent(key: str) -> dict[str, float]:
    """By keyed hash of the code: when it was last tried."""
    since = time.time() - WITHIN_SECONDS
    return {code: at for code, at in (cache.get(key) or {}).items() if at > since}


def _key(request: HttpRequest) -> str:
    return f"trace-guess-{_hashed(_network(get_adapter().get_client_ip(request)))}"


def _network(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)


def _hashed(text: str) -> str:
    return salted_hmac(_SALT, text).hexdigest()
