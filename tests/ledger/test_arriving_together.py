"""Many gifts in one call of the database: booked as if each had come alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from honghui.kernel.errors import Refused
from honghui.kernel.ids import new_public_id
from honghui.ledger.declaring import declare
from honghui.ledger.drafting import draft, now_as_told
from honghui.ledger.models import Arrival
from honghui.ledger.posting import Posted, post, post_arrivals
from honghui.ledger.world import kept_world
from honghui.record.entries import Entry
from honghui.record.errors import BadRecord
from honghui.record.pools import Pool
from honghui.record.references import Place
from honghui.record.steps import In

pytestmark = pytest.mark.django_db

PROVINCE = "330000"


@pytest.fixture
def committed() -> None:
    """These need no commits, and use the sample world's references."""


def gift(request: str, quantity: int = 100, **changes: str) -> Entry:
    facts = {
        "society": PROVINCE, "purpose": "unrestricted", "source": "donation", "commodity": "CNY",
        "place": PROVINCE,
    }  # fmt: skip
    step = In(pool=Pool(**{**facts, **changes}), quantity=quantity)
    return draft(
        "gift", society=PROVINCE, steps=[step], occurred_on=date(2020, 6, 24), request=request
    )


def together(*entries: Entry) -> list[Posted]:
    with transaction.atomic():
        return post_arrivals(entries)


def waiting() -> int:
    return Arrival.objects.filter(society=PROVINCE).count()


def test_each_has_a_row_of_its_own_with_its_own_facts() -> None:
    before, entries = waiting(), [gift(f"t/{number}", 100 + number) for number in range(7)]
    posted = together(*entries)
    assert [one.id for one in posted] == [one.id for one in entries]
    assert all(one.is_new for one in posted) and len({one.number for one in posted}) == 7
    assert waiting() == before + 7
    for one, entry in zip(posted, entries, strict=True):
        row = Arrival.objects.get(number=one.number)
        step = entry.steps[0]
        assert isinstance(step, In) and row.quantities == [step.quantity]
        assert row.id.hex == entry.id and bytes(row.request).hex() == entry.request


def test_a_request_that_was_booked_before_is_handed_back() -> None:
    with transaction.atomic():
        first = post(gift("t/known"))
    before = waiting()
    known, new = together(gift("t/known"), gift("t/new"))
    assert (known.number, known.is_new, new.is_new) == (first.number, False, True)
    assert waiting() == before + 1


def test_a_request_that_stands_twice_in_one_batch_is_booked_once() -> None:
    before = waiting()
    first, again = together(gift("t/twice"), gift("t/twice"))
    assert first.is_new and not again.is_new and first.number == again.number
    assert waiting() == before + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"quantity": 2**50},
        {"purpose": "no-such-purpose"},
        {"place": "no-such-place"},
        {"commodity": "nothing"},
    ],
    ids=str,
)
def test_one_that_is_refused_leaves_none_behind(wrong: dict[str, object]) -> None:
    before = waiting()
    with pytest.raises((Refused, BadRecord)):
        together(gift("t/good"), gift("t/bad", **wrong))  # type: ignore[arg-type]
    assert waiting() == before


def test_the_same_request_with_other_content_is_refused() -> None:
    before = waiting()
    with pytest.raises(Refused):
        together(gift("t/one"), gift("t/one", 101))
    assert waiting() == before


def test_what_was_declared_meanwhile_is_read_again() -> None:
    kept_world()
    place = Place(
        id=new_public_id(), recorded_at=now_as_told(), code="330000-new", kind="account",
        within=PROVINCE,
    )  # fmt: skip
    with transaction.atomic():
        declare(place)
    there, here = together(gift("t/there", place="330000-new"), gift("t/here"))
    assert there.is_new and here.is_new


def test_nothing_at_all_is_no_call() -> None:
    assert together() == []
