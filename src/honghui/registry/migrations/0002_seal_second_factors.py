"""Seals what second factors rest on, where an installation stored it before it was sealed."""

from typing import Any

from django.db import migrations

from honghui.registry.second_factors import is_sealed, sealed

# The fields of a row's data that hold a secret, by the kind of factor.
SECRETS = {"totp": "secret", "recovery_codes": "seed"}


def seal(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=SECRETS):
        field = SECRETS[row.type]
        if not is_sealed(row.data[field]):
            row.data[field] = sealed(row.data[field])
            row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
        ("kernel", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
