# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module takes and what it runs, and the options that many modules share.

The argument specs say the same as the modules' DOCUMENTATION; C(ansible-test sanity) compares the two.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible.module_utils.basic import env_fallback

from .._engine.schema import Problem
from .base import Context
from .interface import Params

ArgumentSpec = dict[str, dict[str, t.Any]]

TYPES: t.Final[dict[str, tuple[t.Any, ...]]] = {
    "str": (str,),
    "path": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "dict": (dict,),
    "list": (list,),
}
"""What an option of each of Ansible's types is in Python."""

ASKS_A_PRODUCT: t.Final = {"requests": "requests", "voluptuous": "voluptuous"}
"""The libraries of a module that asks a product."""


@dataclass(frozen=True)
class ModuleSpec:
    """A module without its documentation: what it takes, what is wrong with what it was given, what it does.

    `subject` names what the options are about, for errors. `problems` gets options of the declared types, any of
    them `None`. `run` gets options without problems. Where the module is about many records, `records` is the option
    that lists them, `document_key` what a document calls the list, and `called_by` are the fields that name a record,
    the first one that is given. `libraries` are those that it needs: the
    names that are imported, with those of their packages. `secrets` are those of the options that no `no_log` marks.
    """

    argument_spec: ArgumentSpec
    subject: t.Callable[[Params], str]
    problems: t.Callable[[Params], list[Problem]]
    run: t.Callable[[Params, Context], dict[str, t.Any]]
    required_one_of: tuple[tuple[str, ...], ...] = ()
    records: str | None = None
    document_key: str = ""
    called_by: tuple[str, ...] = ()
    libraries: t.Mapping[str, str] = field(default_factory=lambda: ASKS_A_PRODUCT)
    secrets: t.Callable[[Params], list[str]] = lambda _params: []


def from_environment(name: str, *, secret: bool = False) -> dict[str, t.Any]:
    """An option that is read from this environment variable where the task does not give it."""
    return {"type": "str", "no_log": secret, "fallback": (env_fallback, [name])}


def connection() -> ArgumentSpec:
    """How a product is reached; times in seconds."""
    return {
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        # The place of a file, which is no secret.
        "client_key": {"type": "path", "no_log": False},
        "timeout": {"type": "float", "default": 30.0},
        "retries": {"type": "int", "default": 3},
        "deadline": {"type": "float", "default": 120.0},
    }


STATE: ArgumentSpec = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "update_password": {"type": "str", "choices": ["always", "on_create"], "default": "always", "no_log": False},
}

FORMER_NAMES: ArgumentSpec = {"former_names": {"type": "list", "elements": "str"}}

# Nobody should search for a password, but who tries all the same should not find it in the system's log.
FILTERS = {"type": "dict", "no_log": True}

SHOWN_FIELDS: t.Final = {"type": "list", "elements": "str"}
