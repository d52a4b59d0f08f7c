"""What every test may rely on: the sample world of June 2020, its cast, and a browser.

The world is loaded once into the test database through the real actions, all but its rescue: those
tests begin with teams of their own, and tests/worlds look at the whole. A test sees it and leaves
it untouched. A test that needs commits takes `committed`: a database of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from honghui.kernel import clock
from honghui.kernel.actors import Actor, system_actor
from honghui.registry.models import Account, Society

pytest_plugins = ["tests.committed", "tests.browser"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:  # type: ignore[no-untyped-def]
    """The test database, migrated, with the sample world in it."""
    from honghui.worlds.loader import load_world

    with django_db_blocker.unblock():
        clock.forget_pin()
        load_world("zhejiang_2020", lambda line: None, without={"rescue"})


@pytest.fixture
def system() -> Actor:
    return system_actor("test")


@pytest.fixture
def as_actor(db: None) -> Callable[..., Actor]:
    """`as_actor("officer")`: a member of the cast as an Actor; `elevated="330600"` switches
    administrator mode on for them."""
    from honghui.registry.actions.accounts import enter_admin_mode
    from honghui.registry.signing_in import actor_of

    def make(username: str, *, elevated: str = "") -> Actor:
        account = Account.objects.get(username=username)
        if elevated:
            enter_admin_mode(
                by=actor_of(account),
                society=Society.objects.get(pk=elevated),
                reason="a test of administrator powers",
            )
        return actor_of(account)

    return make


@pytest.fixture
def sign_in(db: None) -> Callable[[str], Client]:
    """`sign_in("officer")`: a client with that member of the cast's session."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(username=username),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return make


@pytest.fixture
def shaoxing(db: None) -> Society:
    return Society.objects.get(pk="330600")


@pytest.fixture(autouse=True)
def fresh_clock() -> Iterator[None]:
    """No test inherits another's pinned clock."""
    clock.forget_pin()
    with translation.override(None):
        translation.activate(settings.LANGUAGE_CODE)
        yield
    clock.forget_pin()
