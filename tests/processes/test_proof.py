"""The proof that the page hands out, checked by the verifier's own code; and a log that somebody
changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from honghui.funds.models import Fund
from honghui.journal import log_place
from honghui.journal.models import LogState
from honghui.tlog.errors import NotProven
from honghui.tlog.verifying import check_proof
from tests.processes.giving import decide, give, publish


def test_the_two_files_prove_the_gift_without_any_server(client: Client, fund: Fund) -> None:
    give(fund, 2_00)
    gift = give(fund, 50_00)
    publish()
    decide(fund, 30_00, "慰问品")
    publish()
    proof = client.get(f"/trace/{gift.code}/proof")
    record = client.get(f"/trace/{gift.code}/record")
    index, signed = check_proof(proof.content, record.content, log_place.public_keys())
    assert signed.head.size == LogState.objects.get().published
    said = json.loads(record.content)
    assert said["id"] == gift.entry_id.hex and said["steps"][0]["quantity"] == 50_00
    assert f'filename="{index}.tlog-proof"' in proof.headers["Content-Disposition"]
    changed = bytearray(record.content)
    changed[-10] ^= 1
    with pytest.raises(NotProven):
        check_proof(proof.content, bytes(changed), log_place.public_keys())


@pytest.mark.parametrize("changed", ["tile/entries", "tile/0", "checkpoint"])
def test_a_log_that_somebody_changed_gives_no_proof(
    client: Client, fund: Fund, tmp_path: Path, changed: str
) -> None:
    gift = give(fund, 50_00)
    publish()
    for path in [*tmp_path.glob(f"log/{changed}"), *tmp_path.glob(f"log/{changed}/**/*")]:
        if path.is_file():
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.chmod(0o600)
            path.write_bytes(bytes(data))
    for name in ("proof", "record"):
        answer = client.get(f"/trace/{gift.code}/{name}")
        assert answer.status_code == 409
        assert "互相对不上" in answer.content.decode()


def test_a_log_that_cannot_be_read_is_not_called_wrong(
    client: Client, fund: Fund, tmp_path: Path
) -> None:
    gift = give(fund, 50_00)
    publish()
    (tmp_path / "log" / "checkpoint").rename(tmp_path / "elsewhere")
    assert client.get(f"/trace/{gift.code}/proof").status_code == 503
    page = client.get(f"/trace/{gift.code}/")
    assert page.status_code == 200 and "这里还没有核验" in page.content.decode()
