"""Codes as people type them, codes that nobody has, and whoever tries many of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from honghui.funds.codes import in_groups
from honghui.funds.models import Fund
from honghui.kernel.ids import new_code
from honghui.registry import guessing
from tests.processes.giving import give, publish

KNOWN = "7K4M0Q2Z1HJN8XWA"


@pytest.fixture
def code(fund: Fund) -> str:
    gift = give(fund, 50_00)
    publish()
    type(gift).objects.filter(pk=gift.pk).update(code=KNOWN)
    return KNOWN


def wrong() -> str:
    return new_code(16)


@pytest.mark.parametrize(
    "typed",
    [
        KNOWN,
        "7k4m-0q2z-1hjn-8xwa",
        " 7K4M 0Q2Z 1HJN 8XWA ",
        "7K4M-OQ2Z-IHJN-8XWA",
        "7k4m-oq2z-lhjn-8xwa",
        "７Ｋ４Ｍ０Ｑ２Ｚ１ＨＪＮ８ＸＷＡ",
    ],
)
def test_a_code_is_read_as_people_type_it(client: Client, code: str, typed: str) -> None:
    answer = client.get("/trace/", {"code": typed})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/trace/{in_groups(code)}/"
    assert client.get(f"/trace/{typed.strip()}/").status_code == 200


def test_what_cannot_be_a_code_is_said_beside_the_box(client: Client, db: None) -> None:
    for typed in ("7K4M", "7K4M-0Q2Z-1HJN-8XWAA", "7K4M-0Q2Z-1HJN-8XWU", "<script>", "\u0000"):
        answer = client.get("/trace/", {"code": typed})
        assert answer.status_code == 422
        assert "这不是一个完整的查询码" in answer.content.decode()
        assert (
            b"<script>7" not in answer.content
            and b"&lt;script&gt;" in answer.content
            or (typed != "<script>")
        )
    assert client.get("/trace/").status_code == 200


def test_a_code_that_nobody_has_and_one_that_cannot_be_get_the_same_answer(
    client: Client, code: str
) -> None:
    first, second, malformed = (
        client.get(f"/trace/{one}/") for one in (wrong(), wrong(), "not-a-code")
    )
    bodies = {
        answer.content.replace(answer.wsgi_request.path.encode(), b"") for answer in (first, second)
    }
    assert len(bodies) == 1 and {first.status_code, malformed.status_code} == {404}
    assert first.content.count(b"<") == malformed.content.count(b"<")
    for answer in (first, malformed):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "没有一笔捐款是这个查询码" in answer.content.decode()
    for path in ("proof", "record"):
        assert client.get(f"/trace/{wrong()}/{path}").status_code == 404


def test_whoever_tries_many_codes_is_told_to_rest(client: Client, code: str) -> None:
    for _ in range(guessing.WRONG_MOST):
        assert client.get(f"/trace/{wrong()}/").status_code == 404
    for one in (wrong(), code):  # no answer about any code, right or wrong
        answer = client.get(f"/trace/{one}/")
        assert answer.status_code == 429
        assert "先歇一会儿" in answer.content.decode()
        assert client.get(f"/trace/{one}/proof").status_code == 429
    assert client.get("/trace/").status_code == 200
    other = client.get(f"/trace/{code}/", REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 200


def test_only_wrong_codes_count_and_the_same_one_once(client: Client, code: str) -> None:
    mistyped = wrong()
    for _ in range(guessing.WRONG_MOST + 5):
        assert client.get(f"/trace/{mistyped}/").status_code == 404
        assert client.get(f"/trace/{code}/").status_code == 200
        assert client.get("/trace/not-a-code/").status_code == 404
        assert client.get("/trace/", {"code": wrong()}).status_code == 302


def test_after_ten_minutes_it_is_forgotten(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(guessing.WRONG_MOST):
        client.get(f"/trace/{wrong()}/")
    assert client.get(f"/trace/{code}/").status_code == 429
    later = guessing.time.time() + guessing.WITHIN_SECONDS + 1
    monkeypatch.setattr(guessing.time, "time", lambda: later)
    assert client.get(f"/trace/{code}/").status_code == 200


def test_behind_a_proxy_the_reader_is_counted_and_not_the_proxy(
    client: Client, code: str, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(guessing.WRONG_MOST):
        client.get(f"/trace/{wrong()}/", headers={"X-Forwarded-For": "203.0.113.9"})
    guesser = client.get(f"/trace/{code}/", headers={"X-Forwarded-For": "203.0.113.9"})
    # What a guesser writes in front of the proxy's word changes nothing.
    liar = client.get(f"/trace/{code}/", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
    reader = client.get(f"/trace/{code}/", headers={"X-Forwarded-For": "203.0.113.10"})
    assert [guesser.status_code, liar.status_code, reader.status_code] == [429, 429, 200]


def test_a_whole_ipv6_network_is_one_guesser(client: Client, code: str) -> None:
    for number in range(guessing.WRONG_MOST):
        client.get(f"/trace/{wrong()}/", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert client.get(f"/trace/{code}/", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get(f"/trace/{code}/", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200
