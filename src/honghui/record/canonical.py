"""Canonical JSON (RFC 8785), for values without floats whose keys are all ASCII: keys in order, no
blanks, the shortest escapes, UTF-8."""

from __future__ import annotations

from msgspec.json import Encoder

canonical = Encoder(order="sorted").encode
