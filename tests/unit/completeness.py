# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each piece of a collection must have beside its code, and which of it is missing.

Everything is read from the files, so that a collection of a test's own making can be looked at too.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tools.public_interface import constants, documentation

_PLUGIN_FOLDERS = {"module": "modules", "lookup": "lookup", "callback": "callback"}
_HEAD = ("short_description", "description", "author", "version_added")
_CODE_BLOCK = re.compile(r"^```\w+\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
# Tests that go through all modules say nothing about a single one.
_OF_ALL = {"test_examples.py", "test_leaks.py", "test_completeness.py"}
# The helpers of tests that add the name of the collection: what each is handed the name of, and at which position.
_HELPERS = {"Task": ("module", 1), "perform": ("module", 2), "run": ("playbook", 0)}


@dataclass(frozen=True)
class Piece:
    """A module, another plugin, a role or a playbook."""

    kind: str
    name: str
    path: Path

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Completeness:
    """What is missing in the collection in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._galaxy = self._yaml("galaxy.yml")
        self._name = f"{self._galaxy['namespace']}.{self._galaxy['name']}"

    def missing(self) -> list[str]:
        """Everything that is missing, in words."""
        checks = (self._documentation, self._example, self._test, self._changelog, self._action_group)
        return [f"{piece}: {lack}" for piece in self.pieces() for check in checks for lack in check(piece)]

    def pieces(self) -> list[Piece]:
        """All pieces that users can name."""
        found = [
            Piece(kind, path.stem, path)
            for kind, folder in _PLUGIN_FOLDERS.items()
            for path in self._folder.glob(f"plugins/{folder}/*.py")
        ]
        found += [Piece("role", path.name, path) for path in self._folder.glob("roles/*")]
        found += [Piece("playbook", path.stem, path) for path in self._folder.glob("playbooks/*.yml")]
        return sorted(found, key=str)

    def _yaml(self, path: str) -> Any:
        return yaml.safe_load((self._folder / path).read_text(encoding="utf-8"))

    def _head(self, piece: Piece) -> dict[str, Any]:
        """What a piece says of itself in YAML."""
        if piece.kind == "role":
            specs = piece.path / "meta" / "argument_specs.yml"
            found: dict[str, Any] = self._yaml(str(specs))["argument_specs"]["main"] if specs.exists() else {}
            return found
        return documentation(piece.path) if "DOCUMENTATION" in constants(piece.path) else {}

    def _documentation(self, piece: Piece) -> list[str]:
        if piece.kind == "playbook":
            text = piece.path.read_text(encoding="utf-8")
            comments = [line for line in text.split("\n- ")[0].splitlines() if re.match("# [A-Z]", line)]
            # The first two are about the licence.
            return [] if len(comments) > 2 else ["no comment at its top says what it is for"]
        head = self._head(piece)
        lacks = [f"its documentation has no {field}" for field in _HEAD if not head.get(field)]
        if piece.kind == "module" and not constants(piece.path).get("RETURN"):
            lacks.append("its return values are not documented")
        if piece.kind == "role" and not (piece.path / "README.md").exists():
            lacks.append("it has no README.md")
        return lacks

    def _example(self, piece: Piece) -> list[str]:
        if piece.kind == "playbook":
            texts = self._code_in(self._folder.glob("docs/**/*.md"), self._folder.glob("README.md"))
            names = [f"{self._name}.{piece.name}", f"playbooks/{piece.name}.yml", f"make {piece.name}"]
        else:
            texts = self._code_in(piece.path.glob("README.md")) if piece.kind == "role" else []
            texts += [constants(piece.path).get("EXAMPLES", "")] if piece.kind != "role" else []
            names = [f"{self._name}.{piece.name}"]
        shown = any(re.search(rf"{re.escape(name)}\b", text) for text in texts for name in names)
        return [] if shown else ["no example uses it"]

    @staticmethod
    def _code_in(*files: Any) -> list[str]:
        pages = (path.read_text(encoding="utf-8") for paths in files for path in paths)
        return [block["code"] for page in pages for block in _CODE_BLOCK.finditer(page)]

    def _test(self, piece: Piece) -> list[str]:
        return [] if piece in self._tested else ["no integration test uses it"]

    @cached_property
    def _tested(self) -> set[Piece]:
        """What tests run, and what stands in a playbook or role that they run."""
        texts, called = self._texts_of_tests(), self._called_by_tests()
        waiting = {piece for piece in self.pieces() if (piece.kind, piece.name) in called or self._named(piece, texts)}
        reached: set[Piece] = set()
        while waiting:
            piece = waiting.pop()
            reached.add(piece)
            files = piece.path.rglob("*.yml") if piece.kind == "role" else [piece.path]
            inside = "\n".join(file.read_text(encoding="utf-8") for file in files if file.suffix == ".yml")
            waiting |= {
                other
                for other in self.pieces()
                if other.kind not in ("playbook", "callback")
                and re.search(rf"\b{re.escape(self._name)}\.{other.name}\b(?!\.)", inside)
            } - reached
        return reached

    @cached_property
    def _tests(self) -> list[list[ast.AST]]:
        """The syntax of each module of tests that run playbooks; one without a test is none."""
        files = [*self._folder.glob("tests/integration/test_*.py"), *self._folder.glob("tests/mail/test_*.py")]
        found = []
        for path in [*files, *self._folder.glob("tests/demo.py")]:
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            has_test = any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in nodes)
            if path.name not in _OF_ALL and (has_test or path.name == "demo.py"):
                found.append(nodes)
        return found

    def _texts_of_tests(self) -> set[str]:
        texts = {path.read_text(encoding="utf-8") for path in self._folder.glob("extensions/molecule/*/converge.yml")}
        return texts | {text for nodes in self._tests for text in map(_text, nodes) if text}

    def _called_by_tests(self) -> set[tuple[str, str]]:
        """The kinds and names of what tests hand to their helpers, as a text or as a constant of their module."""
        found = set()
        for nodes in self._tests:
            constant_texts = {
                target.id: _text(node.value)
                for node in nodes
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in nodes:
                helper = _helper(call) if isinstance(call, ast.Call) else None
                if helper:
                    kind, given = helper
                    name = constant_texts.get(given.id) if isinstance(given, ast.Name) else _text(given)
                    found.add((kind, name or ""))
        return found

    def _named(self, piece: Piece, texts: set[str]) -> bool:
        """Whether a text has the full name of a piece."""
        names = rf"\b{re.escape(self._name)}\.{piece.name}\b|\bplaybooks/{piece.name}\.yml"
        return any(re.search(names, text) for text in texts)

    def _changelog(self, piece: Piece) -> list[str]:
        """The changelog takes plugins and roles from their ``version_added``, and playbooks from a fragment."""
        releases = self._yaml("changelogs/changelog.yaml")["releases"]
        for release in releases.values():
            listed = {**release.get("plugins", {}), **release.get("objects", {}), "module": release.get("modules", [])}
            if piece.name in [entry["name"] for entry in listed.get(piece.kind, ())]:
                return []
        if piece.kind == "playbook":
            fragments = [self._yaml(str(path)) for path in self._folder.glob("changelogs/fragments/*.yml")]
            added = [entry["name"] for fragment in fragments for entry in fragment.get("add object.playbook", ())]
            return [] if piece.name in added else ["no changelog fragment adds it (add object.playbook)"]
        version = str(self._galaxy["version"])
        added_in = str(self._head(piece).get("version_added"))
        if added_in == version and version not in releases:
            return []
        return [f"the changelog does not name it: it was added in {added_in}, and the next version is {version}"]

    def _action_group(self, piece: Piece) -> list[str]:
        """Modules that ask a server take options that a playbook wants to give once."""
        if piece.kind != "module" or "run_module" not in piece.path.read_text(encoding="utf-8"):
            return []
        groups: dict[str, list[str]] = self._yaml("meta/runtime.yml").get("action_groups", {})
        in_groups = [f"{self._name}.{group}" for group, members in groups.items() if piece.name in members]
        reported = self._head(piece).get("attributes", {}).get("action_group", {}).get("membership", [])
        if not in_groups:
            return ["it is in no action group"]
        return (
            []
            if in_groups == reported
            else [f"it is in the action groups {in_groups}, but its documentation says {reported}"]
        )


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _helper(call: ast.Call) -> tuple[str, ast.expr] | None:
    """What a call of a helper runs: a module or a playbook, and the expression that says which."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    kind, position = _HELPERS.get(name, ("", 0))
    by_keyword = [keyword.value for keyword in call.keywords if keyword.arg == kind]
    given = [*call.args[position : position + 1], *by_keyword]
    return (kind, given[0]) if kind and given else None
