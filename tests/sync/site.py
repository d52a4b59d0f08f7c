"""The site with the tests' kinds of forms and one page to enter them at.

granian --interface wsgi tests.sync.site:application
"""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honghui.site.settings")
django.setup()

from django.http import HttpRequest, HttpResponse  # noqa: E402 (Django must be ready first)
from django.template import engines  # noqa: E402 (the same)
from django.urls import path  # noqa: E402 (the same)

from honghui.site import urls  # noqa: E402 (the same)
from honghui.site.wsgi import application  # noqa: E402, F401 (the same)
from tests.sync import kinds  # noqa: E402 (the same)

PAGE = """{% extends "ui/field.html" %}{% block main %}<h1>{{ heading }}</h1>
<form id="note" method="post" data-sync="{{ kind }}" data-link="{{ link }}">{% csrf_token %}
<p><label>Said <input name="said" required></label></p>
<p><label><input type="radio" name="way" value="on foot">on foot</label></p>
<p><label><input type="checkbox" name="with" value="boat">boat</label>
<label><input type="checkbox" name="with" value="pump">pump</label></p>
<p><input type="file" name="photo" accept="image/*" capture multiple><span data-photos></span></p>
<button>Keep</button></form><a href="/field/notes/two/" data-offline>two</a>{% endblock %}"""


def note(request: HttpRequest, name: str = "one") -> HttpResponse:
    linked = name == "linked"
    values = {
        "heading": f"Note {name}",
        "kind": "tests.linked" if linked else "tests.note",
        "link": kinds.GOOD_LINK if linked else "",
    }
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render(values, request))


kinds.register()
urls.urlpatterns.insert(0, path("field/notes/<str:name>/", note))
