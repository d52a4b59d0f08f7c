"""Many people with numbers, quickly; and the template of the tests."""

from __future__ import annotations

from honghui.kernel import clock, sealing, subject_keys
from honghui.kernel.ids import new_id
from honghui.messaging import declaring
from honghui.messaging.declaring import declare_template
from honghui.registry.identities import PHONE_CONTEXT
from honghui.registry.models import Person

TEMPLATE = "tests.asked"


def declare() -> None:
    """ "tests.asked": what a call-out would say."""
    if TEMPLATE not in declaring.DECLARED:
        declare_template(
            TEMPLATE,
            zh="{place}{title}，能来请回复“1”，不能来回“2”，编号{code}。详情：{link}",
            en="{title} at {place}: reply 1 to come, 2 if not. Code {code}. More: {link}",
            variables=("place", "title"),
        )


def number_of(place: int) -> str:
    return f"1389{place:07}"


def many_people(count: int) -> list[Person]:
    """As registering each would leave them, in a few statements."""
    ids = [new_id() for _one in range(count)]
    keys = subject_keys.make_keys(ids)
    rows = []
    for place, person_id in enumerate(ids):
        number = "+86" + number_of(place)
        rows.append(
            Person(
                id=person_id, name="样例甲", name_key="~yang4样~li4例~jia3甲",
                phone_sealed=sealing.seal(keys[person_id], number, PHONE_CONTEXT),
                phone_hash=subject_keys.look_up_hash("phone", number), phone_tail=number[-4:],
                registered_at=clock.now(),
            )
        )  # fmt: skip
    return Person.objects.bulk_create(rows)
