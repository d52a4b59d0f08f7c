"""Photos come in: whole, once, set anew; and whatever is no photo stays out."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client
from PIL import Image, PngImagePlugin
from pytest_django.fixtures import Settings

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.errors import NotFound
from honghui.kernel.ids import new_id
from honghui.sync import access, files, tidying
from honghui.sync.models import Attachment
from honghui.sync.practice import KIND
from tests.sync import kinds
from tests.sync.phone import a_form, a_photo, named, put, send

pytestmark = pytest.mark.django_db


def kept_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_photo_in_one_piece_is_whole_and_belongs_to_its_form(phone: Client, folder: Path) -> None:
    number, data = new_id(), a_photo()
    assert put(phone, data, number=number).json() == {"state": "whole", "received": len(data)}
    with pytest.raises(NotFound):
        access.kept(number)  # until its form is taken
    [answer] = send(phone, a_form(attachments=[named(number, data)]))
    assert answer["state"] == "taken"
    kept = access.kept(number)
    answer = files.open_file(kept)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(b"".join(answer))) as picture:
        assert picture.size == (kept.width_pixels, kept.height_pixels) == (400, 200)
    answer.file_to_stream.close()
    assert [path.parent.parent.name for path in kept_files(folder)] == ["whole"]
    assert Act.objects.filter(verb="sync.attachment.kept", object_id=str(number)).count() == 1


def test_pieces_are_put_together_in_order_and_a_repeated_one_adds_nothing(phone: Client) -> None:
    number, data = new_id(), a_photo(900, quality=100)
    cut = len(data) // 2
    assert put(phone, data, number=number, end=cut).json()["received"] == cut
    assert put(phone, data, number=number, end=cut).json()["received"] == cut
    ahead = put(phone, data, number=number, start=cut + 10)
    assert ahead.json() == {"state": "part", "received": cut}
    asked = put(phone, data, number=number, **{"Content-Range": f"bytes */{len(data)}"})
    assert asked.json() == {"state": "part", "received": cut}
    assert put(phone, data, number=number, start=cut).json()["state"] == "whole"
    assert put(phone, data, number=number, start=cut).json()["state"] == "whole"
    assert Attachment.objects.count() == 1


def test_a_form_waits_for_its_photos_and_names_those_that_are_missing(phone: Client) -> None:
    number, data = new_id(), a_photo()
    form = a_form(attachments=[named(number, data)])
    [answer] = send(phone, form)
    assert (answer["state"], answer["missing"]) == ("again", [str(number)])
    assert kinds.noted() == []
    put(phone, data, number=number)
    assert send(phone, form)[0]["state"] == "taken"
    [stolen] = send(phone, a_form(attachments=[named(number, data)]))
    assert stolen["state"] == "again", "a photo belongs to one form"


def test_a_wrong_sum_is_sent_anew_and_kept_nowhere(phone: Client, folder: Path) -> None:
    number, data = new_id(), a_photo()
    wrong = put(phone, data, number=number, sha256="0" * 64)
    assert wrong.json() == {"state": "part", "received": 0}
    assert kept_files(folder) == []
    assert put(phone, data, number=number).json()["state"] == "whole"


def test_nothing_of_where_and_when_a_photo_was_taken_is_kept(phone: Client) -> None:
    """Position, device, words and what hides behind the picture's end."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(0x8825)[2] = (28.0, 22.0, 16.0)
    exif[0x0112] = 6  # lies on its side
    data = a_photo(
        400, exif=exif, comment=b"SECRETCOMMENT", xmp=b"SECRETXMP", icc_profile=b"SECRET"
    )
    data += b"SECRETTAIL"
    number = new_id()
    assert b"SECRET" in data
    assert put(phone, data, number=number).json()["state"] == "whole"
    kept = files.path_of(number).read_bytes()
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif()
        assert picture.size == (200, 400), "it stands upright"


def bomb(width: int, height: int) -> bytes:
    """A few bytes that say they are a huge picture."""

    def part(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(width * 3 + 1) * 10)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def a_gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (10, 10)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<!doctype html><script>alert(1)</script>", "sync.attachment.no_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "sync.attachment.no_picture"),
        (b"%PDF-1.7\n", "sync.attachment.no_picture"),
        (b"\xff\xd8\xff\xe0<html>", "sync.attachment.no_picture"),
        (a_photo()[:300], "sync.attachment.no_picture"),
        (a_gif(), "sync.attachment.no_picture"),
        (bomb(30_000, 30_000), "sync.attachment.too_large"),
        (bomb(6_000, 6_000), "sync.attachment.too_large"),
        (b"\x00", "sync.attachment.no_picture"),
    ],
)
def test_what_is_no_photo_stays_out(phone: Client, folder: Path, data: bytes, code: str) -> None:
    answer = put(phone, data, **{"Content-Type": "image/jpeg"})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["hint"]
    assert not Attachment.objects.exists()
    assert kept_files(folder) == []


