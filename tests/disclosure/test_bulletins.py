"""A bulletin's life: counted, looked at, published by a second person, and for ever as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from honghui.audit.auditing import audit_records
from honghui.disclosure.actions.bulletins import (
    draft_bulletin,
    publish_bulletin,
    redraft_bulletin,
    withdraw_bulletin,
)
from honghui.disclosure.contents import as_bytes
from honghui.disclosure.models import Bulletin
from honghui.journal.log_place import side_files
from honghui.journal.models import Act, Record, Waiting
from honghui.journal.side_texts import settle_side_texts
from honghui.kernel.errors import NotAllowed, NotFound, Refused
from honghui.record.schemas import reread
from honghui.record.statements import Bulletin as BulletinRecord
from honghui.registry.models import Society
from tests.disclosure.shaoxing import (
    CODE,
    FIRST,
    LAST,
    drafted,
    give,
    person,
    published,
    records,
    settle,
    use,
    values,
)

pytestmark = pytest.mark.django_db
TOTALS = ("cny.received", "cny.used", "cny.held")


def refusal(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.code == f"disclosure.{code}")


@pytest.fixture(autouse=True)
def in_the_log(db: None) -> None:
    """The world's own records stand in the log."""
    settle()


def test_a_bulletin_says_what_came_what_was_used_and_what_is_held() -> None:
    before = values(drafted(first=date(2019, 1, 1)), TOTALS)
    give(20_000_000)
    give(10_000_000, date(2020, 5, 31))
    settle()
    use(123_456)
    use(1_000, "award", date(2020, 5, 31))
    as_of = settle()
    bulletin = drafted()
    since_ever = drafted(first=date(2018, 1, 1))
    assert bulletin.as_of == as_of
    assert values(since_ever, TOTALS) == [
        before[0] + 30_000_000, before[1] + 124_456, before[2] + 30_000_000 - 124_456
    ]  # fmt: skip
    received, used, held = values(bulletin, TOTALS)
    opening, went = values(bulletin, ("cny.came-before", "cny.went-before"))
    assert held == opening - went + received - used
    assert (opening, went) >= (10_000_000, 1_000)
    uses = [one for one in bulletin.content.by_name() if one.startswith("cny.used.")]
    assert sum(values(bulletin, uses)) == used
    assert values(bulletin, ["cny.used.relief"])[0] >= 123_456


def test_what_is_published_is_in_the_log_and_the_audit_proves_it(
    tmp_path: Path, settings: Any
) -> None:
    settings.SIDE_FILES = str(tmp_path)
    give(5_000)
    settle()
    bulletin = published(text="6 月收到的款项如表。")
    log = records()
    assert audit_records(log).findings == []
    told = reread(log[-1])
    assert isinstance(told, BulletinRecord)
    assert told.id == bulletin.record_id.hex
    assert told.society == CODE and told.as_of == bulletin.as_of
    assert as_bytes(told.figures) in bytes(bulletin.figures)
    assert as_bytes(bulletin.content.figures) in log[-1]
    assert "款项" not in log[-1].decode()
    settle_side_texts()
    assert told.text is not None and side_files().read(told.text) == "6 月收到的款项如表。"
    assert told.requested_by != told.approved_by[0]


def test_who_prepared_a_bulletin_never_publishes_it() -> None:
    bulletin = draft_bulletin(
        by=person("officer"), society=Society.objects.get(pk=CODE), first=FIRST, last=LAST
    )
    with pytest.raises(Refused) as refused:
        publish_bulletin(by=person("officer"), bulletin=bulletin)
    assert refused.value.code == "access.four_eyes"
    bulletin.refresh_from_db()
    assert bulletin.state == "drafted" and bulletin.record_id is None
    assert not Waiting.objects.exists()
    publish_bulletin(by=person("officer2"), bulletin=bulletin)


def test_who_counted_it_again_is_the_first_pair_of_eyes() -> None:
    bulletin = redraft_bulletin(by=person("officer"), bulletin=drafted())
    with pytest.raises(Refused) as refused:
        publish_bulletin(by=person("officer"), bulletin=bulletin)
    assert refused.value.code == "access.four_eyes"


def test_finance_prepares_and_does_not_approve() -> None:
    bulletin = draft_bulletin(
        by=person("officer"), society=Society.objects.get(pk=CODE), first=FIRST, last=LAST
    )
    with pytest.raises(NotAllowed):
        publish_bulletin(by=person("finance"), bulletin=bulletin)
    assert not Record.objects.filter(number__in=Waiting.objects.values("number")).exists()


def test_a_figure_that_somebody_changed_is_refused_by_name_and_difference() -> None:
    give(7_000)
    settle()
    bulletin = drafted()
    data = bytes(bulletin.figures)
    received = values(bulletin, ["cny.received"])[0]
    changed = data.replace(b'"value":%d' % received, b'"value":%d' % (received + 1))
    assert changed != data
    Bulletin.objects.filter(pk=bulletin.pk).update(figures=changed)
    with pytest.raises(Refused) as refused:
        publish_bulletin(by=person("officer"), bulletin=bulletin)
    assert refused.value.code.startswith("disclosure.bulletin.")
    assert "0.01" in str(refused.value) or "70." in str(refused.value)
    bulletin.refresh_from_db()
    assert bulletin.state == "drafted"
    assert not Waiting.objects.exists()


