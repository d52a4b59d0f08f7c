"""A correction stands on the bulletin, with the old figure and the new one, and in the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from honghui.audit.auditing import audit_records
from honghui.disclosure.actions.corrections import (
    draft_correction,
    publish_correction,
    withdraw_correction,
)
from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.disclosure.queries.bulletins import content_now
from honghui.journal.models import Act, Waiting
from honghui.kernel.errors import NotAllowed, NotFound, Refused
from honghui.record.canonical import canonical
from honghui.record.schemas import decode, reread
from honghui.record.statements import Correction
from tests.disclosure.shaoxing import drafted, give, person, published, records, settle, use, values
from tests.disclosure.test_bulletins import refusal

pytestmark = pytest.mark.django_db
TEXT = "6 月 12 日的一笔捐款补记在后。"


@pytest.fixture
def bulletin(db: None) -> Bulletin:
    settle()
    give(10_000)
    settle()
    return published()


def corrected(bulletin: Bulletin, **more: Any) -> CorrectionNote:
    facts = {"reason": "late", "text": TEXT, **more}
    return draft_correction(by=person("finance"), bulletin=bulletin, **facts)


def test_a_late_gift_is_told_by_a_note_and_the_bulletin_stays(bulletin: Bulletin) -> None:
    before, data = values(bulletin, ["cny.received"])[0], bytes(bulletin.figures)
    give(2_500)
    settle()
    note = corrected(bulletin)
    assert not Waiting.objects.exists()
    publish_correction(by=person("officer"), correction=note)
    settle()
    bulletin = Bulletin.objects.get(pk=bulletin.pk)
    assert bytes(bulletin.figures) == data
    now = content_now(bulletin).by_name()
    assert now["cny.received"].value == before + 2_500
    log = records()
    assert audit_records(log).findings == []
    told = reread(log[-1])
    assert isinstance(told, Correction)
    assert bulletin.record_id and told.of == bulletin.record_id.hex
    assert {one.name for one in told.figures} >= {"cny.received", "cny.held"}
    assert TEXT not in log[-1].decode()


def test_a_note_that_says_a_wrong_figure_would_be_found_by_the_audit(bulletin: Bulletin) -> None:
    give(2_500)
    settle()
    publish_correction(by=person("officer"), correction=corrected(bulletin))
    settle()
    log = records()
    wrong = log[-1].replace(b'"value":', b'"value":1', 1)
    assert canonical(decode(wrong)) == wrong
    rules = {one.rule for one in audit_records([*log[:-1], wrong]).findings}
    assert rules == {"bulletin.figure"}


def test_old_and_new_stand_on_the_page_in_both_languages(
    bulletin: Bulletin, client: Client
) -> None:
    give(2_500)
    settle()
    publish_correction(
        by=person("officer"), correction=corrected(bulletin, text_en="A gift was booked late.")
    )
    settle()
    old = values(bulletin, ["cny.received"])[0]
    for prefix, words in (("", TEXT), ("/en", "A gift was booked late.")):
        page = client.get(f"{prefix}/bulletins/{bulletin.pk}/").content.decode()
        assert words in page
        assert f"{old / 100:,.2f}" in page
        assert f"{(old + 2_500) / 100:,.2f}" in page
        assert "st--cover" in page
    lines = client.get(reverse("bulletin_figures", args=[bulletin.pk])).content.decode("utf-8-sig")
    (received,) = [line for line in lines.splitlines() if line.startswith("cny.received,")]
    assert str(old) in received and f"{(old + 2_500) / 100:,.2f}" in received


def test_who_drafted_the_note_never_publishes_it(bulletin: Bulletin) -> None:
    note = draft_correction(
        by=person("officer"), bulletin=bulletin, reason="typing", text="正文里有一个错字。",
        replaces_figures=False,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        publish_correction(by=person("officer"), correction=note)
    assert refused.value.code == "access.four_eyes"
    with pytest.raises(NotAllowed):
        publish_correction(by=person("finance"), correction=note)
    note.refresh_from_db()
    assert note.state == "drafted" and not Waiting.objects.exists()
    publish_correction(by=person("officer2"), correction=note)
    settle()
    assert audit_records(records()).findings == []


def test_a_second_correction_begins_from_the_first(bulletin: Bulletin) -> None:
    for _ in range(2):
        give(100)
        settle()
        publish_correction(by=person("officer"), correction=corrected(bulletin))
        settle()
    notes = CorrectionNote.objects.filter(bulletin=bulletin).order_by("published_at", "id")
    first, second = (
        {old.name: (old, new) for old, new in zip(note.older, note.newer, strict=True)}
        for note in notes
    )
    assert first["cny.received"][1].value == second["cny.received"][0].value
    assert audit_records(records()).findings == []


def test_books_that_say_the_same_need_no_new_figures(bulletin: Bulletin) -> None:
    with refusal("correction.nothing-changed"):
        corrected(bulletin)
    corrected(bulletin, replaces_figures=False)
    with refusal("correction.drafted-already"):
        corrected(bulletin, replaces_figures=False)


def test_what_cannot_be_corrected_and_how(bulletin: Bulletin) -> None:
    with refusal("bulletin.not-published"):
        corrected(drafted(), replaces_figures=False)
    with refusal("correction.reason"):
        corrected(bulletin, reason="because", replaces_figures=False)
    with refusal("correction.text"):
        corrected(bulletin, text="嗯", replaces_figures=False)
    give(1)
    with refusal("bulletin.waiting"):
        corrected(bulletin)
    assert not CorrectionNote.objects.exists()


def test_a_purpose_that_the_bulletin_does_not_know_needs_a_new_bulletin(
    bulletin: Bulletin,
) -> None:
    use(100, "training")
    settle()
    assert "cny.used.training" not in bulletin.content.by_name()
    with refusal("correction.new-purpose"):
        corrected(bulletin)
    assert not CorrectionNote.objects.exists()


def test_a_published_note_stays(bulletin: Bulletin) -> None:
    note = corrected(bulletin, replaces_figures=False)
    publish_correction(by=person("officer"), correction=note)
    for act in (
        lambda: publish_correction(by=person("officer2"), correction=note),
        lambda: withdraw_correction(by=person("finance"), correction=note, reason="写错了。"),
    ):
        with refusal("correction.decided"):
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        CorrectionNote.objects.filter(pk=note.pk).update(reason="typing")


def test_another_societys_officer_corrects_nothing(bulletin: Bulletin) -> None:
    note, acts = corrected(bulletin, replaces_figures=False), Act.objects.count()
    by = person("province")
    for act in (
        lambda: draft_correction(by=by, bulletin=bulletin, reason="typing", text=TEXT),
        lambda: publish_correction(by=by, correction=note),
        lambda: withdraw_correction(by=by, correction=note, reason="不该由我来做。"),
    ):
        with pytest.raises(NotFound):
            act()
    assert Act.objects.count() == acts
