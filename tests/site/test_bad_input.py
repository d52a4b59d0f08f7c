"""What people, tabs left open and strangers send: a clear word in their language, nothing written.

Every case is tried at the Chinese address and at the English one, and the sentence must come in
the reader's language.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import translation

from honghui.journal.models import Act
from honghui.registry import identities
from honghui.registry.models import (
    Account,
    Affiliation,
    GrassRootsUnit,
    Organisation,
    Person,
    PersonPair,
    SearchEntry,
)
from tests.registry.samples import REASON, person, resident_id

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
ID = resident_id(931)
CODE = "91990100MA00000073"
FULL_WIDTH = str.maketrans("0123456789XMA", "０１２３４５６７８９ＸＭＡ")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SESSION_ENDED = "Your session has ended, so nothing was saved."
FORGED = "This form was not sent from our own page, or the page was open too long."
TOO_BIG = "What was sent is too large for this form."
NOTHING_HERE = "There is nothing here, or nothing that you may see."
ONCE_LOST = (
    "The page had lost the number that keeps a form from being sent twice. Send it once more."
)

languages = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """A request in English leaves English behind in its thread: no test inherits or leaves it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def _at(language: str, name: str, *args: Any) -> str:
    with translation.override(language):
        return reverse(name, args=args)


def _says(answer: Any, language: str, sentence: str) -> None:
    """The sentence stands on the page in this language, and the other language's does not."""
    page = html.unescape(answer.content.decode())
    lang = "en" if language == "en" else "zh-CN"
    assert f'<html lang="{lang}"' in page
    with translation.override("zh-hans"):
        chinese = translation.gettext(sentence)
    assert chinese != sentence, "the sentence is not translated"
    assert (sentence in page, chinese in page) == (language == "en", language != "en")


def _registering(**values: str) -> dict[str, str]:
    return {
        "once": uuid4().hex,
        "society": "330600",
        "name": "样例甲",
        "kind": "donor",
        **values,
    }


def _counted() -> tuple[int, ...]:
    tables = (Person, Affiliation, Organisation, GrassRootsUnit, PersonPair, SearchEntry, Act)
    return tuple(table.objects.count() for table in tables)


@contextmanager
def _nothing_written(*verbs: str) -> Iterator[None]:
    """No row more than before, but the acts named."""
    before = _counted()
    newest = Act.objects.latest("id").pk
    yield
    assert _counted()[:-1] == before[:-1]
    acts = Act.objects.filter(pk__gt=newest).order_by("id").values_list("verb", flat=True)
    assert list(acts) == list(verbs)


# ── sessions and forgeries ───────────────────────────────────────────────────────────────────


@languages
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_ended_session_is_told_so(sign_in: SignIn, language: str, method: str) -> None:
    client = sign_in("officer")
    Session.objects.all().delete()
    with _nothing_written():
        answer = getattr(client, method)(_at(language, "person_new"), _registering())
    assert answer.status_code == 401
    _says(answer, language, SESSION_ENDED)
    assert _at(language, "account_login") in answer.content.decode()


@languages
def test_a_post_without_any_session_is_told_so_too(client: Client, language: str) -> None:
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering())
    assert answer.status_code == 401
    _says(answer, language, SESSION_ENDED)


@languages
def test_a_first_visit_is_led_to_the_sign_in_and_back(client: Client, language: str) -> None:
    wanted = _at(language, "person_new")
    with _nothing_written():
        answer = client.get(wanted)
    assert answer.status_code == 302
    where, _mark, query = answer.headers["Location"].partition("?")
    assert query == f"next={wanted}"
    assert client.get(where).status_code == 200


@languages
def test_the_sign_in_page_a_visitor_is_led_to_speaks_their_language(
    client: Client, language: str
) -> None:
    answer = client.get(_at(language, "desk"))
    assert answer.headers["Location"].startswith(_at(language, "account_login"))


@languages
def test_a_forged_form_is_refused_in_our_own_words(language: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(username="officer"), backend=BACKEND)
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering())
    assert answer.status_code == 403
    _says(answer, language, FORGED)


