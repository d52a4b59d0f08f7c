"""Makes `verify.py`: the reading half of this package in one file that a reporter can download.

The modules are laid one after the other, each under its own docstring. Imports from one another go;
those from outside are gathered at the top. Nothing else is touched, so who reads the file reads
this package.
"""

from __future__ import annotations

import ast
from hashlib import sha256
from importlib.resources import files

# Each stands on those before it.
MODULES = (
    "errors",
    "hashing",
    "tiles",
    "bundles",
    "proofs",
    "signatures",
    "notes",
    "checkpoints",
    "files",
    "storage",
    "http",
    "heads",
    "tree",
    "verification",
    "bundled_proof",
    "reading",
    "verifying",
    "verifier_main",
)
PACKAGE = "honghui.tlog"
NOT_HERE = 'raise CouldNotCheck("This file alone cannot do that: it needs the whole program.")'
HEADER = '''#!/usr/bin/env python3
"""verify.py: checks a public record without trusting its server.

    python3 -m pip install 'cryptography>=50'
    python3 verify.py log    LOCATION --key VKEY [--state FILE]
    python3 verify.py proof  PROOF ENTRY --key VKEY
    python3 verify.py prove  LOCATION INDEX --key VKEY

LOCATION is a folder or an address. VKEY is the key printed on receipts and in the newspaper: take
it from there, never from the server that you are checking. Exit codes: 0 proven, 1 a proof fails,
2 could not check. Python 3.11 or newer.

Made from honghui.tlog, Apache-2.0. SHA-256 of all that follows this text: {digest}
"""
'''


def single_file() -> str:
    """The text of verify.py."""
    outside: dict[str, set[str]] = {}
    bodies = []
    for name in MODULES:
        source = files(PACKAGE).joinpath(f"{name}.py").read_text()
        bodies.append(f"# {'-' * 30} {name}\n\n{_without_imports(source, outside)}\n")
    imports = [_import_line(module, names) for module, names in sorted(outside.items())]
    text = "\n".join(["from __future__ import annotations", "", *imports, "", "", *bodies])
    return HEADER.format(digest=sha256(text.encode()).hexdigest()) + "\n" + text


def _without_imports(source: str, outside: dict[str, set[str]]) -> str:
    """A module's text without docstring and imports; those from outside are added to `outside`."""
    tree = ast.parse(source)
    lines: list[str | None] = list(source.splitlines())
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        ours = module.startswith(PACKAGE)
        if node.col_offset and not ours:
            continue  # an import inside a function stays there
        if not ours and module != "__future__":
            for one in node.names:
                outside.setdefault(module, set()).add(ast.unparse(one))
        for at in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[at] = None
        if ours and module.removeprefix(f"{PACKAGE}.") not in MODULES:
            lines[node.lineno - 1] = f"{' ' * node.col_offset}{NOT_HERE}"
    first = tree.body[0]
    for at in range(first.lineno - 1, first.end_lineno or first.lineno):
        lines[at] = None
    body = "\n".join(line for line in lines if line is not None)
    return f"{_as_comment(ast.get_docstring(tree, clean=False) or '')}\n\n\n{body.strip()}\n"


def _import_line(module: str, names: set[str]) -> str:
    if not module:
        return "\n".join(f"import {name}" for name in sorted(names))
    return f"from {module} import {', '.join(sorted(names))}"


def _as_comment(docstring: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in docstring.strip().splitlines())


def top_level_names() -> list[str]:
    """Every name that the modules bring: a name of two modules would hide one of them."""
    return [
        name
        for module in MODULES
        for node in ast.parse(files(PACKAGE).joinpath(f"{module}.py").read_text()).body
        for name in _names(node)
    ]


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [one.id for one in node.targets if isinstance(one, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []
