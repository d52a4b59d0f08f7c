"""The worker of messages, with one template to send: for bench/messaging.py."""

from __future__ import annotations

import signal
import threading

TEMPLATE = "bench.asked"


def declare() -> None:
    from honghui.messaging import declaring

    if TEMPLATE not in declaring.DECLARED:
        declaring.declare_template(
            TEMPLATE,
            zh="{place}{title}，能来请回复“去+分钟”，不能来回“不行”，编号{code}。详情：{link}",
            en="{title} at {place}: reply Y and minutes, or N. Code {code}. More: {link}",
            variables=("place", "title"),
        )


def main() -> None:
    import django

    django.setup()
    from honghui.messaging.worker import run

    declare()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    run(stop)


if __name__ == "__main__":
    main()
