"""The web process: WSGI, because every view here is synchronous (docs/decisions/0001).

What a payment platform and a message gateway post goes past the pages' middleware.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honghui.site.settings")
_pages = get_wsgi_application()

from honghui.messaging.door import with_messages  # noqa: E402 (Django must be ready first)
from honghui.payments.door import with_payments  # noqa: E402

application = with_payments(with_messages(_pages))
