"""Forms of missions on the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.kernel import clock
from honghui.kernel.units import UNITS
from honghui.registry import naming
from honghui.registry.forms import NamedChoiceField, RowChoiceField, reason_field
from honghui.rescue.actions.tasks import Result
from honghui.rescue.forms.incidents import line_field, moment_field
from honghui.rescue.models import (
    Gear,
    Incident,
    Member,
    Mission,
    Skill,
    Team,
    TeamKind,
    Vehicle,
)
from honghui.rescue.queries.missions import askable_teams
from honghui.rescue.rules.proposing import Wish
from honghui.rescue.words.board import VEHICLES
from honghui.rescue.words.incidents import REQUESTERS
from honghui.rescue.words.missions import (
    QUALIFIED,
    RESULT_UNITS,
    RESULTS,
    TASKS,
    TELLINGS,
)
from honghui.ui.components.text import is_chinese
from honghui.ui.forms import Form

PEOPLE_MAX = 300


def qualifier_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=naming.choices(QUALIFIED))


def count_field(label: Any, most: int, **more: Any) -> forms.IntegerField:
    more.setdefault("min_value", 0)
    return forms.IntegerField(label=label, max_value=most, **more)


class PersonChoiceField(RowChoiceField):
    """Members or responders, by the person's name."""

    def label_from_instance(self, row: Any) -> str:
        return str(row.person.name)


class PeopleChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, row: Any) -> str:
        return str(row.person.name)


class WishForm(forms.Form):
    """What is wanted: it is looked at with GET, so that a colleague may be sent the address."""

    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=PEOPLE_MAX)
    kind = forms.ChoiceField(label=_("Kind of team"), required=False)
    skill = forms.ChoiceField(label=_("Who can do what"), required=False)

    def __init__(self, data: Any, *, kinds: Any, skills: Any) -> None:
        values = {"people": data.get("people") or "10", "kind": data.get("kind", ""),
                  "skill": data.get("skill", "")}  # fmt: skip
        super().__init__(values, label_suffix="")
        for name, rows, every in (
            ("kind", kinds, _("any kind")), ("skill", skills, _("anything")),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", every), *((row.pk, naming.local_name(row)) for row in rows)]

    @property
    def wish(self) -> Wish:
        """What was typed, or ten people of any kind where it was no wish."""
        if not self.is_valid():
            return Wish(10)
        found = self.cleaned_data
        return Wish(found["people"], found["kind"], found["skill"])


class CallForm(Form):
    """Who is ticked, where they meet, and on which ways they are reached."""

    CHANNELS = (
        ("sms", _("Text message")),
        ("voice", _("Telephone, if nobody answers")),
        ("web_push", _("Push to the browser")),
        ("wecom", _("WeCom")),
        ("dingtalk", _("DingTalk")),
    )
    people = forms.MultipleChoiceField(label=pgettext_lazy("to call", "People"))
    kind = forms.ChoiceField(
        label=_("What they are asked"),
        choices=[("call_out", _("Come")), ("stand_by", _("Stand by"))],
        initial="call_out",
    )
    place = forms.CharField(label=_("Where to meet"), max_length=80)
    place_en = line_field(_("Where to meet, in English"), 120)
    channels = forms.MultipleChoiceField(
        label=_("On which ways"), choices=CHANNELS, widget=forms.CheckboxSelectMultiple,
        initial=["sms", "voice"],
    )  # fmt: skip
    patience_minutes = forms.IntegerField(
        label=_("Minutes before the next way or the next person"),
        min_value=1, max_value=120, initial=5,
    )  # fmt: skip

    def __init__(self, *args: Any, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each, each) for each in ids]
        field.error_messages["required"] = _("Tick at least one person.")


class AskForm(Form):
    """A sister's team is asked: its own society answers."""

    team = NamedChoiceField(Team.objects.none(), label=_("Team"))
    wanted_people = count_field(_("How many people are wanted"), 1_000, required=False)
    requester = forms.ChoiceField(
        label=_("Who asks"), choices=naming.choices(REQUESTERS), initial="sister_team"
    )
    requester_name = line_field(_("Which office or team"), 80)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = askable_teams(incident)


class OptionalReasonForm(Form):
    reason = line_field(_("A word about it"), 400)


class DeclineForm(Form):
    reason = reason_field()


