"""People with numbers of their own, and drafts to them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from honghui.kernel.actors import system_actor
from honghui.messaging import declaring
from honghui.messaging.declaring import declare_template
from honghui.messaging.sending import Draft
from honghui.registry.actions.people import register_person
from honghui.registry.models import Person, Society

TEMPLATE = "tests.asked"
TOKEN = "sample-token-of-22-char"


@pytest.fixture(autouse=True)
def a_template() -> None:
    """ "tests.asked": what a call-out would say."""
    if TEMPLATE not in declaring.DECLARED:
        declare_template(
            TEMPLATE,
            zh="{place}{title}，能来请回复“1”，不能来回“2”，编号{code}。详情：{link}",
            en="{title} at {place}: reply 1 to come, 2 if not. Code {code}. More: {link}",
            variables=("place", "title"),
        )


@pytest.fixture
def new_person(db: None) -> Callable[..., Person]:
    """`new_person("13899010001")`: somebody of Shaoxing with this number, or with none."""

    def make(phone: str = "", name: str = "样例甲", society: str = "330600") -> Person:
        return register_person(
            by=system_actor("tests"),
            society=Society.objects.get(pk=society),
            name=name,
            kind="volunteer",
            phone=phone,
        )

    return make


def draft_to(person_id: UUID, channel: str = "sms", **values: str) -> Draft:
    return Draft(
        person_id=person_id,
        channel=channel,
        template=TEMPLATE,
        values={"place": "绍兴柯桥", "title": "内涝转移群众", **values},
        about=uuid4(),
        link=f"/answer/{TOKEN}/",
    )
