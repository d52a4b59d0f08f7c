"""Signing in and out, as a browser does it: forms posted, cookies kept, pages followed."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from honghui.journal.models import Act
from honghui.kernel import subject_keys
from honghui.kernel.sealing import MasterKeys, SealBroken, new_secret_text
from honghui.registry import second_factors
from honghui.registry.models import Account
from honghui.worlds import SAMPLE_PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
NEW_PASSWORD = "four larks over the Cao'e river"
RED_TEXT = re.compile(r'<div class="err"[^>]*>.*?</div>|<p class="err">.*?</p>', re.S)


@pytest.fixture(autouse=True)
def quick_passwords(db: None) -> None:
    Account.objects.update(password=make_password(SAMPLE_PASSWORD))


def enter(
    client: Client, username: str, password: str = SAMPLE_PASSWORD, *, at: str = LOGIN, **more: str
) -> HttpResponse:
    return client.post(at, {"login": username, "password": password, **more})


def verbs_of(username: str) -> list[str]:
    account = Account.objects.get(username=username)
    return list(
        Act.objects.filter(actor_id=account.pk).order_by("id").values_list("verb", flat=True)
    )


class Telephone:
    """An authenticator app whose half minutes pass when the test says so."""

    def __init__(self) -> None:
        self.half_minutes = 53_000_000

    def counters(self) -> Iterator[int]:
        yield self.half_minutes

    def code(self, secret: str) -> str:
        self.half_minutes += 1
        return totp.format_hotp_value(totp.hotp_value(secret, self.half_minutes))


PHONE = Telephone()


@pytest.fixture(autouse=True)
def time_of_the_telephone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", PHONE.counters)


def say_again(client: Client, then: str) -> HttpResponse:
    """Through the "is it still you?" page to where one wanted to go."""
    response = client.post("/account/reauthenticate/", {"password": SAMPLE_PASSWORD, "next": then})
    assert response["Location"] == then
    return client.get(then)


def add_app(client: Client) -> str:
    """Sets the authenticator app up and gives its secret."""
    page = say_again(client, "/account/2fa/totp/activate/")
    secret = re.search(r'<code class="hash">([A-Z2-7]+)</code>', page.content.decode())
    assert secret
    answer = client.post("/account/2fa/totp/activate/", {"code": PHONE.code(secret[1])})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    return secret[1]


# ── in and out ───────────────────────────────────────────────────────────────────────────────


def test_signing_in_and_out_are_acts(client: Client) -> None:
    response = enter(client, "officer")
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    assert client.get("/account/logout/").status_code == 200
    assert client.post("/account/logout/")["Location"] == "/"
    assert verbs_of("officer")[-2:] == ["registry.account.signed_in", "registry.account.signed_out"]
    assert client.get("/desk/").status_code in {302, 401}


def test_signing_out_needs_a_click_and_our_own_page(client: Client) -> None:
    enter(client, "officer")
    client.get("/account/logout/")
    assert client.get("/desk/").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/account/logout/").status_code == 403
    assert client.get("/desk/").status_code == 200


def test_in_english_one_comes_to_the_english_desk(client: Client) -> None:
    assert enter(client, "officer", at="/en/account/login/")["Location"] == "/en/desk/"


def test_a_name_in_capitals_with_blanks_is_the_same_name(client: Client) -> None:
    assert enter(client, " Officer ")["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("/account/login/", "账号名或密码不对。核对后再试。"),
        ("/en/account/login/", "The username and/or password you specified are not correct."),
    ],
)
@pytest.mark.parametrize("username", ["officer", "nobody-of-this-name"])
def test_a_wrong_password_says_so_and_not_which_half_was_wrong(
    client: Client, at: str, sentence: str, username: str
) -> None:
    response = enter(client, username, "wrong", at=at)
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert 'type="password"' in page
    assert 'value="wrong"' not in page


def test_somebody_without_a_role_comes_to_the_front_page_and_is_told(client: Client) -> None:
    response = client.post(
        f"{LOGIN}?next=/desk/", {"login": "outsider", "password": SAMPLE_PASSWORD}, follow=True
    )
    assert response.redirect_chain == [("/", 302)]
    assert 'class="flash"' in response.content.decode()
    assert response.status_code == 200


def test_a_closed_account_stays_shut(client: Client) -> None:
    Account.objects.filter(username="officer").update(is_active=False)
    response = client.post(LOGIN, {"login": "officer", "password": SAMPLE_PASSWORD}, follow=True)
    assert response.redirect_chain == [("/account/inactive/", 302)]
    assert client.get("/desk/").status_code != 200
    assert "registry.account.signed_in" not in verbs_of("officer")


def test_closing_an_account_ends_its_open_sessions(client: Client) -> None:
    enter(client, "officer")
    Account.objects.filter(username="officer").update(is_active=False)
    assert client.get("/desk/").status_code == 401


def test_what_we_do_not_offer_has_no_page(client: Client) -> None:
    for path in ("signup/", "email/", "password/set/", "password/reset/", "confirm-email/"):
        assert client.get(f"/account/{path}").status_code == 404, path
    page = client.get("/en/account/password/forgotten/")
    assert page.status_code == 200
    assert "An administrator gives you a new password" in page.content.decode()
    assert client.post("/account/password/forgotten/", {"email": "a@b.cn"}).status_code == 405


@pytest.mark.parametrize("name", ["x" * 41, "officer\x00", "zhāng", "'; DROP TABLE", "１２３"])
def test_a_strange_name_is_answered_with_a_page(client: Client, name: str) -> None:
    response = enter(client, name)
    assert response.status_code == 200
    assert RED_TEXT.search(response.content.decode())


# ── where one comes to afterwards ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        r"\\elsewhere.example",
        "https:elsewhere.example",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("how", ["query", "field"])
def test_next_never_leads_away_from_here(client: Client, target: str, how: str) -> None:
    if how == "query":
        client.get(LOGIN, {"next": target})
        response = client.post(
            f"{LOGIN}?{'next='}{target}", {"login": "officer", "password": SAMPLE_PASSWORD}
        )
    else:
        response = enter(client, "officer", next=target)
    assert response["Location"] == "/desk/"
    assert client.post("/account/logout/", {"next": target})["Location"] == "/"


def test_next_leads_back_to_the_page_one_wanted(client: Client) -> None:
    assert client.get("/desk/people/")["Location"] == f"{LOGIN}?next=/desk/people/"
    assert enter(client, "officer", next="/desk/people/")["Location"] == "/desk/people/"


# ── the session ──────────────────────────────────────────────────────────────────────────────


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(client: Client) -> None:
    response = enter(client, "officer")
    cookie = response.cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""  # ends with the browser
    assert client.session.get_expiry_age() <= 8 * 3600


def test_behind_tls_the_cookies_are_secure(client: Client, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get(LOGIN)
    response = enter(client, "officer")
    assert response.cookies["sessionid"]["secure"] is True
    assert response.cookies["csrftoken"]["secure"] is True


def test_signing_in_changes_the_session_key(client: Client) -> None:
    session = client.session
    session["planted"] = "before"
    session.save()
    enter(client, "officer")
    assert client.session.session_key != session.session_key


def test_pages_of_the_account_are_not_kept_by_the_browser(client: Client) -> None:
    assert "no-store" in client.get(LOGIN)["Cache-Control"]


# ── lock-out ─────────────────────────────────────────────────────────────────────────────────


def fail_ten_times(client: Client, username: str = "officer") -> HttpResponse:
    for number in range(9):
        # Neither capitals nor another browser make a fresh count.
        spelled = username.upper() if number % 2 else username
        client.defaults["HTTP_USER_AGENT"] = f"browser {number % 3}"
        assert enter(client, spelled, f"wrong {number}").status_code == 200
    return enter(client, username, "wrong again")


def test_ten_wrong_passwords_lock_the_name_for_that_address(client: Client) -> None:
    locked = fail_ten_times(client)
    assert locked.status_code == 429
    assert "web.locked_out" in locked.content.decode()
    assert Act.objects.filter(verb="registry.account.locked_out").count() == 1
    assert enter(client, "officer").status_code == 429
    assert enter(client, "OFFICER").status_code == 429
    assert client.get("/desk/").status_code != 200


def test_a_lock_out_touches_nobody_else(client: Client) -> None:
    fail_ten_times(client)
    assert enter(Client(), "officer2")["Location"] == "/desk/"
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert enter(elsewhere, "officer")["Location"] == "/desk/"


def test_a_lock_out_ends_by_itself(client: Client) -> None:
    fail_ten_times(client)
    attempts = AccessAttempt.objects.all()
    for attempt in attempts:
        attempt.attempt_time -= timedelta(minutes=16)
    AccessAttempt.objects.bulk_update(attempts, ["attempt_time"])
    assert enter(client, "officer")["Location"] == "/desk/"


def test_signing_in_forgets_the_wrong_tries(client: Client) -> None:
    for number in range(9):
        enter(client, "officer", f"wrong {number}")
    enter(client, "officer")
    client.post("/account/logout/")
    assert enter(client, "officer", "wrong").status_code == 200


def test_what_was_typed_is_not_kept(client: Client) -> None:
    enter(client, "officer", "my other password")
    kept = AccessAttempt.objects.get()
    assert "my other password" not in f"{kept.get_data}{kept.post_data}{kept.path_info}"


def test_one_address_asks_thirty_times_a_minute_at_most(client: Client) -> None:
    for number in range(30):
        assert enter(client, f"name-{number}", "wrong").status_code == 200
    response = enter(client, "officer")
    assert response.status_code == 429
    assert "web.too_many" in response.content.decode()


def test_guessing_at_the_second_question_locks_too(client: Client) -> None:
    enter(client, "administrator")
    for number in range(9):
        answer = client.post("/account/reauthenticate/", {"password": f"wrong {number}"})
        assert answer.status_code == 200
    assert client.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 429
    again = client.post("/account/reauthenticate/", {"password": SAMPLE_PASSWORD})
    assert again.status_code == 429


# ── a password of one's own ──────────────────────────────────────────────────────────────────


def change(client: Client, old: str, new: str, again: str = "") -> HttpResponse:
    form = {"oldpassword": old, "password1": new, "password2": again or new}
    return client.post("/account/password/change/", form)


def test_a_given_password_is_changed_before_anything_else(client: Client) -> None:
    Account.objects.filter(username="officer").update(must_change_password=True)
    enter(client, "officer")
    for path in ("/desk/", "/desk/people/", "/desk/people/new/", "/desk/duplicates/"):
        assert client.get(path)["Location"] == "/account/password/change/", path
    assert (
        client.post("/desk/people/new/", {"name": "林"})["Location"] == "/account/password/change/"
    )
    assert client.get("/en/desk/")["Location"] == "/en/account/password/change/"
    assert client.get("/account/password/change/").status_code == 200
    assert change(client, SAMPLE_PASSWORD, NEW_PASSWORD)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    account = Account.objects.get(username="officer")
    assert account.check_password(NEW_PASSWORD)
    assert not account.must_change_password
    assert verbs_of("officer")[-1] == "registry.account.password_changed"


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", NEW_PASSWORD, NEW_PASSWORD),
        (SAMPLE_PASSWORD, "short", "short"),
        (SAMPLE_PASSWORD, "password1234", "password1234"),
        (SAMPLE_PASSWORD, "officer-12345", "officer-12345"),
        (SAMPLE_PASSWORD, NEW_PASSWORD, "something else"),
        (SAMPLE_PASSWORD, SAMPLE_PASSWORD, SAMPLE_PASSWORD),
    ],
)
def test_a_bad_new_password_changes_nothing(client: Client, old: str, new: str, again: str) -> None:
    Account.objects.filter(username="officer").update(must_change_password=True)
    enter(client, "officer")
    response = change(client, old, new, again)
    assert response.status_code == 200
    assert RED_TEXT.search(response.content.decode())
    account = Account.objects.get(username="officer")
    assert account.must_change_password
    assert account.check_password(SAMPLE_PASSWORD)
    assert "registry.account.password_changed" not in verbs_of("officer")


def test_a_new_password_ends_all_other_sessions(client: Client) -> None:
    other = Client()
    enter(other, "officer")
    enter(client, "officer")
    change(client, SAMPLE_PASSWORD, NEW_PASSWORD)
    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 401


# ── is it still you? ─────────────────────────────────────────────────────────────────────────


def test_administrator_mode_asks_again_who_one_is(client: Client) -> None:
    enter(client, "administrator")
    asked = client.get("/desk/admin-mode/")
    assert asked["Location"] == "/account/reauthenticate/?next=%2Fdesk%2Fadmin-mode%2F"
    wrong = client.post("/account/reauthenticate/", {"password": "wrong"})
    assert wrong.status_code == 200
    assert client.get("/desk/admin-mode/").status_code == 302
    assert say_again(client, "/desk/admin-mode/").status_code == 200


def test_the_answer_holds_for_five_minutes(client: Client) -> None:
    enter(client, "administrator")
    assert say_again(client, "/desk/admin-mode/").status_code == 200
    session = client.session
    for entry in session["account_authentication_methods"]:
        entry["at"] = time.time() - 301
    session.save()
    assert client.get("/desk/admin-mode/").status_code == 302


# ── the second factor ────────────────────────────────────────────────────────────────────────


def test_an_app_is_added_and_asked_for(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    enter(client, "finance")
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_app(client)
    assert verbs_of("finance")[-2:] == ["registry.account.factor_added"] * 2
    client.post("/account/logout/")
    assert enter(client, "finance")["Location"] == "/account/2fa/authenticate/"
    assert client.get("/desk/").status_code != 200
    assert "registry.account.signed_in" not in verbs_of("finance")[-1:]
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000x"})
    assert wrong.status_code == 200
    assert "验证码不对。等应用显示下一个，再填。" in wrong.content.decode()
    assert (
        client.post("/account/2fa/authenticate/", {"code": PHONE.code(secret)})["Location"]
        == "/desk/"
    )
    assert client.get("/desk/").status_code == 200


def test_a_recovery_code_opens_once(client: Client) -> None:
    enter(client, "finance")
    add_app(client)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li><code>(\d{8})</code></li>", page)
    assert len(codes) == 10
    saved = client.get("/account/2fa/recovery-codes/download/")
    assert saved.content.decode().split() == codes
    for expected in (302, 200):
        client.post("/account/logout/")
        enter(client, "finance")
        answer = client.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected
    assert client.post("/account/2fa/authenticate/", {"code": codes[1]})["Location"] == "/desk/"


def stored_factors() -> str:
    """The library's table as the database keeps it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM mfa_authenticator t")
        return str(cursor.fetchone())


