"""What every page's shell shows: the clock, the languages, the ways around, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from honghui.journal.log_head import LogHead, head_at_hand
from honghui.kernel import clock
from honghui.kernel.models import World
from honghui.registry import access
from honghui.registry.middleware import actor
from honghui.registry.models import Society
from honghui.registry.naming import local_name
from honghui.registry.permissions import (
    ENTER_ADMIN_MODE,
    RELEASE_RESCUE_REPORTS,
    RESOLVE_DUPLICATES,
    ROLE_NAMES,
    SEE_ACTS,
    SEE_BULLETINS,
    SEE_MESSAGES,
    SEE_MONEY,
    SEE_PAYMENTS,
    SEE_PEOPLE,
    SEE_RESCUE,
    SEE_ROLES,
    USE_DESK,
    Permission,
    Role,
)

PUBLIC_NAV = [
    ("home", _("Today")),
    ("trace", _("Trace a gift")),
    ("funds", pgettext_lazy("navigation", "Funds")),
    ("rescue", pgettext_lazy("navigation", "Rescue")),
    ("societies", _("Societies")),
    ("bulletins", _("Bulletins")),
    ("open", _("Open data")),
    ("search", _("Search")),
    ("tour", _("Tour")),
    ("styleguide", _("Specimens")),
]
# At the foot of every public page: what has no place of its own above, and what programs follow.
FOOT_NAV = [
    ("alerts", pgettext_lazy("navigation", "Warnings")),
    ("alerts_feed", _("Warnings as a feed (Atom, CAP 1.2)")),
    ("rescue_teams_table", _("Rescue teams by county (CSV)")),
    ("rescue_figures", _("Figures of rescues (CSV)")),
]
# Where somebody stands, when the page lies elsewhere.
_ALSO = {"rescue": ("alerts",)}
# Section, then (url name, label, permission needed somewhere).
DESK_NAV: list[tuple[object, list[tuple[str, object, Permission]]]] = [
    ("", [("desk", _("Waiting for me"), USE_DESK), ("desk_mine", _("What I did"), USE_DESK)]),
    (
        _("Money"),
        [
            ("donations", _("Gifts"), SEE_MONEY),
            ("spending", _("Spending"), SEE_MONEY),
            ("desk_funds", _("Funds"), SEE_MONEY),
            ("payments_inbox", _("Online payments"), SEE_PAYMENTS),
            ("desk_bulletins", _("Bulletins"), SEE_BULLETINS),
        ],
    ),
    (
        _("Rescue"),
        [
            ("rescue_board", _("Board"), SEE_RESCUE),
            ("incidents", _("Incidents"), SEE_RESCUE),
            ("desk_alerts", _("Warnings"), SEE_RESCUE),
            ("call_outs", _("Call-outs"), SEE_RESCUE),
            ("teams", _("Teams"), SEE_RESCUE),
            ("rosters", _("Stand-by"), SEE_RESCUE),
            ("papers", _("Papers"), SEE_RESCUE),
            ("readiness", _("Readiness"), SEE_RESCUE),
            ("rescue_reports", _("Reports"), RELEASE_RESCUE_REPORTS),
            ("messages", pgettext_lazy("to people", "Messages"), SEE_MESSAGES),
        ],
    ),
    (
        _("People"),
        [
            ("people", _("People"), SEE_PEOPLE),
            ("duplicates", _("Duplicates"), RESOLVE_DUPLICATES),
        ],
    ),
    (
        _("Institutions"),
        [
            ("organisations", _("Organisations"), USE_DESK),
            ("units", _("Grass-roots units"), USE_DESK),
        ],
    ),
    (
        _("Access"),
        [
            ("roles", _("Roles"), SEE_ROLES),
            ("admin_mode", _("Administrator mode"), ENTER_ADMIN_MODE),
            ("acts", _("Acts"), SEE_ACTS),
        ],
    ),
]


@dataclass(frozen=True)
class Link:
    label: object
    url: str
    current: bool = False
    code: str = ""
    count: int | None = None


@dataclass(frozen=True)
class Section:
    heading: object
    items: list[Link]


@dataclass(frozen=True)
class ShellActor:
    """The signed-in person as the shell shows them: a post, never a private name."""

    name: str
    society_name: str
    role_names: str
    elevated_until: datetime | None
    leave_url: str = ""
    account_id: UUID | None = None


class Shell:
    """Everything is asked when a template uses it, and at most once."""

    # The bar of what waits on this phone: the shells lie below the folder that brings it.
    field_queue = "sync/queue_bar.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def now(self) -> datetime:
        return clock.now()

    @cached_property
    def world(self) -> bool:
        """Whether this is a sample world: nobody shall take its numbers for real ones."""
        return World.objects.exists()

    @cached_property
    def log_head(self) -> LogHead | None:
        """How far the public log has come. Costs no query: see journal/log_head.py."""
        return head_at_hand()

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def languages(self) -> list[Link]:
        here = self.request.get_full_path()
        return [
            Link(label, translate_url(here, code), code == self.language, code)
            for code, label in settings.LANGUAGES
        ]

    @cached_property
    def public_nav(self) -> list[Link]:
        return [self._link(name, label) for name, label in PUBLIC_NAV]

    @cached_property
    def foot_nav(self) -> list[Link]:
        return [self._link(name, label) for name, label in FOOT_NAV]

    @cached_property
    def desk_nav(self) -> list[Section]:
        by = actor(self.request)
        sections = []
        for heading, items in DESK_NAV:
            links = [
                self._link(name, label)
                for name, label, permission in items
                if access.societies_where(by, permission)
            ]
            if links:
                sections.append(Section(heading, links))
        return sections

    @cached_property
    def actor(self) -> ShellActor | None:
        by = actor(self.request)
        if not by.is_signed_in:
            return None
        codes = sorted(by.society_codes)
        first = Society.objects.filter(pk__in=codes).order_by("code").first()
        roles = sorted({grant.role for grant in by.grants}, key=_rank)
        return ShellActor(
            name=by.name,
            society_name=local_name(first) if first else "",
            role_names=" · ".join(str(ROLE_NAMES[Role(role)]) for role in roles),
            elevated_until=by.elevation.until if by.elevation else None,
            leave_url=reverse("admin_mode_leave") if by.elevation else "",
            account_id=by.account_id,
        )

    @property
    def sign_in_url(self) -> str:
        return reverse("account_login")

    @property
    def sign_out_url(self) -> str:
        return reverse("account_logout")

    @property
    def account_url(self) -> str:
        """Password and second factor."""
        return reverse("mfa_index")

    @property
    def desk_url(self) -> str:
        return reverse("desk")

    @property
    def open_url(self) -> str:
        """How to check us."""
        return reverse("open")

    @property
    def search_url(self) -> str:
        return reverse("search")

    def _link(self, name: str, label: object) -> Link:
        url = reverse(name)
        here = self.request.path
        places = (url, *(reverse(also) for also in _ALSO.get(name, ())))
        inside = name not in {"home", "desk"} and here.startswith(places)
        return Link(label, url, here == url or inside)


def _rank(role: str) -> int:
    return list(Role).index(Role(role))


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
