"""The cast: sample people who sign in to the sample worlds, the same ones everywhere.

Nobody here exists. Names tell the job (王会计: Wang the accountant). Resident ids begin with
990100, an area that was never assigned, and their check characters are right; telephone numbers
are counted up from 13900000001. The common password is known to everybody: only worlds use it.
"""

from __future__ import annotations

from dataclasses import dataclass

from honghui.registry.models import Affiliation
from honghui.registry.permissions import Role

_Kind = Affiliation.Kind


@dataclass(frozen=True)
class Member:
    """`post` is what others see; `role` None: an account that may do nothing anywhere."""

    username: str
    name: str
    post: str
    society_code: str
    kind: str
    role: Role | None
    resident_id: str
    phone: str


@dataclass(frozen=True)
class Sighting:
    """One row of a person written down twice, by two people, on two lists."""

    name: str
    society_code: str
    kind: str
    resident_id: str
    phone: str


_PROVINCE = "330000"
_HANGZHOU = "330100"
_SHAOXING = "330600"
_JINHUA = "330700"
_QUZHOU = "330800"
_YONGJIA = "330324"
_WENLING = "331081"
_YONGKANG = "330784"


def _member(number: int, resident_id: str, society: str, *words: str, role: Role | None) -> Member:
    username, name, post, kind = words
    return Member(username, name, post, society, kind, role, resident_id, _phone(number))


def _phone(number: int) -> str:
    return f"139{number:08d}"


# fmt: off
MEMBERS = (
    _member(1, "99010019750101001X", _SHAOXING,
            "finance", "王会计", "财务岗", _Kind.STAFF, role=Role.FINANCE),
    _member(2, "990100197602040023", _WENLING,
            "team-leader", "李队长", "救援队队长", _Kind.VOLUNTEER, role=Role.TEAM_LEADER),
    _member(3, "990100197703070037", _YONGJIA,
            "volunteer", "陈志愿", "志愿者", _Kind.VOLUNTEER, role=None),
    _member(4, "990100197804100047", _QUZHOU,
            "caseworker", "周个案", "个案岗", _Kind.STAFF, role=Role.CASEWORKER),
    _member(5, "990100197905130050", _HANGZHOU,
            "outsider", "赵外人", "外部人员", _Kind.CONTACT, role=None),
    _member(6, "990100198006160066", _SHAOXING,
            "officer", "孙专干", "专干岗01", _Kind.STAFF, role=Role.OFFICER),
    _member(7, "99010019810719007X", _SHAOXING,
            "officer2", "钱专干", "专干岗02", _Kind.STAFF, role=Role.OFFICER),
    _member(8, "99010019820822008X", _SHAOXING,
            "auditor", "吴监事", "监事", _Kind.MEMBER, role=Role.AUDITOR),
    _member(9, "990100198309250093", _SHAOXING,
            "administrator", "郑管理", "系统管理岗", _Kind.STAFF, role=Role.ADMINISTRATOR),
    _member(10, "990100198410010107", _PROVINCE,
            "province", "冯省专干", "省级专干岗", _Kind.STAFF, role=Role.OFFICER),
    _member(11, "990100198511040110", _SHAOXING,
            "storekeeper", "何保管", "物资保管岗", _Kind.STAFF, role=Role.STOREKEEPER),
    _member(12, "990100198612070124", _JINHUA,
            "trainer", "许师资", "救护师资", _Kind.STAFF, role=Role.TRAINER),
    _member(13, "990100198701100137", _PROVINCE,
            "editor", "蒋编辑", "编辑岗", _Kind.STAFF, role=Role.EDITOR),
    _member(15, "99010019890405015X", _YONGJIA,
            "leader-yongjia", "沈队长", "救援队队长", _Kind.VOLUNTEER, role=Role.TEAM_LEADER),
    _member(16, "990100199005060164", _YONGKANG,
            "leader-yongkang", "韩队长", "救援队队长", _Kind.VOLUNTEER, role=Role.TEAM_LEADER),
)
# fmt: on

# One person, twice: on the volunteers' list with a resident id, on a gift's form without.
DUPLICATE = (
    Sighting("林样例", _SHAOXING, _Kind.VOLUNTEER, "990100198802130140", _phone(14)),
    Sighting("林样例", _SHAOXING, _Kind.DONOR, "", _phone(14)),
)
