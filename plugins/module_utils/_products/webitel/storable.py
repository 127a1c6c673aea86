# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the server takes and cannot keep as it is, as its recorded answers show."""

from __future__ import annotations

import typing as t
from math import isfinite

from ..._engine.schema import Problem
from ..._engine.secret import is_secret_name, reveal
from ..._engine.secret_input import secret_value_problems
from ..._resource.interface import Params
from .known_types import typed_extra

_PROVIDER = "smtp"
# The server works with JavaScript's numbers, which are exact up to here.
_LARGEST_INTEGER = 2**53
# Nodemailer's own, which are texts.
_SECRETS = frozenset(("pass", "clientSecret", "refreshToken", "accessToken", "privateKey", "passphrase", "key", "pfx"))
# Node takes several of them.
_MAY_BE_LISTS = frozenset(("key", "pfx"))
_CREDENTIALS = ("access_token", "x_key")


def storing_problems(params: Params) -> list[Problem]:
    """What of a task's `provider` and `options.extra` would be refused by the server, lost, or of no use."""
    provider = params.get("provider")
    problems = []
    if isinstance(provider, str) and provider != _PROVIDER:
        message = f"must be {_PROVIDER}: the server stores any other one, and then sends nothing (Bad provider name.)"
        problems.append(Problem("provider", message))
    extra = reveal((params.get("options") or {}).get("extra"))
    found = keeping_problems(extra, "options.extra")
    known = {problem.field for problem in found}
    # A text in the place of a number is sent as one.
    found += [
        Problem(problem.field, "means a number above 2^53, where the server's numbers lose digits: give a smaller one")
        for problem in keeping_problems(reveal(typed_extra(params).data), "options.extra")
        if problem.field not in known
    ]
    return problems + found + _secret_problems(extra, "options.extra")


def _secret_problems(data: t.Any, path: str) -> list[Problem]:
    """What of a task's free options cannot be meant as a secret."""
    if isinstance(data, list):
        return [found for index, item in enumerate(data) for found in _secret_problems(item, f"{path}[{index}]")]
    problems = []
    for name, value in data.items() if isinstance(data, dict) else ():
        where = f"{path}.{name}"
        if isinstance(value, (dict, list)) and (name not in _SECRETS or name in _MAY_BE_LISTS):
            problems += _secret_problems(value, where)
        elif value is not None and (name in _SECRETS or (isinstance(value, str) and is_secret_name(name))):
            problems += secret_value_problems(value, where)
    return problems


def keeping_problems(value: t.Any, path: str) -> list[Problem]:
    """What within a value cannot be kept, each with the path to it that begins with `path`."""
    if isinstance(value, float) and not isfinite(value):
        return [Problem(path, "must be a number that JSON knows")]
    if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        return [Problem(path, "is above 2^53, where the server's numbers lose digits: give it as a text")]
    if isinstance(value, list):
        return [problem for index, item in enumerate(value) for problem in keeping_problems(item, f"{path}.{index}")]
    if not isinstance(value, dict):
        return []
    found = []
    for key, part in value.items():
        name = f"{path}.{str(key).replace(chr(0), chr(92) + '0')}"
        reason = key_problem(str(key))
        found += ([Problem(name, reason)] if reason else []) + keeping_problems(part, name)
    return found


def key_problem(key: str) -> str:
    """Why a key cannot be kept, empty where it can."""
    if key.startswith("$") or "." in key or "\0" in key:
        return "is a key that the server's database refuses: keys begin with no $, and hold no dot and no NUL"
    if key in _CREDENTIALS:
        return "is a key that the server may take for the caller's credentials"
    return ""
