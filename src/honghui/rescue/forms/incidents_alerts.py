"""Forms of warnings: ours to write, others' to read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid
from honghui.registry import naming
from honghui.registry.forms import SocietyForm
from honghui.registry.permissions import OPEN_INCIDENTS
from honghui.rescue.actions.alerts import WarningText
from honghui.rescue.alerting import columns, shapes
from honghui.rescue.alerting.cap import Circle
from honghui.rescue.alerting.reading import BYTES_MAX
from honghui.rescue.forms.incidents import ask_society_if_several, line_field, moment_field
from honghui.rescue.models import Alert
from honghui.rescue.rules.incidents import microdegrees
from honghui.rescue.words import alerts as words
from honghui.rescue.words.incidents import cause_choices
from honghui.rescue.words.places import place_choices

HOURS = 24
HEADLINE, HEADLINE_EN = 200, 260


def _choice(label: Any, choices: dict[str, Any], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=naming.choices(choices), initial=initial)


def _prose(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, required=False, widget=forms.Textarea)


class AlertForm(SocietyForm):
    """A warning in both languages. CAP's three scales have the middle as their beginning."""

    permission = OPEN_INCIDENTS
    event = forms.CharField(label=_("What it warns of"), max_length=120)
    event_en = forms.CharField(label=_("What it warns of, in English"), max_length=160)
    headline = forms.CharField(label=_("Headline"), max_length=HEADLINE)
    headline_en = forms.CharField(label=_("Headline in English"), max_length=HEADLINE_EN)
    category = _choice(_("Kind"), words.CATEGORIES, "Safety")
    urgency = _choice(_("How soon"), words.URGENCIES, "Expected")
    severity = _choice(_("How bad"), words.SEVERITIES, "Moderate")
    certainty = _choice(_("How surely"), words.CERTAINTIES, "Likely")
    expires_at = moment_field(_("In force until"))
    area_codes = forms.MultipleChoiceField(
        label=_("Counties"), widget=forms.SelectMultiple(attrs={"size": 8})
    )
    area_text = forms.CharField(label=_("The area in words"), max_length=400)
    area_text_en = forms.CharField(label=_("The area in English"), max_length=500)
    description = _prose(_("What is going on"))
    description_en = _prose(_("What is going on, in English"))
    instruction = _prose(pgettext_lazy("a warning", "What to do"))
    instruction_en = _prose(_("What to do, in English"))
    scope = _choice(
        _("For whom"), {code: words.SCOPES[code] for code in ("Public", "Private")}, "Public"
    )
    addresses = line_field(
        _("If only for some: for whom"), 500, help_text=_("Teams or offices, with commas.")
    )
    is_exercise = forms.BooleanField(label=_("This is an exercise"), required=False)
    polygons = forms.CharField(
        label=_("Polygons"), required=False, max_length=shapes.TEXT_MAX, strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "mono"}),
        help_text=_(
            "A line a corner: latitude,longitude, such as 28.4512,121.4103. An empty line begins "
            "the next polygon. Or paste GeoJSON."
        ),
    )  # fmt: skip
    latitude = line_field(_("Latitude"), 40)
    longitude = line_field(_("Longitude"), 40)
    radius_km = forms.DecimalField(
        label=_("Radius in kilometres"), required=False, min_value=0, max_value=2000,
        decimal_places=3,
    )  # fmt: skip

    def __init__(
        self, *args: Any, by: Actor, follows: Alert | None = None, ends: bool = False, **kwargs: Any
    ) -> None:
        """follows: what it updates; ends: what it cancels."""
        begun = (_ended if ends else _initial)(follows)
        initial = {"expires_at": clock.now() + timedelta(hours=HOURS), **begun}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, by=by, **kwargs)
        codes = self.fields["area_codes"]
        assert isinstance(codes, forms.MultipleChoiceField)
        codes.choices = place_choices()
        society = self.fields["society"]
        assert isinstance(society, forms.ModelChoiceField) and society.queryset is not None
        if follows is not None:
            society.queryset = society.queryset.filter(pk=follows.society_id)
        ask_society_if_several(self)

    @property
    def values(self) -> dict[str, Any]:
        """society and warning. Invalid for what is no number of degrees."""
        values = super().values
        society = values.pop("society")
        latitude = microdegrees(values.pop("latitude"), field="latitude")
        longitude = microdegrees(values.pop("longitude"), field="longitude")
        radius = values.pop("radius_km")
        values["polygons"] = shapes.pasted(values["polygons"], field="polygons")
        values["area_codes"] = tuple(values["area_codes"])
        circle = _circle(latitude, longitude, radius)
        return {"society": society, "warning": WarningText(**values, circle=circle)}


