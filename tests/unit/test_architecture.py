# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports run down only, from the entry to engine, HTTP and mail; and no package knows more than it may."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.unit.collection import NAME, PLUGINS

# A package with what it may import: other packages, and packages beside the standard library.
PACKAGES: dict[str, set[str]] = {
    "plugins.modules": {
        "plugins.module_utils._entry",
        "plugins.module_utils._products",
        "plugins.module_utils._delivery",
    },
    "plugins.doc_fragments": set(),
    "plugins.action": {
        "plugins.plugin_utils",
        "plugins.plugin_utils._report",
        "plugins.module_utils._products",
        "plugins.module_utils._delivery",
        "ansible",
    },
    "plugins.callback": {"plugins.plugin_utils._report", "ansible"},
    "plugins.lookup": {"plugins.plugin_utils", "ansible"},
    # The one list of products on the control node.
    "plugins.plugin_utils._registry": {
        "plugins.module_utils._products",
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
    },
    # Makes documents of results, and knows neither Ansible nor a server.
    "plugins.plugin_utils._report": {
        "plugins.module_utils._text",
        "plugins.plugin_utils._registry",
        "plugins.module_utils._engine",
        "plugins.module_utils._http",
    },
    "plugins.plugin_utils": {
        "plugins.module_utils._text",
        "plugins.plugin_utils._registry",
        "plugins.plugin_utils._report",
        "plugins.module_utils._outcome",
        "plugins.module_utils._validation",
        "plugins.module_utils._arguments",
        "plugins.module_utils._products",
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "ansible",
        "yaml",
        "requests",
        "voluptuous",
    },
    "plugins.module_utils._entry": {
        "plugins.module_utils._outcome",
        "plugins.module_utils._validation",
        "plugins.module_utils._arguments",
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "ansible",
    },
    "plugins.module_utils._outcome": {
        "plugins.module_utils._text",
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "plugins.module_utils._http",
    },
    "plugins.module_utils._validation": {
        "plugins.module_utils._arguments",
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "plugins.module_utils._http",
        "ansible",
    },
    "plugins.module_utils._arguments": {
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "ansible",
    },
    "plugins.module_utils._products": {
        "plugins.module_utils._smtp_check",
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "plugins.module_utils._http",
        "plugins.module_utils._mail",
        "voluptuous",
    },
    "plugins.module_utils._smtp_check": {
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "plugins.module_utils._mail",
    },
    "plugins.module_utils._delivery": {
        "plugins.module_utils._resource",
        "plugins.module_utils._engine",
        "plugins.module_utils._http",
        "plugins.module_utils._mail",
        "voluptuous",
    },
    "plugins.module_utils._resource": {
        "plugins.module_utils._repeats",
        "plugins.module_utils._engine",
        "plugins.module_utils._http",
        "plugins.module_utils._mail",
        "voluptuous",
        "ansible",
    },
    "plugins.module_utils._engine": {
        "plugins.module_utils._text",
        "plugins.module_utils._repeats",
        "voluptuous",
        "idna",
    },
    "plugins.module_utils._http": {
        "plugins.module_utils._text",
        "plugins.module_utils._repeats",
        "requests",
        "urllib3",
    },
    # What shows a text that is not ours: needs nothing, and is needed everywhere.
    "plugins.module_utils._text": set(),
    "plugins.module_utils._repeats": {"plugins.module_utils._readings"},
    "plugins.module_utils._readings": set(),
    "plugins.module_utils._mail": {"cryptography", "dns", "idna", "imapclient"},
}
# The engine talks to nobody.
FORBIDDEN_STANDARD = {"plugins.module_utils._engine": {"http", "urllib.request", "socket", "ssl"}}
LATE = {"requests", "urllib3", "voluptuous", "cryptography", "dns", "idna", "imapclient"}
# What the report's page is made of stands in files of its own, where its tools understand it; so does the schema that
# an export puts beside its documents.
DATA = {
    PLUGINS / "plugin_utils" / "document.schema.json",
    *(PLUGINS / "plugin_utils" / "_report" / f"page.{suffix}" for suffix in ("html", "css", "js")),
}
FILES = sorted(path for path in PLUGINS.rglob("*.py"))


def dotted(path: Path) -> str:
    """The name of a file's module below the collection."""
    name = ".".join(path.relative_to(PLUGINS.parent).with_suffix("").parts)
    return name.removesuffix(".__init__")


def package_of(name: str) -> str | None:
    """The package that a module belongs to."""
    return next((package for package in PACKAGES if name == package or name.startswith(f"{package}.")), None)


