"""Forms of the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from honghui.funds import access, words
from honghui.funds.models import Fund
from honghui.kernel.actors import Actor
from honghui.kernel.amounts import parse_yuan
from honghui.kernel.errors import Invalid
from honghui.record.clauses import Approvers, Decision, Places, Uses
from honghui.registry import naming
from honghui.registry.access import societies_where
from honghui.registry.forms import DateInput, NamedChoiceField, ReasonForm, SocietyForm
from honghui.registry.models import Society
from honghui.registry.permissions import ASK_SPENDING, OPEN_FUNDS, RECEIVE, Permission
from honghui.ui.forms import Form


class YuanField(forms.CharField):
    """An amount in yuan as people type it; its value is fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Amount in yuan"))
        kwargs.setdefault("max_length", 24)
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        try:
            return parse_yuan(text)
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class FundForm(Form):
    """A form about one of the open funds in whose society the actor holds `permission`."""

    permission: Permission
    fund = NamedChoiceField(Fund.objects.none(), label=_("Fund"), empty_label=None)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = societies_where(by, self.permission)
        field = self.fields["fund"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = access.open_funds().filter(society__in=codes)


class NewFundForm(SocietyForm):
    permission = OPEN_FUNDS
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=120)
    code = forms.CharField(
        label=_("Short code"),
        max_length=40,
        help_text=_("A short English name for records and addresses, such as flood-2020."),
    )
    about = forms.CharField(label=_("What it is for"), max_length=400, widget=forms.Textarea)
    about_en = forms.CharField(
        label=_("What it is for, in English"),
        required=False,
        max_length=600,
        widget=forms.Textarea,
    )
    uses = forms.MultipleChoiceField(
        label=_("May be used for"), choices=words.use_choices, widget=forms.CheckboxSelectMultiple
    )
    approvers = forms.IntegerField(
        label=_("Approvals each use needs"), min_value=1, max_value=9, initial=1
    )
    opened_on = forms.DateField(label=_("Opens on"), widget=DateInput)
    accepts_online = forms.BooleanField(
        label=_("Takes gifts on the public page"), required=False, initial=True
    )
    field_order = (
        "society", "name", "name_en", "code", "about", "about_en", "uses", "approvers",
        "opened_on", "accepts_online",
    )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        society: Society = values["society"]
        body = f"{values['code']}-committee"
        approvers = values.pop("approvers")
        clauses = (
            Uses(only=tuple(values.pop("uses"))),
            Places(within=(society.code,)),
            Decision(currency="CNY", above=0, approvers=approvers, body=body),
            Approvers(at_least=approvers),
        )
        return {**values, "body": body, "clauses": clauses}


class DonationForm(FundForm):
    permission = RECEIVE
    amount_fen = YuanField()
    channel = forms.ChoiceField(
        label=_("Received as"),
        choices=[(code, words.CHANNELS[code]) for code in ("cash", "transfer")],
    )
    transaction_id = forms.CharField(
        label=_("The bank's number of the transfer"), required=False, max_length=64
    )
    occurred_on = forms.DateField(label=_("Received on"), widget=DateInput)
    giver = forms.CharField(
        label=_("Giver's name"),
        required=False,
        max_length=80,
        help_text=_("Sealed. Others see it only if the giver chooses that."),
    )
    showing = forms.ChoiceField(
        label=_("How others see the gift"),
        choices=naming.choices(words.SHOWINGS),
        initial="anonymous",
        widget=forms.RadioSelect,
    )
    shown_as = forms.CharField(label=_("The other name"), required=False, max_length=80)
    field_order = (
        "fund", "amount_fen", "channel", "transaction_id", "occurred_on", "giver", "showing",
        "shown_as",
    )  # fmt: skip


class RefundForm(ReasonForm):
    amount_fen = YuanField()
    field_order = ("amount_fen", "reason")


class ProposalForm(FundForm):
    permission = ASK_SPENDING
    title = forms.CharField(
        label=_("What for"), max_length=80, help_text=_("Everybody can read it. Name no person.")
    )
    title_en = forms.CharField(label=_("What for, in English"), required=False, max_length=120)
    amount_fen = YuanField()
    use = forms.ChoiceField(label=_("Use"), choices=words.use_choices)
    place = forms.CharField(
        label=_("Place"), max_length=48, help_text=_("The code of a division, such as 330600.")
    )
    field_order = ("fund", "title", "title_en", "amount_fen", "use", "place")


class DecideForm(Form):
    """Approving says nothing that was not asked; declining needs its reason, which the action
    insists on."""

    reason = forms.CharField(label=_("Reason, if you decline"), required=False, max_length=400)


class PaymentForm(Form):
    amount_fen = YuanField()
    payee = forms.CharField(
        label=_("Payee"), max_length=80, help_text=_("Sealed. Only for our own eyes.")
    )
    title = forms.CharField(
        label=_("What for"), max_length=80, help_text=_("Everybody can read it. Name no person.")
    )
    title_en = forms.CharField(label=_("What for, in English"), required=False, max_length=120)
