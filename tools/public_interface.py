# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record the public interface of the collection in tests/public_interface.yml: ``python -m tools.public_interface``.

The interface is what users write in playbooks, inventories and environments, and what they read from results. It is
taken from the documentation, which other tests hold to the code, and where that has no place for it, from the code. It
needs PyYAML and Jinja2, which ansible-core brings.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.interface_changes import MODES, RULES, changes
from tools.playbook_variables import Reader

Facts = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "tests" / "public_interface.yml"
COMMAND = "make record"
HEADER = f"""\
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What users of the collection rely on, so that a change of it shows in review: {COMMAND}

"""
_NAME = "mailfleet.email"
_ENVIRONMENT = re.compile(r"environment variable E\((?P<name>\w+)\) is used")
# Read by the plugins themselves, beside the options.
_SETTING = re.compile(r"mailfleet_\w+|MAILFLEET_\w+")
# Lists up to this length stand in a line.
_FEW = 5
_FACTS = ("type", "elements", "required", "default", "choices", "aliases")


def interface(collection: Path = ROOT) -> Facts:
    """The public interface of the collection in a folder, as YAML data."""
    plugins = collection / "plugins"
    runtime = yaml.safe_load((collection / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    reader = Reader(collection, _NAME)
    return {
        "requires_ansible": runtime["requires_ansible"],
        "action_groups": {name: sorted(members) for name, members in runtime["action_groups"].items()},
        "modules": {path.stem: _module(path) for path in sorted((plugins / "modules").glob("*.py"))},
        "lookups": {path.stem: _plugin(path) for path in sorted((plugins / "lookup").glob("*.py"))},
        "callbacks": {path.stem: _plugin(path) for path in sorted((plugins / "callback").glob("*.py"))},
        "settings": _settings(plugins / "plugin_utils"),
        "roles": {path.name: _role(path, reader) for path in sorted((collection / "roles").iterdir())},
        "playbooks": {
            path.stem: {"variables": reader.playbook(path)} for path in sorted((collection / "playbooks").glob("*.yml"))
        },
    }


def as_text(facts: Facts) -> str:
    """The content of the file that records an interface."""
    return HEADER + yaml.dump(facts, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes YAML as the project's linters want it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _list(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=len(data) < _FEW)


_Dumper.add_representer(list, _list)


@cache
def constants(path: Path) -> dict[str, str]:
    """The texts that a Python file gives names to, at its top and in its classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.targets[0].id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def documentation(path: Path) -> Facts:
    """The documentation of a plugin with its fragments merged in."""
    documented: Facts = yaml.safe_load(constants(path)["DOCUMENTATION"])
    for fragment in documented.pop("extends_documentation_fragment", ()):
        file, _, section = fragment.removeprefix(f"{_NAME}.").partition(".")
        texts = constants(path.parent.parent / "doc_fragments" / f"{file}.py")
        for kind, added in yaml.safe_load(texts[section.upper() or "DOCUMENTATION"]).items():
            if isinstance(added, dict):
                documented[kind] = {**documented.get(kind, {}), **added}
            else:
                documented[kind] = [*documented.get(kind, ()), *added]
    return documented


def _module(path: Path) -> Facts:
    documented = documentation(path)
    modes = {mode: documented["attributes"][mode]["support"] for mode in MODES}
    return {**modes, **_rules(path), **_plugin(path)}


def _rules(module: Path) -> Facts:
    """What ansible-core learns of options that need or exclude each other: by the module's spec, or its action plugin.

    Neither is imported, since that would need the libraries of the modules.
    """
    plugins = module.parent.parent
    found: Facts = {}
    for spec in (plugins / "module_utils").rglob("*spec*.py"):
        for node in ast.walk(ast.parse(spec.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.AnnAssign)
                and ast.unparse(node.target) == module.stem.upper()
                and isinstance(node.value, ast.Call)
            ):
                words = node.value.keywords
                found.update({word.arg: ast.literal_eval(word.value) for word in words if word.arg in RULES})
    action = plugins / "action" / module.name
    for node in ast.walk(ast.parse(action.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "rules":
            found.update(ast.literal_eval(node.value))
    return {name: _as_lists(rules) for name, rules in sorted(found.items())}


def _as_lists(value: Any) -> Any:
    return [_as_lists(item) for item in value] if isinstance(value, (list, tuple)) else value


def _plugin(path: Path) -> Facts:
    facts = {"options": _options(documentation(path).get("options", {}), "suboptions")}
    returned = constants(path).get("RETURN")
    return {**facts, "returns": _returns(yaml.safe_load(returned))} if returned else facts


def _options(options: Facts, nested: str) -> Facts:
    return {name: _option(option, nested) for name, option in sorted(options.items())}


def _option(option: Facts, nested: str) -> Facts:
    facts = {name: option[name] for name in _FACTS if option.get(name) not in (None, False, [])}
    if "default" in option and option["default"] is not None:
        facts["default"] = option["default"]
    environment = _ENVIRONMENT.findall(" ".join(option["description"]))
    environment += [variable["name"] for variable in option.get("env", ())]
    if environment:
        facts["environment"] = environment
    for source in ("ini", "vars"):
        if source in option:
            facts[source] = [".".join(entry.values()) for entry in option[source]]
    if nested in option:
        facts["options"] = _options(option[nested], nested)
    return facts


def _returns(values: Facts) -> Facts:
    facts = {}
    for name, value in sorted(values.items()):
        facts[name] = {fact: value[fact] for fact in ("type", "elements", "choices", "returned") if fact in value}
        if "contains" in value:
            facts[name]["contains"] = _returns(value["contains"])
    return facts


def _role(path: Path, reader: Reader) -> Facts:
    specs = yaml.safe_load((path / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    return {
        "entry_points": {name: {"options": _options(spec["options"], "options")} for name, spec in specs.items()},
        "tasks": sorted(file.stem for file in (path / "tasks").glob("*.yml")),
        "variables": reader.role(path.name),
    }


def _settings(folder: Path) -> list[str]:
    """The variables and environment variables that steer plugins and are no options."""
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SETTING.fullmatch(node.value):
                found.add(node.value)
    return sorted(found)


def recorded() -> Facts:
    """The interface as it was recorded last."""
    facts: Facts = yaml.safe_load(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return facts


def main() -> None:
    """Record the interface of today, and say what changed since the last time."""
    today = interface()
    found = list(changes(recorded(), today))
    FILE.write_text(as_text(today), encoding="utf-8")
    for change in found:
        print(change)
    if any(change.breaking for change in found):
        print(
            "A breaking change needs an entry under breaking_changes in changelogs/fragments, and a new major version."
        )


if __name__ == "__main__":
    sys.path[:0] = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep)
    main()
