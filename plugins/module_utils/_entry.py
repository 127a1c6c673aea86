# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's arguments to its result or failure: the only file that knows AnsibleModule."""

from __future__ import annotations

import importlib
import time
import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._engine.secret_input import text_problems
from ._outcome import TASK_LIMIT, failed, masked_arguments, outcome_of, quiet_libraries
from ._resource.base import Context, resolve_credentials
from ._resource.pool import Connections
from ._resource.signals import TimeIsUp, time_limit
from ._resource.spec import ModuleSpec
from ._validation import (
    listed_records,
    readable,
    validated,
    validated_records,
    without_nulls,
    without_records,
)


def run_module(spec: ModuleSpec) -> None:
    """Run a module: read its arguments, do its work, print its result."""
    with quiet_libraries():
        missing = _missing_library(spec)
    module = _Module(spec, missing)
    context = Context(module.check_mode, module._diff, module.warn, Connections(keep=False))
    try:
        with time_limit(module.seconds_left()):
            outcome = outcome_of(spec, module.resolved(), context)
    except TimeIsUp:
        outcome = {"failed": True, "msg": "the time that the keyword timeout gives the task is over"}
    if outcome.get("failed"):
        module.fail_json(**outcome)
    module.exit_json(**outcome)


def _missing_library(spec: ModuleSpec) -> dict[str, str] | None:
    """The failure to report where a library that the work needs is not there."""
    for library, package in spec.libraries.items():
        try:
            importlib.import_module(library)
        except ImportError:
            return {"msg": missing_required_lib(package), "exception": traceback.format_exc()}
    return None


class _Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule that reports every problem of its arguments, and masks secrets by where they stand."""

    def __init__(self, spec: ModuleSpec, missing_library: dict[str, str] | None) -> None:
        self._spec = spec
        self._missing_library = missing_library
        self._arguments: dict[str, t.Any] = {}
        self._given: frozenset[str] = frozenset()
        self._arguments_read = False
        self._limit: t.Any = None
        super().__init__(
            argument_spec=spec.argument_spec, required_one_of=spec.required_one_of, supports_check_mode=True
        )
        if text_problems(spec.argument_spec, without_records(spec, self._arguments)):
            self.fail_json(msg="")
        self._take_records()
        self._arguments_read = True
        if missing_library is not None:
            self.fail_json(**missing_library)

    def seconds_left(self) -> float | None:
        """How long the task may take yet, `None` where it has no limit."""
        if not isinstance(self._limit, dict):
            return None
        seconds, until = self._limit["seconds"], self._limit.get("until")
        return float(seconds if until is None else max(0.05, min(seconds, until - time.time())))

    def resolved(self) -> t.Mapping[str, t.Any]:
        """The validated options, with one way of authentication."""
        return resolve_credentials(self.params, self._given)

    def _load_params(self) -> None:
        super()._load_params()
        self._limit = self.params.pop(TASK_LIMIT, None)
        options = self._spec.argument_spec
        self.params: dict[str, t.Any] = without_nulls(self.params, options)
        self._arguments = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
        self._given = frozenset(name for name, value in self._arguments.items() if value is not None)
        # ansible-core would copy each record of a list several times over, and write them to the system's log.
        self.params = readable(without_records(self._spec, self.params), options)

    def _take_records(self) -> None:
        """Validate the records of a list, and put them beside the other options."""
        for name, records in listed_records(self._spec, self._arguments).items():
            self.params[name], problems, warnings = validated_records(self._spec, name, records)
            if problems:
                self.fail_json(msg="")
            for warning in warnings:
                self.warn(warning)

    def exit_json(self, **kwargs: t.Any) -> None:
        super().exit_json(**self._masked_by_position(kwargs))

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        if self._missing_library is not None:
            # Without it, the arguments cannot even be checked.
            msg, kwargs["exception"] = self._missing_library["msg"], self._missing_library["exception"]
        elif not self._arguments_read and hasattr(self, "validation_result"):
            # Imported late: only bad arguments need it, and Ansible compiles what a task imports in each run anew.
            from ._arguments import argument_error

            self.params, found, _warnings = validated(self._spec, self._arguments)
            error = argument_error(self._spec, found, self.params, self._given)
            reported = failed(error)
            msg, kwargs["failure"] = reported["msg"], reported["failure"]
        super().fail_json(msg=msg, **self._masked_by_position(kwargs))

    def _masked_by_position(self, kwargs: dict[str, t.Any]) -> dict[str, t.Any]:
        """The result with an `invocation` whose secrets are masked where they stand.

        ansible-core would mask by value: it blanks every text that contains one of the secrets, also where that is part
        of an e-mail address. A result of this collection holds no secrets, so that search is switched off.
        """
        self.no_log_values: set[str] = set()
        return {**kwargs, "invocation": {"module_args": masked_arguments(self.params, self._spec.argument_spec)}}