def imports(path: Path, tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """All that a file imports, with full names, those of the collection without its own name in front."""
    package = f"{NAME}.{dotted(path)}".split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.removeprefix(f"{NAME}."), node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])]).removeprefix(f"{NAME}.")
            # What is imported from a package may be a module of it.
            yield from ((f"{base}.{alias.name}", node) for alias in node.names)


def only_for_types(tree: ast.Module) -> set[ast.AST]:
    """The imports of a file that no run carries out: those below `if TYPE_CHECKING`."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            found |= {inner for statement in node.body for inner in ast.walk(statement)}
    return found


def at_import(tree: ast.Module) -> set[ast.AST]:
    """The statements of a file that its import carries out: all that stand in no function."""
    inside = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for inner in ast.walk(node)
    }
    return set(ast.walk(tree)) - inside - only_for_types(tree)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def ids(path: Path) -> str:
    return dotted(path).removeprefix("plugins.")


def test_every_file_has_a_package() -> None:
    homeless = [str(path) for path in FILES if not package_of(dotted(path)) and path.read_bytes().strip()]
    assert not homeless, f"say in PACKAGES what these may import: {homeless}"
    others = {path for path in PLUGINS.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert others == DATA


def may_import(package: str, name: str) -> bool:
    """Whether the files of a package may import what has this name."""
    if name.startswith("plugins."):
        return package_of(name) in PACKAGES[package] | {package}
    top = name.split(".", maxsplit=1)[0]
    if top in sys.stdlib_module_names:
        return not any(f"{name}.".startswith(f"{part}.") for part in FORBIDDEN_STANDARD.get(package, ()))
    return top in PACKAGES[package]


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_imports_run_down_only(path: Path) -> None:
    package = package_of(dotted(path))
    wrong = [name for name, _node in imports(path, parsed(path)) if package is None or not may_import(package, name)]
    assert not wrong, f"{dotted(path)} must not import {', '.join(wrong)}"


# Derives its classes from theirs, and stands in for them where they are missing.
NEEDS_THEM_EARLY = "plugins.module_utils._http.transport"


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in FILES
        if ("module_utils" in path.parts or "modules" in path.parts) and dotted(path) != NEEDS_THEM_EARLY
    ],
    ids=ids,
)
def test_requests_and_voluptuous_are_imported_late(path: Path) -> None:
    tree = parsed(path)
    early = at_import(tree)
    found = [name for name, node in imports(path, tree) if node in early and name.split(".")[0] in LATE]
    assert not found, f"{dotted(path)} imports {', '.join(found)} with itself; import it in the function that needs it"


def test_only_the_outer_files_know_ansible() -> None:
    knowing = {
        dotted(path)
        for path in FILES
        if any(name.split(".")[0] == "ansible" for name, _node in imports(path, parsed(path)))
    }
    inside = {name for name in knowing if name.startswith("plugins.module_utils")}
    assert inside == {
        "plugins.module_utils._arguments",
        "plugins.module_utils._entry",
        "plugins.module_utils._resource.spec",
        "plugins.module_utils._validation",
    }


def test_nothing_is_imported_by_a_name_that_this_test_cannot_read() -> None:
    by_name = {
        dotted(path) for path in FILES if any(name == "importlib" for name, _node in imports(path, parsed(path)))
    }
    # Looks whether the libraries that a module needs are there.
    assert by_name <= {"plugins.module_utils._entry"}


def test_engine_and_http_do_not_know_each_other() -> None:
    for path in FILES:
        for package, other in (("_engine", "_http"), ("_http", "_engine")):
            if package in path.parts:
                assert not [name for name, _node in imports(path, parsed(path)) if f".{other}" in name]


def test_each_module_has_its_action_plugin_and_no_other_is_there() -> None:
    folders = {folder: {path.stem for path in (PLUGINS / folder).glob("*.py")} for folder in ("modules", "action")}
    assert folders["modules"] == folders["action"]


@pytest.mark.parametrize(
    "source", ["import requests", "from voluptuous import Schema", "try:\n import requests\nfinally:\n pass"]
)
def test_an_early_import_would_be_found(source: str) -> None:
    tree = ast.parse(source)
    path = PLUGINS / "module_utils" / "_http" / "new.py"
    early = at_import(tree)
    assert any(name.split(".")[0] in LATE for name, node in imports(path, tree) if node in early)


def test_relative_imports_are_understood() -> None:
    path = PLUGINS / "module_utils" / "_http" / "new.py"
    tree = ast.parse("from .._engine.secret import wrap\nfrom . import errors\nfrom .. import _engine")
    assert [name for name, _node in imports(path, tree)] == [
        "plugins.module_utils._engine.secret.wrap",
        "plugins.module_utils._http.errors",
        "plugins.module_utils._engine",
    ]


# What a product's name, its kinds of record and their own fields look like in code.
OF_PRODUCTS = re.compile(
    r"webitel|itflex|email_?(?:account|setting|profile)s?|smtp_(?:server|port|crypt|auth_mechanism)|has_?h?_auth"
    r"|reject_?unauthorized",
    re.IGNORECASE,
)
# The folders of products, the modules' own files, what documents each product's options, and the registry.
MAY_NAME_PRODUCTS = {
    "plugins.action",
    "plugins.doc_fragments",
    "plugins.module_utils._products",
    "plugins.modules",
    "plugins.plugin_utils._registry",
}
# Their documentation names modules that users know; their code names none.
DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}


def code_of(tree: ast.Module) -> str:
    """The code of a file, without the documentation that users read."""
    body = [
        statement
        for statement in tree.body
        if not (isinstance(statement, ast.Assign) and {ast.unparse(name) for name in statement.targets} & DOCUMENTATION)
    ]
    return ast.unparse(ast.Module(body, type_ignores=[]))


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_common_code_names_no_product(path: Path) -> None:
    name = dotted(path)
    if any(f"{name}.".startswith(f"{package}.") for package in MAY_NAME_PRODUCTS):
        return
    found = OF_PRODUCTS.search(code_of(parsed(path)))
    assert not found, f"{name} names {found[0]}, which belongs to a product's folder or to the registry"


@pytest.mark.parametrize(
    "product", sorted(path.parent.name for path in PLUGINS.glob("module_utils/_products/*/product.py"))
)
def test_no_product_knows_another_one(product: str) -> None:
    folder = PLUGINS / "module_utils" / "_products"
    for path in (folder / product).glob("*.py"):
        others = [
            name
            for name, _node in imports(path, parsed(path))
            if name.startswith("plugins.module_utils._products.")
            and not name.startswith(f"plugins.module_utils._products.{product}")
        ]
        assert not others, f"{dotted(path)} imports {', '.join(others)}"


@cache
def imported_files(path: Path) -> set[str]:
    """The files of the collection that a file imports, by their names."""
    known = {dotted(file) for file in FILES}
    names = {name for name, _node in imports(path, parsed(path))}
    return {found for name in names for found in (name, name.rpartition(".")[0]) if found in known} - {dotted(path)}


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {dotted(path): imported_files(path) for path in FILES if path.name != "__init__.py"}
    order = TopologicalSorter({name: {other for other in others if other in graph} for name, others in graph.items()})
    # Raises CycleError, which lists the circle. Imports for types alone count too.
    order.prepare()


# Ansible compiles what a task imports in each run anew. These may become less, and more only for a good reason.
# 30 files and 4,000 lines were the goal. What a task about an account that is as described runs through takes some
# 4,500 lines; the rest writes, or has words for what is wrong. The tasks that change something could import that
# themselves, but then in the worker of each host, where it would be compiled a hundred times for a hundred hosts: some
# 4 ms each, beside 10 ms for all else that such a task does. ansible-core 2.21 still compiles each file of a collection
# without a look at what Python compiled before, and nothing of an action plugin runs in the parent but its import.
MOST_FILES, MOST_LINES = 40, 5690
_IMPORT = f"""
import sys
import {NAME}.plugins.action.email_account
print(*(module.__file__ for name, module in sys.modules.items() if name.startswith("{NAME}.plugins.")), sep="\\n")
"""


def test_a_task_about_one_account_imports_little() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", _IMPORT], env=env, check=True, capture_output=True, text=True)
    sources = [Path(line).read_text(encoding="utf-8") for line in found.stdout.split() if line.endswith(".py")]
    sizes = [len(source.splitlines()) for source in sources if source]
    assert len(sizes) > 10
    assert (len(sizes) <= MOST_FILES, sum(sizes) <= MOST_LINES) == (True, True), (
        f"{len(sizes)} files, {sum(sizes)} lines"
    )


def shipped(name: str) -> set[str]:
    """The files of the collection that go with a file to another machine: all that it imports, also late."""
    files = {dotted(path): path for path in FILES}
    found, left = set(), {name}
    while left:
        found |= left
        left = {other for name in left for other in imported_files(files[name])} - found
    return found


@pytest.mark.parametrize(
    "module",
    sorted(path.stem for path in PLUGINS.glob("modules/*.py") if "module_utils._products." in path.read_text("utf-8")),
)
def test_a_module_ships_one_product(module: str) -> None:
    products = {name.split(".")[3] for name in shipped(f"plugins.modules.{module}") if "_products." in name}
    assert len(products) == 1, products