class TellForm(Form):
    """A report of the way, by whoever heard it. Whatever time it speaks of is kept."""

    kind = forms.ChoiceField(label=_("What was told"), choices=naming.choices(TELLINGS))
    at = moment_field(_("When it was so"))
    at_qualifier = qualifier_field(_("How surely"))
    batch = count_field(_("Number of the batch"), 99, min_value=1, required=False,
                        help_text=_("Leave it empty for the whole team."))  # fmt: skip
    told_as = line_field(_("What the source calls the batch"), 20)
    people = count_field(_("How many people"), 9_999, min_value=1, required=False)
    people_qualifier = qualifier_field(_("How surely the number"))
    ordered_by = line_field(_("Ordered by"), 80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"at": clock.now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class OrderBackForm(Form):
    at = moment_field(_("Since when"))
    at_qualifier = qualifier_field(_("How surely"))
    ordered_by = line_field(_("Ordered by"), 80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"at": clock.now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class TaskForm(Form):
    kind = forms.ChoiceField(label=_("Kind of task"), choices=naming.choices(TASKS))
    title = forms.CharField(label=_("What is to be done"), max_length=120)
    title_en = line_field(_("The same in English"), 160)
    place_text = line_field(pgettext_lazy("a task", "Where"), 80)
    ordered_by = line_field(_("Ordered by"), 80)
    given_at = moment_field(_("Given at"))
    given_qualifier = qualifier_field(_("How surely"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"given_at": clock.now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class ResultForm(Form):
    """What came of a task, in words, and one number; the words may hold more."""

    done_at = moment_field(_("Finished at"))
    result = line_field(_("What came of it"), 200)
    result_en = line_field(_("The same in English"), 260)
    measure = forms.ChoiceField(
        label=_("A number of"), choices=[("", "—"), *naming.choices(RESULTS)], required=False
    )
    qualifier = qualifier_field(_("How surely"))
    value = count_field(_("Number"), 1_000_000, required=False)
    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"done_at": clock.now(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        language = "zh" if is_chinese() else "en"
        field.choices = [(code, UNITS[code].name(language, count=2)) for code in RESULT_UNITS]

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        number = {name: values.pop(name) for name in ("measure", "qualifier", "value", "unit")}
        is_told = number["value"] is not None and number["measure"]
        return {**values, "results": [Result(**number)] if is_told else []}


class VehicleForm(Form):
    vehicle = NamedChoiceField(
        Vehicle.objects.none(), label=_("One of the team’s own"), required=False
    )
    kind = forms.ChoiceField(label=_("Or so many of a kind"), choices=naming.choices(VEHICLES))
    count = count_field(_("How many"), 500, min_value=1, initial=1)
    told_as = line_field(_("What the source calls it"), 40)
    odometer_out_km = count_field(_("Kilometres on the dial"), 3_000_000, required=False)

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["vehicle"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Vehicle.objects.filter(team=mission.team_id, retired_on__isnull=True)


class OdometerForm(Form):
    odometer_back_km = count_field(_("Kilometres on the dial now"), 3_000_000)


class GearForm(Form):
    gear = NamedChoiceField(Gear.objects.none(), label=_("Gear"))
    quantity = count_field(_("How many go out"), 100_000, min_value=1)
    note = line_field(pgettext_lazy("about gear", "Note"), 200)

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gear"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Gear.objects.filter(team=mission.team_id)


class GearBackForm(Form):
    returned = count_field(_("Came back whole"), 100_000)
    damaged = count_field(_("Came back damaged"), 100_000, initial=0)
    lost = count_field(_("Lost"), 100_000, initial=0)
    used_up = count_field(_("Used up"), 100_000, initial=0)
    note = line_field(pgettext_lazy("about gear", "Note"), 200)


class PersonForm(Form):
    member = PersonChoiceField(Member.objects.none(), label=pgettext_lazy("to add", "Person"))
    batch = count_field(_("Number of the batch"), 99, min_value=1, required=False)

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            Member.objects.filter(team=mission.team_id, left_on__isnull=True)
            .exclude(person__in=mission.responders.values("person"))
            .select_related("person")
            .order_by("person__name_key")
        )


class BatchForm(Form):
    responders = forms.ModelMultipleChoiceField(
        Mission.objects.none(), label=_("Who travels together"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    batch = count_field(_("Number of the batch"), 99, min_value=1, required=False,
                        help_text=_("Leave it empty to take them out of any batch."))  # fmt: skip

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responders"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = mission.responders.exclude(answer="declined").select_related("person")


class PhotoForm(Form):
    caption = line_field(_("Caption"), 120)
    is_for_release = forms.BooleanField(
        label=_("May go out with the report"), required=False,
        help_text=_("Only if nobody can be recognised, or everybody in it agreed."),
    )  # fmt: skip


class HoursForm(Form):
    from_at = moment_field(pgettext_lazy("a person", "Left home"))
    until_at = moment_field(pgettext_lazy("a person", "Back home"))
    reason = reason_field()


class InjuryForm(Form):
    what = forms.CharField(
        label=_("What it is"), max_length=1_000, widget=forms.Textarea,
        help_text=_("Sealed: only whoever looks after our people can read it."),
    )  # fmt: skip


class CareForm(Form):
    what = forms.CharField(
        label=_("What was done"), max_length=1_000, widget=forms.Textarea,
        help_text=_("A talk, a visit, treatment. Sealed like what it is for."),
    )  # fmt: skip
    is_ended = forms.BooleanField(label=_("Nothing more is needed"), required=False)


class ClosingForm(Form):
    """The reason is needed only where nobody told that the team is back."""

    reason = line_field(_("Why it is closed without a return being told"), 400)


def kinds_and_skills() -> tuple[Any, Any]:
    return TeamKind.objects.all(), Skill.objects.all()
