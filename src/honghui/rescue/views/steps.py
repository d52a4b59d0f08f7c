"""One step on the desk: a page with one form, that does one thing and leads back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from honghui.kernel.actors import Actor
from honghui.registry.middleware import actor
from honghui.ui.forms import Form

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Crumbs = Sequence[tuple["_StrOrPromise", str]]


def step(
    request: HttpRequest,
    form: Form,
    do: Callable[[Actor, dict[str, Any]], Any],
    *,
    title: _StrOrPromise,
    back: str,
    crumbs: Crumbs,
    submit: _StrOrPromise,
    done: _StrOrPromise,
    lead: _StrOrPromise = "",
    about: _StrOrPromise = "",
) -> HttpResponse:
    """`do`: called with the actor (the form's key on it) and the form's values. `back`: where it
    leads then; `about`: whom or what it is about, under the title."""
    if form.is_valid():
        with form.refusals():
            do(actor(request).with_once(form.once_key), form.values)
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "about": about,
        "submit": submit,
        "crumbs": crumbs,
    }
    return render(request, "rescue/teams/step.html", context, status=form.status)
