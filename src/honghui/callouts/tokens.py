"""The token of an answer link: whoever has it answers for that person.

The one hard idea: the database alone lets nobody answer. It holds a keyed hash, by which a token is
found, and the token sealed under the person's key, so that a later message can name the same link;
the keys of both are the installation's secret, which is not in the database.
"""

from __future__ import annotations

from uuid import UUID

from honghui.kernel import subject_keys
from honghui.kernel.ids import new_code

TOKEN_LENGTH = 16
"""80 random bits, as a gift's code has."""
CONTEXT = "callouts.invitation.token"
_KIND = "callouts.answer"


def new_token() -> str:
    return new_code(TOKEN_LENGTH)


def hashes_of(token: str) -> list[bytes]:
    """To find it by, under each secret of the installation."""
    return subject_keys.look_up_hashes(_KIND, token)


def kept(token: str, person_id: UUID, *, has_key: bool = True) -> dict[str, bytes]:
    """The two columns of an invitation. Of many: inside subject_keys.at_hand(). has_key: False for
    somebody who was erased: nothing can be sealed for them, and nobody asks them."""
    sealed = subject_keys.seal_for(person_id, token, CONTEXT) if has_key else b""
    return {"token_hash": subject_keys.look_up_hash(_KIND, token), "token_sealed": sealed}


def opened(sealed: bytes | memoryview, person_id: UUID) -> str:
    """ "" once the person's key was destroyed."""
    if not sealed:
        return ""
    return subject_keys.open_for(person_id, sealed, CONTEXT) or ""
