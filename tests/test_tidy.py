"""The house style as a test. An exception is named here with its reason, and the lists may only
shrink."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
PACKAGE = HOME / "src" / "honghui"
LINES_MAX = 400
TEST_LINES_MAX = 800
FUNCTION_LINES_MAX = 70

CODE = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
TOOLS = sorted([*(HOME / "tools").rglob("*.py"), *(HOME / "bench").rglob("*.py")])
TESTS = sorted((HOME / "tests").rglob("*.py"))
TEMPLATES = sorted(PACKAGE.rglob("*.html"))

# Who may read the machine's clock, and why.
CLOCK_READERS = {
    "kernel/clock.py": "it is the clock",
    "kernel/postgres/backups.py": "runs without Django, dates a file",
}
# Who may write rows outside actions/, and why.
WRITERS = {
    "journal/acting.py": "acts are written here and nowhere else",
    "kernel/subject_keys.py": "keys come and go with the values they seal",
    "journal/outbox.py": "public records are put down here and nowhere else",
    "journal/side_texts.py": "a text is a step of the act whose record carries its hash",
    "journal/publishing.py": "how far the log has come",
    "ledger/agreements.py": "what is taken up of a decision, inside the posting",
    "ledger/declaring.py": "the one place where records are declared",
    "ledger/moving.py": "movements, inside the posting",
    "ledger/placing.py": "positions and indexes: the sequencer's alone",
    "ledger/pools.py": "pools are opened and saved inside the posting",
    "ledger/posting.py": "the one place where value moves",
    "ledger/requests.py": "holds a request while something is written for it",
    "ledger/purposes.py": "what is counted for purposes, inside the posting",
    "messaging/arrivals.py": "what a gateway posts is one row; actions come after",
    "messaging/sending.py": "messages are rows of the caller's own transaction",
    "callouts/answering.py": "taking an answer is a step of the actions that answer",
    "callouts/asking.py": "asking and telling people is a step of the actions that call",
    "callouts/merging.py": "invitations follow a merge of two people, inside its action",
    "messaging/merging.py": "how somebody is reached follows a merge, inside its action",
    "payments/inbox.py": "a notification is one row, answered at once; actions come after",
    "registry/searching.py": "the index follows the rows, inside their action",
    "registry/duplicates.py": "pairs are found by a job; deciding them is an action",
    "registry/identities.py": "sealing is a step of the actions on people",
    "rescue/following.py": "what follows from a report is a step of the action that tells it",
    "rescue/joining.py": "a step of somebody's joining a mission, inside its action",
    "rescue/merging.py": "memberships follow a merge of two people, inside its action",
    "rescue/lines.py": "a line of the log is a step of the action that it tells of",
    "sync/photos.py": "saves a picture into memory, no row",
    "worlds/loader.py": "notes that a world was loaded",
    "worlds/zhejiang_2020/funds.py": "one sample gift has a code that everybody knows",
    "worlds/zhejiang_2020/registry.py": "sample accounts need no new password",
}
WRITES = re.compile(
    r"\.(save|bulk_create|bulk_update|get_or_create|update_or_create)\(|objects\.create\("
    r"|\.delete\(\)|\)\.update\(|INSERT INTO|DELETE FROM"
)


def short(path: Path) -> str:
    return path.relative_to(PACKAGE if PACKAGE in path.parents else HOME).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", [*CODE, *TOOLS, HOME / "dev"], ids=short)
def test_files_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES_MAX
    for node in functions(path):
        lines = (node.end_lineno or 0) - node.lineno + 1
        assert lines <= FUNCTION_LINES_MAX, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", TESTS, ids=short)
def test_test_files_are_short_enough(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= TEST_LINES_MAX


@pytest.mark.parametrize("path", CODE, ids=short)
def test_a_module_says_what_lives_in_it(path: Path) -> None:
    if path.name in {"__init__.py", "apps.py"} and len(path.read_text().splitlines()) < 20:
        return
    assert ast.get_docstring(tree(path)), "the module docstring is missing"


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    names = {path.name for path in [*CODE, *TOOLS]}
    assert not names & {"utils.py", "helpers.py", "misc.py", "common.py", "util.py"}


@pytest.mark.parametrize("path", CODE, ids=short)
def test_business_time_comes_from_the_clock(path: Path) -> None:
    if short(path) in CLOCK_READERS:
        return
    source = path.read_text()
    for banned in (
        r"\bdatetime\.now\(",
        r"\bdate\.today\(",
        r"\btimezone\.now\b",
        r"\bauto_now",
        r"\bNow\(\)",
        r"\bCURRENT_TIMESTAMP\b",
        r"[^_a-z.]now\(\)",
    ):
        found = re.search(banned, re.sub(r'""".*?"""', "", source, flags=re.S))
        assert not found, f"{found and found.group()}: ask honghui.kernel.clock"


@pytest.mark.parametrize("path", CODE, ids=short)
def test_rows_are_written_in_actions_and_nowhere_else(path: Path) -> None:
    if "actions" in path.parts or short(path) in WRITERS:
        return
    found = WRITES.search(path.read_text())
    assert not found, f"{found and found.group()}: writes live in actions/"


def test_the_lists_of_exceptions_name_files_that_are_there() -> None:
    known = {short(path) for path in CODE}
    assert {*CLOCK_READERS, *WRITERS} <= known


@pytest.mark.parametrize("path", [p for p in CODE if "views" in p.parts], ids=short)
def test_views_fetch_rows_through_access_and_queries(path: Path) -> None:
    assert not re.search(r"\.objects\b", path.read_text()), "ask access or queries for the row"


@pytest.mark.parametrize("path", CODE, ids=short)
def test_sentences_are_whole_before_they_are_translated(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"} and node.args:
            first = node.args[0]
            assert not isinstance(first, ast.JoinedStr | ast.BinOp), f"line {node.lineno}"
            if isinstance(first, ast.Constant):
                assert not re.search(r"%[sd]|\{\}", str(first.value)), f"line {node.lineno}"


@pytest.mark.parametrize("path", [p for p in CODE if p.parent.name == "actions"], ids=short)
def test_every_public_function_of_an_action_module_is_an_action(path: Path) -> None:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = [ast.unparse(each).split("(")[0] for each in node.decorator_list]
            assert "action" in names, f"{node.name} is no @action"
            assert not node.args.args, f"{node.name} takes keywords only"


def test_migrations_of_each_folder_stand_in_one_line() -> None:
    for folder in PACKAGE.glob("*/migrations"):
        numbers = [path.name[:4] for path in sorted(folder.glob("[0-9]*.py"))]
        assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)], folder


# Shells that wait for their first page, and which issue brings it.
WAITING_TEMPLATES = {"ui/board.html": "the duty board comes with rescue"}


def test_no_template_is_dead() -> None:
    everything = "\n".join(path.read_text() for path in [*CODE, *TEMPLATES])
    for path in TEMPLATES:
        name = path.as_posix().split("/templates/")[1]
        if name.startswith(("allauth/", "account/", "mfa/", "socialaccount/", "usersessions/")):
            continue  # looked up by the library under these names
        if name in WAITING_TEMPLATES:
            continue
        assert f'"{name}"' in everything or f"'{name}'" in everything, name


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_templates_hold_the_content_security_policy(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", source)
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or 'type="application/json"' in script, script


def tracked() -> list[Path]:
    """What is, or is about to be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
    return [HOME / line for line in found.stdout.splitlines() if (HOME / line).is_file()]


def test_nothing_of_this_or_that_machine_is_in_the_repository() -> None:
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + "js", "debian" + r"\.org"])
    machine = "|".join(["/ro" + "ot/", "/wo" + "rk/", r"\.libr" + "ary/"])
    banned = re.compile(rf"{hosts}|{machine}", re.I)
    for path in tracked():
        if path.suffix in {".png", ".woff2", ".ico"}:
            continue
        found = banned.search(path.read_text(errors="replace"))
        assert not found, f"{path.relative_to(HOME)}: {found and found.group()}"


def test_the_repository_holds_no_third_party_front_end_code() -> None:
    for path in tracked():
        name = path.name
        assert not name.endswith((".min.js", ".min.mjs", ".min.css", ".map")), path
        assert "node_modules" not in path.parts, path
