"""The practice form: whoever goes out tries beforehand whether their phone works without a network.
It takes the same way as every form and ends here; nothing of it is kept but its number."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.registry.access import not_found
from honghui.sync import handling
from honghui.ui.forms import Form as PageForm

KIND = "sync.practice"


class PracticeForm(PageForm):
    note = forms.CharField(
        label=_("Something to write down"),
        max_length=120,
        help_text=_("Try it with the network off as well."),
    )
    photo = forms.FileField(label=_("A photo"), required=False)


def take_practice(by: Actor, form: handling.Form) -> None:
    """Held to the same form as the page; a handler of a job would call its action here. Only of
    somebody signed in: no link was given out for it, and what is taken in is a row that stays."""
    if not by.is_signed_in:
        raise not_found()
    read = PracticeForm(form.fields | {"once": "0" * 32})
    if not read.is_valid():
        raise Invalid(
            "sync.practice.empty",
            _("There is nothing written in this form."),
            _("Write a word or two, and send it again."),
            field="note",
        )


def register() -> None:
    handling.accept(KIND, take_practice)
