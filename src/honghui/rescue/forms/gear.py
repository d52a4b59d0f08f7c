"""Forms of gear, vehicles and readiness."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.kernel.units import UNITS
from honghui.registry import naming
from honghui.registry.forms import ReasonForm, SocietyForm
from honghui.registry.permissions import MANAGE_TEAMS
from honghui.rescue.forms.incidents import line_field, moment_field
from honghui.rescue.forms.teams import day_field
from honghui.rescue.words.gear import GEAR, GEAR_UNITS, MEASURES, TYPED, VEHICLES
from honghui.ui.forms import Form


def unit_choices() -> list[tuple[str, str]]:
    language = get_language() or "zh"
    return [(code, UNITS[code].name(language)) for code in GEAR_UNITS]


def number_field(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, **more)


class GearForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=naming.choices(GEAR))
    name = forms.CharField(label=pgettext_lazy("of gear", "Name"), max_length=60)
    name_en = line_field(_("Name in English"), 100)
    quantity = number_field(_("How many"))
    unit = forms.ChoiceField(label=_("Unit"), choices=unit_choices, initial="item")
    inspection_due_on = day_field(_("Next inspection due"), required=False)


class CountForm(ReasonForm):
    quantity = number_field(_("There are"), help_text=_("With those that are out."))
    damaged = number_field(_("Of them damaged"), initial=0)
    field_order = ("quantity", "damaged", "reason")


class VehicleForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=naming.choices(VEHICLES))
    name = forms.CharField(label=pgettext_lazy("of a vehicle", "Name"), max_length=60)
    plate = line_field(_("Plate"), 20, help_text=_("Only the last four characters are kept."))
    seats = number_field(_("Seats"), initial=0)
    insured_until = day_field(_("Insured until"), required=False)
    inspection_due_on = day_field(_("Next inspection due"), required=False)


class RetireForm(ReasonForm):
    retired_on = day_field(_("Retired on"))
    field_order = ("retired_on", "reason")


class InspectionForm(Form):
    inspected_on = day_field(_("Inspected on"))
    is_fit = forms.TypedChoiceField(
        label=_("Found"),
        choices=[("1", _("fit to go out")), ("0", _("unfit"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    next_due_on = day_field(_("Next one due"), required=False)
    note = line_field(_("Note"), 200)


class IssueForm(Form):
    quantity = number_field(_("How many"))
    note = line_field(_("What for"), 200, help_text=_("For training, or which duty."))


class BackForm(Form):
    returned = number_field(_("Back and whole"))
    damaged = number_field(_("Damaged"), initial=0)
    lost = number_field(pgettext_lazy("gear", "Lost"), initial=0)
    used_up = number_field(_("Used up"), initial=0)
    note = line_field(_("Note"), 200)


class PlanForm(SocietyForm):
    permission = MANAGE_TEAMS
    title = forms.CharField(label=_("Title"), max_length=80)
    title_en = line_field(_("Title in English"), 120)
    from_on = day_field(pgettext_lazy("a time", "From"))
    until_on = day_field(pgettext_lazy("a time", "Until"))

    @staticmethod
    def season(today: date) -> dict[str, date]:
        """Zhejiang's flood season by law: 15 April to 15 October."""
        return {"from_on": date(today.year, 4, 15), "until_on": date(today.year, 10, 15)}


class TargetsForm(Form):
    pasted = forms.CharField(
        label=_("Paste the plan here"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mono xs", "spellcheck": "false"}),
        help_text=_("First column: the society’s code or name. One column a measure."),
    )


class StockForm(SocietyForm):
    permission = MANAGE_TEAMS
    measure = forms.ChoiceField(
        label=_("What was counted"), choices=[(code, MEASURES[code][0]) for code in TYPED]
    )
    value = number_field(_("How many"))
    counted_at = moment_field(_("Counted at"), required=False, help_text=_("Empty: now."))
    field_order = ("society", "measure", "value", "counted_at")