@pytest.mark.parametrize("cookie", ["", "x", "../../etc/passwd", "'", "a" * 4000])
def test_a_made_up_session_cookie_is_nobody(client: Client, cookie: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/").status_code == 200
    assert client.get("/desk/").status_code in {302, 401}


# ── other people's things ────────────────────────────────────────────────────────────────────


@languages
@pytest.mark.parametrize("name", ["person", "person_change", "person_identity"])
def test_another_societys_person_is_not_found_and_the_look_is_an_act(
    sign_in: SignIn, language: str, name: str
) -> None:
    theirs = person("样例乙", society="330400")
    client = sign_in("officer")
    path = _at(language, name, theirs.pk)
    with _nothing_written("access.refused"):
        answer = client.get(path)
    assert answer.status_code == 404
    _says(answer, language, NOTHING_HERE)
    assert "样例乙" not in answer.content.decode()
    act = Act.objects.latest("id")
    assert act.after == {"code": "access.not_found", "method": "GET", "path": path}
    assert act.actor_id == Account.objects.get(username="officer").pk


def test_what_is_not_there_and_what_may_not_be_seen_look_the_same(sign_in: SignIn) -> None:
    client = sign_in("officer")
    theirs = client.get(reverse("person", args=[person("样例乙", society="330400").pk]))
    nothing = client.get(reverse("person", args=[uuid4()]))
    assert theirs.status_code == nothing.status_code == 404
    told = [(each.context["error"].code, str(each.context["error"])) for each in (theirs, nothing)]
    assert told[0] == told[1]


@languages
def test_a_society_one_may_not_register_for_is_no_choice(sign_in: SignIn, language: str) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(society="330400"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["society"]


# ── what is typed ────────────────────────────────────────────────────────────────────────────


@languages
def test_ten_megabytes_of_name_are_too_much(sign_in: SignIn, language: str) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(name="n" * 10_000_000))
    assert answer.status_code == 413
    _says(answer, language, TOO_BIG)


@languages
def test_ten_megabytes_of_name_in_a_plain_form_are_too_much(sign_in: SignIn, language: str) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(
            _at(language, "person_new"),
            f"name={'n' * 10_000_000}",
            content_type="application/x-www-form-urlencoded",
        )
    assert answer.status_code == 413
    _says(answer, language, TOO_BIG)


@languages
def test_a_thousand_fields_are_too_many(sign_in: SignIn, language: str) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(
            _at(language, "person_new"), {f"field{number}": "" for number in range(1000)}
        )
    assert answer.status_code == 413
    _says(answer, language, TOO_BIG)


@languages
def test_a_name_longer_than_its_field_is_refused_there(sign_in: SignIn, language: str) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(name="样" * 81))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]


@languages
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("样\x07例", "The text contains an invisible control character."),
        ("样\u202e例", "The text contains a character that reverses the reading direction."),
        ("样\ue000例", "The text contains a character that only some computers know."),
        ("样\ufffe例", "The text was damaged on its way here."),
    ],
    ids=["control", "direction", "private", "damaged"],
)
def test_a_troublesome_character_is_named_at_its_field(
    sign_in: SignIn, language: str, name: str, sentence: str
) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(name=name))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]
    _says(answer, language, sentence)


@languages
@pytest.mark.parametrize("field", ["name", "resident_id", "phone", "society", "kind", "once"])
def test_a_nul_anywhere_is_refused(sign_in: SignIn, language: str, field: str) -> None:
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(**{field: "3306\x0000"}))
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_full_width_digits_are_taken_and_kept_plain(sign_in: SignIn) -> None:
    client = sign_in("officer")
    given = _registering(
        resident_id=ID.translate(FULL_WIDTH), phone="13987654321".translate(FULL_WIDTH)
    )
    assert client.post(reverse("person_new"), given).status_code == 302
    made = Person.objects.get(name="样例甲")
    shown = identities.opened(made)
    assert (shown.resident_id, shown.phone) == (ID, "+8613987654321")
    assert (made.resident_id_tail, made.phone_tail) == (ID[-4:], "4321")


def test_a_full_width_credit_code_is_taken_and_kept_plain(sign_in: SignIn) -> None:
    client = sign_in("finance")
    given = {
        "once": uuid4().hex,
        "society": "330600",
        "name": "样例公司",
        "kind": "enterprise",
        "credit_code": CODE.translate(FULL_WIDTH),
    }
    assert client.post(reverse("organisation_new"), given).status_code == 302
    assert Organisation.objects.get(name="样例公司").credit_code == CODE


