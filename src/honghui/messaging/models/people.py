"""Whom to reach how: what a person prefers, their browsers, their accounts in chat programs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from honghui.kernel.ids import new_id
from honghui.messaging.models.outgoing import Channel
from honghui.messaging.rules.quiet import QUIET_FROM, QUIET_UNTIL
from honghui.registry.models import Person


def text_message_first() -> list[str]:
    return [Channel.SMS.value]


class Preference(models.Model):
    """Whoever has no row has the defaults. `channels`: in order. `stopped_at`: since when they
    want no message at all, urgent ones included."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="messaging"
    )
    language = models.CharField(max_length=2, default="zh")
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    channels = ArrayField(models.CharField(max_length=10), default=text_message_first)
    stopped_at = models.DateTimeField(null=True)
    stopped_via = models.CharField(max_length=10, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["zh", "en"]), name="preference_names_a_language"
            ),
            models.CheckConstraint(
                condition=Q(channels__contained_by=[each.value for each in Channel]),
                name="preference_names_channels_that_there_are",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class PushSubscription(models.Model):
    """One browser of a person. The address and its keys are sealed: whoever has them can write to
    that browser."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="push_subscriptions")
    endpoint_hash = models.BinaryField()
    subscription_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint_hash"],
                condition=Q(ended_at__isnull=True),
                name="browser_is_subscribed_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ChatAccount(models.Model):
    """A person's user id in WeCom or DingTalk, sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="chat_accounts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    user_id_sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel"], name="person_has_one_account_a_chat"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["wecom", "dingtalk"]), name="chat_account_is_of_a_chat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.person_id}"