def test_what_a_factor_rests_on_is_stored_sealed(client: Client) -> None:
    enter(client, "finance")
    secret = add_app(client)
    seed = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    kept = stored_factors()
    assert kept.count("sealed:") == 2
    for value in (secret, second_factors.opened(seed.instance.data["seed"])):
        assert value not in kept
        assert base64.b64encode(value.encode()).decode() not in kept
    assert not any(code in kept for code in seed.generate_codes())


def test_a_secret_that_somebody_wrote_into_the_table_opens_nothing(client: Client) -> None:
    enter(client, "finance")
    add_app(client)
    client.post("/account/logout/")
    known = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.filter(type="totp").update(data={"secret": known})
    enter(client, "finance")
    with pytest.raises(SealBroken):
        client.post("/account/2fa/authenticate/", {"code": PHONE.code(known)})


def test_an_older_installations_factors_are_sealed_by_the_migration(client: Client) -> None:
    enter(client, "finance")
    secret = add_app(client)
    for row in Authenticator.objects.all():
        row.data = {name: opened_if_sealed(value) for name, value in row.data.items()}
        row.save()
    assert secret in stored_factors()
    migration = import_module("honghui.registry.migrations.0002_seal_second_factors")
    for _twice in range(2):
        migration.seal(apps, None)
    assert secret not in stored_factors()
    client.post("/account/logout/")
    enter(client, "finance")
    answer = client.post("/account/2fa/authenticate/", {"code": PHONE.code(secret)})
    assert answer["Location"] == "/desk/"


