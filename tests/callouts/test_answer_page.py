"""The answer page: by link, without signing in, and never by looking."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from honghui.callouts.actions.ending import cancel_call_out, close_call_out
from honghui.callouts.models import Answer, Invitation
from honghui.callouts.tokens import new_token
from honghui.journal.models import Act
from tests.callouts.conftest import SYSTEM, draft, rows

pytestmark = pytest.mark.django_db

BOTS = (
    "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; Googlebot/2.1)", "WhatsApp/2.23",
    "TelegramBot (like TwitterBot)", "Slackbot-LinkExpanding 1.0",
    "Mozilla/5.0 MicroMessenger/8.0 (link preview)",
)  # fmt: skip


@pytest.fixture
def one(call) -> Invitation:
    return rows(call())[0]


def address(one: Invitation, language: str = "") -> str:
    return f"{language}/answer/{one.token}/"


def press(one: Invitation, answer: str, client: Client | None = None):
    client = client or Client()
    once = client.get(address(one)).context["form"].once_key
    return client.post(address(one), {"answer": answer, "once": once})


def test_whoever_has_the_link_reads_what_where_and_who_calls(one: Invitation) -> None:
    page = Client().get(address(one)).content.decode()
    for said in ("槽罐车爆炸救援", "人民医院东门", "绍兴市红十字会", "搜救队", "这是真的吗"):
        assert said in page
    # What others are asked is nobody's business.
    assert "队员" not in page
    english = Client().get(address(one, "/en")).content.decode()
    assert "Tanker explosion" in english
    assert "Hospital, east gate" in english


@pytest.mark.parametrize("agent", BOTS)
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_is_not_answering(one: Invitation, agent: str, method: str) -> None:
    before = Act.objects.count()
    for purpose in ("", "prefetch"):
        for query in ("", "?answer=coming", "?answer=declined&once=" + "0" * 32):
            getattr(Client(), method)(
                address(one) + query, headers={"user-agent": agent, "sec-purpose": purpose}
            )
    one.refresh_from_db()
    assert (one.state, one.answered_at) == ("asked", None)
    assert not Answer.objects.exists()
    assert Act.objects.count() == before


def test_one_press_says_that_they_come_and_when(one: Invitation) -> None:
    answer = press(one, "coming-30")
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.state == "coming"
    assert one.answers.get().via == "link"
    assert one.answers.get().eta_minutes == 30
    page = Client().get(address(one)).content.decode()
    assert "09:30" in page


def test_a_mind_may_be_changed_until_it_is_closed(one: Invitation) -> None:
    press(one, "coming")
    press(one, "declined")
    press(one, "if_short")
    one.refresh_from_db()
    assert one.state == "if_short"
    assert list(one.answers.values_list("changes", flat=True)) == [False, True, True]


def test_the_same_form_sent_twice_is_one_answer(one: Invitation) -> None:
    client = Client()
    once = client.get(address(one)).context["form"].once_key
    for _twice in range(2):
        client.post(address(one), {"answer": "coming", "once": once})
    assert one.answers.count() == 1


NO_BUTTON = (
    *("", "unclear", "coming-", "coming--5", "coming-99999", "coming-٣", "declined-5"),
    *("<script>", "x" * 5000),
)


@pytest.mark.parametrize("answer", NO_BUTTON)
def test_what_no_button_says_is_refused(one: Invitation, answer: str) -> None:
    response = press(one, answer)
    # "coming-" is a coming without a time, as a browser without the number would send it.
    assert response.status_code == (302 if answer == "coming-" else 422)
    assert one.answers.count() == (answer == "coming-")


def test_a_form_of_another_site_is_refused(one: Invitation) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(address(one), {"answer": "coming", "once": "0" * 32})
    assert response.status_code == 403
    assert not one.answers.exists()


def test_nobody_keeps_the_page_and_no_other_site_learns_of_it(one: Invitation) -> None:
    for response in (Client().get(address(one)), Client().get(f"/answer/{new_token()}/")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_it_works_without_scripts(one: Invitation) -> None:
    page = Client().get(address(one)).content.decode()
    assert page.count('name="answer"') >= 7
    assert 'method="post"' in page
    assert "onclick" not in page


def test_a_forged_token_and_that_of_a_draft_open_nothing(one: Invitation, people) -> None:
    cache.clear()
    unsent = draft(people)
    for token in (new_token(), "x", "0" * 200, "../../desk", rows(unsent)[0].token):
        response = Client().get(f"/answer/{token}/")
        assert response.status_code == 404
        assert Client().post(f"/answer/{token}/", {"answer": "coming"}).status_code in (403, 404)
    assert not Answer.objects.exists()


def test_whoever_guesses_is_slowed_down_and_those_who_have_links_elsewhere_are_not(one) -> None:
    cache.clear()
    for _try in range(10):
        assert Client().get(f"/answer/{new_token()}/").status_code == 404
    assert Client().get(f"/answer/{new_token()}/").status_code == 429
    # Over the limit nothing is said of any link, right or wrong.
    assert Client().get(address(one)).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(address(one)).status_code == 200
    cache.clear()


def test_after_the_end_they_are_told_so_and_the_leader_sees_it(call) -> None:
    made = call()
    one = rows(made)[0]
    client = Client()
    once = client.get(address(one)).context["form"].once_key
    close_call_out(by=SYSTEM, call_out=made, reason="人已到齐")
    # The page was open on the telephone when it closed.
    client.post(address(one), {"answer": "coming-30", "once": once})
    page = client.get(address(one)).content.decode()
    assert "召集已结束，谢谢你" in page
    assert 'name="answer"' not in page
    one.refresh_from_db()
    assert one.state == "asked"
    assert one.answers.get().is_late


def test_a_call_out_that_is_called_off_says_turn_back(call) -> None:
    made = call()
    cancel_call_out(by=SYSTEM, call_out=made, reason="误报")
    assert "请不要出发" in Client().get(address(rows(made)[0])).content.decode()


def test_a_drill_says_so_first(call) -> None:
    made = call(is_drill=True)
    assert "演练" in Client().get(address(rows(made)[0])).content.decode()


def test_a_stand_by_asks_for_standing_by(call) -> None:
    one = rows(call(kind="stand_by"))[0]
    assert press(one, "stand_by").status_code == 302
    one.refresh_from_db()
    assert one.state == "coming"


def test_whoever_is_signed_in_answers_as_the_link_says(one: Invitation, sign_in) -> None:
    press(one, "coming", sign_in("officer"))
    act = Act.objects.get(verb="callouts.answer.given")
    assert (act.actor_id, one.answers.get().noted_by_id) == (None, None)


def test_hostile_words_are_shown_as_words(call) -> None:
    one = rows(call(title="<script>alert(1)</script>", place='"><img src=x>'))[0]
    page = Client().get(address(one)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_the_page_asks_the_database_little(one: Invitation, django_assert_max_num_queries) -> None:
    client = Client()
    client.get(address(one))
    with django_assert_max_num_queries(4):
        client.get(address(one))
    assert reverse("answer", args=[one.token]) == address(one)
