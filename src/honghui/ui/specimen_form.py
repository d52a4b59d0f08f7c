"""The style guide's form: every kind of field once, with an error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from honghui.ui.forms import Form


class SpecimenForm(Form):
    """Every kind of field once."""

    code = forms.CharField(max_length=14, widget=forms.TextInput(attrs={"class": "in--code"}))
    amount = forms.CharField()
    way = forms.ChoiceField(widget=forms.RadioSelect)
    society = forms.ChoiceField()
    why = forms.CharField(required=False, widget=forms.Textarea)
    public = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "code": _("Receipt code"),
            "amount": _("Amount, yuan"),
            "way": _("The two that are missing"),
            "society": _("Society"),
            "why": _("Why"),
            "public": _("Print my name"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["code"].help_text = _("Twelve characters, at the bottom left of the receipt.")
        for name, choices in {
            "way": [("lost", _("did not come")), ("broken", _("broken"))],
            "society": [("330600", _("Shaoxing")), ("331000", _("Taizhou"))],
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_amount(self) -> str:
        raise forms.ValidationError(
            _("More than the 1,300.00 yuan that decision no. 2 leaves. Lower it, or ask for more.")
        )


def form() -> SpecimenForm:
    """A form sent back with an error, which shows everything a form can show."""
    sent = {"once": "0" * 32, "code": "SX20-0610-7K4M", "amount": "1,380.00", "way": "lost"}
    return SpecimenForm({**sent, "society": "330600", "public": "on"})