def opened_if_sealed(value: object) -> object:
    return second_factors.opened(value) if str(value).startswith("sealed:") else value


def test_factors_outlive_a_new_sealing_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = new_secret_text(), new_secret_text()
    monkeypatch.setattr(subject_keys, "master_keys", lambda: MasterKeys.from_texts([old]))
    enter(client, "finance")
    secret = add_app(client)
    both = MasterKeys.from_texts([new, old])
    monkeypatch.setattr(subject_keys, "master_keys", lambda: both)
    client.post("/account/logout/")
    enter(client, "finance")
    answer = client.post("/account/2fa/authenticate/", {"code": PHONE.code(secret)})
    assert answer["Location"] == "/desk/"


def test_guessing_codes_is_stopped(client: Client) -> None:
    enter(client, "finance")
    secret = add_app(client)
    client.post("/account/logout/")
    enter(client, "finance")
    for number in range(5):
        client.post("/account/2fa/authenticate/", {"code": f"00000{number}x"})
    answer = client.post("/account/2fa/authenticate/", {"code": PHONE.code(secret)})
    assert answer.status_code == 200
    assert "登录失败太多次" in answer.content.decode()


def test_a_factor_is_added_only_after_saying_who_one_is(client: Client) -> None:
    enter(client, "finance")
    for path in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        answer = client.get(f"/account/2fa/{path}")
        assert answer["Location"].startswith("/account/reauthenticate/?next="), path


