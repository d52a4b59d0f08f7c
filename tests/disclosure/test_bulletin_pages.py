"""The pages of bulletins: what everybody sees, what the desk does, how many questions they ask."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honghui.disclosure.models import Bulletin, CorrectionNote
from honghui.journal.models import Act
from tests.disclosure.shaoxing import FIRST, LAST, drafted, give, published, settle, values

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def bulletin(db: None) -> Bulletin:
    settle()
    give(123_45)
    settle()
    return published(text="收支如表。", text_en="As the table says.")


def sent(client: Client, path: str, **values: str) -> int:
    status: int = client.post(path, {"once": "ab" * 16, **values}).status_code
    return status


def test_everybody_reads_the_result_the_table_and_how_to_compute_it(
    bulletin: Bulletin, client: Client
) -> None:
    received = f"{values(bulletin, ['cny.received'])[0] / 100:,.2f}"
    for prefix, words in (
        ("", ("收到", "收支如表。", "期末结余", "每个数字数的是什么", "前", "绍兴市红十字会")),
        ("/en", ("received", "As the table says.", "Held at the end", "What each figure counts")),
    ):
        page = client.get(f"{prefix}/bulletins/{bulletin.pk}/").content.decode()
        assert received in page
        for word in words:
            assert word in page, word
        assert f"{bulletin.as_of:,}" in page
        assert 'class="seal"' in page
        listing = client.get(f"{prefix}/bulletins/").content.decode()
        assert str(bulletin.pk) in listing


def test_english_pages_have_no_chinese_but_names(bulletin: Bulletin, client: Client) -> None:
    page = client.get(f"/en/bulletins/{bulletin.pk}/").content.decode()
    main = page.partition("<main")[2].partition("</main")[0]
    assert not [letter for letter in main if "\u4e00" <= letter <= "\u9fff"]


def test_a_draft_and_a_withdrawn_one_are_nobodys_business(client: Client) -> None:
    settle()
    draft = drafted()
    for name in ("bulletin", "bulletin_figures"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404
    assert str(draft.pk) not in client.get("/bulletins/").content.decode()
    assert str(draft.pk) not in client.get("/bulletins/feed.atom").content.decode()


def test_the_figures_as_a_file_are_the_figures_of_the_record(
    bulletin: Bulletin, client: Client
) -> None:
    answer = client.get(reverse("bulletin_figures", args=[bulletin.pk]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["name"]: (int(row["value"]), row["unit"]) for row in rows} == {
        one.name: (one.value, one.unit) for one in bulletin.content.figures
    }
    assert all(row["as_of"] == str(bulletin.as_of) and row["measure"] for row in rows)


def test_the_feed_is_atom_and_leads_to_the_bulletin(bulletin: Bulletin, client: Client) -> None:
    answer = client.get("/en/bulletins/feed.atom")
    feed = ElementTree.fromstring(answer.content)
    (link,) = [
        each.attrib["href"]
        for each in feed.iter(f"{ATOM}link")
        if str(bulletin.pk) in each.attrib["href"]
    ]
    assert link.endswith(f"/en/bulletins/{bulletin.pk}/")


def test_a_table_that_does_not_agree_has_no_double_line_and_no_seal(client: Client) -> None:
    settle()
    draft = drafted()
    data = bytes(draft.figures)
    old, new = b'"value":%d' % values(draft, ["cny.held"])[0], b'"value":1'
    Bulletin.objects.filter(pk=draft.pk).update(
        figures=data.replace(old, new), state="published", approved_by=_other(draft),
        published_at=draft.computed_at, record_id=draft.pk, record_number=1, year=2020, serial=9,
    )  # fmt: skip
    page = client.get(f"/bulletins/{draft.pk}/").content.decode()
    assert "不相符" in page and 'class="seal"' not in page
    assert 'class="r"' not in page.partition("<tfoot>")[2].partition("</tfoot>")[0]


def _other(draft: Bulletin) -> int:
    return type(draft.prepared_by).objects.exclude(pk=draft.prepared_by_id).first().pk  # type: ignore[union-attr]


def test_the_desk_counts_and_a_colleague_publishes(db: None, sign_in: SignIn) -> None:
    settle()
    finance, officer = sign_in("finance"), sign_in("officer")
    status = sent(
        finance, reverse("bulletin_new"), society="330600", first=str(FIRST), last=str(LAST)
    )
    assert status == 302
    draft = Bulletin.objects.get()
    page = finance.get(reverse("desk_bulletin", args=[draft.pk])).content.decode()
    publish = reverse("bulletin_decide", args=[draft.pk, "publish"])
    assert publish not in page
    assert sent(finance, publish, seen=draft.seal) in {403, 409}
    page = officer.get(reverse("desk_bulletin", args=[draft.pk])).content.decode()
    assert publish in page and draft.seal in page
    assert sent(officer, publish, seen="0" * 64) == 409
    assert sent(officer, publish, seen=draft.seal) == 302
    draft.refresh_from_db()
    assert draft.state == "published"


def test_the_desk_corrects_and_a_colleague_publishes(bulletin: Bulletin, sign_in: SignIn) -> None:
    give(1_00)
    settle()
    finance, officer = sign_in("finance"), sign_in("officer")
    path = reverse("bulletin_correct", args=[bulletin.pk])
    assert finance.get(path).status_code == 200
    assert sent(finance, path, reason="late", text="补记一笔。", replaces_figures="on") == 302
    note = CorrectionNote.objects.get()
    publish = reverse("correction_decide", args=[note.pk, "publish"])
    assert publish in officer.get(reverse("desk_bulletin", args=[bulletin.pk])).content.decode()
    assert sent(officer, publish, seen=note.seal) == 302
    note.refresh_from_db()
    assert note.state == "published"


def test_a_failing_check_is_said_on_the_desk_and_stops_publishing(sign_in: SignIn) -> None:
    settle()
    draft = drafted(text="收到 4,711.00 元。")
    officer = sign_in("officer")
    assert "4,711.00" in officer.get(reverse("desk_bulletin", args=[draft.pk])).content.decode()
    answer = officer.post(
        reverse("bulletin_decide", args=[draft.pk, "publish"]),
        {"once": "ef" * 16, "seen": draft.seal},
    )
    assert answer.status_code == 422
    assert "4,711.00 元" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "drafted"


def test_a_tick_stands_on_nothing_that_does_not_hold_or_is_to_come(sign_in: SignIn) -> None:
    settle()
    draft = drafted(text="收到 4,711.00 元。")
    page = sign_in("officer").get(reverse("desk_bulletin", args=[draft.pk])).content.decode()
    ticked = page.partition('<ul class="checks">')[2].partition("</ul>")[0]
    assert "没有把不同单位相加" in ticked
    for words in ("正文数字", "不相符", "发布时重算", "待批准"):
        assert words in page and words not in ticked


def test_the_auditor_reads_and_another_society_does_not(sign_in: SignIn) -> None:
    settle()
    draft = drafted()
    path = reverse("desk_bulletin", args=[draft.pk])
    assert sign_in("auditor").get(path).status_code == 200
    assert sign_in("province").get(path).status_code == 404
    stranger, publish = sign_in("province"), reverse("bulletin_decide", args=[draft.pk, "publish"])
    acts = Act.objects.exclude(verb="access.refused").count()
    assert sent(stranger, publish, seen=draft.seal) == 404
    assert Act.objects.exclude(verb="access.refused").count() == acts


@pytest.mark.parametrize(
    ("name", "most"),
    [("bulletins", 6), ("bulletin", 9), ("bulletin_figures", 9), ("bulletins_feed", 5)],
)
def test_public_pages_ask_few_questions(
    bulletin: Bulletin, client: Client, name: str, most: int
) -> None:
    path = reverse(name, args=[bulletin.pk] if name in ("bulletin", "bulletin_figures") else [])
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= most, [each["sql"][:120] for each in asked.captured_queries]


@pytest.mark.parametrize("name", ["desk_bulletins", "desk_bulletin", "bulletin_new"])
def test_desk_pages_ask_fourteen_at_most(bulletin: Bulletin, sign_in: SignIn, name: str) -> None:
    path = reverse(name, args=[bulletin.pk] if name == "desk_bulletin" else [])
    client = sign_in("officer")
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= 14, [each["sql"][:120] for each in asked.captured_queries]
