"""The token of an answer link is kept as a keyed hash and sealed; it stood in the open before.

Links that were sent before go on working: what is found and what is written are made of the same
token. There is no way back: nobody wants the tokens in the open again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_BATCH = 1_000


def seal_tokens(apps: Any, schema_editor: Any) -> None:
    from honghui.callouts.tokens import kept
    from honghui.kernel import subject_keys

    invitations = apps.get_model("callouts", "Invitation").objects
    rows = list(invitations.values_list("pk", "person_id", "token"))
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        keys = subject_keys.keys_for({person for _pk, person, _token in some})
        with subject_keys.at_hand(keys):
            for pk, person, token in some:
                invitations.filter(pk=pk).update(**kept(token, person, has_key=person in keys))


class Migration(migrations.Migration):
    dependencies = [("callouts", "0001_initial"), ("kernel", "0002_shared_cache")]

    operations = [
        migrations.AddField(
            model_name="invitation", name="token_hash", field=models.BinaryField(null=True)
        ),
        migrations.AddField(
            model_name="invitation",
            name="token_sealed",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.RunPython(seal_tokens),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="invitation",
            name="token_hash",
            field=models.BinaryField(unique=True),
        ),
        migrations.RemoveField(model_name="invitation", name="token"),
    ]
