"""Forms of teams, members, papers, availability and stand-by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.kernel.errors import Invalid
from honghui.registry import naming
from honghui.registry.forms import (
    DateInput,
    NamedChoiceField,
    ReasonForm,
    RowChoiceField,
    SocietyForm,
)
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.rescue.forms.incidents import line_field, moment_field
from honghui.rescue.models import Member, Skill, Team, TeamKind
from honghui.rescue.rules.incidents import microdegrees
from honghui.rescue.words import rosters as roster_words
from honghui.rescue.words import teams as words
from honghui.rescue.words.places import place_choices
from honghui.ui.forms import Form


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput, **more)


def skills_field(**more: Any) -> NamedMultipleField:
    return NamedMultipleField(
        Skill.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, **more
    )


def base_choices() -> list[Any]:
    return [("", _("At the society’s own place")), *place_choices()]


class NamedMultipleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows to tick, by their names in the reader's language."""

    def label_from_instance(self, row: Any) -> str:
        return naming.local_name(row)


class PersonField(RowChoiceField):
    """Members to choose from, by name; the last four of the phone tell two of a name apart."""

    def label_from_instance(self, row: Any) -> str:
        tail = row.person.phone_tail
        return f"{row.person.name} · {tail}" if tail else str(row.person.name)


class TeamFields(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a team", "Name"), max_length=60)
    name_en = line_field(_("Name in English"), 100)
    aliases = line_field(
        _("Other names"),
        600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line: what the press or a sister team calls it."),
    )
    place_code = forms.ChoiceField(label=_("Base"), choices=base_choices, required=False)
    base_name = line_field(
        _("Where exactly"), 80, help_text=_("Street, house or landmark. Not somebody’s home.")
    )
    latitude = line_field(_("Latitude"), 40, widget=forms.TextInput(attrs={"data-here": "lat"}))
    longitude = line_field(_("Longitude"), 40, widget=forms.TextInput(attrs={"data-here": "lon"}))
    minimum_cover = forms.IntegerField(
        label=_("Must stay at home"),
        min_value=0,
        max_value=999,
        initial=0,
        help_text=_("So many people stay behind, whoever calls the team."),
    )

    def clean_aliases(self) -> tuple[str, ...]:
        return tuple(line for line in self.cleaned_data["aliases"].splitlines() if line.strip())

    def clean_latitude(self) -> int | None:
        return self._degrees("latitude")

    def clean_longitude(self) -> int | None:
        return self._degrees("longitude")

    def _degrees(self, field: str) -> int | None:
        try:
            return microdegrees(self.cleaned_data[field], field=field)
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal

    @property
    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = super().values  # type: ignore[misc]
        for name in ("latitude", "longitude"):
            values[f"{name}_microdegrees"] = values.pop(name)
        return values


class TeamForm(TeamFields, SocietyForm):
    permission = MANAGE_TEAMS
    kind = NamedChoiceField(TeamKind.objects.all(), label=_("Kind"), empty_label=None)
    formed_on = day_field(_("Formed on"), required=False)
    field_order = (
        "society", "kind", "name", "name_en", "aliases", "place_code", "base_name", "latitude",
        "longitude", "minimum_cover", "formed_on",
    )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        return {**values, "kind": values["kind"].code}


class TeamChangeForm(TeamFields, Form):
    @classmethod
    def initial_of(cls, team: Team) -> dict[str, Any]:
        def degrees(value: int | None) -> str:
            return "" if value is None else f"{value / 10**6:.6f}"

        return {
            "name": team.name,
            "name_en": team.name_en,
            "aliases": "\n".join(team.aliases),
            "place_code": "" if team.place_code == team.society_id else team.place_code,
            "base_name": team.base_name,
            "latitude": degrees(team.base_latitude_microdegrees),
            "longitude": degrees(team.base_longitude_microdegrees),
            "minimum_cover": team.minimum_cover,
        }


class FilterForm(forms.Form):
    """What the list of teams is narrowed to; what cannot be read narrows nothing."""

    kind = forms.CharField(required=False, max_length=24)
    state = forms.CharField(required=False, max_length=10)
    place = forms.CharField(required=False, max_length=6)
    ready = forms.CharField(required=False, max_length=5)
    q = forms.CharField(required=False, max_length=60)

    @property
    def values(self) -> dict[str, str]:
        self.is_valid()
        names = ("kind", "state", "place", "ready", "q")
        return {name: str(self.cleaned_data.get(name, "")).strip() for name in names}


class EnrolForm(Form):
    name = forms.CharField(label=pgettext_lazy("a person", "Name"), max_length=80)
    resident_id = forms.CharField(
        label=_("Resident id"),
        required=False,
        max_length=40,
        help_text=_("Finds somebody who is on file already. It is sealed: four characters show."),
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    role = forms.ChoiceField(
        label=_("Post in the team"),
        choices=naming.choices(words.ROLES),
        initial="member",
    )
    skills = skills_field(label=_("Skills"))
    joined_on = day_field(_("Joined on"))

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        return {**values, "skills": [one.code for one in values["skills"]]}


class MemberChangeForm(Form):
    role = forms.ChoiceField(label=_("Post in the team"), choices=naming.choices(words.ROLES))
    skills = skills_field(label=_("Skills"))

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        return {**values, "skills": [one.code for one in values["skills"]]}


class LeaveForm(ReasonForm):
    left_on = day_field(_("Left on"))
    field_order = ("left_on", "reason")


class RosterForm(Form):
    """A list of members: pasted, or a file of it."""

    pasted = forms.CharField(
        label=_("Paste the cells here"),
        required=False,
        max_length=400_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono xs", "spellcheck": "false"}),
        help_text=_("With the heading line: name, resident id or phone; the rest is optional."),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("XLSX, XLS, ODS or CSV; the first sheet is read."),
    )


class QualificationForm(Form):
    skill = NamedChoiceField(
        Skill.objects.filter(needs_certificate=True), label=_("Certificate of"), empty_label=None
    )
    issued_on = day_field(_("Issued on"))
    expires_on = day_field(_("Runs out on"), required=False)
    issuer = line_field(_("Issued by"), 80)
    number = line_field(
        _("Certificate number"), 60, help_text=_("Only the last four characters are kept.")
    )

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        return {**values, "skill": values["skill"].code}


class RevokeForm(ReasonForm):
    revoked_on = day_field(_("Revoked on"))
    field_order = ("revoked_on", "reason")


class InsuranceForm(Form):
    insurer = forms.CharField(label=_("Insurer"), max_length=80)
    covers_from = day_field(_("Covers from"))
    covers_to = day_field(_("Covers until"))
    policy_number = line_field(
        _("Policy number"), 60, help_text=_("Only the last four characters are kept.")
    )


class EndInsuranceForm(ReasonForm):
    covers_to = day_field(_("Covers until"))
    field_order = ("covers_to", "reason")


class AvailabilityForm(Form):
    state = forms.ChoiceField(
        label=_("They say"),
        choices=naming.choices(words.AVAILABILITY),
        widget=forms.RadioSelect,
        initial="away",
    )
    from_at = moment_field(
        pgettext_lazy("a time", "From"), required=False, help_text=_("Empty: from now on.")
    )
    until_at = moment_field(
        pgettext_lazy("a time", "Until"),
        required=False,
        help_text=_("Empty: until they say otherwise."),
    )


class StandByForm(Form):
    reason = forms.ChoiceField(label=_("Why"), choices=naming.choices(roster_words.REASONS))
    title = line_field(_("Title"), 80, help_text=_("Shown in calendars. Name no person."))
    title_en = line_field(_("Title in English"), 120)
    from_at = moment_field(pgettext_lazy("a time", "From"))
    until_at = moment_field(pgettext_lazy("a time", "Until"))
    each_hours = forms.ChoiceField(
        label=_("Cut into"), choices=naming.choices(roster_words.TURN_HOURS), required=False
    )
    minimum_people = forms.IntegerField(label=_("At least so many people"), min_value=0)

    def clean_each_hours(self) -> int | None:
        return int(self.cleaned_data["each_hours"]) if self.cleaned_data["each_hours"] else None


class MemberOfForm(Form):
    """One of the members that are handed in."""

    member = PersonField(Member.objects.none(), label=_("Team member"))

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices
