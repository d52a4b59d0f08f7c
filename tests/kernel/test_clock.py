"""Business time is asked of one clock; a world may stop it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from honghui.kernel import clock
from honghui.kernel.models import World

JUNE_2020 = datetime(2020, 6, 24, 1, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_sample_world_stands_still_at_nine_in_the_morning() -> None:
    assert clock.now() == clock.now() == JUNE_2020
    assert clock.now().isoformat() == "2020-06-24T09:00:00+08:00"
    assert str(clock.today()) == "2020-06-24"


@pytest.mark.django_db
def test_without_a_world_the_clock_is_the_machines() -> None:
    World.objects.all().delete()
    clock.forget_pin()
    assert abs(clock.now() - clock.machine_now()) < timedelta(minutes=1)


def test_a_stretch_of_work_has_its_own_time_and_gives_it_back() -> None:
    with clock.at(JUNE_2020):
        with clock.at(JUNE_2020 + timedelta(days=1)):
            assert str(clock.today()) == "2020-06-25"
        assert clock.now() == JUNE_2020


def test_security_never_reads_a_stopped_clock() -> None:
    with clock.at(JUNE_2020):
        assert clock.machine_now().year > 2020


def test_the_day_is_chinas_day() -> None:
    with clock.at(datetime(2020, 6, 23, 16, 30, tzinfo=UTC)):
        assert str(clock.today()) == "2020-06-24"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(AssertionError), clock.at(datetime(2020, 6, 24)):
        pass
