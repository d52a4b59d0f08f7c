"""Addresses of the registry: what everybody sees, then the desk."""

from __future__ import annotations

from django.urls import path

from honghui.registry.views import (
    accounts,
    acts,
    admin_mode,
    desk,
    duplicates,
    organisations,
    people,
    roles,
    search,
    societies,
    units,
)

urlpatterns = [
    path("societies/", societies.tree, name="societies"),
    path("societies/<str:code>/", societies.page, name="society"),
    path("search/", search.page, name="search"),
    path("desk/", desk.home, name="desk"),
    path("desk/mine/", desk.mine, name="desk_mine"),
    path("desk/people/", people.listing, name="people"),
    path("desk/people/new/", people.register, name="person_new"),
    path("desk/people/<uuid:person_id>/", people.page, name="person"),
    path("desk/people/<uuid:person_id>/change/", people.change, name="person_change"),
    path("desk/people/<uuid:person_id>/affiliate/", people.affiliate, name="person_affiliate"),
    path("desk/people/<uuid:person_id>/identity/", people.identity, name="person_identity"),
    path("desk/people/<uuid:person_id>/same-as/", people.same_as, name="person_same_as"),
    path("desk/people/<uuid:person_id>/erase/", people.erase, name="person_erase"),
    path(
        "desk/people/<uuid:person_id>/affiliations/<uuid:affiliation_id>/end/",
        people.end_affiliation,
        name="affiliation_end",
    ),
    path("desk/duplicates/", duplicates.listing, name="duplicates"),
    path("desk/duplicates/<str:kind>/<uuid:pair_id>/", duplicates.page, name="duplicate"),
    path(
        "desk/duplicates/<str:kind>/<uuid:pair_id>/<str:verb>/",
        duplicates.decide,
        name="duplicate_decide",
    ),
    path("desk/organisations/", organisations.listing, name="organisations"),
    path("desk/organisations/new/", organisations.register, name="organisation_new"),
    path("desk/organisations/<uuid:organisation_id>/", organisations.page, name="organisation"),
    path(
        "desk/organisations/<uuid:organisation_id>/change/",
        organisations.change,
        name="organisation_change",
    ),
    path("desk/units/", units.listing, name="units"),
    path("desk/units/new/", units.open_unit, name="unit_new"),
    path("desk/units/<uuid:unit_id>/close/", units.close_unit, name="unit_close"),
    path("desk/roles/", roles.listing, name="roles"),
    path("desk/roles/grant/", roles.grant, name="role_grant"),
    path("desk/roles/<uuid:grant_id>/end/", roles.end, name="role_end"),
    path("desk/accounts/new/", roles.open_account, name="account_new"),
    path("desk/accounts/<uuid:account_id>/", accounts.page, name="account"),
    path(
        "desk/accounts/<uuid:account_id>/password/",
        accounts.issue_password,
        name="account_issue_password",
    ),
    path(
        "desk/accounts/<uuid:account_id>/factors/",
        accounts.remove_factors,
        name="account_remove_factors",
    ),
    path("desk/accounts/<uuid:account_id>/close/", roles.close_account, name="account_close"),
    path("desk/admin-mode/", admin_mode.page, name="admin_mode"),
    path("desk/admin-mode/leave/", admin_mode.leave, name="admin_mode_leave"),
    path("desk/acts/", acts.listing, name="acts"),
]
