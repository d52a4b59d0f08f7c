"""`honghui`: what cannot run says why and what to do, once, in one place."""

from __future__ import annotations

import pytest

from honghui import cli
from honghui.kernel.errors import CannotRun, HonghuiError, Invalid


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CannotRun("x.y", "It is late.", "Sleep."), "honghui: It is late.\n         Sleep.\n"),
        (Invalid("x.y", "It is wrong."), "honghui: It is wrong.\n"),
    ],
)
def test_a_refusal_is_said_and_ends_with_two(
    error: HonghuiError,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(**_options: object) -> None:
        raise error

    monkeypatch.setattr(cli, "commands", refuse)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("sentences", "row"),
    [
        (("It is late.", "Sleep."), "It is late. Sleep."),
        (("时间晚了。", "去睡吧。"), "时间晚了。去睡吧。"),
        (("It is late.", ""), "It is late."),
        (("", "去睡吧。"), "去睡吧。"),
    ],
)
def test_sentences_stand_in_a_row_as_their_language_has_it(
    sentences: tuple[str, str], row: str
) -> None:
    assert str(HonghuiError("x.y", *sentences)) == row
