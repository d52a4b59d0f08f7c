"""What is refused at the platform's door. Each refusal has a code; nobody is told more.

Refused
├── NotSigned        401  who says this did not prove that they are the platform
├── Garbage          400  signed, and yet no notification
└── PlatformSilent   503  the platform does not answer, or answers unsigned
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Refused


class NotSigned(Refused):
    """The signature is missing, wrong, too old, or of a key we do not know."""

    status = 401

    def __init__(self, code: str) -> None:
        super().__init__(
            f"payments.signature.{code}",
            _("This was not signed by the payment platform as it must be."),
            _("Compare the platform's keys and the clock of this machine."),
        )


class Garbage(Refused):
    """Signed or not: it cannot be read as what it should be."""

    status = 400

    def __init__(self, code: str) -> None:
        super().__init__(
            f"payments.garbage.{code}",
            _("This is no message of the payment platform."),
            _("Compare the API key and the version of the platform's interface."),
        )


class PlatformSilent(Refused):
    """No answer, an unsigned one, or an error of theirs: it may be asked again."""

    status = 503

    def __init__(self, code: str) -> None:
        super().__init__(
            f"payments.platform.{code}",
            _("The payment platform does not answer just now."),
            _("Nothing was charged. Try again in a minute."),
        )


class PlatformRefuses(Refused):
    """The platform understood and does not do it. `code` ends in its own word."""

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(
            f"payments.platform.{code.lower()}",
            _("The payment platform refused this request."),
            _("Begin again; if it happens twice, tell the society."),
        )
