"""The receipt as a PDF: the code is its key, and it gives nobody away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdfium2 import PdfDocument

from honghui.funds.actions.donations import withdraw_name
from honghui.funds.codes import in_groups
from honghui.funds.models import Donation, Fund
from honghui.journal import log_place
from honghui.journal.models import Act
from honghui.kernel.actors import Actor
from honghui.registry.models import Society
from tests.access.money import fund_of, received

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
SignIn = Callable[[str], Client]
NAME = "样例捐款人王某"
ALIAS = "样例路人"


@pytest.fixture
def finance(as_actor: As) -> Actor:
    return as_actor("finance")


@pytest.fixture
def fund(finance: Actor, as_actor: As) -> Fund:
    society = Society.objects.get(pk="330600")
    return fund_of(finance, as_actor("officer"), society, "sample-fund")


@pytest.fixture(autouse=True)
def log_key() -> str:
    """The log has begun, so there is a key to print; nobody has guessed before."""
    cache.clear()
    log_place.signing_keys()
    return log_place.public_keys()[0].vkey


def address(gift: Donation) -> str:
    return reverse("receipt", args=[gift.code])


def words(client: Client, gift: Donation) -> str:
    """What a reader reads, blanks left out: lines break where they like."""
    answer = client.get(address(gift))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    return "".join(PdfDocument(answer.content)[0].get_textpage().get_text_range().split())


def test_a_receipt_says_what_was_given_and_how_to_check_it(
    client: Client, fund: Fund, finance: Actor, log_key: str
) -> None:
    # It waits for its place in the log: the paper is there all the same.
    gift = received(finance, fund, 30_50)
    read = words(client, gift)
    for said in ("30.50", "叁拾元伍角整", in_groups(gift.code), gift.entry_id.hex, fund.name):
        assert said.replace(" ", "") in read
    assert log_key in read


def test_whoever_has_the_code_reads_what_everybody_may(
    client: Client, fund: Fund, finance: Actor
) -> None:
    nameless = received(finance, fund, 1_00, giver=NAME)
    alias = received(finance, fund, 2_00, showing="alias", shown_as=ALIAS, giver=NAME)
    named = received(finance, fund, 3_00, showing="named", giver=NAME)
    assert NAME not in words(client, nameless) and "匿名" in words(client, nameless)
    assert ALIAS in words(client, alias) and NAME not in words(client, alias)
    assert NAME in words(client, named)
    assert not Act.objects.filter(verb="funds.donation.giver_shown").exists()


def test_who_receives_gifts_prints_the_sealed_name_and_that_is_an_act(
    sign_in: SignIn, fund: Fund, finance: Actor
) -> None:
    gift = received(finance, fund, 1_00, giver=NAME)
    assert NAME in words(sign_in("finance"), gift)
    act = Act.objects.get(verb="funds.donation.giver_shown")
    assert act.object_id == str(gift.pk) and NAME not in str(act.after)


@pytest.mark.parametrize("username", ["outsider", "auditor", "caseworker", "storekeeper"])
def test_others_who_are_signed_in_read_what_everybody_may(
    sign_in: SignIn, fund: Fund, finance: Actor, username: str
) -> None:
    gift = received(finance, fund, 1_00, giver=NAME)
    assert NAME not in words(sign_in(username), gift)


def test_a_withdrawn_name_is_on_no_paper(sign_in: SignIn, fund: Fund, finance: Actor) -> None:
    gift = received(finance, fund, 3_00, showing="named", giver=NAME)
    withdraw_name(by=finance, donation=gift)
    assert NAME not in words(sign_in("finance"), gift)
    assert NAME not in words(Client(), gift)


def test_markup_in_a_name_is_printed_as_typed(client: Client, fund: Fund, finance: Actor) -> None:
    name = '#read("/etc/passwd")<b>*x*'
    gift = received(finance, fund, 3_00, showing="alias", shown_as=name)
    assert name in words(client, gift)


def test_a_receipt_is_kept_by_nobody(client: Client, fund: Fund, finance: Actor) -> None:
    answer = client.get(address(received(finance, fund, 3_00)))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert Donation.objects.latest("received_at").code not in answer.headers["Content-Disposition"]


def test_guessed_codes_are_answered_as_the_trace_page_answers_and_counted_with_its(
    client: Client, fund: Fund, finance: Actor
) -> None:
    gift = received(finance, fund, 3_00)
    wrong = client.get(reverse("receipt", args=["0" * 16]))
    traced = client.get(reverse("trace_gift", args=["0" * 16]))
    assert wrong.status_code == traced.status_code == 404
    for number in range(20):
        client.get(reverse("receipt", args=[f"{number:016d}"]))
    # Right or wrong, whoever is over the limit gets no answer about any code, here and there.
    assert client.get(address(gift)).status_code == 429
    assert client.get(reverse("trace_gift", args=[gift.code])).status_code == 429
    cache.clear()
