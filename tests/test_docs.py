"""The documentation names what exists and nothing else: settings, commands, permissions, decisions.

Needs no database. What the code offers is read from the code (its syntax tree, click's commands,
the table of permissions); what the pages promise is read from their headings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from honghui.cli import GROUPS
from honghui.registry.permissions import PERMISSIONS, Role
from tools.messages import catalogue_path, folders, forms, read, real

HOME = Path(__file__).resolve().parent.parent
SOURCE = HOME / "src" / "honghui"
DOCS = HOME / "docs"

# Read from the environment, and no deployer's business: the programs' own.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "PATH", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"}
SETTING = re.compile(r"HONGHUI_[A-Z0-9_]+|DATABASE_URL")

ROLE_HOLDS, ROLE_NEEDS_ADMIN_MODE = "●", "▲"

Section = tuple[int, str, str]


def page(path: str | Path) -> str:
    return (HOME / path).read_text("utf-8")


def sections(path: str | Path) -> list[Section]:
    """(level, heading, text below it up to the next heading); code blocks hold no headings."""
    found: list[Section] = []
    in_code = False
    for line in page(path).splitlines():
        in_code ^= line.lstrip().startswith("```")
        heading = None if in_code else re.match(r"(#{1,6}) +(.+?) *$", line)
        if heading:
            found.append((len(heading[1]), heading[2].replace("`", ""), ""))
        elif found:
            level, name, text = found[-1]
            found[-1] = (level, name, f"{text}{line}\n")
    return found


def headings(path: str | Path) -> set[str]:
    return {name for _level, name, _text in sections(path)}


# ── settings ─────────────────────────────────────────────────────────────────────────────────


def environment_keys(code: str) -> Iterator[str]:
    """Every name looked up in os.environ, and every text that is a setting's name and nothing
    else: settings are also read through small helpers."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if SETTING.fullmatch(node.value):
                yield node.value
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("os.environ.get", "os.getenv") and node.args:
                yield from constant(node.args[0])
        elif isinstance(node, ast.Subscript) and is_look_up(node):
            yield from constant(node.slice)


def is_look_up(node: ast.Subscript) -> bool:
    """`os.environ[…]`, read and not written."""
    return isinstance(node.ctx, ast.Load) and ast.unparse(node.value) == "os.environ"


def constant(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def settings_read() -> set[str]:
    files = SOURCE.rglob("*.py")
    read = {key for file in files for key in environment_keys(file.read_text("utf-8"))}
    return read - NOT_SETTINGS


def test_a_look_up_in_the_environment_is_seen() -> None:
    code = """
        import os
        one = os.environ.get("ONE", "")
        two = os.environ["TWO"]
        three = os.getenv("THREE")
        four = flag("HONGHUI_FOUR", False)
        said = f"Set {four}, not HONGHUI_FIVE."
        os.environ["SIX"] = "written, not read"
    """
    code = "\n".join(line.strip() for line in code.splitlines())
    assert set(environment_keys(code)) == {"ONE", "TWO", "THREE", "HONGHUI_FOUR"}


def test_every_setting_has_a_heading_and_every_heading_a_setting() -> None:
    written = {name for name in headings("docs/running.md") if SETTING.fullmatch(name)}
    assert written == settings_read()


# ── commands ─────────────────────────────────────────────────────────────────────────────────


def dev_commands() -> set[str]:
    """The functions that `main` in ./dev chooses from."""
    for node in ast.walk(ast.parse(page("dev"))):
        if isinstance(node, ast.DictComp) and isinstance(node.generators[0].iter, ast.Tuple):
            return {ast.unparse(each) for each in node.generators[0].iter.elts}
    raise AssertionError("./dev no longer lists its commands in one place: read them anew here")


def honghui_commands() -> dict[str, click.Command]:
    """Every command and group by its full name. The groups are taken from their modules, not
    through the command line, which would make a database ready first."""
    found: dict[str, click.Command] = {}
    for name, (module, attribute, *_rest) in GROUPS.items():
        collect(f"honghui {name}", getattr(import_module(module), attribute), found)
    return found


def collect(name: str, command: click.Command, found: dict[str, click.Command]) -> None:
    found[name] = command
    if isinstance(command, click.Group):
        for each, below in command.commands.items():
            collect(f"{name} {each}", below, found)


def test_every_dev_command_has_a_heading_and_every_heading_a_command() -> None:
    written = {name for name in headings("docs/commands.md") if re.fullmatch(r"\./dev \w+", name)}
    assert written == {f"./dev {name}" for name in dev_commands()}


def test_every_honghui_command_has_a_heading_and_every_heading_a_command() -> None:
    written = {name for name in headings("docs/commands.md") if name.startswith("honghui ")}
    assert written == set(honghui_commands())


@pytest.mark.parametrize("name", sorted(honghui_commands()))
def test_a_command_s_section_names_its_arguments_and_options(name: str) -> None:
    text = next(text for _level, each, text in sections("docs/commands.md") if each == name)
    for parameter in honghui_commands()[name].params:
        if isinstance(parameter, click.Option):
            wanted = max(parameter.opts, key=len)
        else:
            wanted = str(parameter.name).upper()
        assert wanted in text, f"{name}: {wanted} is not explained"


# ── permissions ──────────────────────────────────────────────────────────────────────────────


def permission_table() -> dict[str, dict[str, str]]:
    """code → role → mark, as docs/permissions.md prints it."""
    rows = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in page("docs/permissions.md").splitlines()
        if line.startswith("|")
    ]
    roles = next(row[1:] for row in rows if row[0] == "permission")
    return {row[0]: dict(zip(roles, row[1:], strict=True)) for row in rows if row[0] in PERMISSIONS}


