"""Photos for the public: chosen by hand, stripped, in the log by hash, gone when taken down."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from honghui.audit.auditing import audit_records
from honghui.journal.models import SideText
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from honghui.ledger.placing import begin_epoch, place_all
from honghui.record.schemas import reread
from honghui.record.statements import RescueSummary
from honghui.rescue.actions.public_photos import (
    PHOTOS_MOST,
    choose_photo,
    take_photo_back,
    withdraw_photo,
)
from honghui.rescue.actions.reports import draft_report, release_report, withdraw_report
from honghui.rescue.models import Incident, Photo, PublicPhoto, RescueReport
from honghui.rescue.reporting.picturing import drop_unshown, text_of
from honghui.rescue.reporting.record import seal_of
from honghui.sync import files
from tests.access.rescue_missions import attachment_of
from tests.ledger.books import log
from tests.rescue import cases

AsActor = Callable[..., Actor]
SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db
REASON = "照片里的人后来不同意公开。"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ATTACHMENTS = str(tmp_path / "attachments")
    return Path(settings.ATTACHMENTS)


@pytest.fixture
def editor(as_actor: AsActor) -> Actor:
    return as_actor("editor")


@pytest.fixture
def draft(as_actor: AsActor) -> RescueReport:
    return draft_report(by=as_actor("province"), incident=cases.wenling())


def secret_jpeg(colour: str = "navy") -> bytes:
    """With a position, a device and a comment, as if it had come past the door that strips them."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET maker"
    exif[0x8825] = {1: "N", 2: (28.0, 22.0, 7.0), 3: "E", 4: (121.0, 23.0, 9.0)}
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), colour).save(out, "JPEG", exif=exif, comment=b"SECRET words")
    return out.getvalue()


def a_photo(incident: Incident, *, marked: bool = True, data: bytes = b"") -> Photo:
    kept = attachment_of(uuid4().bytes)
    files.keep(kept.pk, data or secret_jpeg())
    return Photo.objects.create(
        mission=incident.missions.order_by("id")[0], attachment_id=kept.pk,
        taken_at=incident.known_at, is_for_release=marked, caption="夜里搜救",
    )  # fmt: skip


def choose(by: Actor, report: RescueReport, photo: Photo, **values: Any) -> PublicPhoto:
    given = {"caption": "队员在夜里搜救", "caption_en": "Searching at night", "consent": "nobody"}
    return choose_photo(by=by, report=report, photo=photo, **{**given, **values})


def address(sha256: str) -> str:
    return reverse("rescue_photo", args=[sha256])


def body(answer: Any) -> bytes:
    """Read to its end, which also closes it."""
    return b"".join(answer.streaming_content)


def is_public(client: Client, sha256: str) -> bool:
    answer = client.get(address(sha256))
    if answer.status_code == 200:
        assert hashlib.sha256(body(answer)).hexdigest() == sha256
    return answer.status_code == 200


def test_no_photo_goes_out_by_itself(draft: RescueReport, editor: Actor, client: Client) -> None:
    """Marked by a leader, and even chosen by an editor: nothing is public before the release."""
    photo = a_photo(draft.incident)
    chosen = choose(editor, draft, photo)
    assert not is_public(client, chosen.sha256)
    unchosen = a_photo(draft.incident)
    report = release_report(by=editor, report=draft, seen=seal_of(draft))
    assert is_public(client, chosen.sha256)
    assert not PublicPhoto.objects.filter(photo=unchosen).exists()
    page = client.get(reverse("rescue_public", args=[report.incident.number])).content.decode()
    assert address(chosen.small_sha256) in page and page.count("<img") == 1
    assert 'alt="队员在夜里搜救"' in page
    assert address(chosen.small_sha256) in client.get(reverse("rescue")).content.decode()
    english = client.get(f"/en/rescue/{report.incident.number}/").content.decode()
    assert 'alt="Searching at night"' in english


def test_what_is_served_is_pixels_and_nothing_else(
    draft: RescueReport, editor: Actor, client: Client
) -> None:
    chosen = choose(editor, draft, a_photo(draft.incident))
    release_report(by=editor, report=draft)
    for sha256, edge in ((chosen.sha256, 1600), (chosen.small_sha256, 480)):
        answer = client.get(address(sha256))
        data = body(answer)
        assert hashlib.sha256(data).hexdigest() == sha256
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "public" in answer.headers["Cache-Control"]
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.get("Vary", "")
        assert b"SECRET" not in data and b"Exif" not in data and b"\xff\xe1" not in data[:400]
        with Image.open(io.BytesIO(data)) as picture:
            assert max(picture.size) == edge
            assert not picture.getexif() and "comment" not in picture.info


