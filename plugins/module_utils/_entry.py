# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's arguments to its result or failure: the only file that knows AnsibleModule."""

from __future__ import annotations

import importlib
import re
import time
import traceback
import typing as t
import warnings
from contextlib import contextmanager
from dataclasses import replace

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._engine.schema import InputError
from ._engine.secret_input import text_problems
from ._engine.shown import may_hold_password
from ._http.address import shown_address
from ._http.errors import ApiError, CredentialError
from ._resource.base import Context, TaskFailed, raise_problems, resolve_credentials
from ._resource.known_secrets import secrets_of, without_repetition, without_secrets, wrapped
from ._resource.pool import Connections
from ._resource.signals import TimeIsUp, time_limit
from ._resource.spec import ArgumentSpec, ModuleSpec
from ._text import for_people, visible
from ._validation import (
    argument_error,
    listed_records,
    readable,
    validated,
    validated_records,
    without_nulls,
    without_records,
)

TASK_LIMIT: t.Final = "_mailfleet_limit"
"""The argument by which an action plugin tells its module how long the task may take: Ansible would not end it.

`seconds` from the module's start, and where its clock is the controller's, `until` as seconds since 1970.
"""
_NOT_SHOWN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
# A user with a password before an at sign, as in the address of a server.
_LOGIN_IN_ADDRESS = re.compile(r"[:/][^:/@]*@")


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


@contextmanager
def quiet_libraries() -> t.Iterator[None]:
    """Let no warning of a library reach the terminal: it would stand there for each task, and say nothing to a user.

    For all threads, so nothing else may run meanwhile that wants warnings.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _missing_library(spec: ModuleSpec) -> dict[str, str] | None:
    """The failure to report where a library that the work needs is not there."""
    for library, package in spec.libraries.items():
        try:
            importlib.import_module(library)
        except ImportError:
            return {"msg": missing_required_lib(package), "exception": traceback.format_exc()}
    return None


def outcome_of(spec: ModuleSpec, params: t.Mapping[str, t.Any], context: Context) -> dict[str, t.Any]:
    """Do a spec's work with validated options. Returns the result; of a failure too, with `failed` and `msg`."""
    # From here on to the wire, no secret lies open.
    params = wrapped(params, spec.argument_spec)

    def warn(text: str) -> None:
        context.warn(visible(without_repetition(text, secrets_of(spec, params))))

    with quiet_libraries():
        outcome = _outcome_of(spec, params, replace(context, warn=warn))
    if (outcome.get("failure") or {}).get("kind") != "input":
        # What is wrong with the input is said in words of ours; and its secrets may stand anywhere.
        outcome = without_secrets(outcome, secrets_of(spec, params))
    outcome = for_people(outcome)
    return {**outcome, "retried": context.retried} if context.retried else outcome


def _outcome_of(spec: ModuleSpec, params: t.Mapping[str, t.Any], context: Context) -> dict[str, t.Any]:
    try:
        raise_problems(spec.subject(params), spec.problems(params))
        if params.get("offline"):
            return {"changed": False, "validated": len(params[spec.records or ""] or ())}
        return spec.run(params, context)
    except (InputError, ApiError, CredentialError, TaskFailed) as exc:
        return failed(exc)
    except Exception as exc:  # noqa: BLE001  A defect of ours: its text may hold anything, so only its place is told.
        frame = traceback.extract_tb(exc.__traceback__)[-1]
        place = f"{frame.filename.rpartition('/')[2]}, line {frame.lineno}"
        msg = f"{spec.subject(params)}: unexpected {type(exc).__name__} ({place}). Please report this as a defect"
        return {"failed": True, "msg": msg, "failure": {"kind": "defect"}}


def failed(error: InputError | ApiError | CredentialError | TaskFailed) -> dict[str, t.Any]:
    """The result of a task that ends with this error."""
    return for_people({**getattr(error, "result", {}), "failed": True, "msg": str(error), "failure": error.details()})


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
        self.params = readable(self.params, options)
        for name in listed_records(self._spec, self._arguments):
            # ansible-core would copy each record several times over, and write them to the system's log.
            del self.params[name]

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
            self.params, found, _warnings = validated(self._spec, self._arguments)
            error = argument_error(self._spec, found, self.params, self._given)
            told = failed(error)
            msg, kwargs["failure"] = told["msg"], told["failure"]
        super().fail_json(msg=msg, **self._masked_by_position(kwargs))

    def _masked_by_position(self, kwargs: dict[str, t.Any]) -> dict[str, t.Any]:
        """The result with an `invocation` whose secrets are masked where they stand.

        ansible-core would mask by value: it blanks every text that contains one of the secrets, also where that is part
        of an e-mail address. A result of this collection holds no secrets, so that search is switched off.
        """
        self.no_log_values: set[str] = set()
        return {**kwargs, "invocation": {"module_args": masked_arguments(self.params, self._spec.argument_spec)}}


def masked_arguments(params: t.Mapping[str, t.Any], spec: ArgumentSpec) -> dict[str, t.Any]:
    """The arguments without secrets. What is not declared, or is not of its declared shape, may hold one."""
    names = {alias: name for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    return {
        name: None if value is None else _masked_argument(names.get(name, ""), value, spec)
        for name, value in params.items()
    }


def _masked_argument(name: str, value: t.Any, spec: ArgumentSpec) -> t.Any:
    option = spec.get(name)
    if option is None or option.get("no_log") or _may_hold_password(name, value):
        return _NOT_SHOWN
    if option.get("elements") == "dict":
        return f"{len(value)} records" if isinstance(value, list) else _NOT_SHOWN
    if "options" in option:
        return masked_arguments(value, option["options"]) if isinstance(value, dict) else _NOT_SHOWN
    return value


def _may_hold_password(name: str, value: t.Any) -> bool:
    """Whether the value of an option may be an address with a password in it."""
    if name == "api_url":
        return bool(shown_address(value) != value)
    texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
    return any(_LOGIN_IN_ADDRESS.search(text) or may_hold_password(text, mailbox=True) for text in texts)
