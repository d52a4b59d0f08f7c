"""The account pages we offer, out of all that allauth has: no sign-up, no e-mail.

Accounts are opened by an administrator, who also gives a new password. allauth keeps its
addresses' names, because its own code asks for them.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as library_forms
from allauth.account import views as library
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from honghui.kernel.errors import Refused
from honghui.kernel.models import World
from honghui.site.errors import refusal_page
from honghui.worlds import SAMPLE_PASSWORD


class SignInForm(library_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("Account name")
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        _without_placeholders(self)


class PasswordChangeForm(library_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": gettext_lazy("Current password"),
            "password1": gettext_lazy("New password"),
            "password2": gettext_lazy("New password, once more"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = gettext_lazy(
            "At least twelve characters. A sentence that only you would write works well."
        )
        _without_placeholders(self)


class ReauthenticateForm(library_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        _without_placeholders(self)


class SignInView(library.LoginView):
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if World.objects.exists():
            context["sample_password"] = SAMPLE_PASSWORD
        return context


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Nothing is sent by e-mail: somebody who knows the person gives them a new password."""
    return render(request, "account/forgotten.html")


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's own limits: sign-ins from one address, codes for one account."""
    return refusal_page(
        request,
        Refused(
            "web.too_many",
            _("Too many attempts within a minute."),
            _("Wait a minute, then try again."),
        ),
        status=429,
    )


def _without_placeholders(form: forms.Form) -> None:
    """The label says it; words in an empty box only look like something typed."""
    for each in form.fields.values():
        each.widget.attrs.pop("placeholder", None)


urlpatterns = [
    path("login/", SignInView.as_view(), name="account_login"),
    path("logout/", library.logout, name="account_logout"),
    path("inactive/", library.account_inactive, name="account_inactive"),
    path(
        "reauthenticate/",
        library.ReauthenticateView.as_view(form_class=ReauthenticateForm),
        name="account_reauthenticate",
    ),
    path(
        "password/change/",
        library.PasswordChangeView.as_view(form_class=PasswordChangeForm),
        name="account_change_password",
    ),
    path("password/forgotten/", forgotten, name="account_reset_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