def test_the_record_commits_to_the_photos_and_the_audit_accepts_it(
    draft: RescueReport, editor: Actor
) -> None:
    one = choose(editor, draft, a_photo(draft.incident))
    two = choose(editor, draft, a_photo(draft.incident, data=secret_jpeg("maroon")))
    report = release_report(by=editor, report=draft)
    place_all(begin_epoch())
    records = log()
    told = [r for r in map(reread, records) if isinstance(r, RescueSummary)]
    assert told[-1].text == report.photos_text and len(report.photos_text) == 64
    kept = SideText.objects.get(pk=report.photos_text)
    assert json.loads(bytes(kept.opening or b""))["text"] == text_of([one, two])
    assert text_of([one, two]).splitlines() == ["rescue_photos/1", one.sha256, two.sha256]
    assert not audit_records(records).findings


def test_a_report_without_photos_says_nothing_of_them(draft: RescueReport, editor: Actor) -> None:
    report = release_report(by=editor, report=draft)
    assert report.photos_text == ""


def test_a_photo_taken_down_is_gone_when_the_answer_comes(
    draft: RescueReport, editor: Actor, sign_in: SignIn, client: Client, folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    photo = a_photo(draft.incident)
    chosen, other = choose(editor, draft, photo), choose(editor, draft, a_photo(
        draft.incident, data=secret_jpeg("maroon")))  # fmt: skip
    report = release_report(by=editor, report=draft)
    desk = sign_in("editor")
    where = reverse("rescue_photo_withdraw", args=[report.pk, chosen.pk])
    once = desk.get(where).context["form"].once_key
    assert desk.post(where, {"once": once, "reason": ""}).status_code == 422
    assert is_public(client, chosen.sha256)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(where, {"once": once, "reason": REASON}).status_code == 302
    for sha256 in (chosen.sha256, chosen.small_sha256):
        assert not is_public(client, sha256)
        assert not files.public_path(sha256).exists()
    assert is_public(client, other.sha256)
    page = client.get(reverse("rescue_public", args=[report.incident.number])).content.decode()
    assert REASON in page and chosen.small_sha256 not in page and other.small_sha256 in page
    photo.refresh_from_db()
    assert not photo.is_for_release
    with pytest.raises(Conflict):
        withdraw_photo(by=editor, photo=chosen, reason=REASON)


def test_what_was_taken_down_once_goes_out_with_no_other_report(
    draft: RescueReport, as_actor: AsActor, editor: Actor
) -> None:
    photo = a_photo(draft.incident)
    chosen = choose(editor, draft, photo)
    release_report(by=editor, report=draft)
    second = draft_report(
        by=as_actor("province"), incident=draft.incident, correction_reason="amount"
    )
    choose(editor, second, photo)
    withdraw_photo(by=editor, photo=chosen, reason=REASON)
    assert not PublicPhoto.objects.filter(photo=photo, withdrawn_at=None).exists()
    Photo.objects.filter(pk=photo.pk).update(is_for_release=True)
    with pytest.raises(Conflict):
        choose(editor, second, photo)


def test_a_report_that_is_taken_down_takes_its_photos_along(
    draft: RescueReport, editor: Actor, client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    chosen = choose(editor, draft, a_photo(draft.incident))
    report = release_report(by=editor, report=draft)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_report(by=editor, report=report, reason=REASON)
    assert not is_public(client, chosen.sha256)
    assert not files.public_path(chosen.sha256).exists()
    page = client.get(reverse("rescue_public", args=[report.incident.number])).content.decode()
    assert "<img" not in page


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"caption": " "}, "rescue.public_photo.no_caption"),
        ({"caption_en": ""}, "rescue.public_photo.no_caption"),
        ({"consent": ""}, "rescue.choice.unknown"),
        ({"consent": "probably"}, "rescue.choice.unknown"),
        ({"caption": "联系电话13800000000"}, "rescue.report.private"),
        ({"caption_en": "At 28.37421 north"}, "rescue.report.private"),
    ],
)
def test_a_choice_that_says_too_little_or_too_much_is_refused(
    draft: RescueReport, editor: Actor, values: dict[str, Any], code: str
) -> None:
    photo = a_photo(draft.incident)
    with pytest.raises(Refused) as refused:
        choose(editor, draft, photo, **values)
    assert refused.value.code == code
    assert not PublicPhoto.objects.exists()


def test_only_marked_photos_of_this_incident_can_be_chosen(
    draft: RescueReport, as_actor: AsActor, editor: Actor
) -> None:
    with pytest.raises(Conflict) as refused:
        choose(editor, draft, a_photo(draft.incident, marked=False))
    assert refused.value.code == "rescue.public_photo.not_marked"
    with pytest.raises(NotFound):
        choose(editor, draft, a_photo(cases.henan()))
    with pytest.raises(NotAllowed):
        choose(as_actor("team-leader"), draft, a_photo(draft.incident))
    assert not PublicPhoto.objects.exists()


