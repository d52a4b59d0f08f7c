"""What pages are set from. One function a component; templatetags/ui.py makes tags of them.

A component takes plain values, escapes whatever it is given, and says in its docstring which
words or table stand for what it draws.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString


def rendered(name: str, **context: Any) -> SafeString:
    """The template of that name with these values and nothing else.

    Through the main engine, so that our tags are built in wherever the component is used from,
    Django's own form templates included.
    """
    text = get_template(name).render(context)
    return SafeString(text.strip())
