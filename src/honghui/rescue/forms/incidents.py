"""Forms of incidents: what may be typed, at two in the morning, on a phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.registry import naming
from honghui.registry.forms import ReasonForm, SocietyForm, reason_field
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.rescue.rules.incidents import microdegrees
from honghui.rescue.words.incidents import (
    MEANS,
    QUALIFIED,
    REQUESTERS,
    STATES,
    cause_choices,
    level_words,
)
from honghui.rescue.words.places import Place, place_choices
from honghui.ui.forms import Form


class MomentInput(forms.DateTimeInput):
    """Day and hour as the phone's own picker gives them, to the minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=MomentInput, **more)


def line_field(label: Any, limit: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=False, **more)


def caller_field() -> forms.CharField:
    return line_field(
        _("Which office or team"), 80, help_text=_("Never the name of a private caller.")
    )


def ask_society_if_several(form: SocietyForm) -> None:
    """Who works for one society is not asked for which."""
    field = form.fields["society"]
    assert isinstance(field, forms.ModelChoiceField) and field.queryset is not None
    if len(field.queryset) == 1:
        field.widget = forms.HiddenInput()
        form.initial["society"] = field.queryset[0].pk


class PlaceFields(forms.Form):
    """A place: the county from a list, words, and a point that a phone can fill in."""

    place_code = forms.ChoiceField(label=pgettext_lazy("of an incident", "Place"))
    place_text = line_field(
        _("Where exactly"), 120, help_text=_("Street, village, kilometre: in words.")
    )
    latitude = line_field(_("Latitude"), 40, widget=forms.TextInput(attrs={"data-here": "lat"}))
    longitude = line_field(_("Longitude"), 40, widget=forms.TextInput(attrs={"data-here": "lon"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *place_choices()]

    def place(self, values: dict[str, Any]) -> Place:
        """Taken out of the cleaned values. Invalid for what is no number of degrees."""
        return Place(
            values.pop("place_code"),
            values.pop("place_text"),
            values.pop("place_text_en", ""),
            microdegrees(values.pop("latitude"), field="latitude"),
            microdegrees(values.pop("longitude"), field="longitude"),
        )


class OpenIncidentForm(PlaceFields, SocietyForm):
    """Cause and place; everything else has a value that is true, or may stay empty."""

    permission = OPEN_INCIDENTS
    cause = forms.ChoiceField(
        label=_("What happened"), choices=lambda: [("", "—"), *cause_choices()]
    )
    known_at = moment_field(_("Known to us since"))
    requester = forms.ChoiceField(
        label=_("Who asks"), choices=[("", "—"), *naming.choices(REQUESTERS)], required=False
    )
    requester_name = caller_field()
    wanted = line_field(pgettext_lazy("a request", "What for"), 200)
    is_watch = forms.BooleanField(
        label=_("Only on watch: a warning, nothing has happened yet"), required=False
    )
    is_drill = forms.BooleanField(label=_("This is a drill"), required=False)
    field_order = (
        "society", "cause", "place_code", "place_text", "known_at", "requester", "requester_name",
        "wanted", "is_watch", "is_drill", "latitude", "longitude",
    )  # fmt: skip

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        kwargs["initial"] = {"known_at": clock.now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, by=by, **kwargs)
        ask_society_if_several(self)

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        place = self.place(values)
        return {"place": place, **values}


class ChangeIncidentForm(PlaceFields, Form):
    title = forms.CharField(label=_("Title"), max_length=80, required=False)
    title_en = line_field(_("Title in English"), 120)
    place_text_en = line_field(_("Where exactly, in English"), 160)
    happened_at = moment_field(
        _("Happened"), required=False, help_text=_("Leave it empty while nobody knows.")
    )
    happened_qualifier = forms.ChoiceField(label=_("How surely"), choices=naming.choices(QUALIFIED))
    field_order = (
        "title", "title_en", "happened_at", "happened_qualifier", "place_code", "place_text",
        "place_text_en", "latitude", "longitude",
    )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        place = self.place(values)
        return {"place": place, **values}


class RequestForm(Form):
    requester = forms.ChoiceField(label=_("Who asks"), choices=naming.choices(REQUESTERS))
    requester_name = caller_field()
    wanted = line_field(pgettext_lazy("a request", "What for"), 200)
    heard_at = moment_field(_("Asked at"))
    by_means = forms.ChoiceField(
        label=_("How"), choices=[("", "—"), *naming.choices(MEANS)], required=False
    )


class LevelForm(Form):
    """None is chosen beforehand: a response is never ended by a thumb that only meant to look."""

    END = "end"
    level = forms.TypedChoiceField(
        label=_("Level of response"),
        coerce=lambda text: None if text == LevelForm.END else int(text),
        widget=forms.RadioSelect,
    )
    from_at = moment_field(pgettext_lazy("a level", "From"))
    reason = reason_field()

    def __init__(self, *args: Any, now: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        others: list[tuple[Any, Any]] = [
            (level, level_words(level)) for level in (4, 3, 2, 1) if level != now
        ]
        field.choices = [*others, (self.END, _("End the response"))] if now else others


class NoteForm(Form):
    """One line for the log. The English one is for whoever reads English."""

    text = forms.CharField(
        label=_("A line for the log"), max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    at = moment_field(_("When"))
    at_qualifier = forms.ChoiceField(label=_("How surely"), choices=naming.choices(QUALIFIED))


class CorrectionForm(NoteForm):
    text_en = line_field(_("The same in English"), 500)
    field_order = ("text", "text_en", "at", "at_qualifier")


class CloseForm(ReasonForm):
    reason = forms.CharField(
        label=_("How it ended"),
        max_length=400,
        help_text=_("One sentence that a colleague will still understand next year."),
    )


class FilterForm(forms.Form):
    """What the list shows; a value that is none of these is left out."""

    q = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(required=False, choices=[(each, each) for each in STATES])
    cause = forms.ChoiceField(required=False, choices=cause_choices)

    @property
    def values(self) -> dict[str, str]:
        self.is_valid()
        return {
            "query": self.cleaned_data.get("q", ""),
            "state": self.cleaned_data.get("state", ""),
            "cause": self.cleaned_data.get("cause", ""),
        }
