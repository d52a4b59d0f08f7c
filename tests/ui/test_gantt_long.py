"""What has lasted for weeks is drawn with few lines, whatever the step."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from honghui.kernel.clock import CHINA
from honghui.ui.figures import Band, TimeBands, gantt


@pytest.mark.parametrize("hours", [9, 72, 400, 60_000])
def test_a_long_time_has_no_more_lines_than_a_day(hours: int) -> None:
    starts = datetime(2020, 6, 13, 16, tzinfo=CHINA)
    bands = TimeBands(
        starts=starts, ends=starts + timedelta(hours=hours), bands=[Band("温岭", [])], label="时间"
    )
    assert 2 <= len(gantt(bands).hours) <= 25