def test_every_permission_has_a_heading_and_every_heading_a_permission() -> None:
    written = {name for name in headings("docs/permissions.md") if re.fullmatch(r"\w+\.\w+", name)}
    assert written == set(PERMISSIONS)


def test_the_printed_table_of_permissions_is_the_one_in_force() -> None:
    in_force = {}
    for code, permission in PERMISSIONS.items():
        marks = dict.fromkeys(permission.in_admin_mode, ROLE_NEEDS_ADMIN_MODE)
        marks |= dict.fromkeys(permission.roles, ROLE_HOLDS)
        in_force[code] = {role.value: marks.get(role, "") for role in Role}
    assert permission_table() == in_force


# ── decisions, glossary, the two languages ───────────────────────────────────────────────────


def test_every_decision_stands_in_the_index() -> None:
    index = page("docs/decisions/README.md")
    decisions = sorted(DOCS.joinpath("decisions").glob("[0-9]*.md"))
    assert decisions
    for path in decisions:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert f"]({path.name})" in index, f"{path.name} is not in the index"
        assert path.read_text("utf-8").startswith(f"# {int(path.name[:4])}. ")
    assert len({path.name[:4] for path in decisions}) == len(decisions), "a number is used twice"


def glossary_rows() -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in page("docs/glossary.md").splitlines()
        if line.startswith("|") and not re.match(r"\| *(:?-|English)", line)
    ]
    assert all(len(row) == 5 for row in rows), "five columns a row"
    return rows


def test_the_glossary_names_each_term_once_in_both_languages() -> None:
    rows = glossary_rows()
    terms = [row[0] for row in rows]
    assert len(terms) >= 90
    assert sorted(set(terms)) == sorted(terms)
    for term, _code, chinese, meaning, _here in rows:
        assert re.search("[\u4e00-\u9fff]", chinese), f"{term} has no Chinese"
        assert meaning, f"{term} is not explained"


def test_a_term_marked_as_in_code_is_there() -> None:
    code = "\n".join(
        path.read_text("utf-8") for path in SOURCE.rglob("*.py") if "migrations" not in path.parts
    )
    words = set(re.findall(r"\w+", code))
    for term, names, _chinese, _meaning, here in glossary_rows():
        assert here in ("", ROLE_HOLDS)
        for name in re.findall(r"`([^`]+)`", names) if here else ():
            missing = [word for word in re.findall(r"\w+", name) if word not in words]
            assert not missing, f"{term}: {name} is marked as in code and is not there"


def test_a_term_in_use_is_called_on_pages_what_the_glossary_calls_it() -> None:
    said = [
        (english.lower(), forms(message)[0])
        for folder in folders()
        for message in real(read(catalogue_path(folder)))
        for english in (message.id if isinstance(message.id, tuple) else [message.id])
    ]
    compared = 0
    for term, _code, chinese, _meaning, here in glossary_rows():
        plurals = {term, f"{term}s", re.sub("y$", "ies", term)} if here else set()
        for english, shown in said:
            if english in plurals:
                compared += 1
                known = any(word in shown for word in chinese.split("/"))
                assert known, f"{english} is {shown} on pages and {chinese} in the glossary"
    assert compared >= 40


def test_the_readme_says_the_same_in_both_languages() -> None:
    english, chinese = sections("README.md"), sections("README.zh.md")
    assert [level for level, _name, _text in english] == [level for level, _n, _t in chinese]
    for path in ("README.md", "README.zh.md"):
        assert "./dev up" in page(path)
        assert "./dev test" in page(path)


# ── links ────────────────────────────────────────────────────────────────────────────────────

LINK = re.compile(r"\]\(<?([^)<>\s]+)>?(?: \"[^\"]*\")?\)")


def pages() -> list[str]:
    """Every Markdown page of ours: neither what was installed here nor what a run left behind."""
    ours = [path for path in HOME.rglob("*.md") if not is_foreign(path.relative_to(HOME))]
    return sorted(path.relative_to(HOME).as_posix() for path in ours)


def is_foreign(path: Path) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts)


def anchor(heading: str) -> str:
    """As the usual renderers make it: small letters, no punctuation, dashes for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", pages())
def test_relative_links_lead_somewhere(path: str) -> None:
    for target in LINK.findall(page(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _hash, fragment = target.partition("#")
        there = (HOME / path).parent / file if file else HOME / path
        assert there.exists(), f"{path}: {target} is not there"
        if fragment and there.suffix == ".md":
            known = {anchor(name) for name in headings(there)}
            assert fragment in known, f"{path}: {target} leads to no heading"
