"""Forms of call-outs: what may be typed. What it means is decided by the actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from honghui.callouts import words
from honghui.callouts.answering import ETA_MINUTES_MAX
from honghui.registry.forms import ReasonForm
from honghui.ui.forms import Form

MORE_MAX = 100


class AnswerForm(Form):
    """The answer page's: one press says everything, so that it works with one thumb and without
    scripts. A button's value is a meaning, with the minutes behind it: "coming-30"."""

    answer = forms.CharField(max_length=20)

    def clean_answer(self) -> tuple[str, int | None]:
        try:
            return read_answer(str(self.cleaned_data["answer"]))
        except ValueError as error:
            raise forms.ValidationError(
                _("Press one of the buttons."), code="callouts.answer"
            ) from error


def read_answer(value: str) -> tuple[str, int | None]:
    """(meaning, minutes or None) of a button's value. Raises ValueError."""
    meaning, _dash, minutes = value.partition("-")
    if meaning not in words.DECISIONS or (minutes and meaning != "coming"):
        raise ValueError(value)
    if not minutes:
        return meaning, None
    if not (minutes.isascii() and minutes.isdigit()) or int(minutes) > ETA_MINUTES_MAX:
        raise ValueError(value)
    return meaning, int(minutes)


class NoteForm(Form):
    """What somebody said on the telephone."""

    meaning = forms.ChoiceField(
        label=_("What they said"), choices=list(words.DECISIONS.items()), widget=forms.RadioSelect
    )
    eta_minutes = forms.IntegerField(
        label=_("There in minutes"),
        required=False,
        min_value=0,
        max_value=ETA_MINUTES_MAX,
        help_text=_("Only if they come, and if they said so."),
    )


class MoreForm(Form):
    count = forms.IntegerField(label=_("How many more"), min_value=1, max_value=MORE_MAX)


class _OneButton(Form):
    """A form that is one button: what is wrong with it is said above the page."""

    @property
    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0]) if self.errors else ""


class SendForm(_OneButton):
    """Nothing is typed; the key keeps it from being sent twice."""


class SettleForm(_OneButton):
    """What an answer means that nobody could make out: a button for each, whose value says it."""

    answer = forms.CharField(max_length=20)
    invitation = forms.UUIDField(required=False)

    def clean_answer(self) -> tuple[str, int | None]:
        answer = str(self.cleaned_data["answer"])
        if answer == words.NOTHING:
            return answer, None
        try:
            return read_answer(answer)
        except ValueError as error:
            raise forms.ValidationError(
                _("Press one of the buttons."), code="callouts.answer"
            ) from error


class EndingForm(ReasonForm):
    """Closing and cancelling say why."""
