"""Forms of situation reports and needs. A figure is typed as it was told: "约30户", "80余人"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.units import UNITS
from honghui.registry.forms import NamedChoiceField
from honghui.registry.rules import REASON_LIMIT
from honghui.rescue.forms.incidents import line_field, moment_field
from honghui.rescue.models import SituationReport, Skill
from honghui.rescue.queries.situation import Known
from honghui.rescue.rules.figures import LENGTH_MAX, Typed, understand
from honghui.rescue.rules.situation import Figure
from honghui.rescue.words.measures import GROUPS, MEASURES, NEED_UNITS, figure_text
from honghui.ui.forms import Form


class FigureField(forms.CharField):
    """A text that is read as figures in some units; cleaned, it is a list of Typed.

    It may stay empty, as nearly all of them do: `is_quiet` leaves out saying so on each line.
    """

    def __init__(self, units: tuple[str, ...], is_quiet: bool = False, **more: Any) -> None:
        self.units = units
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(required=is_quiet, max_length=LENGTH_MAX, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        try:
            return understand(super().clean(value) if value else "", self.units)
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


def unit_words(units: tuple[str, ...]) -> str:
    language = get_language() or "zh"
    return " / ".join(UNITS[unit].name(language, count=2) for unit in units)


class SituationForm(Form):
    """A line a measure. What was known before stands beside it and is never copied into it."""

    use_required_attribute = False
    as_of = moment_field(_("As of"))
    source = forms.CharField(
        label=_("Source"), max_length=160, help_text=_("The office or team that told the figures.")
    )
    text = forms.CharField(
        label=_("In words"), required=False, max_length=4000, widget=forms.Textarea
    )
    text_en = forms.CharField(
        label=_("In words, in English"), required=False, max_length=6000, widget=forms.Textarea
    )
    is_final = forms.BooleanField(
        label=_("This is the final report: nothing follows it"), required=False
    )
    reason = line_field(
        _("Why a figure is lower than before"), REASON_LIMIT,
        help_text=_("Only if one is: counted again, a mistake, people went home."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, known: list[Known], corrects: SituationReport | None = None, **kwargs: Any
    ) -> None:
        self.corrects = corrects
        if corrects is not None:
            kwargs["initial"] = {**_initial_of(corrects), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for measure in MEASURES.values():
            before = [one for one in known if one.measure == measure.code]
            self.fields[measure.code] = FigureField(
                measure.units,
                is_quiet=True,
                label=measure.words,
                help_text=_hint(measure.units, before),
            )
        if corrects is not None:
            self.fields["reason"].label = _("Why it has to be corrected")
            self.fields["reason"].help_text = ""

    @property
    def groups(self) -> list[tuple[str, Any, list[BoundField], bool]]:
        """(code, words, fields, whether it is unfolded) for the template."""
        found = []
        for code, words in GROUPS.items():
            fields = [self[one.code] for one in MEASURES.values() if one.group == code]
            filled = any(field.value() or field.errors for field in fields)
            found.append((code, words, fields, filled or code == "people"))
        return found

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        figures = [
            Figure(code, one.value, one.unit, one.qualifier)
            for code in MEASURES
            for one in values.pop(code)
        ]
        return {**values, "figures": figures, "corrects": self.corrects}


def _hint(units: tuple[str, ...], before: list[Known]) -> str:
    shown = [figure_text(b.figure.value, b.figure.unit, b.figure.qualifier) for b in before]
    last = _("last: %(figures)s") % {"figures": ", ".join(shown)} if shown else ""
    return " · ".join(filter(None, (unit_words(units), str(last))))


def _initial_of(report: SituationReport) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "as_of": report.as_of,
        "source": report.source,
        "text": report.text,
        "text_en": report.text_en,
        "is_final": report.stage == report.Stage.FINAL,
    }
    texts: dict[str, list[str]] = {}
    for figure in report.figures.all():
        said = figure_text(figure.value, figure.unit, figure.qualifier)
        texts.setdefault(figure.measure, []).append(said)
    return {**initial, **{code: "、".join(said) for code, said in texts.items()}}


class NeedForm(Form):
    what = line_field(_("What is needed"), 80)
    what_en = line_field(_("The same in English"), 120)
    skill = NamedChoiceField(
        Skill.objects.none(), label=_("People who can"), required=False, empty_label="—"
    )
    quantity = FigureField(
        NEED_UNITS, label=_("How many"), help_text=_("Such as 20人, 冲锋舟 2艘; empty if unknown.")
    )
    field_order = ("what", "quantity", "skill", "what_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["skill"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Skill.objects.all()

    def clean_quantity(self) -> Typed | None:
        typed: list[Typed] = self.cleaned_data["quantity"]
        if len(typed) > 1:
            raise forms.ValidationError(_("One need, one number: write the other one down after."))
        return typed[0] if typed else None

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        typed = values.pop("quantity")
        if typed is None or typed.value is None:
            return values
        return {**values, "value": typed.value, "unit": typed.unit, "qualifier": typed.qualifier}


class MetForm(Form):
    met = forms.IntegerField(
        label=_("Met by now, in all"),
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
