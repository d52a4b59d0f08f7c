"""The base of every form: sent once, refused in the form's own words.

The one hard idea: a form carries a key made when it was first shown. Whatever is sent twice (an
impatient thumb, a lost answer, a browser's "reload") has the same key, and the journal carries
one key out once. So the key is kept when a form comes back with errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import NotAllowed, NotFound, Refused, SignInAgain

_REQUIRED = forms.Field.default_error_messages["required"]
_ONCE_KEY = re.compile(r"[0-9a-f]{32}")


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, or None when the form is only looked at: MyForm(posted(request))."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> MultiValueDict[str, Any] | None:
    """The files that were sent along: MyForm(posted(request), posted_files(request))."""
    return request.FILES if request.method == "POST" else None


def _what_lacks(field: forms.Field) -> Any:
    """What somebody is to do about a field that was left empty."""
    if isinstance(field, forms.BooleanField):
        return _("Tick this first.")
    if isinstance(field, (forms.ChoiceField, forms.FileField)):
        return _("Nothing is chosen yet. Choose one.")
    return _("Nothing is written here yet. Fill it in.")


class Form(forms.Form):
    """A form with a key. In a view:

    form = GiveForm(posted(request))
    if form.is_valid():
        with form.refusals():
            give(by=actor.with_once(form.once_key), **form.values)
            return redirect(…)
    return render(request, "…", {"form": form}, status=form.status)
    """

    template_name = "ui/components/form_body.html"
    once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Unless the form has words of its own.
            if field.error_messages.get("required") is _REQUIRED:
                field.error_messages["required"] = _what_lacks(field)
        self._refused_status = 0
        sent = str(self.data.get(self.add_prefix("once"), "")) if self.is_bound else ""
        self._once_was_sent = _ONCE_KEY.fullmatch(sent) is not None
        self.once_key: str = sent if self._once_was_sent else uuid4().hex
        self.initial["once"] = self.once_key

    def clean_once(self) -> str:
        # Without the key nothing would stop a second sending: the answer carries a new one.
        if not self._once_was_sent:
            raise ValidationError(
                _(
                    "The page had lost the number that keeps a form from being sent twice. "
                    "Send it once more."
                ),
                code="forms.once",
            )
        return self.once_key

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values without the key: ready to be handed to an action by name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}

    @property
    def status(self) -> int:
        """The status of the answer: 200; 422 with errors, or what the refusal says."""
        if not self.is_bound or not self.errors:
            return 200
        return self._refused_status or 422

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A Refused inside becomes an error on the field it names, or on the form.

        NotFound, NotAllowed and SignInAgain pass through: they are answered by a page.
        """
        try:
            yield
        except (NotFound, NotAllowed, SignInAgain):
            raise
        except Refused as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal's sentence and hint where they belong and remember its status."""
        self._refused_status = refusal.status
        known = refusal.field in self.fields and refusal.field != "once"
        error = ValidationError(str(refusal), code=refusal.code)
        # add_error needs the form to have been cleaned.
        assert self.errors is not None
        self.add_error(refusal.field if known else None, error)

    def add_error(self, field: str | None, error: Any) -> None:
        """An error of the hidden key is an error of the form: nobody sees the field."""
        super().add_error(None if field == "once" else field, error)
