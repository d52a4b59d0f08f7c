"""The web process: WSGI, because every view here is synchronous (docs/decisions/0001)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honghui.site.settings")
application = get_wsgi_application()
