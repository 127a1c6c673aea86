# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's arguments to its result or failure: the only file that knows AnsibleModule."""

from __future__ import annotations

import importlib
import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._api.errors import ApiError, CredentialError
from ._doors import Door, Spec
from ._engine.schema import InputError, Problem
from ._resources.base import Context, raise_problems, settled_credentials
from ._resources.sending import SendingFailed

_LIBRARIES = ("requests", "voluptuous")
_NOT_SHOWN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "path": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "dict": dict,
    "list": list,
}


def run_module(door: Door) -> None:
    """Run a module: read its arguments, do its work, print its result."""
    module = _Module(door)
    try:
        for library in _LIBRARIES:
            importlib.import_module(library)
    except ImportError:
        module.fail_json(msg=missing_required_lib(library), exception=traceback.format_exc())
    outcome = outcome_of(door, module.settled(), Context(module.check_mode, module.warn))
    if outcome.get("failed"):
        module.fail_json(**outcome)
    module.exit_json(**outcome)


def outcome_of(door: Door, params: t.Mapping[str, t.Any], context: Context) -> dict[str, t.Any]:
    """Do a door's work with validated options. Returns the result; of a failure too, with C(failed) and C(msg)."""
    try:
        raise_problems(door.subject(params), door.problems(params))
        return door.run(params, context)
    except (InputError, ApiError, CredentialError, SendingFailed) as exc:
        return {**getattr(exc, "result", {}), "failed": True, "msg": str(exc), "failure": exc.details()}


class _Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule that reports every problem of its arguments, and masks secrets by where they stand."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._given: frozenset[str] = frozenset()
        self._arguments_read = False
        super().__init__(
            argument_spec=door.argument_spec, required_one_of=door.required_one_of, supports_check_mode=True
        )
        self._arguments_read = True

    def settled(self) -> t.Mapping[str, t.Any]:
        """The validated options, with one way of authentication."""
        return settled_credentials(self.params, self._given)

    def _load_params(self) -> None:
        super()._load_params()
        self._given = frozenset(name for name, value in self.params.items() if value is not None)

    def exit_json(self, **kwargs: t.Any) -> None:
        super().exit_json(**self._masked_by_position(kwargs))

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        if not self._arguments_read and hasattr(self, "validation_result"):
            error = InputError(*self._argument_problems())
            msg, kwargs["failure"] = str(error), error.details()
        super().fail_json(msg=msg, **self._masked_by_position(kwargs))

    def _argument_problems(self) -> tuple[str, list[Problem]]:
        """What ansible-core finds wrong with the arguments (it reports the first only), and what the door finds."""
        typed = _of_declared_types(self.params, self._door.argument_spec)
        problems = [Problem("", text) for text in self.validation_result.error_messages]
        problems += self._door.problems(settled_credentials(typed, self._given))
        return self._door.subject(typed), problems

    def _masked_by_position(self, kwargs: dict[str, t.Any]) -> dict[str, t.Any]:
        """The result with an C(invocation) whose secrets are masked where they stand.

        ansible-core would mask by value: it blanks every text that contains one of the secrets, also where that is part
        of an e-mail address. A result of this collection holds no secrets, so that search is switched off.
        """
        self.no_log_values: set[str] = set()
        return {**kwargs, "invocation": {"module_args": _masked(self.params, self._door.argument_spec)}}


def _masked(params: t.Mapping[str, t.Any], spec: Spec) -> dict[str, t.Any]:
    """The arguments without secrets. What is not declared, or is not of its declared shape, may hold one."""
    names = {alias: name for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    shown: dict[str, t.Any] = {}
    for name, value in params.items():
        option = spec.get(names.get(name, ""))
        if value is None:
            shown[name] = None
        elif option is None or option.get("no_log"):
            shown[name] = _NOT_SHOWN
        elif "options" in option:
            shown[name] = _masked(value, option["options"]) if isinstance(value, dict) else _NOT_SHOWN
        else:
            shown[name] = value
    return shown


def _of_declared_types(params: t.Mapping[str, t.Any], spec: Spec) -> dict[str, t.Any]:
    """All declared options; one that is not of its declared type, of which ansible-core complains, as C(None)."""
    typed: dict[str, t.Any] = {}
    for name, option in spec.items():
        value = params.get(name, option.get("default"))
        if not isinstance(value, _TYPES[option["type"]]):
            typed[name] = None
        elif "options" in option:
            typed[name] = _of_declared_types(t.cast("dict[str, t.Any]", value), option["options"])
        else:
            typed[name] = value
    return typed
