"""What `honghui up` tells whoever started it."""

from __future__ import annotations

from typing import Any

import pytest

from honghui.site.up import name_of, welcome


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "localhost"),
        ("192.0.2.7", "192.0.2.7"),
        ("redcross.example.org", "redcross.example.org"),
    ],
)
def test_the_address_is_a_name_where_there_is_one(host: str, shown: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert name_of(host) == shown


def test_a_name_that_would_be_refused_is_not_printed(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert name_of("127.0.0.1") == "127.0.0.1"


def test_the_welcome_is_an_address_at_which_passkeys_work(
    db: None, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    welcome("127.0.0.1", 8123)
    said = capsys.readouterr().out
    assert "http://localhost:8123/en/" in said and "127.0.0.1" not in said
