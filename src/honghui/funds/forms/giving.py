"""What a giver types: how much, and what others may see of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honghui.funds.models.donations import Showing
from honghui.kernel.amounts import format_yuan, parse_yuan
from honghui.kernel.errors import Refused
from honghui.ui.forms import Form

# Fen. Plain amounts to tap; none of them is chosen for anybody.
AMOUNTS_FEN = (20_00, 50_00, 100_00, 200_00, 500_00)
OTHER = "other"


def _amounts() -> list[tuple[str, Any]]:
    plain = [(str(fen), f"{fen // 100}") for fen in AMOUNTS_FEN]
    return [*plain, (OTHER, pgettext_lazy("an amount", "Other"))]


class _Either(forms.Field):
    """Asked of some and not of others, by what else was chosen: empty is no error of its own."""

    def clean(self, value: Any) -> Any:
        return "" if value in self.empty_values else super().clean(value)


class PlainAmount(_Either, forms.ChoiceField):
    pass


class TypedText(_Either, forms.CharField):
    pass


class GivingForm(Form):
    """`amount` is typed in yuan and read into fen; a plain amount and another typed one together
    are no amount at all."""

    use_required_attribute = False
    plain = PlainAmount(label=_("Amount, yuan"), choices=_amounts, widget=forms.RadioSelect)
    amount = TypedText(
        label=_("Another amount, yuan"),
        max_length=64,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("From 0.01 yuan; fen count too."),
    )
    showing = forms.ChoiceField(
        label=_("How may others see this gift?"),
        choices=(
            (Showing.ANONYMOUS, _("Anonymous")),
            (Showing.ALIAS, _("Under another name")),
            (Showing.NAMED, _("Under my name")),
        ),
        initial=Showing.ANONYMOUS,
        widget=forms.RadioSelect,
        help_text=_("The amount and the day are always public. You can withdraw a name later."),
    )
    shown_as = TypedText(
        label=_("The other name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Everybody can read it. Nobody checks it."),
    )
    giver = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_(
            "Sealed, for the official receipt that the society can issue to you. Others see it "
            "only if you chose “Under my name”."
        ),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        plain, typed = values.get("plain", ""), values.get("amount", "").strip()
        try:
            self.cleaned_data["amount_fen"] = self._amount_fen(plain, typed)
        except Refused as refusal:
            self.refuse(refusal)
            self._refused_status = 0
        if values.get("showing") == Showing.ALIAS and not values.get("shown_as", "").strip():
            self.add_error("shown_as", _("Type the name that others shall see."))
        if values.get("showing") == Showing.NAMED and not values.get("giver", "").strip():
            self.add_error("giver", _("Type your name, or choose another way to be shown."))
        return self.cleaned_data

    def _amount_fen(self, plain: str, typed: str) -> int:
        if not typed and plain not in {"", OTHER}:
            return int(plain)
        amount_fen = parse_yuan(typed, field="amount")
        if plain not in {"", OTHER} and amount_fen != int(plain):
            self.add_error(
                "amount",
                _("You chose %(chosen)s yuan and typed %(typed)s: which is it?")
                % {"chosen": format_yuan(int(plain)), "typed": format_yuan(amount_fen)},
            )
        return amount_fen

    @property
    def values(self) -> dict[str, Any]:
        """As `begin_giving` takes them."""
        names = ("amount_fen", "showing", "giver", "shown_as")
        return {name: self.cleaned_data[name] for name in names}

    def refuse(self, refusal: Refused) -> None:
        """The actions call it amount_fen; here it is typed as `amount`."""
        if refusal.field == "amount_fen":
            refusal.field = "amount"
        super().refuse(refusal)
