"""The worker of payments, for a job that does nothing with what was paid."""

from __future__ import annotations


def main() -> None:
    import django

    django.setup()
    from honghui.kernel.working import told_to_stop
    from honghui.payments import handling, worker

    handling.on_paid("bench", lambda paid: None)
    worker.run(told_to_stop())


if __name__ == "__main__":
    main()
