"""Web push: to every browser of a person, encrypted for it. A browser that the push service has
forgotten (404, 410) is forgotten here too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from honghui.kernel import clock
from honghui.messaging.channels.base import (
    Accepted,
    Browser,
    Busy,
    NoAnswer,
    NotAsked,
    Outgoing,
    Refused,
    Result,
    post,
)
from honghui.messaging.channels.push_sealing import (
    are_keys,
    authorization,
    from_unpadded,
    own_key,
    public_bytes,
    sealed_for,
    unpadded,
)

LASTS_SECONDS = 4 * 3600
_GONE = frozenset({404, 410})


def public_key() -> str:
    """What a browser needs to subscribe to us."""
    return unpadded(public_bytes(own_key(Path(settings.PUSH_KEY))))


def may_post_to(endpoint: str) -> bool:
    """Only to push services that are set: a browser names the address, so anybody can."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(
        host.endswith(each) if each.startswith(".") else host == each
        for each in (one.strip() for one in settings.PUSH_HOSTS)
        if each
    )
    is_local = host in {"localhost", "127.0.0.1"} and host in settings.PUSH_HOSTS
    return known and (parts.scheme == "https" or is_local) and not parts.username


class WebPush:
    batch_max = 1

    def is_set_up(self) -> bool:
        return bool(settings.PUSH_CONTACT)

    def hand_over(self, out_id: str, outgoing: Sequence[Outgoing]) -> Result:
        (one,) = outgoing
        gone, taken, busy = [], False, ""
        for browser in one.browsers:
            try:
                status = _post(browser, out_id, one)
            except (NotAsked, NoAnswer) as error:
                busy = str(error)
                continue
            if status in _GONE:
                gone.append(browser.id)
            elif status == 429:
                busy = "status_429"
            elif status < 300:
                taken = True
        if taken:
            return Accepted(ended=tuple(gone))
        if busy:
            # The same Topic replaces what still waits there: once more is once.
            return Busy(busy, 5.0)
        code = "no_browser" if len(gone) == len(one.browsers) else "push_refused"
        return Refused(code, tuple(gone))

    def became_of(self, out_id: str, one: Outgoing, sent_on: str) -> Result:
        return self.hand_over(out_id, [one])


def _post(browser: Browser, out_id: str, one: Outgoing) -> int:
    if not may_post_to(browser.endpoint) or not are_keys(browser.p256dh, browser.auth):
        return 410
    said = {"text": one.text, "link": one.link, "tag": str(one.message_id)}
    body = sealed_for(
        from_unpadded(browser.p256dh),
        from_unpadded(browser.auth),
        json.dumps(said, ensure_ascii=False).encode(),
    )
    parts = urlsplit(browser.endpoint)
    headers = {
        "Authorization": authorization(
            own_key(Path(settings.PUSH_KEY)),
            audience=f"{parts.scheme}://{parts.netloc}",
            contact=settings.PUSH_CONTACT,
            now_seconds=int(clock.machine_now().timestamp()),
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LASTS_SECONDS),
        "Urgency": "high",
        # At most 32 characters of base64url: an id's hex is as long.
        "Topic": one.message_id.hex,
    }
    return post(browser.endpoint, body, headers).status
