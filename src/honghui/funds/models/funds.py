"""A fund (基金、项目): what people give to, as the public sees it. Its rule is the purpose of the
same code in the ledger, which is enforced there; here are its names and where its money lies.

It is proposed by one and opened by another. Until then there is no purpose, and nothing to give to.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from honghui.registry.models import Account, Society


class Fund(models.Model):
    """`account`: code of the place in the ledger where its money lies, one for each fund, because
    what was given is kept apart from all other property. `body`: who decides on its spending.
    `clauses`: its purpose as canonical JSON, as it was proposed."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        OPEN = "open"
        DECLINED = "declined"

    code = models.CharField(max_length=48, primary_key=True, db_collation="C")
    society = models.ForeignKey(Society, models.PROTECT, related_name="funds")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=400)
    about_en = models.CharField(max_length=600, blank=True)
    body = models.CharField(max_length=48, db_collation="C")
    account = models.CharField(max_length=48, db_collation="C")
    clauses = models.BinaryField()
    accepts_online = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-opened_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["account"], name="fund_has_an_account_of_its_own"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__lte=F("closed_on")),
                name="fund_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(decided_by__isnull=False),
                name="fund_is_opened_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="fund_was_seen_by_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("fund", args=[self.pk])
