"""Administrator mode: for a while, for a reason, in one society, every request an act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed
from honghui.registry import access, rules
from honghui.registry.actions.accounts import enter_admin_mode, leave_admin_mode
from honghui.registry.models import Account, AdminMode, Society
from honghui.registry.permissions import ERASE_PEOPLE, MANAGE_ROLES, PERMISSIONS
from honghui.worlds import SAMPLE_PASSWORD
from tests.registry.samples import REASON

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
SignIn = Callable[[str], Client]
SHAOXING = "330600"


def _later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    """The machine's clock moves on; the world's does not."""
    moment = clock.machine_now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "machine_now", lambda: moment)


def _switched_on(client: Client) -> Client:
    """As a person does it: password again, reason, send."""
    page = reverse("admin_mode")
    client.post(reverse("account_reauthenticate"), {"password": SAMPLE_PASSWORD, "next": page})
    answer = client.get(page)
    once = answer.context["form"].once_key
    sent = client.post(page, {"once": once, "society": SHAOXING, "reason": REASON})
    assert sent.status_code == 302, sent.content.decode()
    return client


# ── on ───────────────────────────────────────────────────────────────────────────────────────


def test_powers_are_there_in_the_mode_and_only_in_its_society(as_actor: As) -> None:
    off, on = as_actor("administrator"), as_actor("administrator", elevated=SHAOXING)
    for permission in (MANAGE_ROLES, ERASE_PEOPLE):
        assert not access.may(off, permission, SHAOXING)
        assert access.may(on, permission, SHAOXING)
        assert not access.may(on, permission, "330000")


def test_the_mode_gives_no_power_that_the_role_does_not_have(as_actor: As) -> None:
    on = as_actor("administrator", elevated=SHAOXING)
    for permission in PERMISSIONS.values():
        given = permission.roles | permission.in_admin_mode
        assert access.may(on, permission, SHAOXING) == ("administrator" in given)
        assert not access.may(on, permission, "330400")


@pytest.mark.parametrize("username", ["officer", "auditor", "finance", "province", "outsider"])
def test_only_administrators_enter_it(as_actor: As, username: str) -> None:
    with pytest.raises(NotAllowed):
        as_actor(username, elevated=SHAOXING)
    assert not AdminMode.objects.exists()


def test_it_is_not_entered_without_a_reason_or_in_another_society(as_actor: As) -> None:
    by = as_actor("administrator")
    with pytest.raises(Invalid) as refused:
        enter_admin_mode(by=by, society=Society.objects.get(pk=SHAOXING), reason="")
    assert refused.value.field == "reason"
    with pytest.raises(NotAllowed):
        enter_admin_mode(by=by, society=Society.objects.get(pk="330000"), reason=REASON)
    assert not AdminMode.objects.exists()


def test_entering_is_an_act_with_its_reason_and_its_end(as_actor: As) -> None:
    by = as_actor("administrator")
    enter_admin_mode(by=by, society=Society.objects.get(pk=SHAOXING), reason=REASON)
    act = Act.objects.get(verb="registry.admin_mode.entered")
    assert (act.actor_id, act.society_code, act.reason) == (by.account_id, SHAOXING, REASON)
    assert "until" in act.after


# ── off ──────────────────────────────────────────────────────────────────────────────────────


def test_it_ends_by_itself_by_the_machines_clock(
    as_actor: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = as_actor("administrator", elevated=SHAOXING)
    _later(monkeypatch, rules.ADMIN_MODE_MINUTES - 1)
    assert access.may(on, MANAGE_ROLES, SHAOXING)
    _later(monkeypatch, 2)
    assert not access.may(on, MANAGE_ROLES, SHAOXING)
    assert as_actor("administrator").elevation is None


def test_a_pinned_world_does_not_keep_it_on(as_actor: As, monkeypatch: pytest.MonkeyPatch) -> None:
    on = as_actor("administrator", elevated=SHAOXING)
    with clock.at(datetime(2020, 6, 24, 9, 0, tzinfo=clock.CHINA)):
        assert access.may(on, MANAGE_ROLES, SHAOXING)
        _later(monkeypatch, rules.ADMIN_MODE_MINUTES + 1)
        assert not access.may(on, MANAGE_ROLES, SHAOXING)
        with pytest.raises(NotAllowed) as refused:
            access.require(on, MANAGE_ROLES, SHAOXING)
    assert refused.value.code == "access.admin_mode_needed"


def test_who_leaves_it_has_no_powers_any_more(as_actor: As) -> None:
    leave_admin_mode(by=as_actor("administrator", elevated=SHAOXING))
    after = as_actor("administrator")
    assert after.elevation is None
    assert not access.may(after, MANAGE_ROLES, SHAOXING)
    assert Act.objects.filter(verb="registry.admin_mode.left", society_code=SHAOXING).exists()
    with pytest.raises(Conflict) as refused:
        leave_admin_mode(by=after)
    assert refused.value.code == "registry.admin_mode.off"


def test_entering_anew_ends_the_former_stretch(as_actor: As) -> None:
    as_actor("administrator", elevated=SHAOXING)
    as_actor("administrator", elevated=SHAOXING)
    assert AdminMode.objects.count() == 2
    assert AdminMode.objects.filter(left_at=None).count() == 1


# ── at the desk ──────────────────────────────────────────────────────────────────────────────


def test_the_password_is_asked_for_again_first(sign_in: SignIn) -> None:
    answer = sign_in("administrator").get(reverse("admin_mode"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not AdminMode.objects.exists()


def test_in_the_mode_every_request_is_an_act_page_views_too(sign_in: SignIn) -> None:
    client = _switched_on(sign_in("administrator"))
    seen = Act.objects.filter(verb="registry.admin_mode.request")
    seen_before = seen.count()
    for path, status in (
        ("/desk/roles/", 200),
        ("/desk/people/new/", 200),
        ("/desk/units/new/", 403),
        ("/societies/", 200),
    ):
        assert client.get(path).status_code == status
        act = seen.latest("id")
        assert act.after == {"method": "GET", "path": path, "status": status}
        assert (act.society_code, act.actor_name) == (SHAOXING, "系统管理岗")
    assert seen.count() == seen_before + 4


def test_a_request_after_its_end_is_refused_and_no_act_of_the_mode(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _switched_on(sign_in("administrator"))
    assert client.get(reverse("role_grant")).status_code == 200
    before = Act.objects.filter(verb="registry.admin_mode.request").count()
    _later(monkeypatch, rules.ADMIN_MODE_MINUTES + 1)
    assert client.get(reverse("role_grant")).status_code == 403
    assert Act.objects.filter(verb="registry.admin_mode.request").count() == before


def test_leaving_at_the_desk_ends_it(sign_in: SignIn) -> None:
    client = _switched_on(sign_in("administrator"))
    assert client.post(reverse("admin_mode_leave")).status_code == 302
    assert client.get(reverse("role_grant")).status_code == 403
    assert AdminMode.objects.get().left_at


def test_without_the_mode_nothing_is_noted(sign_in: SignIn) -> None:
    client = sign_in("administrator")
    client.get("/desk/")
    assert not Act.objects.filter(verb="registry.admin_mode.request").exists()


def test_a_page_that_needs_the_mode_says_so(sign_in: SignIn) -> None:
    answer = sign_in("administrator").get(reverse("role_grant"))
    assert "access.admin_mode_needed" in answer.content.decode()


def test_another_session_has_no_powers_or_is_recorded_too(sign_in: SignIn) -> None:
    _switched_on(sign_in("administrator"))
    before = Act.objects.filter(verb="registry.admin_mode.request").count()
    answer = sign_in("administrator").get(reverse("role_grant"))
    recorded = Act.objects.filter(verb="registry.admin_mode.request").count() > before
    assert answer.status_code == 403 or recorded


def test_the_cast_knows_one_administrator() -> None:
    assert Account.objects.filter(grants__role="administrator").count() == 1
