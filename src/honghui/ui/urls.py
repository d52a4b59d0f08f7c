"""Addresses of the pages that belong to the look itself."""

from __future__ import annotations

from django.urls import path

from honghui.ui import views

urlpatterns = [path("styleguide/", views.styleguide, name="styleguide")]
