# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run what a module runs, without Ansible around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.mailfleet.email.plugins.module_utils._outcome import outcome_of
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ArgumentSpec, ModuleSpec


@dataclass
class Runner:
    """Runs specs against one server; `warnings` are all that they gave."""

    connection: dict[str, Any]
    warnings: list[str] = field(default_factory=list)

    def run(self, spec: ModuleSpec, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """The result of a spec with these options, the others at their defaults."""
        context = Context(check_mode, True, self.warnings.append, Connections(keep=False))
        return outcome_of(spec, all_options(spec.argument_spec, {**self.connection, **options}), context)


def all_options(spec: ArgumentSpec, given: dict[str, Any]) -> dict[str, Any]:
    """Options as Ansible hands them over: all that the spec declares, `None` where there is no value."""
    unknown = set(given) - set(spec)
    assert not unknown, f"no such option: {', '.join(sorted(unknown))}"
    options = {}
    for name, option in spec.items():
        value = given.get(name, option.get("default"))
        if "options" in option and isinstance(value, dict):
            value = all_options(option["options"], value)
        options[name] = value
    return options
