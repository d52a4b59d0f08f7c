"""The simulated gateway, and beside it one address that says how many messages it has."""

from __future__ import annotations

import os
import signal
import threading


def main() -> None:
    import django

    django.setup()
    from bench.messaging import KEY, PORT, SECRET
    from honghui.messaging.simulator import server as simulator

    server = simulator.Simulator(
        ("127.0.0.1", PORT), to="http://127.0.0.1:9", keys={KEY: SECRET},
        callback_secret=os.environ["HONGHUI_SMS_CALLBACK_SECRET"], signs=frozenset({"红会"}),
        limits=(),
    )  # fmt: skip
    server.wrongs.set_always({"no_receipt"})

    class Counting(simulator._Handler):
        def do_GET(self) -> None:  # noqa: N802 (the library's name)
            if self.path == "/count":
                self._send(200, str(len(self.server.gateway.sent)).encode(), "text/plain")
            else:
                super().do_GET()

    server.RequestHandlerClass = Counting
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    stop.wait()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