@languages
def test_an_id_with_a_wrong_check_character_is_refused_without_repeating_it(
    sign_in: SignIn, language: str
) -> None:
    wrong = ID[:-1] + ("1" if ID[-1] != "1" else "2")
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(resident_id=wrong))
    assert answer.status_code == 422
    _says(
        answer,
        language,
        "The id number has a typing mistake: its last character does not fit the others.",
    )
    errors = answer.context["form"].errors
    assert list(errors) == ["resident_id"]
    assert wrong not in str(errors)
    # The page may show it once only: in the box where it was typed.
    assert answer.content.decode().count(wrong) <= 1


@languages
def test_an_id_under_another_name_is_refused_without_telling_whose(
    sign_in: SignIn, language: str
) -> None:
    person("样例乙", society="330400", resident_id=ID)
    client = sign_in("officer")
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), _registering(resident_id=ID))
    assert answer.status_code == 409
    _says(answer, language, "This resident id is already registered under another name.")
    assert "样例乙" not in answer.content.decode()


@languages
def test_merging_a_person_with_themselves_is_a_conflict(sign_in: SignIn, language: str) -> None:
    made = person("样例甲")
    client = sign_in("officer")
    given = {"once": uuid4().hex, "other": str(made.pk), "reason": REASON}
    with _nothing_written():
        answer = client.post(_at(language, "person_same_as", made.pk), given)
    assert answer.status_code == 409
    _says(answer, language, "A record cannot be merged with itself.")


# ── sent twice ───────────────────────────────────────────────────────────────────────────────


def test_a_form_sent_twice_is_carried_out_once(sign_in: SignIn) -> None:
    client = sign_in("officer")
    given = _registering()
    first = client.post(reverse("person_new"), given)
    with _nothing_written():
        second = client.post(reverse("person_new"), given)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]


@languages
def test_a_form_sent_again_with_other_content_is_refused(sign_in: SignIn, language: str) -> None:
    client = sign_in("officer")
    given = _registering()
    client.post(reverse("person_new"), given)
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), {**given, "name": "样例乙"})
    assert answer.status_code == 409
    _says(
        answer,
        language,
        "This form was already sent once with different content, and that was carried out.",
    )


@languages
@pytest.mark.parametrize("once", ["", "x", "A" * 32, "0" * 31, "0" * 33, "é" * 32])
def test_a_form_without_its_key_is_handed_back_with_one(
    sign_in: SignIn, language: str, once: str
) -> None:
    client = sign_in("officer")
    given = _registering(once=once)
    with _nothing_written():
        answer = client.post(_at(language, "person_new"), given)
    assert answer.status_code == 422
    _says(answer, language, ONCE_LOST)
    again = {**given, "once": answer.context["form"].once_key}
    assert client.post(_at(language, "person_new"), again).status_code == 302


# ── odd addresses ────────────────────────────────────────────────────────────────────────────


@languages
@pytest.mark.parametrize(
    "path",
    [
        "societies/999999/",
        "nowhere/",
        "desk/people/no-id/",
        "societies/%27/",
        "societies/%F0%9F%80%84/",
    ],
)
def test_an_address_that_is_none_is_answered_by_our_own_page(
    client: Client, language: str, path: str
) -> None:
    prefix = "/en/" if language == "en" else "/"
    answer = client.get(prefix + path)
    assert answer.status_code == 404
    assert b'class="refusal"' in answer.content
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}"'.encode() in answer.content


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "1\x00", "１"])
def test_a_page_number_that_is_none_shows_the_nearest(sign_in: SignIn, page: str) -> None:
    assert sign_in("officer").get(reverse("people"), {"page": page}).status_code == 200


@pytest.mark.parametrize("path", ["/societies/%00/", "/en/societies/3306%0000/"])
def test_a_nul_in_an_address_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code in {400, 404}


def test_a_nul_in_the_address_does_not_break_the_record_of_a_refusal(sign_in: SignIn) -> None:
    pair = PersonPair.objects.get()
    answer = sign_in("officer").get(f"/desk/duplicates/%00/{pair.pk}/")
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:80@evil.example", ""])
def test_an_unknown_host_is_refused(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()
