"""Starting and stopping the embedded server of one data folder."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres import configuration, processes
from honghui.kernel.postgres.binaries import Binaries, find_binaries
from honghui.kernel.postgres.failures import explain, explained, other_owner
from honghui.kernel.postgres.locks import hold, inheritable_lock
from honghui.kernel.postgres.logs import log_file, log_since, log_size, trim_log
from honghui.kernel.postgres.place import Place, locate, make_private, settle, socket_folder
from honghui.kernel.postgres.processes import Postmaster, find_postmaster, wait_until

NAME = "honghui"  # of the role and of the database
_READY_SECONDS = 300.0  # recovery after a crash may replay much
_STOP_SECONDS = 60.0

Report = Callable[[str], None]


def _silent(_line: str) -> None:
    """The default report: nobody listens."""


class EmbeddedServer:
    """The PostgreSQL server of one data folder. Many processes may hold one of these."""

    def __init__(self, data_folder: Path, binaries: Binaries | None = None) -> None:
        # One name for one folder: the hash of this path names the private folder and the socket.
        self.data_folder = Path(os.path.realpath(data_folder))
        self._binaries = binaries

    def start(self, report: Report = _silent) -> str:
        """Make the database if there is none, start the server if it is not running: its URL."""
        with explained(self.data_folder):
            self._prepare_folder()
            with hold(self.data_folder / "lock", report):
                binaries = self._binaries or find_binaries()
                place = settle(self.data_folder, binaries, report)
                cluster = place.folder / "cluster"
                if self._leaving(find_postmaster(cluster)):
                    wait_until(lambda: find_postmaster(cluster) is None, _STOP_SECONDS)
                trim_log(place)
                before = log_size(place)
                running = find_postmaster(cluster)
                if running is None:
                    self._create(place, report)
                    running = self._launch(place, report)
                self._await_ready(place, running.pid, before, report)
                self._ensure_database()
        return self.url

    def stop(self) -> None:
        """End the server in order, its open transactions rolled back. Nothing if not running."""
        if not self.data_folder.exists():
            return
        with explained(self.data_folder), hold(self.data_folder / "lock", _silent):
            cluster = locate(self.data_folder) / "cluster"
            running = find_postmaster(cluster)
            if running is None:
                return
            os.kill(running.pid, signal.SIGINT)  # PostgreSQL's "fast" mode
            if not wait_until(lambda: not processes.serves(running.pid, cluster), _STOP_SECONDS):
                raise CannotRun(
                    "database.does_not_stop",
                    f"The database (process {running.pid}) has not ended after a minute.",
                    "It may still be writing: wait and try again. Do not kill it.",
                )

    def is_running(self) -> bool:
        """Whether the server is up and takes connections."""
        running = self._postmaster()
        return running is not None and running.status == "ready"

    @property
    def url(self) -> str:
        """The libpq URL of the database; only a running server answers there."""
        running = self._postmaster()
        if running is not None and running.socket_folder is not None:
            folder = running.socket_folder  # its TMPDIR may have been another than ours
        else:
            folder = socket_folder(locate(self.data_folder))
        return self._url(folder)

    @property
    def log(self) -> Path:
        """The file the server writes its messages to."""
        return log_file(locate(self.data_folder))

    def _postmaster(self) -> Postmaster | None:
        with explained(self.data_folder):
            return find_postmaster(locate(self.data_folder) / "cluster")

    @staticmethod
    def _leaving(running: Postmaster | None) -> bool:
        return running is not None and running.status == "stopping"

    @staticmethod
    def _url(folder: Path) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(os.fsencode(folder), safe='')}"

    def _prepare_folder(self) -> None:
        try:
            # 0711: "nobody" may pass through to its own server folder, and see nothing here.
            self.data_folder.mkdir(mode=0o711, parents=True)
        except FileExistsError:
            owner = self.data_folder.stat().st_uid
            if owner != os.geteuid():
                raise other_owner(self.data_folder, owner, os.geteuid()) from None

    def _create(self, place: Place, report: Report) -> None:
        cluster = place.folder / "cluster"
        for leftover in place.folder.glob("new-cluster-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if cluster.exists() and any(cluster.iterdir()):
            configuration.check_version(cluster, place.binaries)
            return
        report(f"Making a new database with PostgreSQL {place.binaries.version}.")
        # Made beside and renamed: a start cut short never leaves half a database.
        new = Path(tempfile.mktemp(prefix="new-cluster-", dir=place.folder))
        initdb = place.binaries.tool("initdb")
        command: list[str | Path] = [initdb, "-D", new, *configuration.initdb_options(NAME)]
        done = place.runner.run(command)
        if done.returncode != 0:
            shutil.rmtree(new, ignore_errors=True)
            raise explain(
                "database.not_made",
                "The database could not be made.",
                done.stdout,
                place.folder,
            )
        if cluster.exists():
            cluster.rmdir()
        new.rename(cluster)

    def _launch(self, place: Place, report: Report) -> Postmaster:
        cluster = place.folder / "cluster"
        socket = socket_folder(place.folder)
        processes.see_out_orphans(cluster, report)
        log = log_file(place.folder)
        report(f"Starting PostgreSQL {place.binaries.version}.")
        command: list[str | Path] = [
            *(place.binaries.tool("postgres"), "-D", cluster),
            *configuration.server_options(socket),
        ]
        # The shell ends at once and leaves the server to init, so nobody has to wait for a
        # child; pg_ctl would do the same, but breaks on paths with "$" or quotes.
        script = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
        with inheritable_lock(self.data_folder / "alive") as descriptor:
            processes.remove_lock_files(cluster, socket)
            make_private(socket, place.runner)
            done = place.runner.run(
                ["sh", "-c", script, "sh", log, *command], pass_fds=[descriptor]
            )
        if done.returncode != 0 or not done.stdout.strip().isdigit():
            raise explain(
                "database.not_started", "The database did not start.", done.stdout, place.folder
            )
        return Postmaster(int(done.stdout), socket, "starting")

    def _await_ready(self, place: Place, pid: int, log_start: int, report: Report) -> None:
        cluster = place.folder / "cluster"
        deadline = time.monotonic() + _READY_SECONDS
        said_wait = time.monotonic() + 5.0
        while time.monotonic() < deadline:
            running = find_postmaster(cluster)
            if running is not None and running.pid == pid and running.status == "ready":
                return
            if running is None and not processes.exists(pid):
                text = log_since(place, log_start)
                raise explain(
                    "database.not_started", "The database did not start.", text, place.folder
                )
            if said_wait and time.monotonic() > said_wait:
                report("The database is recovering; this can take some minutes.")
                said_wait = 0.0
            time.sleep(0.01)
        raise CannotRun(
            "database.not_ready",
            f"The database (process {pid}) is not ready after {_READY_SECONDS / 60:.0f} minutes.",
            f"Read {self.log}; it may still be recovering. Then start again.",
        )

    def _ensure_database(self) -> None:
        # Also heals a first start that was cut short between making and naming.
        maintenance = self.url.replace(f"@/{NAME}?", "@/postgres?", 1)
        try:
            with psycopg.connect(maintenance, autocommit=True, connect_timeout=30) as connection:
                query = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(query, [NAME]).fetchone() is None:
                    connection.execute(f"CREATE DATABASE {NAME}")
        except psycopg.Error as error:
            raise explain(
                "database.not_usable",
                "The database runs but cannot be used.",
                str(error),
                self.data_folder,
            ) from error
