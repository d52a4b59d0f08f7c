"""A sealing secret is replaced: both hold at first, then the older one is gone for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from django.conf import settings

from honghui.journal.acting import personal_of
from honghui.journal.models import Act
from honghui.kernel import subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import CannotRun, Conflict
from honghui.kernel.models import SubjectKey
from honghui.kernel.sealing import MasterKeys, SealBroken, new_secret_text
from honghui.registry import identities, key_rotation, second_factors
from honghui.registry.actions.people import change_person
from honghui.registry.keys_cli import keys as keys_command
from honghui.registry.models import Person
from tests.registry.samples import SYSTEM, person, resident_id

pytestmark = pytest.mark.django_db

ID, PHONE = resident_id(951), "0575-85051234转801"
OLD, NEW = settings.SEALING_SECRETS[0], new_secret_text()
Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """`use(NEW, OLD)`: as if the site had been started with these secrets."""

    def secrets(*texts: str) -> None:
        keys = MasterKeys.from_texts(texts)
        monkeypatch.setattr(subject_keys, "master_keys", lambda: keys)

    return secrets


def rewrap() -> str:
    result = CliRunner().invoke(keys_command, ["rewrap"])
    if result.exception:
        raise result.exception
    return result.output


def test_the_older_secret_can_go_once_everything_is_made_anew(use: Use) -> None:
    made = person("样例甲", resident_id=ID, phone=PHONE)
    factor = second_factors.sealed("JBSWY3DP")
    act = Act.objects.get(verb="registry.person.registered", object_id=str(made.pk))
    use(NEW, OLD)
    total = SubjectKey.objects.filter(wrapped__isnull=False).count()
    assert f"{total} keys were wrapped anew" in rewrap()
    use(NEW)
    assert identities.owner_of(ID) == made
    assert identities.owners_of_phone(PHONE) == [made]
    made.refresh_from_db()
    opened = identities.opened(made)
    assert (opened.resident_id, opened.extension) == (ID, "801")
    assert personal_of(act) == {"before": {}, "after": {"name": "样例甲"}}
    assert second_factors.opened(factor) == "JBSWY3DP"


def test_while_both_hold_everything_is_found_and_nobody_is_written_twice(use: Use) -> None:
    made = person("样例甲", resident_id=ID, phone=PHONE)
    use(NEW, OLD)
    assert identities.owner_of(ID) == made
    assert identities.owners_of_phone(PHONE) == [made]
    assert person("样例甲", resident_id=ID) == made
    later = person("样例乙", resident_id=resident_id(952))
    assert identities.owner_of(resident_id(952)) == later


def test_without_the_older_secret_nothing_opens_before_it_was_made_anew(use: Use) -> None:
    made = person("样例甲", resident_id=ID)
    use(NEW)
    for broken in (lambda: identities.opened(made), rewrap):
        with pytest.raises(SealBroken) as refused:
            broken()
        assert refused.value.code == "sealing.secret_missing"


def test_a_killed_run_is_taken_up_where_it_stopped(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 5)
    for number in range(12):
        person(f"样例{number}", resident_id=resident_id(960 + number))
    use(NEW, OLD)
    total = SubjectKey.objects.filter(wrapped__isnull=False).count()
    real, seen = subject_keys.rewrap, []

    def dies(row: SubjectKey) -> bool:
        seen.append(row)
        assert len(seen) != 8, "killed"
        return real(row)

    with monkeypatch.context() as patch:
        patch.setattr(subject_keys, "rewrap", dies)
        with pytest.raises(AssertionError, match="killed"):
            rewrap()
    assert f"{total - 5} keys" in rewrap()
    assert "0 keys were wrapped anew, 0 people's" in rewrap()
    assert Act.objects.filter(verb="registry.keys.rewrapped").count() == 1


def test_a_destroyed_key_stays_destroyed(use: Use) -> None:
    made = person("样例甲", resident_id=ID)
    subject_keys.destroy_key(made.pk)
    use(NEW, OLD)
    rewrap()
    assert SubjectKey.objects.get(pk=made.pk).wrapped is None


def test_an_id_written_under_both_secrets_is_named(use: Use) -> None:
    """A process that did not know the newer secret yet could write it a second time."""
    use(OLD)
    person("样例甲", resident_id=ID)
    use(NEW)
    person("样例甲", resident_id=ID)
    use(NEW, OLD)
    with pytest.raises(CannotRun) as refused:
        rewrap()
    assert refused.value.code == "keys.same_id_twice"


def test_a_form_sent_again_after_the_change_is_still_carried_out_once(
    use: Use, as_actor: Callable[..., Actor]
) -> None:
    made = person("样例甲")
    by = as_actor("officer").with_once("5" * 32)
    change_person(by=by, person=made, name="样例乙")
    use(NEW, OLD)
    change_person(by=by, person=made, name="样例乙")
    assert Act.objects.filter(verb="registry.person.changed", object_id=str(made.pk)).count() == 1
    with pytest.raises(Conflict):
        change_person(by=by, person=made, name="样例丙")
    assert Person.objects.get(pk=made.pk).name == "样例乙"


def test_the_system_says_that_it_was_done(use: Use) -> None:
    person("样例甲", resident_id=ID)
    use(NEW, OLD)
    rewrap()
    act = Act.objects.get(verb="registry.keys.rewrapped")
    assert act.actor_name == "honghui keys rewrap" != SYSTEM.name
    assert act.after["keys"] > 0 and act.after["people"] > 0
