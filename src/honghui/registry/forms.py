"""Forms: what may be typed. What it means is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.kernel.actors import Actor
from honghui.registry import access, naming
from honghui.registry.models import Account, Organisation, Society
from honghui.registry.permissions import (
    ENTER_ADMIN_MODE,
    MANAGE_ROLES,
    MANAGE_UNITS,
    REGISTER_ORGANISATIONS,
    REGISTER_PEOPLE,
    ROLE_NAMES,
    Permission,
)
from honghui.registry.queries.fitting import FITTING_MAX, organisations_fitting
from honghui.ui.forms import Form


class RowChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Rows to choose from; nothing chosen yet is a dash, as in every other list of choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": "—", **kwargs})


class NamedChoiceField(RowChoiceField):
    """By their name in the reader's language."""

    def label_from_instance(self, row: Any) -> str:
        return naming.local_name(row)


class SocietyForm(Form):
    """A form about one of the societies in which the actor holds `permission`."""

    permission: Permission
    society = NamedChoiceField(Society.objects.none(), label=_("Society"), empty_label=None)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = access.societies_where(by, self.permission)
        field = self.fields["society"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Society.objects.filter(pk__in=codes)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=400,
        help_text=_("One sentence that a colleague will still understand next year."),
    )


class ReasonForm(Form):
    reason = reason_field()


class PersonForm(SocietyForm):
    permission = REGISTER_PEOPLE
    name = forms.CharField(label=pgettext_lazy("a person", "Name"), max_length=80)
    kind = forms.ChoiceField(
        label=_("Affiliation with the society"),
        choices=naming.choices(naming.AFFILIATION_KINDS),
    )
    resident_id = forms.CharField(
        label=_("Resident id"),
        required=False,
        max_length=40,
        help_text=_("Only if needed. It is sealed: afterwards only the last four characters show."),
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    field_order = ("society", "name", "kind", "resident_id", "phone")


class PersonChangeForm(Form):
    name = forms.CharField(label=pgettext_lazy("a person", "Name"), max_length=80)
    phone = forms.CharField(
        label=_("New phone"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty to keep the one on file."),
    )


class AffiliationForm(SocietyForm):
    permission = REGISTER_PEOPLE
    kind = forms.ChoiceField(
        label=_("Affiliation with the society"),
        choices=naming.choices(naming.AFFILIATION_KINDS),
    )
    began_on = forms.DateField(label=_("Since"), required=False, widget=DateInput)


class EndForm(ReasonForm):
    ended_on = forms.DateField(label=_("Ended on"), widget=DateInput)
    field_order = ("ended_on", "reason")


class SameAsForm(ReasonForm):
    other = forms.UUIDField(
        label=_("The other person's number"),
        help_text=_("It is at the end of their page's address."),
    )
    field_order = ("other", "reason")


class OrganisationFields(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=naming.choices(naming.ORGANISATION_KINDS))
    credit_code = forms.CharField(
        label=_("Unified social credit code"), required=False, max_length=40
    )
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line."),
    )

    def clean_aliases(self) -> tuple[str, ...]:
        return tuple(line for line in self.cleaned_data["aliases"].splitlines() if line.strip())


class OrganisationForm(OrganisationFields, SocietyForm):
    permission = REGISTER_ORGANISATIONS
    field_order = ("society", "name", "name_en", "kind", "credit_code", "aliases")


class OrganisationChangeForm(OrganisationFields, Form):
    pass


class OrganisationChoiceField(NamedChoiceField):
    """Names alone do not tell two of the same name apart."""

    def label_from_instance(self, row: Any) -> str:
        kind = naming.ORGANISATION_KINDS[row.kind]
        parts = (naming.local_name(row), kind, row.credit_code)
        return " · ".join(str(part) for part in parts if part)


class UnitForm(SocietyForm):
    """An organisation is looked up by what is typed; if several fit, the form comes back and
    asks which. Needs no script, and no page ever holds a list of them all."""

    permission = MANAGE_UNITS
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=naming.choices(naming.UNIT_KINDS))
    within = forms.CharField(
        label=_("Within the organisation"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Its name, in characters or pinyin, or its credit code."),
    )
    opened_on = forms.DateField(label=_("Opened on"), required=False, widget=DateInput)
    field_order = ("society", "name", "name_en", "kind", "within", "organisation", "opened_on")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self._found = organisations_fitting(by, self._typed())
        if len(self._found) > 1:
            self.fields["organisation"] = self._choice_of(by)
            self.order_fields(self.field_order)

    def _typed(self) -> str:
        try:
            return str(self.fields["within"].clean(self.data.get(self.add_prefix("within"))))
        except forms.ValidationError:
            return ""

    def _choice_of(self, by: Actor) -> forms.ModelChoiceField[Organisation]:
        shown = self._found[:FITTING_MAX]
        more = _("More fit than are shown: type more of the name to see them.")
        return OrganisationChoiceField(
            access.organisations(by).filter(pk__in=[each.pk for each in shown]),
            label=_("Which of them"),
            empty_label=None,
            widget=forms.RadioSelect,
            help_text=more if len(self._found) > FITTING_MAX else "",
            error_messages={"required": _("Several organisations fit. Choose one.")},
        )

    def clean_within(self) -> str:
        typed = str(self.cleaned_data["within"])
        if typed and not self._found:
            raise forms.ValidationError(
                _("No organisation fits. Register it first, or leave this empty.")
            )
        return typed

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        only = self._found[0] if values.pop("within") else None
        return {"organisation": only, **values}


class CloseUnitForm(ReasonForm):
    closed_on = forms.DateField(label=_("Closed on"), widget=DateInput)
    field_order = ("closed_on", "reason")


class RoleForm(SocietyForm):
    permission = MANAGE_ROLES
    username = forms.CharField(label=_("Account name"), max_length=40)
    role = forms.ChoiceField(label=_("Role"), choices=[(r.value, n) for r, n in ROLE_NAMES.items()])
    reason = reason_field()
    field_order = ("society", "username", "role", "reason")

    def clean_username(self) -> Account:
        name = self.cleaned_data["username"].strip().lower()
        account = Account.objects.filter(username=name, is_active=True).first()
        if account is None:
            raise forms.ValidationError(_("There is no open account by this name."))
        return account


class AccountForm(SocietyForm):
    permission = MANAGE_ROLES
    person = forms.UUIDField(
        label=_("The person's number"),
        help_text=_("It is at the end of their page's address."),
    )
    username = forms.CharField(label=_("Account name"), max_length=40)
    post = forms.CharField(
        label=_("Post"), max_length=40, help_text=_("What colleagues see, such as Finance 03.")
    )
    password = forms.CharField(
        label=_("First password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("They will be asked to change it when they first sign in."),
    )


class AdminModeForm(SocietyForm):
    permission = ENTER_ADMIN_MODE
    reason = reason_field()
