"""The phone's own pages: what needs me, what waits here, trying it out. What waits is known to the
phone alone, so its script writes it into the page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from honghui.registry.middleware import actor
from honghui.registry.views.guards import desk_view
from honghui.sync.cards import cards_for
from honghui.sync.practice import PracticeForm
from honghui.ui.forms import posted, posted_files


@require_safe
@desk_view
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "sync/home.html", {"cards": cards_for(actor(request))})


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """For everybody: whoever answered by a link has a queue too, and only the phone knows it."""
    return render(request, "sync/queue.html")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def practice(request: HttpRequest) -> HttpResponse:
    form = PracticeForm(posted(request), posted_files(request))
    if form.is_valid():
        messages.success(request, _("It arrived. Without scripts it works with a signal only."))
        return redirect("field_practice")
    return render(request, "sync/practice.html", {"form": form}, status=form.status)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows for a page that this phone never saw."""
    return render(request, "sync/offline.html")
