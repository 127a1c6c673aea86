# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From validated options to a result or failure, without Ansible: the same in a module and in Ansible's own process."""

from __future__ import annotations

import re
import traceback
import typing as t
import warnings
from contextlib import contextmanager
from dataclasses import replace

from ._engine.schema import InputError
from ._engine.shown import may_hold_password
from ._http.address import shown_address
from ._http.errors import ApiError, CredentialError
from ._resource.base import Context, TaskFailed, raise_problems
from ._resource.known_secrets import secrets_of, without_repetition, without_secrets, wrapped
from ._resource.spec import ArgumentSpec, ModuleSpec
from ._text import for_people, visible

TASK_LIMIT: t.Final = "_mailfleet_limit"
"""The argument by which an action plugin tells its module how long the task may take: Ansible would not end it.

`seconds` from the module's start, and where its clock is the controller's, `until` as seconds since 1970.
"""
_NOT_SHOWN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
# What is wrong with the input, and what does not fit a plan, is said in words of ours with names of records: a password
# that holds such a name hides neither.
_IN_OUR_WORDS = ("input", "plan")
# A user with a password before an at sign, as in the address of a server.
_LOGIN_IN_ADDRESS = re.compile(r"[:/][^:/@]*@")


@contextmanager
def quiet_libraries() -> t.Iterator[None]:
    """Let no warning of a library reach the terminal: it would stand there for each task, and say nothing to a user.

    For all threads, so nothing else may run meanwhile that wants warnings.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def outcome_of(spec: ModuleSpec, params: t.Mapping[str, t.Any], context: Context) -> dict[str, t.Any]:
    """Do a spec's work with validated options. Returns the result; of a failure too, with `failed` and `msg`."""
    # From here on to the wire, no secret lies open.
    params = wrapped(params, spec.argument_spec)

    def warn(text: str) -> None:
        context.warn(visible(without_repetition(text, secrets_of(spec, params))))

    with quiet_libraries():
        outcome = _outcome_of(spec, params, replace(context, warn=warn))
    if "results" in outcome or (outcome.get("failure") or {}).get("kind") not in _IN_OUR_WORDS:
        outcome = without_secrets(outcome, secrets_of(spec, params))
    outcome = for_people(outcome)
    return {**outcome, "retried": context.retried} if context.retried else outcome


def _outcome_of(spec: ModuleSpec, params: t.Mapping[str, t.Any], context: Context) -> dict[str, t.Any]:
    try:
        raise_problems(spec.subject(params), spec.problems(params))
        return spec.run(params, context)
    except (InputError, ApiError, CredentialError, TaskFailed) as exc:
        return failed(exc)
    except Exception as exc:  # noqa: BLE001  A defect of ours: its text may hold anything, so only its place is reported.
        frame = traceback.extract_tb(exc.__traceback__)[-1]
        place = f"{frame.filename.rpartition('/')[2]}, line {frame.lineno}"
        msg = f"{spec.subject(params)}: unexpected {type(exc).__name__} ({place}). Please report this as a defect"
        return {"failed": True, "msg": msg, "failure": {"kind": "defect"}}


def failed(error: InputError | ApiError | CredentialError | TaskFailed) -> dict[str, t.Any]:
    """The result of a task that ends with this error."""
    return for_people({**getattr(error, "result", {}), "failed": True, "msg": str(error), "failure": error.details()})


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
