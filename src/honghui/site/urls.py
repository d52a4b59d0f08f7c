"""Every address. Chinese at the bare path, English under /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from honghui.site import views

handler400 = "honghui.site.errors.bad_request"
handler404 = "honghui.site.errors.not_found"
handler429 = "honghui.site.account_pages.too_many"
handler500 = "honghui.site.errors.server_error"

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("", include("honghui.disclosure.file_urls")),
    path("", include("honghui.sync.file_urls")),
    path("", include("honghui.rescue.file_urls")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("tour/", views.tour, name="tour"),
        path("", include("honghui.registry.urls")),
        path("", include("honghui.payments.urls")),
        path("", include("honghui.messaging.urls")),
        path("", include("honghui.callouts.urls")),
        path("", include("honghui.sync.urls")),
        path("", include("honghui.funds.urls")),
        path("", include("honghui.rescue.urls")),
        path("", include("honghui.processes.urls")),
        path("", include("honghui.disclosure.urls")),
        path("", include("honghui.ui.urls")),
        path("account/", include("honghui.site.account_pages")),
        prefix_default_language=False,
    ),
]