def _circle(
    latitude: int | None, longitude: int | None, radius_km: Decimal | None
) -> Circle | None:
    """All three or none: a circle that is half told is no circle left out."""
    if latitude is None and longitude is None and radius_km is None:
        return None
    if latitude is None or longitude is None or not radius_km:
        raise Invalid(
            "rescue.shape.half_circle",
            _("The circle is only half told."),
            _("Give latitude, longitude and a radius, or none of them."),
            field="radius_km" if not radius_km else "latitude",
        )
    return Circle(latitude, longitude, int(radius_km * 1000))


def _initial(follows: Alert | None) -> dict[str, Any]:
    """What an update or a cancellation begins with: the warning that it follows."""
    if follows is None:
        return {}
    names = (
        "event", "event_en", "headline", "headline_en", "category", "urgency", "severity",
        "certainty", "area_codes", "area_text", "area_text_en", "description", "description_en",
        "instruction", "instruction_en", "scope", "addresses",
    )  # fmt: skip
    circles = [one for kept in follows.areas for one in columns.circles_of(kept)]
    circle = {
        "latitude": f"{circles[0].latitude_microdegrees / 1e6:.6f}",
        "longitude": f"{circles[0].longitude_microdegrees / 1e6:.6f}",
        "radius_km": Decimal(circles[0].radius_metres) / 1000,
    } if circles else {}  # fmt: skip
    rings = [one for kept in follows.areas for one in columns.polygons_of(kept)]
    return {
        **{name: getattr(follows, name) for name in names},
        **circle,
        "polygons": shapes.as_lines(rings),
        "is_exercise": follows.status == "Exercise",
    }


def _ended(follows: Alert | None) -> dict[str, Any]:
    """What a cancellation begins with: it says that it is one, and tells nobody any more what to
    do. The headline is text of the warning, in both of its languages whoever writes it."""
    initial = _initial(follows)
    for name, over, limit in (
        ("headline", "解除：", HEADLINE),
        ("headline_en", "Cancelled: ", HEADLINE_EN),
    ):
        if initial.get(name):
            initial[name] = f"{over}{initial[name]}"[:limit]
    for name in ("description", "description_en", "instruction", "instruction_en"):
        initial.pop(name, None)
    return {**initial, "urgency": "Past"}


class ReadAlertForm(SocietyForm):
    """A warning from elsewhere: its XML pasted, or as a file."""

    permission = OPEN_INCIDENTS
    file = forms.FileField(label=_("The file"), required=False)
    xml = forms.CharField(
        label=_("Or its text"), required=False, max_length=BYTES_MAX, strip=False,
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        ask_society_if_several(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not (cleaned.get("xml") or "").strip():
            self.add_error("file", _("Choose a file, or paste its text."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        file, text = values.pop("file"), values.pop("xml")
        # One byte more than is allowed is enough to be refused for it.
        data = file.read(BYTES_MAX + 1) if file else text.strip().encode()
        return {**values, "xml": data}


class WatchForm(SocietyForm):
    permission = OPEN_INCIDENTS
    cause = forms.ChoiceField(label=_("What may happen"), choices=cause_choices)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        ask_society_if_several(self)
