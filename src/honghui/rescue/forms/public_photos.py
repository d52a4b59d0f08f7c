"""Forms of photos that go out with a report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from honghui.rescue.models import PublicPhoto
from honghui.ui.forms import Form


class ChoosePhotoForm(Form):
    """Nothing is ticked beforehand: why a photo may be shown is said each time."""

    caption = forms.CharField(
        label=_("What is to be seen"), max_length=120,
        help_text=_("Stands under the photo and is read out to the blind. No names."),
    )  # fmt: skip
    caption_en = forms.CharField(label=_("What is to be seen, in English"), max_length=160)
    consent = forms.ChoiceField(
        label=_("Why it may be shown"),
        choices=[
            (
                PublicPhoto.Consent.NOBODY.value,
                _("I looked closely: no private person can be recognised in it"),
            ),
            (
                PublicPhoto.Consent.GIVEN.value,
                _("Everybody who can be recognised has agreed, and the society can show it"),
            ),
        ],
        widget=forms.RadioSelect,
    )
