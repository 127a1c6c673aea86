# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module's work in the worker process itself, where the task would run on the controller with its own Python anyway.

A new process for a module costs a hundred times what its requests cost. The work is the same on both ways.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import typing as t
from importlib.util import find_spec
from pathlib import Path

from ansible.constants import config
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret_input import text_problems
from ansible_collections.mailfleet.email.plugins.module_utils._outcome import (
    TASK_LIMIT,
    failed,
    masked_arguments,
    outcome_of,
    quiet_libraries,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context, resolve_credentials
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections, prepare
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain, plain_with_dates

if t.TYPE_CHECKING:
    from datetime import date

    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

try:
    # Loaded with the action plugin in the parent, so that the worker of each host inherits them.
    with quiet_libraries():
        import requests
        import voluptuous
except ImportError:
    requests = voluptuous = None  # type: ignore[assignment]
else:
    prepare()

_INVOCATION_SETTING = "INJECT_INVOCATION"
_SHORTEST: t.Final = 0.05
_connections: dict[tuple[int, str], Connections] = {}


class NothingDescribed(Exception):
    """A document says nothing about the records of a task."""


class InProcessAction(ActionBase):  # type: ignore[misc]
    """The action plugin of one module: does the module's work here, or hands it to the module."""

    spec: t.ClassVar[ModuleSpec]
    begun: float | None = None
    """When the task began, as seconds since 1970, where that was before this action: it is a part of another one."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task. Returns its result, the same on both ways."""
        begun = self.begun or time.time()
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        given: dict[str, t.Any] = dict(self._task.args)
        dates: list[date] = []
        arguments = plain(given, dates)
        if not self._task.until:
            # Ansible sends the task's arguments back with its result, and thousands of records take long.
            self._task.args = {name: value for name, value in arguments.items() if name != self.spec.records}
        try:
            self._complete(arguments, given, dates, variables)
        except NothingDescribed as exc:
            return {**result, "changed": False, "skipped": True, "skip_reason": str(exc)}
        except InputError as exc:
            return {**result, "changed": False, **failed(exc)}
        dated = plain_with_dates(given) if dates else {}
        if text_problems(self.spec.argument_spec, dated):
            # A secret that is a date is refused here: a module would get it as a text, and not as it was written.
            outcome = self._work(dated, variables)
        elif self._runs_here(variables):
            outcome = self._work(arguments, variables)
        else:
            if self._task.timeout and not self._task.async_val:
                arguments[TASK_LIMIT] = self._limit(begun)
            outcome = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
        return {**result, **self._placed(outcome)}

    def _complete(
        self, arguments: dict[str, t.Any], given: dict[str, t.Any], dates: list[date], variables: dict[str, t.Any]
    ) -> None:
        """Put in the place of what the arguments point at what it says. Those of a task about one record say it all.

        Raises an `InputError`, and `NothingDescribed` where there is nothing to do.
        """

    def _placed(self, outcome: dict[str, t.Any]) -> dict[str, t.Any]:
        """The outcome with the places of what it tells of."""
        return outcome

    def _limit(self, begun: float) -> dict[str, float | None]:
        """How long the module may take, for itself to end."""
        until = begun + float(self._task.timeout)
        return {"seconds": max(_SHORTEST, until - time.time()), "until": until if self._is_local() else None}

    def _is_local(self) -> bool:
        return self._connection.transport in ("local", "ansible.builtin.local")

    def _runs_here(self, variables: dict[str, t.Any]) -> bool:
        """Whether the module would run on the controller, with this Python, and in an environment like this one."""
        return (
            requests is not None
            and voluptuous is not None
            and all(find_spec(library) for library in self.spec.libraries)
            and self._is_local()
            and not self._connection.become
            and not self._task.async_val
            and not any(self._task.environment or ())
            and self._is_switched_on(variables)
            and self._is_own_python(variables)
        )

    def _is_switched_on(self, variables: dict[str, t.Any]) -> bool:
        switch = self._templar.template(variables.get("mailfleet_in_process"))
        if switch is None:
            switch = os.environ.get("MAILFLEET_IN_PROCESS", "true")
        return bool(boolean(switch, strict=False))

    def _is_own_python(self, variables: dict[str, t.Any]) -> bool:
        """Whether the module's interpreter is this one. Where none is chosen, this one serves as well as any."""
        if self._task.delegate_to:
            variables = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, variables)
        chosen = config.get_config_value("INTERPRETER_PYTHON", variables=variables)
        interpreter = str(self._templar.template(chosen))
        if interpreter.startswith("auto"):
            return True
        # A virtual environment's interpreter is a link; where it leads to says nothing about its libraries.
        return Path(shutil.which(interpreter) or interpreter).absolute() == Path(sys.executable).absolute()

    def _work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        params, errors, warnings = validated(self.spec, arguments)
        given = {name for name, value in arguments.items() if value is not None}
        if errors:
            # Imported late: Ansible compiles what a task imports in each run anew, and most arguments are right.
            from ansible_collections.mailfleet.email.plugins.module_utils._arguments import argument_error

            outcome = failed(argument_error(self.spec, errors, params, given))
        else:
            context = Context(
                check_mode=self._task.check_mode,
                diff_mode=self._task.diff,
                warn=warnings.append,
                connections=self._connections(),
                progress=lambda line: Display().display(line, stderr=True),
            )
            outcome = outcome_of(self.spec, resolve_credentials(params, given), context)
        outcome = {"changed": False, **outcome}
        if warnings:
            outcome["warnings"] = warnings
        if self._shows_invocation(variables):
            outcome["invocation"] = {"module_args": masked_arguments(params, self.spec.argument_spec)}
        return outcome

    def _shows_invocation(self, variables: dict[str, t.Any]) -> bool:
        """Whether a module's result would hold its arguments: a setting since ansible-core 2.20, before that always."""
        if _INVOCATION_SETTING not in config.get_configuration_definitions():
            return True
        return bool(config.get_config_value(_INVOCATION_SETTING, variables=variables))

    def _connections(self) -> Connections:
        """What this process holds open for this task: kept for the next item of a loop, but not for another try."""
        if self._task.until:
            return Connections(keep=False)
        key = (os.getpid(), self._task._uuid)
        if key not in _connections:
            _connections.clear()
            _connections[key] = Connections(keep=True)
        return _connections[key]
