"""The tags of our templates, built in everywhere (see TEMPLATES in site/settings.py).

Each is one function of honghui/ui/components/, whose docstring says what it takes:
text.py small pieces in a line · lists.py lists and what is like them · pictures.py bars, tapes,
flows, charts, maps · forms.py fields and forms. The style guide shows every one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Library

from honghui.ui.components import forms, lists, pictures, text

register = Library()

_PLAIN: dict[str, Callable[..., Any]] = {
    "mark": text.mark,
    "yuan": text.yuan,
    "count": text.count,
    "when": text.when,
    "day": text.day,
    "asof": text.asof,
    "state": text.state,
    "seal": text.seal,
    "source": text.source,
    "phrases": text.phrases,
    "hash": text.hash_text,
    "note": text.note,
    "crumbs": lists.crumbs,
    "kv": lists.kv,
    "checks": lists.checks,
    "eyes": lists.eyes,
    "steps": lists.steps,
    "ladder": lists.ladder,
    "entries": lists.entries,
    "tree": lists.tree,
    "tabs": lists.tabs,
    "thirds": lists.thirds,
    "keys": lists.keys,
    "empty": lists.empty,
    "bar": pictures.bar,
    "sums": pictures.sums,
    "progress": pictures.progress,
    "tape": pictures.tape,
    "sankey": pictures.sankey,
    "gantt": pictures.gantt,
    "chart": pictures.chart,
    "tile_map": pictures.tile_map,
    "shape_map": pictures.shape_map,
    "map": pictures.place_map,
    "field": forms.field,
    "form_errors": forms.errors,
}
_WITH_CONTEXT: dict[str, Callable[..., Any]] = {
    "pager": lists.pager,
    "flash": lists.flash,
    "form": forms.form,
}

for _name, _function in _PLAIN.items():
    register.simple_tag(_function, name=_name)
for _name, _function in _WITH_CONTEXT.items():
    register.simple_tag(_function, takes_context=True, name=_name)
