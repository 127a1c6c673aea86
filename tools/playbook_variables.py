# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables that a playbook or a role reads and does not set: those that its users give."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

# What Ansible gives, its loops and its templates.
_MAGIC = re.compile(
    "ansible_.*|inventory_.*|hostvars|groups|group_names|omit|item|play_hosts|role_path|playbook_dir"
    "|lookup|query|q|loop|namespace|range|dict|now|undef"
)
# Keywords whose texts are expressions without braces.
_EXPRESSIONS = {"when", "that", "until", "changed_when", "failed_when"}
_INNER_TASKS = ("pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always")
_ROLE_TASKS = {"ansible.builtin.import_role", "ansible.builtin.include_role"}
_MORE_TASKS = {"ansible.builtin.import_tasks", "ansible.builtin.include_tasks"}
_SET_FACT = {"ansible.builtin.set_fact"}
_PLUGINS = "ansible_collections.mailfleet.email.plugins.plugin_utils"
_JINJA = Environment()  # noqa: S701  Nothing is rendered.


@dataclass
class Variables:
    """Names of variables, as they are met on the way through a playbook.

    ``defined`` are those with values of the collection's own, in which other names may stand; ``produced`` those that a
    task or a loop gives a value.
    """

    read: set[str] = field(default_factory=set)
    produced: set[str] = field(default_factory=set)
    defined: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def define(self, values: dict[str, Any] | None) -> None:
        """Note values; which of several counts is not asked, since each of them may."""
        for name, value in (values or {}).items():
            self.defined[name].append(value)

    def wanted(self) -> list[str]:
        """The names that are read, also in the values of those that are defined, and that nothing here sets."""
        reached: set[str] = set()
        waiting = set(self.read)
        while waiting:
            name = waiting.pop()
            reached.add(name)
            waiting |= set(names_in(self.defined.get(name))) - reached
        given = reached - set(self.defined) - self.produced
        return sorted(name for name in given if not _MAGIC.fullmatch(name))


class Reader:
    """Reads playbooks and roles of one collection."""

    def __init__(self, collection: Path, name: str) -> None:
        self._collection = collection
        self._name = name

    def playbook(self, path: Path) -> list[str]:
        """The variables that a playbook wants of its users."""
        variables = Variables()
        for play in _loaded(path):
            for file in play.pop("vars_files", []):
                variables.define(_loaded(path.parent / file))
            for role in play.pop("roles", []):
                variables.define(role.get("vars"))
                self._role(role["role"], "main", variables)
            self._tasks([play], path.parent, variables)
        return variables.wanted()

    def role(self, name: str) -> list[str]:
        """The variables that a role wants beside its options, whichever of its files of tasks it starts with."""
        variables = Variables()
        folder = self._collection / "roles" / name
        for file in sorted((folder / "tasks").glob("*.yml")):
            self._role(f"{self._name}.{name}", file.stem, variables)
        specs = _loaded(folder / "meta" / "argument_specs.yml")["argument_specs"]
        options = {option for spec in specs.values() for option in spec["options"]}
        return [variable for variable in variables.wanted() if variable not in options]

    def _role(self, name: str, tasks: str, variables: Variables) -> None:
        """Follow a role of this collection; what one of another collection wants is not ours to tell."""
        if not name.startswith(f"{self._name}."):
            return
        role = self._collection / "roles" / name.removeprefix(f"{self._name}.")
        for folder in ("defaults", "vars"):
            file = role / folder / "main.yml"
            if file.exists():
                variables.define(_loaded(file))
        for template in role.glob("templates/*.j2"):
            variables.read |= set(names_in(template.read_text(encoding="utf-8")))
        self._tasks(_loaded(role / "tasks" / f"{tasks}.yml"), role / "tasks", variables)

    def _tasks(self, tasks: list[dict[str, Any]], folder: Path, variables: Variables) -> None:
        for task in tasks:
            self._task(task, folder, variables)
            for keyword in _INNER_TASKS:
                self._tasks(task.get(keyword) or [], folder, variables)

    def _task(self, task: dict[str, Any], folder: Path, variables: Variables) -> None:
        """Follow a task, a block or a play, less the tasks in it."""
        variables.define(task.get("vars"))
        own = {name: value for name, value in task.items() if name not in {*_INNER_TASKS, "vars"}}
        variables.read |= set(names_in(own))
        loop = task.get("loop_control", {})
        variables.produced |= {loop[name] for name in ("loop_var", "index_var") if name in loop}
        variables.produced |= {task["register"]} if "register" in task else set()
        for name, value in own.items():
            if name in _SET_FACT:
                variables.produced |= set(value)
            elif name in _MORE_TASKS:
                file = folder / value
                self._tasks(_loaded(file), file.parent, variables)
            elif name.startswith(f"{self._name}."):
                variables.read |= _read_by(name.removeprefix(f"{self._name}."), value or {})
            elif name in _ROLE_TASKS:
                self._role(value["name"], value.get("tasks_from", "main"), variables)


def _read_by(module: str, options: dict[str, Any]) -> set[str]:
    """The variables that a module of this collection reads of its host, beside those that its options are given."""
    if module not in ("host_info", "host_sync"):
        return set()
    kinds = importlib.import_module(f"{_PLUGINS}._registry").KINDS
    known = importlib.import_module(f"{_PLUGINS}._host_variables").CONTROLLED
    controlled = {*known, "defaults", "document", *(option for kind in kinds for option in kind.consents)}
    if "prefix" in options:
        return {f"{options['prefix']}{name}" for name in {*controlled, "undescribed", *(kind.key for kind in kinds)}}
    found = {f"{kind.variables.lower()}_{option}" for kind in kinds for option in kind.connection}
    if module == "host_info":
        return {*found, "mailfleet_shown_fields"}
    return found | {f"mailfleet_{option}" for option in controlled}


def _loaded(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def names_in(data: Any, *, expression: bool = False) -> Iterator[str]:
    """The names of variables in all templates of the data."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from names_in(value, expression=name in _EXPRESSIONS)
    elif isinstance(data, list):
        for value in data:
            yield from names_in(value, expression=expression)
    elif isinstance(data, str):
        parsed = _JINJA.parse(f"{{{{ {data} }}}}" if expression else data)
        found = list(parsed.find_all(nodes.Name))
        # What a template gives a value itself is its own.
        yield from {name.name for name in found} - {name.name for name in found if name.ctx == "store"}
