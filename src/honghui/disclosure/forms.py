"""Forms: what may be typed. What it means is decided by the actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from honghui.disclosure.saying import REASONS
from honghui.registry.forms import DateInput, SocietyForm
from honghui.registry.permissions import PREPARE_BULLETINS
from honghui.ui.forms import Form


class TextFields(forms.Form):
    """The free text of a bulletin, both languages optional."""

    text = forms.CharField(
        label=_("Text in Chinese"),
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("What a number in it says must stand in the table."),
    )
    text_en = forms.CharField(
        label=_("Text in English"), required=False, max_length=1500, widget=forms.Textarea
    )


class BulletinForm(TextFields, SocietyForm):
    permission = PREPARE_BULLETINS
    first = forms.DateField(label=_("First day"), widget=DateInput)
    last = forms.DateField(label=_("Last day"), widget=DateInput)
    field_order = ("society", "first", "last", "text", "text_en")


class RedraftForm(TextFields, Form):
    pass


class SeenForm(Form):
    """What somebody signs is what was shown to them: `seen` is its mark."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class CorrectionForm(Form):
    reason = forms.ChoiceField(label=_("What was wrong"), choices=list(REASONS.items()))
    text = forms.CharField(
        label=_("The note in Chinese"), max_length=1000, widget=forms.Textarea,
        help_text=_("For readers: what was wrong, and what is right."),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("The note in English"), required=False, max_length=1500, widget=forms.Textarea
    )
    replaces_figures = forms.BooleanField(
        label=_("Count again, and replace the figures that differ"), required=False, initial=True
    )
