"""A server that is killed once the form is committed and before anybody is answered; or in the
middle of it. Run by test_races.

    python -m tests.sync.killed_server FORM USERNAME after|before
"""

from __future__ import annotations

import json
import os
import signal
import sys

import django


def die(*_arguments: object, **_keywords: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    django.setup()
    from django.test import Client

    from honghui.registry.models import Account
    from honghui.sync import answering
    from tests.sync import kinds
    from tests.sync.phone import send

    form, username, when = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
    kinds.register()
    if when == "after":
        answering._taken = die  # type: ignore[assignment]
    else:
        kinds.SLOW_SECONDS = 0.0
        kinds.time.sleep = die  # type: ignore[assignment]
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        Account.objects.get(username=username),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    send(client, form)


if __name__ == "__main__":
    main()