def test_a_leader_who_takes_the_mark_back_stops_the_release(
    draft: RescueReport, editor: Actor
) -> None:
    photo = a_photo(draft.incident)
    chosen = choose(editor, draft, photo)
    Photo.objects.filter(pk=photo.pk).update(is_for_release=False)
    with pytest.raises(Conflict) as refused:
        release_report(by=editor, report=draft)
    assert refused.value.code == "rescue.public_photo.not_marked"
    take_photo_back(by=editor, photo=chosen)
    assert release_report(by=editor, report=draft).photos_text == ""


def test_who_releases_signs_the_photos_that_were_shown_to_them(
    draft: RescueReport, editor: Actor
) -> None:
    seen = seal_of(draft)
    chosen = choose(editor, draft, a_photo(draft.incident))
    with pytest.raises(Conflict) as refused:
        release_report(by=editor, report=draft, seen=seen)
    assert refused.value.code == "rescue.report.changed"
    released = release_report(by=editor, report=draft, seen=seal_of(draft))
    for late in (
        lambda: choose(editor, released, a_photo(released.incident)),
        lambda: take_photo_back(by=editor, photo=chosen),
    ):
        with pytest.raises(Conflict):
            late()


def test_a_photo_taken_back_from_a_draft_leaves_nothing(
    draft: RescueReport, editor: Actor,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    photo = a_photo(draft.incident)
    first = choose(editor, draft, photo)
    assert choose(editor, draft, photo, consent="given").pk == first.pk
    with django_capture_on_commit_callbacks(execute=True):
        take_photo_back(by=editor, photo=first)
    assert not PublicPhoto.objects.exists() and not files.public_path(first.sha256).exists()


def test_a_report_shows_a_dozen_at_most(draft: RescueReport, editor: Actor) -> None:
    data = secret_jpeg()
    for _ in range(PHOTOS_MOST):
        choose(editor, draft, a_photo(draft.incident, data=data))
    with pytest.raises(Conflict) as refused:
        choose(editor, draft, a_photo(draft.incident, data=data))
    assert refused.value.code == "rescue.public_photo.too_many"


def test_copies_that_nobody_needs_are_swept_and_the_others_stay(
    draft: RescueReport, editor: Actor
) -> None:
    chosen = choose(editor, draft, a_photo(draft.incident))
    lost = files.keep_public(b"left behind by a process that died")
    found = list(files.public_hashes(before_seconds=4e9))
    assert sorted(found) == sorted([chosen.sha256, chosen.small_sha256, lost])
    assert drop_unshown(found) == 1
    assert sorted(files.public_hashes(4e9)) == sorted([chosen.sha256, chosen.small_sha256])


def test_the_database_keeps_no_photo_without_a_ground(draft: RescueReport, editor: Actor) -> None:
    chosen = choose(editor, draft, a_photo(draft.incident))
    rows = PublicPhoto.objects.filter(pk=chosen.pk)
    for values in ({"consent": ""}, {"caption_en": ""}, {"withdrawn_at": chosen.chosen_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_an_editor_chooses_on_the_desk_and_says_why(draft: RescueReport, sign_in: SignIn) -> None:
    photo, hidden = a_photo(draft.incident), a_photo(draft.incident, marked=False)
    desk = sign_in("editor")
    page = desk.get(reverse("rescue_report_photos", args=[draft.pk])).content.decode()
    where = reverse("rescue_report_photo", args=[draft.pk, photo.pk])
    assert where in page and str(hidden.pk) not in page
    picture = reverse("rescue_report_picture", args=[draft.pk, photo.pk])
    assert b"SECRET" in body(desk.get(picture))  # This test put it there; sync never would.
    hidden_at = reverse("rescue_report_picture", args=[draft.pk, hidden.pk])
    assert desk.get(hidden_at).status_code == 404
    form = desk.get(where)
    assert not re.search(r'type="radio"[^>]*checked', form.content.decode())
    sent = {"once": form.context["form"].once_key, "caption": "夜里搜救", "caption_en": "At night"}
    assert desk.post(where, sent).status_code == 422
    assert not PublicPhoto.objects.exists()
    assert desk.post(where, {**sent, "consent": "given"}).status_code == 302
    chosen = PublicPhoto.objects.get()
    assert chosen.consent == "given"
    with CaptureQueriesContext(
        connection,
    ) as asked:
        desk.get(reverse("rescue_report_photos", args=[draft.pk]))
    assert len(asked) <= 14
    back = reverse("rescue_photo_take_back", args=[draft.pk, chosen.pk])
    once = desk.get(reverse("rescue_report_photos", args=[draft.pk])).context["form"].once_key
    assert desk.post(back, {"once": once}).status_code == 302
    assert not PublicPhoto.objects.exists()
