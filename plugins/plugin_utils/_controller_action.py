# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action plugin whose work is done on the controller and nowhere else."""

from __future__ import annotations

import abc
import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError, Problem
from ansible_collections.mailfleet.email.plugins.module_utils._outcome import failed
from ansible_collections.mailfleet.email.plugins.module_utils._resource.known_secrets import wrapped
from ansible_collections.mailfleet.email.plugins.module_utils._text import for_people
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated_options
from ansible_collections.mailfleet.email.plugins.plugin_utils._problems import as_said

Problems = list[Problem]


class ControllerAction(ActionBase, abc.ABC):  # type: ignore[misc]
    """Checks the arguments of a task, and reports everything that is wrong with them at once.

    `argument_spec` are the options, `rules` what ansible-core calls `required_if` and the like. `variables` are by
    option those of the role whose tasks give it: there, a problem is about the variable. `mappings` are the options
    that stand in options which take any mapping, as far as some of them are secrets.
    """

    argument_spec: t.ClassVar[dict[str, dict[str, t.Any]]]
    rules: t.ClassVar[dict[str, t.Any]] = {}
    variables: t.ClassVar[dict[str, str]] = {}
    mappings: t.ClassVar[dict[str, dict[str, t.Any]]] = {}

    @abc.abstractmethod
    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Do the task with arguments that are right, and with the variables of its host. Returns the result."""

    def problems(self, arguments: dict[str, t.Any]) -> Problems:
        """What is wrong with arguments of the declared types."""
        del arguments
        return []

    def ready(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """Arguments that are right, as the work takes them: from here on, no secret lies open."""
        return wrapped(arguments, {**self.argument_spec, **self.mappings})

    def refused(self, problems: Problems, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """The result of a task with problems in its arguments, of which those are of the declared types that can be."""
        del arguments
        return refused(self._task.action.rpartition(".")[2], problems)

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Check the arguments and do the work."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        arguments, found, _warnings = validated_options(self.argument_spec, self._given(), self.rules)
        found = found or self.problems(arguments)
        if found:
            outcome = self.refused([as_said(problem, self._variables()) for problem in found], arguments)
        else:
            outcome = self.work(self.ready(arguments), task_vars or {})
        return {**result, "changed": False, **for_people(outcome)}

    def _given(self) -> dict[str, t.Any]:
        """The task's arguments. A blank secret is as good as an empty one, of which the work says what it means."""
        secrets = {name for name, option in self.argument_spec.items() if option.get("no_log")}
        return {
            name: "" if name in secrets and isinstance(value, str) and not value.strip() else value
            for name, value in self._task.args.items()
        }

    def _variables(self) -> t.Mapping[str, str]:
        """By option the variable that gave it; nothing where its user gave the option itself."""
        return {} if self._task._role is None else self.variables


def problems_at(
    path: str, value: dict[str, t.Any], spec: dict[str, dict[str, t.Any]], rules: t.Mapping[str, t.Any]
) -> Problems:
    """What is wrong with a mapping of options that stands at a path in a task's arguments."""
    return validated_options(spec, value, rules, path)[1]


def refused(subject: str, problems: t.Sequence[Problem]) -> dict[str, t.Any]:
    """The result of a task that is about `subject`, and has these problems with what it was given."""
    return failed(InputError(subject, problems))
