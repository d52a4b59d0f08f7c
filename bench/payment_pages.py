"""The same door as a view behind Django's middleware, to see what that would cost."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "honghui.site.settings"

from django.conf import settings  # noqa: E402 (the settings must be named first)

settings.ROOT_URLCONF = "bench.payment_pages"

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from honghui.payments.inbox import take_in  # noqa: E402
from honghui.payments.wechat.client import NOTIFY_PATH  # noqa: E402
from honghui.payments.wechat.signing import Signed  # noqa: E402


@csrf_exempt
def notify(request: HttpRequest) -> HttpResponse:
    headers = (f"Wechatpay-{name}" for name in ("Timestamp", "Nonce", "Signature", "Serial"))
    take_in(Signed(*(request.headers.get(name, "") for name in headers)), request.body)
    return JsonResponse({"code": "SUCCESS"})


urlpatterns = [path(NOTIFY_PATH.lstrip("/"), notify)]
