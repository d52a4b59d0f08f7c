"""Forms of reports and of published numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.kernel.measures import Qualifier
from honghui.rescue.words.measures import QUALIFIERS
from honghui.rescue.words.reports import CLAIMS, CORRECTIONS
from honghui.ui.forms import Form


class NoteFields(forms.Form):
    """A person's own words under the counted ones; both languages optional."""

    note = forms.CharField(
        label=_("Note in Chinese"), required=False, max_length=2000, widget=forms.Textarea,
        help_text=_("Stands under the report, as yours. No names, no phone numbers."),
    )  # fmt: skip
    note_en = forms.CharField(
        label=_("Note in English"), required=False, max_length=3000, widget=forms.Textarea
    )


class DraftForm(NoteFields, Form):
    """With `corrects`, what was wrong in the report that is in public."""

    correction_reason = forms.ChoiceField(
        label=_("What was wrong in the released one"), choices=list(CORRECTIONS.items())
    )
    field_order = ("correction_reason", "note", "note_en")

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction_reason"]


class RedraftForm(NoteFields, Form):
    pass


class ReleaseForm(Form):
    """What somebody signs is what was shown to them: `seen` is its mark."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ClaimForm(Form):
    measure = forms.ChoiceField(
        label=_("What was published"),
        choices=[(code, words) for code, (words, _unit) in CLAIMS.items()],
    )
    qualifier = forms.ChoiceField(
        label=_("How surely"), choices=list(QUALIFIERS.items()), initial=Qualifier.EXACT.value
    )
    value = forms.IntegerField(
        label=pgettext_lazy("a published number", "Number"), min_value=0, max_value=10_000_000
    )
    told_as = forms.CharField(
        label=_("In the source's own words"), max_length=120,
        help_text=_("As it stands there, such as “5辆专业救援车”."),
    )  # fmt: skip
    source = forms.CharField(
        label=pgettext_lazy("a published number", "Source"),
        max_length=160,
        help_text=_("Which paper or page, and of which day."),
    )
