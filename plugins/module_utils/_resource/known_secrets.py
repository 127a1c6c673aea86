# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets that a task was given, wherever in its options, and a last look that nothing it says repeats one."""

from __future__ import annotations

import typing as t

from .._engine.harmless import OPEN
from .._engine.secret import Secret, texts, wrap
from .._http.errors import LEFT_OUT
from .interface import Params
from .spec import ArgumentSpec, ModuleSpec

_SAID: t.Final = frozenset(("msg", "warnings", "failure", "error", "reason", "answer", "findings", "email_deliveries"))
# Of more records, each request knows the secrets of its own: to look for all in what is said of each takes too long.
_MOST_RECORDS = 50
_SHORTEST, _SHORTEST_WORD = 8, 14


def wrapped(params: Params, argument_spec: ArgumentSpec) -> dict[str, t.Any]:
    """Validated options with every secret wrapped: what `no_log` marks, and in free mappings what is named like one."""
    return _wrapped(params, _secret_options(argument_spec))


def _secret_options(options: ArgumentSpec) -> ArgumentSpec:
    """The options that are secrets, or have some below them."""
    below = {
        name: {**option, "options": _secret_options(option.get("options", {}))} for name, option in options.items()
    }
    return {name: option for name, option in below.items() if option.get("no_log") or option["options"]}


def _wrapped(params: Params, secret_options: ArgumentSpec) -> dict[str, t.Any]:
    found = dict(params)
    for name, option in secret_options.items():
        value = params.get(name)
        if not value:
            continue
        if option.get("no_log"):
            # Of a mapping that no option declares, the names tell, and the texts that carry a password along.
            found[name] = Secret(value) if isinstance(value, str) else wrap(value, OPEN)
        elif isinstance(value, dict):
            found[name] = _wrapped(value, option["options"])
        elif isinstance(value, list):
            found[name] = [_wrapped(record, option["options"]) for record in value]
    return found


def secrets_of(spec: ModuleSpec, params: Params) -> list[str]:
    """The secret texts in a task's options, less those that words of ours may hold by chance."""
    found = [*_of_options(params, spec.argument_spec), *spec.secrets(params)]
    return [text for text in found if len(text) >= (_SHORTEST_WORD if text.isalpha() else _SHORTEST)]


def _of_options(params: Params, argument_spec: ArgumentSpec) -> t.Iterator[str]:
    for name, option in argument_spec.items():
        value = params.get(name)
        if isinstance(value, Secret):
            yield from texts(value)
        elif "options" in option and isinstance(value, dict):
            yield from _of_options(value, option["options"])
        elif "options" in option and isinstance(value, list) and len(value) <= _MOST_RECORDS:
            for record in value:
                yield from _of_options(record, option["options"])


def without_secrets(result: t.Mapping[str, t.Any], secrets: t.Collection[str]) -> dict[str, t.Any]:
    """A task's result less the texts in it that are said to people and repeat a secret. Records in it are none."""
    if not secrets or ("results" not in result and _SAID.isdisjoint(result)):
        return dict(result)
    reported = {name: _without(value, secrets) if name in _SAID else value for name, value in result.items()}
    failure = reported.get("failure") or {}
    if failure.get("errors") and _repeats(failure["errors"], secrets):
        # What stands in none of a server's words stands in all of them together.
        reported.update(
            {name: LEFT_OUT for name in ("msg", "error") if name in reported}, failure={**failure, "errors": []}
        )
    if isinstance(reported.get("results"), list):
        reported["results"] = [without_secrets(entry, secrets) for entry in reported["results"]]
    return reported


def without_repetition(text: str, secrets: t.Collection[str]) -> str:
    """A text that is said to people, left out where it repeats a secret."""
    return LEFT_OUT if _repeats(text, secrets) else text


def _repeats(words: object, secrets: t.Collection[str]) -> bool:
    # Imported late: most tasks say nothing.
    from .._repeats import repeats

    return repeats(words, secrets)


def _without(data: t.Any, secrets: t.Collection[str]) -> t.Any:
    if isinstance(data, str):
        return without_repetition(data, secrets)
    if isinstance(data, list):
        return [_without(item, secrets) for item in data]
    if isinstance(data, dict):
        return {name: _without(value, secrets) for name, value in data.items()}
    return data
