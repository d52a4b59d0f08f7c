"""A door reads what was named, or a stream that ends by itself, and never more than it may."""

from __future__ import annotations

import io

import pytest

from honghui.kernel.doors import read_body

MOST = 10


@pytest.mark.parametrize(
    ("environ", "sent", "read"),
    [
        ({"CONTENT_LENGTH": "4"}, b"told, and the next", b"told"),
        ({"wsgi.input_terminated": True}, b"told", b"told"),
        ({"wsgi.input_terminated": True}, b"x" * MOST, b"x" * MOST),
        ({"wsgi.input_terminated": True}, b"x" * (MOST + 1), None),
        ({"CONTENT_LENGTH": str(MOST + 1)}, b"x" * (MOST + 1), None),
        ({"CONTENT_LENGTH": "1000000"}, b"x", None),
        ({}, b"never ends", b""),
        ({"CONTENT_LENGTH": "-1"}, b"told", b""),
    ],
)
def test_a_body_is_read_so_far(environ: dict[str, object], sent: bytes, read: bytes | None) -> None:
    assert read_body({**environ, "wsgi.input": io.BytesIO(sent)}, MOST) == read
