# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both kinds of record share: the task's context, its options and credentials, answers checked."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._engine import schema, secret
from .._engine.schema import InputError, Problem
from .._engine.secret import Record, Secret, is_hidden
from .._http.address import api_url_problem
from .._http.errors import InvalidResponse, quote
from .._http.response import Response
from .interface import Params, Product, S

if t.TYPE_CHECKING:
    import voluptuous

    from .pool import Connections

_LONGEST_TIMEOUT = 86400
# What is compared, shown and sent field by field, for an option that somebody wrote.
_LARGEST_RECORD = 10_000
_MOST_RECORDS = 100_000
# Of these are the values of JSON that hold others.
_HOLDING = (dict, list)


@dataclass(frozen=True)
class Context:
    """How a task runs: whether it may write, whether it should show a diff, where its words go.

    `progress` is `None` where nobody watches. `connections` are what the process holds open. `retried` is filled
    with what was retried, when it is over.
    """

    check_mode: bool
    diff_mode: bool
    warn: t.Callable[[str], None]
    connections: Connections
    progress: t.Callable[[str], None] | None = None
    retried: list[dict[str, t.Any]] = field(default_factory=list)

    def store(self, product: Product[S], params: Params, about: str) -> t.ContextManager[S]:
        """The records on the product's server that the options name. An error names what the task is `about`."""
        return self.connections.store(product, params, about, self)

    @property
    def times_retried(self) -> int:
        """How many requests were retried."""
        return sum(entry["times"] for entry in self.retried)


class TaskFailed(Exception):
    """A task that could not do what it was asked for; `result` is what it can tell all the same."""

    def __init__(self, message: str, result: dict[str, t.Any], details: dict[str, t.Any]) -> None:
        super().__init__(message)
        self.result = result
        self._details = details

    def details(self) -> dict[str, t.Any]:
        """The error as data, for the `failure` of a result."""
        return self._details


def given(params: Params, names: t.Iterable[str]) -> Record:
    """The options among `names` that the user gave."""
    return {name: value for name in names if (value := params.get(name)) is not None}


def raise_problems(subject: str, problems: t.Sequence[Problem]) -> None:
    """Raise an `InputError` with all problems, if there are any."""
    if problems:
        raise InputError(subject, problems)


def resolve_credentials(params: Params, given_names: t.Collection[str]) -> Params:
    """The options with one way of authentication: what the task gives beats what the environment holds.

    `given_names` are the options that the task gives itself. Where the task gives both ways, both stay, which
    the product's `credential_problems` report.
    """
    if "username" not in params:
        return params
    token, login = {"access_token", "key"} & set(given_names), {"username", "password"} & set(given_names)
    if token and login:
        return params
    dropped = ("access_token", "key") if login or not params.get("access_token") else ("username", "password")
    return {**params, **dict.fromkeys(dropped)}


def connection_problems(product: Product[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options that say where a product's server is, and who asks.

    Offline nobody asks, so neither an address nor credentials are needed; what is given must still be right.
    """
    problems = []
    offline = params.get("offline")
    reason = api_url_problem(params["api_url"]) if params["api_url"] else None
    if not params["api_url"] and not offline:
        reason = f"is missing: give it, or set {product.variables}_API_URL"
    if reason:
        problems.append(Problem("api_url", reason))
    if params["client_key"] and not params["client_cert"]:
        problems.append(Problem("client_key", "is of no use without client_cert"))
    problems += [
        Problem(name, "holds characters that an HTTP header cannot carry, such as a line break")
        for name in ("access_token", "key", "refresh_token")
        if params.get(name) and not schema.is_header_value(secret.reveal(params[name]))
    ]
    problems += [
        Problem(name, f"must be more than 0 and at most {_LONGEST_TIMEOUT} seconds")
        for name in ("timeout", "deadline")
        if params[name] is not None and not 0 < params[name] <= _LONGEST_TIMEOUT
    ]
    if params["retries"] is not None and params["retries"] < 0:
        problems.append(Problem("retries", "must be 0 or more"))
    return problems if offline else problems + product.credential_problems(params)


def checked(answer: Response, wanted: voluptuous.Schema, *, many: bool = False) -> t.Any:
    """The data of an answer. Raises `InvalidResponse`, which names what is wrong, where it has another shape.

    It is about one record, unless it says of `many` something short of each.
    """
    data = answer.json()
    if not many:
        refuse_large(answer, [data])
    _refuse(answer, schema.problems_of(data, wanted))
    return data


def checked_list(answer: Response, wanted: voluptuous.Schema) -> list[t.Any]:
    """The data of an answer that is a list, `wanted` being the shape of its items. Raises `InvalidResponse`."""
    data = answer.json()
    refuse_large(answer, data)
    _refuse(answer, schema.problems_of_each(data, wanted, answer.go_on))
    return t.cast("list[t.Any]", data)


def refuse_large(answer: Response, records: t.Any) -> None:
    """Raise `InvalidResponse` where an answer has more records, or one of them more values, than there could be."""
    if answer.values <= _LARGEST_RECORD or not isinstance(records, list):
        return
    if len(records) > _MOST_RECORDS:
        raise InvalidResponse(answer.request, f"the answer has more than {_MOST_RECORDS} entries", "Check api_url")
    for index, record in enumerate(records):
        if _has_more_values(record, _LARGEST_RECORD):
            message = f"entry {index} of the answer has more than {_LARGEST_RECORD} values, as no record has"
            raise InvalidResponse(answer.request, message, "Check api_url")


def _has_more_values(record: t.Any, most: int) -> bool:
    waiting = [record]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (dict, list)):
            most -= len(node)
            if most < 0:
                return True
            parts = node.values() if isinstance(node, dict) else node
            waiting += [part for part in parts if part.__class__ in _HOLDING]
    return False


def _refuse(answer: Response, problems: t.Sequence[Problem]) -> None:
    if problems:
        # The path of a problem is made of the server's own keys.
        shown = quote("; ".join(str(problem) for problem in problems[:5]), answer.secrets)
        more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
        raise InvalidResponse(
            answer.request, f"the answer has another shape than expected: {shown}{more}", "Check api_url"
        )


def password_check(update_password: str, wanted: object, live: object, *, exists: bool) -> str:
    """How a task treats the password: the `password_check` of its result.

    Takes the desired and the live password (secrets, or nothing) and whether the record is there already.
    """
    if not isinstance(wanted, Secret):
        return "not_given"
    if not exists:
        return "set"
    if update_password == "on_create":
        return "skipped"
    if is_hidden(live):
        return "written"
    return "compared" if isinstance(live, Secret) else "set"
