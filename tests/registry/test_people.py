"""People stand in the registry once, sealed, and are forgotten for good."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from honghui.journal.acting import personal_of
from honghui.journal.models import Act
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotFound
from honghui.registry import access, identities
from honghui.registry.actions.accounts import close_account
from honghui.registry.actions.duplicates import confirm_merge
from honghui.registry.actions.people import (
    affiliate_person,
    change_person,
    end_affiliation,
    erase_person,
    register_person,
    show_identity,
)
from honghui.registry.models import Account, Affiliation, Person, SearchEntry, Society
from tests.registry.samples import REASON, SYSTEM, account, pair, person, resident_id

pytestmark = pytest.mark.django_db

ID = resident_id(901)
PHONE = "13987654321"
As = Callable[..., Actor]
TABLES = (
    "registry_person",
    "registry_affiliation",
    "registry_searchentry",
    "journal_act",
    "kernel_subjectkey",
    "procrastinate_jobs",
)


def _rows_as_text() -> str:
    """Everything the database keeps about people, as text; bytes as hex."""
    with connection.cursor() as cursor:
        texts = []
        for table in TABLES:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            texts.append(str(cursor.fetchone()))
    return " ".join(texts)


def _everywhere_in(text: str, value: str) -> bool:
    """Whether the value stands there in the open, also as the bytes of its encoding."""
    return value in text or value.encode().hex() in text


# ── registering ──────────────────────────────────────────────────────────────────────────────


def test_a_new_person_is_written_down_with_what_they_are_to_the_society(
    as_actor: As, shaoxing: Society
) -> None:
    made = register_person(
        by=as_actor("officer"),
        society=shaoxing,
        name=" 样例\u3000甲 ",
        kind="donor",
        resident_id=ID,
        phone=PHONE,
    )
    assert (made.name, made.resident_id_tail, made.phone_tail) == ("样例 甲", ID[-4:], PHONE[-4:])
    assert [(each.society_id, each.kind) for each in made.affiliations.all()] == [
        ("330600", "donor")
    ]


def test_a_known_id_with_the_same_name_is_affiliated_and_not_doubled(as_actor: As) -> None:
    first = person("样例甲", resident_id=ID)
    people = Person.objects.count()
    again = register_person(
        by=as_actor("team-leader"),
        society=Society.objects.get(pk="331081"),
        name="样例甲",
        kind="volunteer",
        resident_id=ID,
    )
    assert (again.pk, Person.objects.count()) == (first.pk, people)
    assert set(first.affiliations.values_list("society_id", "kind")) == {
        ("330600", "donor"),
        ("331081", "volunteer"),
    }
    assert Act.objects.filter(object_id=str(first.pk)).latest("id").after["was_known"] is True


def test_a_known_id_registered_for_the_same_again_adds_nothing() -> None:
    first = person("样例甲", resident_id=ID)
    person("样例甲", resident_id=ID)
    assert first.affiliations.count() == 1


@pytest.mark.parametrize(
    "typed", ["　".join(ID), ID.translate(str.maketrans("0123456789", "０１２３４５６７８９"))]
)
def test_a_known_id_is_found_however_it_was_typed(typed: str) -> None:
    assert person("样例甲", resident_id=ID).pk == person("样例甲", resident_id=typed).pk


def test_a_known_id_with_another_name_is_refused_without_telling_whose(
    as_actor: As, shaoxing: Society
) -> None:
    owner = person("样例甲", society="330400", resident_id=ID)
    before = Act.objects.count(), Person.objects.count(), Affiliation.objects.count()
    with pytest.raises(Conflict) as refused:
        register_person(
            by=as_actor("officer"), society=shaoxing, name="样例乙", kind="donor", resident_id=ID
        )
    told = f"{refused.value} {refused.value.args}"
    assert refused.value.code == "registry.person.id_has_other_name"
    assert not any(each in told for each in (owner.name, ID, str(owner.pk), "330400", "嘉兴"))
    assert before == (Act.objects.count(), Person.objects.count(), Affiliation.objects.count())


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": " \u200b "}, "text.empty", "name"),
        ({"name": "样\x00例"}, "text.control", "name"),
        ({"name": "样\u202e例"}, "text.direction", "name"),
        ({"name": "样" * 81}, "text.too_long", "name"),
        (
            {"resident_id": ID[:-1] + ("0" if ID[-1] != "0" else "1")},
            "resident_id.check",
            "resident_id",
        ),
        (
            {"resident_id": resident_id(1, born="20200625")},
            "resident_id.birth_in_future",
            "resident_id",
        ),
        ({"phone": "139"}, "phone.mobile", "phone"),
        ({"kind": "emperor"}, "registry.kind.unknown", "kind"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_written(
    values: dict[str, str], code: str, field: str
) -> None:
    before = Act.objects.count(), Person.objects.count()
    with pytest.raises(Invalid) as refused:
        person(**{"name": "样例甲", **values})
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not any(value in str(refused.value) for value in values.values())
    assert before == (Act.objects.count(), Person.objects.count())


# ── sealed ───────────────────────────────────────────────────────────────────────────────────


def test_id_and_phone_stand_nowhere_in_the_open(as_actor: As, shaoxing: Society) -> None:
    by = as_actor("officer").with_once("1" * 32)
    made = register_person(
        by=by, society=shaoxing, name="样例甲", kind="donor", resident_id=ID, phone=PHONE
    )
    change_person(by=by.with_once("2" * 32), person=made, name="样例乙", phone="13987654322")
    show_identity(by=as_actor("officer"), person=made, reason=REASON)
    kept = _rows_as_text()
    for value in (ID, PHONE, "13987654322", ID[:17], ID[6:14]):
        assert not _everywhere_in(kept, value)


def test_the_bare_hash_of_an_id_finds_nobody() -> None:
    made = person("样例甲", resident_id=ID)
    made.refresh_from_db()
    hashed = bytes(made.resident_id_hash or b"")
    assert hashed == subject_keys.look_up_hash("resident_id", ID)
    assert hashed != hashlib.sha256(ID.encode()).digest()
    owner = identities.owner_of(ID)
    assert owner is not None and owner.pk == made.pk
    assert identities.owner_of("") is None
    assert identities.owner_of(resident_id(902)) is None


@pytest.mark.parametrize("typed", ["0575-85051234转801", "(0575) 8505 1234 ext.801"])
def test_an_extension_is_kept_sealed_and_shown_on_a_look(
    sign_in: Callable[[str], Client], typed: str
) -> None:
    made = person("样例甲", phone=typed)
    made.refresh_from_db()
    opened = identities.opened(made)
    assert (opened.phone, opened.extension, made.phone_tail) == ("+8657585051234", "801", "1234")
    assert not _everywhere_in(_rows_as_text(), "ext=801")
    for prefix, words in (("", "转801"), ("/en", "ext. 801")):
        once = {"once": "1" * 32, "reason": REASON}
        page = sign_in("officer").post(f"{prefix}/desk/people/{made.pk}/identity/", once)
        assert f"+8657585051234 · {words}" in page.content.decode()


def test_a_phone_is_looked_up_with_and_without_its_extension() -> None:
    one = person("样例甲", phone="0575-85051234转801")
    other = person("样例乙", phone="0575-85051234-802")
    unknown = person("样例丙", phone="057585051234")
    person("样例丁", phone="0575-85051235转801")

    def owners(typed: str) -> set[Person]:
        return set(identities.owners_of_phone(typed))

    assert owners("0575 85051234") == {one, other, unknown}
    assert owners("+86 575 85051234 转 801") == {one, unknown}
    assert owners("0575-85051234转803") == {unknown}


def test_a_merge_keeps_the_extension_that_only_the_dropped_row_knew() -> None:
    kept, dropped = person("样例甲"), person("样例甲", phone="0575-85051234转801")
    identities.inherit_identity(kept, dropped)
    kept.refresh_from_db()
    assert identities.opened(kept).extension == "801"


def test_the_same_id_is_sealed_differently_for_each_person() -> None:
    one = person("样例甲", phone=PHONE)
    other = person("样例乙", phone=PHONE)
    one.refresh_from_db()
    other.refresh_from_db()
    assert bytes(one.phone_hash or b"") == bytes(other.phone_hash or b"")
    assert bytes(one.phone_sealed or b"") != bytes(other.phone_sealed or b"")


def test_no_id_or_phone_is_ever_logged(
    as_actor: As, shaoxing: Society, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    by = as_actor("officer").with_once("3" * 32)
    made = register_person(
        by=by, society=shaoxing, name="样例甲", kind="donor", resident_id=ID, phone=PHONE
    )
    with pytest.raises(Conflict):
        person("样例乙", resident_id=ID)
    with pytest.raises(Invalid):
        person("样例乙", resident_id=ID[:17] + "Y", phone=PHONE + "0")
    show_identity(by=as_actor("officer"), person=made, reason=REASON)
    shown = identities.opened(made)
    logging.getLogger("honghui").debug("%r %s", shown, shown)
    said = caplog.text + "".join(str(each.args) for each in caplog.records)
    assert not any(value in said for value in (ID, ID[:17], PHONE, "样例甲"))


def test_an_identity_is_shown_for_a_reason_and_the_look_is_an_act(as_actor: As) -> None:
    made = person("样例甲", resident_id=ID, phone=PHONE)
    by = as_actor("officer")
    with pytest.raises(Invalid):
        show_identity(by=by, person=made, reason=" ? ")
    assert not Act.objects.filter(verb="registry.person.identity_shown").exists()
    shown = identities.opened(show_identity(by=by, person=made, reason=REASON))
    assert (shown.resident_id, shown.phone) == (ID, f"+86{PHONE}")
    act = Act.objects.get(verb="registry.person.identity_shown")
    assert (act.object_id, act.actor_id, act.reason) == (str(made.pk), by.account_id, REASON)


# ── changing, affiliating ────────────────────────────────────────────────────────────────────


def test_a_change_keeps_the_phone_that_is_not_given_and_the_old_name_sealed(
    as_actor: As,
) -> None:
    made = person("样例甲", phone=PHONE)
    change_person(by=as_actor("officer"), person=made, name="样例乙")
    made.refresh_from_db()
    assert (made.name, identities.opened(made).phone) == ("样例乙", f"+86{PHONE}")
    act = Act.objects.get(verb="registry.person.changed", object_id=str(made.pk))
    assert personal_of(act) == {"before": {"name": "样例甲"}, "after": {"name": "样例乙"}}
    assert SearchEntry.objects.get(object_id=str(made.pk)).label == "样例乙"


def test_a_running_affiliation_is_not_begun_twice(as_actor: As, shaoxing: Society) -> None:
    made = person("样例甲", kind="volunteer")
    by = as_actor("officer")
    with pytest.raises(Conflict) as refused:
        affiliate_person(by=by, person=made, society=shaoxing, kind="volunteer")
    assert refused.value.code == "registry.affiliation.runs"
    affiliate_person(by=by, person=made, society=shaoxing, kind="donor")
    assert made.affiliations.count() == 2


def test_an_ended_affiliation_may_begin_again(as_actor: As, shaoxing: Society) -> None:
    made = person("样例甲", kind="volunteer")
    by = as_actor("officer")
    running = made.affiliations.get()
    end_affiliation(by=by, affiliation=running, ended_on=date(2020, 6, 24), reason=REASON)
    affiliate_person(by=by, person=made, society=shaoxing, kind="volunteer")
    assert made.affiliations.filter(ended_on=None).count() == 1


def test_an_affiliation_does_not_end_before_it_began(as_actor: As) -> None:
    running = person("样例甲").affiliations.get()
    with pytest.raises(Invalid) as refused:
        end_affiliation(
            by=as_actor("officer"), affiliation=running, ended_on=date(2020, 1, 1), reason=REASON
        )
    assert refused.value.field == "ended_on"


def test_an_affiliation_ends_once(as_actor: As) -> None:
    running = person("样例甲").affiliations.get()
    by = as_actor("officer")
    end_affiliation(by=by, affiliation=running, ended_on=date(2020, 6, 24), reason=REASON)
    with pytest.raises(Conflict):
        end_affiliation(by=by, affiliation=running, ended_on=date(2020, 6, 25), reason=REASON)


def test_another_societys_person_is_not_found(as_actor: As) -> None:
    stranger = person("样例甲", society="330400")
    for username in ("officer", "auditor", "province", "administrator", "outsider"):
        with pytest.raises(NotFound):
            access.person(as_actor(username), stranger.pk)


# ── forgetting ───────────────────────────────────────────────────────────────────────────────


def test_an_erased_person_leaves_a_bare_row(as_actor: As) -> None:
    made = person("样例甲", resident_id=ID, phone=PHONE)
    acts = list(Act.objects.filter(subject_id=made.pk))
    assert acts and all(personal_of(act) for act in acts)
    erase_person(by=SYSTEM, person=made, reason=REASON)
    made.refresh_from_db()
    assert (made.name, made.name_key, made.resident_id_tail, made.phone_tail) == ("",) * 4
    assert (made.resident_id_sealed, made.resident_id_hash) == (None, None)
    assert (made.phone_sealed, made.phone_hash) == (None, None)
    assert [personal_of(act) for act in acts] == [None] * len(acts)
    assert not SearchEntry.objects.filter(object_id=str(made.pk)).exists()
    assert "样例甲" not in _rows_as_text()
    with pytest.raises(NotFound):
        access.person(as_actor("officer"), made.pk)


def test_an_erased_person_who_comes_again_is_somebody_new() -> None:
    gone = person("样例甲", resident_id=ID)
    erase_person(by=SYSTEM, person=gone, reason=REASON)
    assert person("样例甲", resident_id=ID).pk != gone.pk


def test_nobody_is_erased_who_still_signs_in() -> None:
    signer = Account.objects.get(username="officer2")
    with pytest.raises(Conflict) as refused:
        erase_person(by=SYSTEM, person=signer.person, reason=REASON)
    assert refused.value.code == "registry.person.has_account"


def test_a_person_whose_account_was_closed_may_be_erased(as_actor: As, shaoxing: Society) -> None:
    made = person("样例甲", kind="staff")
    theirs = account("sample-one", made, role="officer")
    close_account(
        by=as_actor("administrator", elevated="330600"),
        society=shaoxing,
        account=theirs,
        reason=REASON,
    )
    assert erase_person(by=SYSTEM, person=made, reason=REASON).erased_at


def test_the_database_itself_keeps_nothing_of_an_erased_person() -> None:
    made = erase_person(by=SYSTEM, person=person("样例甲"), reason=REASON)
    with pytest.raises(IntegrityError, match="person_erased_keeps_nothing"), transaction.atomic():
        Person.objects.filter(pk=made.pk).update(name="样例甲")


def test_erasing_forgets_the_rows_that_were_merged_into_the_person_too(as_actor: As) -> None:
    one, other = person("样例甲", resident_id=ID), person("样例甲", phone=PHONE)
    proposed = pair(
        one,
        other,
        state="proposed",
        proposed_reason=REASON,
        proposed_by=Account.objects.get(username="officer2"),
    )
    confirm_merge(by=as_actor("officer"), pair=proposed, reason=REASON)
    kept = Person.objects.get(merged=other if one.pk < other.pk else one)
    erase_person(by=SYSTEM, person=kept, reason=REASON)
    assert not Person.objects.filter(pk__in=(one.pk, other.pk)).exclude(name="").exists()
    assert "样例甲" not in _rows_as_text()
