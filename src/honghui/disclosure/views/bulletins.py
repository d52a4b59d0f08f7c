"""Bulletins as everybody sees them: the list, one as an accountant's page, its figures, a feed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.disclosure import access, saying
from honghui.disclosure.bulletin_page import bulletin_page, figures_csv, text_of
from honghui.disclosure.models import Bulletin
from honghui.disclosure.open_page import open_page
from honghui.disclosure.queries.bulletins import purpose_names
from honghui.registry.naming import local_name
from honghui.registry.views.pages import page_of
from honghui.ui.components.lists import Entry

FEED_MAX = 30


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    page = page_of(request, access.published())
    entries = [_entry(bulletin) for bulletin in page]
    return render(request, "disclosure/bulletins/list.html", {"page": page, "entries": entries})


@require_safe
def page(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    bulletin = access.published_bulletin(bulletin_id)
    log = open_page(request.build_absolute_uri("/log/"))
    context = {"page": bulletin_page(bulletin), "audit": log.audit if log.key else ""}
    return render(request, "disclosure/bulletins/page.html", context)


@require_safe
def figures(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    bulletin = access.published_bulletin(bulletin_id)
    content = bulletin.content
    data = figures_csv(bulletin_page(bulletin), content, purpose_names(content))
    name = f"bulletin-{bulletin.society_id}-{bulletin.year}-{bulletin.serial}.csv"
    return HttpResponse(
        data,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Atom, newest first, in the language of its address."""
    feed = Atom1Feed(
        title=_("Bulletins"),
        link=request.build_absolute_uri(reverse("bulletins")),
        description=_("What the societies received and used, as they publish it"),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for bulletin in access.published()[:FEED_MAX]:
        feed.add_item(
            title=_title(bulletin),
            link=request.build_absolute_uri(bulletin.get_absolute_url()),
            description=text_of(bulletin),
            pubdate=bulletin.published_at,
            updateddate=bulletin.published_at,
            unique_id=f"urn:uuid:{bulletin.pk}",
            author_name=local_name(bulletin.society),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml")


def _entry(bulletin: Bulletin) -> Entry:
    return Entry(
        title=_title(bulletin),
        url=bulletin.get_absolute_url(),
        kicker=_("%(year)s, no. %(serial)s") % {"year": bulletin.year, "serial": bulletin.serial},
        text=text_of(bulletin),
    )


def _title(bulletin: Bulletin) -> str:
    return saying.title(local_name(bulletin.society), bulletin.first, bulletin.last)
