"""Ids: UUID version 7 (RFC 9562), so that rows sort by birth and indexes stay narrow.

Made here and not by the database: `uuidv7()` exists only from PostgreSQL 18, we run on 15 too.
An id's time is the machine's, never the world's clock, and no rule may read it.
"""

from __future__ import annotations

import secrets
from uuid import UUID

import uuid6

# Crockford's base 32: no I, L, O, U, so a code survives being read out over a telephone.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A fresh id, sorted after the ones made before it on this machine."""
    return UUID(int=uuid6.uuid7().int)


def new_public_id() -> str:
    """128 random bits in hex, for what the public sees: it tells nothing, not even when."""
    return secrets.token_hex(16)


def new_code(length: int) -> str:
    """An unguessable code of `length` characters, five bits each, to be typed by people."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def parse_id(text: str) -> UUID | None:
    """The id in `text`, or None: an address typed by a stranger is no exception."""
    try:
        return UUID(text)
    except ValueError:
        return None
