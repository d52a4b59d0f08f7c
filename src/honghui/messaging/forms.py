"""Forms of messages: how somebody is reached."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from honghui.messaging.words import CHANNELS, LANGUAGES
from honghui.registry.naming import choices
from honghui.ui.forms import Form


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PreferenceForm(Form):
    """The ways in order: the first that works is taken first."""

    quiet_from = forms.TimeField(label=_("Quiet from"), widget=TimeInput)
    quiet_until = forms.TimeField(
        label=_("until"),
        widget=TimeInput,
        help_text=_("The same time twice: never quiet. Urgent call-outs come all the same."),
    )
    first = forms.ChoiceField(label=_("First way"), choices=choices(CHANNELS))
    second = forms.ChoiceField(
        label=_("Second way"), choices=[("", _("none")), *choices(CHANNELS)], required=False
    )
    third = forms.ChoiceField(
        label=_("Third way"), choices=[("", _("none")), *choices(CHANNELS)], required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=choices(LANGUAGES))
    field_order = ("quiet_from", "quiet_until", "first", "second", "third", "language")

    @property
    def values(self) -> dict[str, Any]:
        given = dict(super().values)
        ways = [given.pop(name) for name in ("first", "second", "third")]
        return {**given, "channels": [each for each in ways if each]}


class ChatForm(Form):
    wecom = forms.CharField(label=_("User id in WeCom"), required=False, max_length=64)
    dingtalk = forms.CharField(label=_("User id in DingTalk"), required=False, max_length=64)