def test_switching_the_app_off_is_an_act(client: Client) -> None:
    enter(client, "finance")
    add_app(client)
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200
    assert client.post("/account/2fa/totp/deactivate/")["Location"] == "/account/2fa/"
    assert not Authenticator.objects.exists()
    assert set(verbs_of("finance")[-2:]) == {"registry.account.factor_removed"}


@pytest.mark.parametrize("username", ["finance", "administrator", "auditor", "officer"])
def test_a_strong_role_needs_a_second_factor(
    client: Client, settings: Settings, username: str
) -> None:
    settings.REQUIRE_MFA = True
    enter(client, username)
    response = client.get("/desk/")
    assert response["Location"] == "/account/2fa/"
    page = client.get("/account/2fa/").content.decode()
    assert 'class="flash"' in page
    assert "/account/2fa/totp/activate/" in page
    add_app(client)
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("username", ["trainer", "storekeeper"])
def test_other_roles_do_not(client: Client, settings: Settings, username: str) -> None:
    settings.REQUIRE_MFA = True
    enter(client, username)
    assert client.get("/desk/").status_code == 200


def test_the_password_comes_before_the_factor(
    client: Client, settings: Settings, sign_in: Callable[[str], Client]
) -> None:
    settings.REQUIRE_MFA = True
    Account.objects.filter(username="officer").update(must_change_password=True)
    enter(client, "officer")
    assert client.get("/desk/")["Location"] == "/account/password/change/"
    assert change(client, SAMPLE_PASSWORD, NEW_PASSWORD)["Location"] == "/desk/"
    assert client.get("/desk/")["Location"] == "/account/2fa/"


# ── every page in both languages ─────────────────────────────────────────────────────────────

PAGES = [
    "/account/password/change/",
    "/account/logout/",
    "/account/2fa/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/reauthenticate/",
    "/account/reauthenticate/",
]


def test_every_page_is_ours_in_both_languages(client: Client) -> None:
    enter(client, "finance")
    add_app(client)
    for path in PAGES:
        for prefix, language in (("", "zh-CN"), ("/en", "en")):
            response = client.get(prefix + path)
            page = response.content.decode()
            assert response.status_code == 200, path
            assert f'<html lang="{language}"' in page
            assert page.count("<h1") == 1, path
            assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page), path
            assert not re.search(r"\s(?:style|on[a-z]+)=", page), path
