"""A call-out in a served site's database, made by a process of its own. Run by test_browser.

python -m tests.callouts.prepared        prints the call-out's id and each person's token
"""

from __future__ import annotations

import django


def main() -> None:
    django.setup()
    from honghui.callouts.actions.calling import send_call_out
    from tests.callouts.conftest import SYSTEM, draft, person

    people = [person(f"队员{number}", number) for number in range(1, 9)]
    made = send_call_out(by=SYSTEM, call_out=draft(people, wanted=8, channels=["sms"]))
    print(made.pk, *(one.token for one in made.invitations.all()))  # noqa: T201


if __name__ == "__main__":
    main()
