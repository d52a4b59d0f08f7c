"""Forms and their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from honghui.ui.components import rendered

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def field(bound: BoundField) -> SafeString:
    """One field: label, hint, control, errors, tied together by ids for those who listen.

    Boxes to tick stand before their label, choices stand in a fieldset. Works for any form.
    """
    widget = bound.field.widget
    if bound.is_hidden:
        return bound.as_widget()
    shape = "plain"
    if isinstance(widget, forms.CheckboxInput):
        shape = "tick"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        shape = "choice"
    control = "" if shape == "choice" else bound.as_widget(attrs=_attributes(bound, shape))
    optional = not bound.field.required and shape != "tick"
    return rendered(
        "ui/components/field.html", field=bound, shape=shape, control=control, optional=optional
    )


def form(
    context: Mapping[str, Any],
    shown: forms.BaseForm,
    submit: _StrOrPromise = "",
    action: str = "",
    seal: bool = False,
) -> SafeString:
    """A whole form: errors first, then the fields, then one button. Sent once, with CSRF token.

    seal: the button is the page's one vermilion button.
    """
    return rendered(
        "ui/components/form.html",
        form=shown,
        token=context.get("csrf_token"),
        action=action,
        submit=submit or _("Save"),
        seal=seal,
        once_key=getattr(shown, "once_key", ""),
        once_name=shown.add_prefix("once"),
        fields=shown.visible_fields(),
        hidden=[bound for bound in shown.hidden_fields() if bound.name != "once"],
    )


def errors(shown: forms.BaseForm) -> SafeString:
    """What is wrong with a form, at its top, with links to the fields. Nothing when all is well."""
    if not shown.is_bound or not shown.errors:
        return SafeString()
    wrong = [bound for bound in shown.visible_fields() if bound.errors]
    return rendered("ui/components/form_errors.html", form=shown, wrong=wrong)


def _attributes(bound: BoundField, shape: str) -> dict[str, str | bool]:
    own = str(bound.field.widget.attrs.get("class", ""))
    attributes: dict[str, str | bool] = {"class": own if shape == "tick" else f"in {own}".strip()}
    if isinstance(bound.field.widget, forms.Textarea):
        # Django's ten rows push the button off a phone; the box can be drawn larger by hand.
        attributes["rows"] = "4"
    if bound.name.endswith("_en"):
        # Whoever listens, and whatever checks the spelling, is told the language of what is typed.
        attributes["lang"] = "en"
    return attributes
