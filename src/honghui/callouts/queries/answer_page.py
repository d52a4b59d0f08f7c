"""What the answer page shows of one invitation: no more than the message itself said."""

from __future__ import annotations

from dataclasses import dataclass

from honghui.callouts.listening import address_on_the_way
from honghui.callouts.models import CallOut, Invitation
from honghui.registry.naming import local_name, local_text

MINUTES = (15, 30, 45, 60, 90, 120)


@dataclass(frozen=True)
class AnswerPage:
    """`invitation`: with its call-out and society."""

    invitation: Invitation

    @property
    def call_out(self) -> CallOut:
        return self.invitation.call_out

    @property
    def title(self) -> str:
        return local_text(self.call_out.title, self.call_out.title_en)

    @property
    def place(self) -> str:
        return local_text(self.call_out.place, self.call_out.place_en)

    @property
    def society(self) -> str:
        return local_name(self.call_out.society)

    @property
    def group(self) -> str:
        return local_text(self.invitation.group_name, self.invitation.group_name_en)

    @property
    def is_open(self) -> bool:
        return self.call_out.state == CallOut.State.OPEN and not self.is_stood_down

    @property
    def is_cancelled(self) -> bool:
        return self.call_out.state == CallOut.State.CANCELLED or self.is_stood_down

    @property
    def is_stood_down(self) -> bool:
        """Their team, while others are still called."""
        return self.invitation.state == Invitation.State.STOOD_DOWN

    @property
    def is_stand_by(self) -> bool:
        return self.call_out.kind == CallOut.Kind.STAND_BY

    @property
    def state(self) -> str:
        return self.invitation.state

    @property
    def is_answered(self) -> bool:
        return self.invitation.answered_at is not None

    @property
    def on_the_way(self) -> str:
        """Where somebody who comes tells how far they are. "" for everybody else."""
        is_coming = self.invitation.state == Invitation.State.COMING and not self.is_cancelled
        return address_on_the_way(self.invitation) if is_coming else ""

    @property
    def minutes(self) -> tuple[int, ...]:
        return MINUTES


def answer_page(invitation: Invitation) -> AnswerPage:
    return AnswerPage(invitation)