def test_a_picture_that_is_see_through_and_one_in_grey_are_photos_too(phone: Client) -> None:
    for mode, saving in (("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("CMYK", "JPEG")):
        out = io.BytesIO()
        Image.new(mode, (60, 40)).save(out, saving)
        assert put(phone, out.getvalue()).json()["state"] == "whole", mode
    out = io.BytesIO()
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "SECRET")
    Image.new("RGB", (60, 40)).save(out, "PNG", pnginfo=words)
    number = new_id()
    put(phone, out.getvalue(), number=number)
    assert b"SECRET" not in files.path_of(number).read_bytes()


def test_fifty_megabytes_are_refused_before_they_are_read(phone: Client, folder: Path) -> None:
    answer = put(phone, b"x" * 100, total=50_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "sync.attachment.too_large")
    answer = put(phone, b"x" * 5_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "sync.too_large")
    assert kept_files(folder) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": ""},
        {"Content-Range": "bytes 0-9"},
        {"Content-Range": "bytes -1-9/10"},
        {"Content-Range": "bytes 0-9/0"},
        {"Content-Range": "bytes 0-99999999999/99999999999"},
        {"X-Content-SHA256": "../../../../tmp/x"},
        {"X-Content-SHA256": "A" * 64},
    ],
)
def test_a_piece_that_says_nonsense_is_refused(
    phone: Client, folder: Path, headers: dict[str, str]
) -> None:
    assert put(phone, a_photo(), **headers).status_code in {413, 422}
    assert kept_files(folder) == []


def test_a_piece_that_is_not_as_long_as_it_says_adds_nothing(phone: Client, folder: Path) -> None:
    data = a_photo()
    answer = put(phone, data, **{"Content-Range": f"bytes 0-{len(data)}/{len(data)}"})
    assert answer.json() == {"state": "part", "received": 0}
    assert put(phone, data, number=uuid4()).status_code == 422, "numbers are of version 7"
    for path in ("..%2f..%2fetc", "../../etc/passwd", "x" * 36):
        assert phone.generic("PUT", f"/sync/attachments/{path}", data).status_code == 404


def test_nobody_adds_to_or_replaces_anothers_photo(
    phone: Client, sign_in: Callable[[str], Client]
) -> None:
    number, data = new_id(), a_photo()
    put(phone, data, number=number, end=10)
    other = sign_in("officer2")
    asked = put(other, data, number=number, **{"Content-Range": f"bytes */{len(data)}"})
    assert asked.json()["received"] == 0, "their part is not seen"
    put(phone, data, number=number, start=10)
    assert put(other, data, number=number).status_code == 404
    changed = put(phone, a_photo(300), number=number)
    assert (changed.status_code, changed.json()["code"]) == (
        409,
        "sync.attachment.other_content",
    )
    [answer] = send(other, a_form(attachments=[named(number, data)]))
    assert answer["state"] == "again", "a form takes no photo of another's"


def test_photos_come_by_a_good_link_only(client: Client) -> None:
    kinds.make_table()
    number, data = new_id(), a_photo()
    assert put(client, data).status_code == 401
    assert put(client, data, **{"X-Sync-Link": "made up"}).status_code == 401
    sent = put(client, data, number=number, **{"X-Sync-Link": kinds.GOOD_LINK})
    assert sent.json()["state"] == "whole"
    form = a_form(kind="tests.linked", link=kinds.GOOD_LINK, attachments=[named(number, data)])
    assert send(client, form)[0]["state"] == "taken"
    assert Attachment.objects.get().account_id is None


def test_nobody_fills_the_disk_with_halves(
    phone: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PARTS_MOST", 3)
    data = a_photo()
    for _part in range(3):
        assert put(phone, data, end=5).status_code == 200
    answer = put(phone, data, end=5)
    assert (answer.status_code, answer.json()["code"]) == (422, "sync.attachment.parts")
    assert len(kept_files(folder)) == 3


def test_a_full_disk_is_said_and_asks_for_patience(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FREE_BYTES_LEAST", 10**18)
    answer = put(phone, a_photo())
    assert (answer.status_code, answer.json()["code"]) == (409, "sync.attachment.disk")


# ── tidying ──────────────────────────────────────────────────────────────────────────────────


def test_photos_that_belong_to_nothing_go_after_a_month_and_no_others(
    phone: Client, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [new_id() for _each in range(4)]
    data = a_photo()
    for number in numbers:
        put(phone, data, number=number)
    of_form, loose, young, practised = numbers
    send(phone, a_form(attachments=[named(of_form, data)]))
    practice = {"kind": KIND, "fields": {"note": "试"}, "attachments": [named(practised, data)]}
    assert send(phone, a_form(**practice))[0]["state"] == "taken"
    put(phone, data, end=20)
    month = clock.machine_now() - timedelta(days=31)
    Attachment.objects.exclude(pk=young).update(kept_at=month)
    nameless = files.path_of(new_id())
    nameless.parent.mkdir(parents=True, exist_ok=True)
    nameless.write_bytes(data)
    real = clock.machine_now
    tidying.tidy_photos()
    assert nameless.exists(), "somebody may just be writing its row"
    monkeypatch.setattr(clock, "machine_now", lambda: real() + timedelta(days=2))
    tidying.tidy_photos()
    assert set(Attachment.objects.values_list("pk", flat=True)) == {of_form, young}
    assert {UUID(p.stem) for p in folder.glob("whole/*/*")} == {of_form, young}
    assert len(list(folder.glob("parts/*/*"))) == 1
    assert loose not in {UUID(p.stem) for p in folder.glob("whole/*/*")}
    monkeypatch.setattr(clock, "machine_now", lambda: real() + timedelta(days=31))
    tidying.tidy_photos()
    assert list(folder.glob("parts/*/*")) == []
    assert hashlib.sha256(files.path_of(of_form).read_bytes()).digest()
