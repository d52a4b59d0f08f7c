"""Accounts sign in; roles are held in a society; administrator mode is on for a while.

There is no superuser. Whoever needs a power has a role for it, and the strongest of them work
only in administrator mode: with a reason, for half an hour, every request an act.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.kernel.ids import new_id
from honghui.registry.models.people import Person
from honghui.registry.models.societies import Society
from honghui.registry.permissions import Role


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=40, unique=True, db_collation="C")
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    post = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    # By the machine's clock; null: the password holds until it is changed.
    password_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    # Only on the answer of the action that made it; no column.
    one_time_password = ""

    USERNAME_FIELD = "username"
    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._-]{2,39}$"),
                name="account_name_is_plain",
            ),
            models.CheckConstraint(
                condition=Q(password_until__isnull=True) | Q(must_change_password=True),
                name="one_time_password_is_changed_at_first_use",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("account", args=[self.pk])


class RoleGrant(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    society = models.ForeignKey(Society, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    reason = models.CharField(max_length=400)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "society", "role"],
                condition=Q(ended_at__isnull=True),
                name="role_is_held_once",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("account")),
                name="role_is_not_granted_to_oneself",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.role} {self.society_id}"


class AdminMode(models.Model):
    """One stretch of administrator mode. Times are the machine's: this is security."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="admin_modes")
    society = models.ForeignKey(Society, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(left_at__isnull=True),
                name="admin_mode_is_on_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="admin_mode_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.society_id}"
