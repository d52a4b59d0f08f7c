"""What a second factor rests on (the secret of an app, the seed of recovery codes), sealed.

The library keeps such a secret as text in a table of its own and asks us to make it unreadable,
without saying whose it is. So one key seals them all: the installation's own, kept among the keys
of persons, and therefore wrapped anew with them when the sealing secret changes.
"""

from __future__ import annotations

import base64
from uuid import UUID

from honghui.kernel import subject_keys

# No person's: their ids are of version 7.
SUBJECT = UUID(int=2)
CONTEXT = "mfa.authenticator.secret"
_MARK = "sealed:"


def sealed(secret: str) -> str:
    """The secret as the library may store it."""
    blob = subject_keys.seal_for(SUBJECT, secret, CONTEXT)
    return _MARK + base64.b64encode(blob).decode()


def opened(stored: str) -> str:
    """The secret again. Whatever was not sealed by us is refused: a secret that somebody wrote
    into the table would open the account to them."""
    blob = base64.b64decode(stored.removeprefix(_MARK).encode()) if is_sealed(stored) else b""
    secret = subject_keys.open_for(SUBJECT, blob, CONTEXT)
    assert secret is not None, "the installation's own key is never destroyed"
    return secret


def is_sealed(stored: str) -> bool:
    return stored.startswith(_MARK)
