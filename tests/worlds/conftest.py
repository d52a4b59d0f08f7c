"""The whole world, to be looked at: what a test changes is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from honghui.kernel import clock
from tests.committed import WholeWorld, connected_to


@pytest.fixture
def loaded(whole_world: WholeWorld, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    clock.forget_pin()
    with django_db_blocker.unblock(), connected_to(whole_world), transaction.atomic():
        yield
        transaction.set_rollback(True)
    clock.forget_pin()
