"""What a form says of a field that was left empty: what to do, in the form's own words if any."""

from __future__ import annotations

from django import forms

from honghui.ui.forms import Form


class _Sample(Form):
    place = forms.ChoiceField(choices=[("", "—"), ("a", "A")])
    text = forms.CharField()
    agrees = forms.BooleanField()
    own = forms.CharField(error_messages={"required": "Say why."})


def test_what_was_left_empty_says_what_to_do() -> None:
    errors = _Sample({}).errors
    assert errors["place"] == ["还没有选，请选一项。"]
    assert errors["text"] == ["还没有填，请填写。"]
    assert errors["agrees"] == ["请先勾选这一项。"]
    assert errors["own"] == ["Say why."]


def test_fields_of_one_form_do_not_change_those_of_another() -> None:
    _Sample({})
    default = forms.Field.default_error_messages["required"]
    assert forms.CharField().error_messages["required"] is default
