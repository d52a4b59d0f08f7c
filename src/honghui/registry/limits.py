"""How often one sender may do something that costs us, by their address.

Counted in the cache that all processes share. The address itself is not kept: its keyed hash is.
Many people may share one address, so a limit only keeps one sender from keeping us busy; what must
stay secret is kept by randomness. HONGHUI_PROXIES says which address is the sender's.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Refused

_SALT = "honghui.registry.limits"


class TooOften(Refused):
    status = 429


@dataclass(frozen=True)
class Limit:
    """At most `most` times within `within_seconds`, from one address."""

    name: str
    most: int
    within_seconds: int = 600

    def count(self, request: HttpRequest) -> None:
        """Counts one more; raises TooOften "limits.…" over the limit. Two that are counted at the
        same moment may count as one: no harm."""
        window = int(time.time()) // self.within_seconds
        key = f"limit-{sender_key(request, self.name)}-{window}"
        count = int(cache.get(key) or 0) + 1
        cache.set(key, count, self.within_seconds)
        if count > self.most:
            raise TooOften(
                f"limits.{self.name}",
                _("From this address a great deal was sent in the last minutes."),
                _("Wait %(minutes)s minutes, then go on. Nothing that was sent is lost.")
                % {"minutes": self.within_seconds // 60},
            )


def sender_key(request: HttpRequest, name: str) -> str:
    """The sender's address as a key of the cache, another one for each `name`."""
    return f"{name}-{hashed(_network(get_adapter().get_client_ip(request)))}"


def hashed(text: str) -> str:
    return salted_hmac(_SALT, text).hexdigest()


def _network(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