def test_a_changed_figure_whose_sums_were_changed_too_is_refused_by_the_books() -> None:
    give(7_000)
    settle()
    bulletin = drafted()
    content = bulletin.content
    smaller = type(content)(figures=content.figures[:1], sums=())
    Bulletin.objects.filter(pk=bulletin.pk).update(figures=as_bytes(smaller))
    with refusal("bulletin.figures-changed"):
        publish_bulletin(by=person("officer"), bulletin=bulletin)


def test_books_that_change_meanwhile_change_nothing_in_a_draft() -> None:
    give(1_000)
    settle()
    bulletin = drafted()
    before = bytes(bulletin.figures)
    give(999_999)
    settle()
    use(777)
    settle()
    publish_bulletin(by=person("officer"), bulletin=bulletin)
    settle()
    assert bytes(Bulletin.objects.get(pk=bulletin.pk).figures) == before
    assert audit_records(records()).findings == []


def test_counted_again_it_is_as_of_now() -> None:
    bulletin = drafted()
    (before,) = values(bulletin, ["cny.received"])
    give(4_321)
    settle()
    again = redraft_bulletin(by=person("finance"), bulletin=bulletin)
    assert values(again, ["cny.received"]) == [before + 4_321]
    assert again.as_of > bulletin.as_of


def test_while_an_entry_waits_for_the_log_nothing_is_published() -> None:
    give(1_000)
    bulletin = drafted()
    assert bulletin.waiting == 1
    with refusal("bulletin.waiting"):
        publish_bulletin(by=person("officer"), bulletin=bulletin)
    settle()
    publish_bulletin(by=person("officer"), bulletin=redraft_bulletin(
        by=person("finance"), bulletin=bulletin
    ))  # fmt: skip


def test_the_text_quotes_figures_of_the_table_and_no_others() -> None:
    give(12_345)
    settle()
    held = values(drafted(), ["cny.held"])[0]
    first = Bulletin.objects.get(state="drafted")
    good = f"截至 2020 年 6 月 24 日，结余 {held / 100:,.2f} 元。"
    redraft_bulletin(by=person("finance"), bulletin=first, text=good)
    for wrong in (
        f"结余 {held / 100 + 0.01:,.2f} 元。", "结余约三十万元。", "帮助了 4,711 户。",
        "结余９９９９万元。",
    ):  # fmt: skip
        redraft_bulletin(by=person("finance"), bulletin=first, text=wrong)
        with refusal("bulletin.text"):
            publish_bulletin(by=person("officer"), bulletin=first)
    redraft_bulletin(by=person("finance"), bulletin=first, text=good)
    publish_bulletin(by=person("officer"), bulletin=first)


def test_what_was_published_stays_whoever_asks() -> None:
    bulletin = published()
    for act in (
        lambda: redraft_bulletin(by=person("finance"), bulletin=bulletin),
        lambda: withdraw_bulletin(by=person("finance"), bulletin=bulletin, reason="写错了日期。"),
        lambda: publish_bulletin(by=person("officer2"), bulletin=bulletin),
    ):
        with refusal("bulletin.published-already"):
            act()
    for change in ({"figures": b"{}"}, {"state": "drafted"}, {"as_of": 1}, {"text": "别的。"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Bulletin.objects.filter(pk=bulletin.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        bulletin.delete()


def test_another_content_than_the_one_looked_at_is_not_signed() -> None:
    bulletin = drafted()
    seen = bulletin.seal
    redraft_bulletin(by=person("finance"), bulletin=bulletin, text="多了一句话。")
    with refusal("bulletin.changed"):
        publish_bulletin(by=person("officer"), bulletin=bulletin, seen=seen)


def test_days_to_come_or_the_wrong_way_round_are_refused() -> None:
    count = Bulletin.objects.count()
    with refusal("bulletin.window-ahead"):
        drafted(last=date(2020, 6, 25))
    with refusal("bulletin.window-reversed"):
        drafted(first=date(2020, 6, 20), last=date(2020, 6, 19))
    assert Bulletin.objects.count() == count


def test_one_draft_for_the_same_days_at_a_time() -> None:
    first = drafted()
    with refusal("bulletin.drafted-already"):
        drafted()
    withdraw_bulletin(by=person("finance"), bulletin=first, reason="日期要改。")
    drafted()


def test_bulletins_are_numbered_one_after_the_other_in_their_year() -> None:
    one = published(last=date(2020, 6, 1))
    other = published(last=date(2020, 6, 2))
    assert (other.year, other.serial) == (2020, one.serial + 1)


def test_another_societys_officer_sees_no_draft_and_may_do_nothing_with_it() -> None:
    bulletin, acts = drafted(), Act.objects.count()
    by = person("province")
    for act in (
        lambda: redraft_bulletin(by=by, bulletin=bulletin),
        lambda: publish_bulletin(by=by, bulletin=bulletin),
        lambda: withdraw_bulletin(by=by, bulletin=bulletin, reason="不该由我来做。"),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        draft_bulletin(by=by, society=bulletin.society, first=FIRST, last=FIRST)
    assert Act.objects.count() == acts


def test_a_bulletin_longer_than_a_record_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("honghui.record.schemas.RECORD_BYTES_MAX", 500)
    with refusal("bulletin.too-long"):
        drafted()
    assert not Bulletin.objects.filter(state="drafted").exists()
