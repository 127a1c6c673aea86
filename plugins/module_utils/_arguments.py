# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a task's arguments, in words that name the field, what came and what would do.

ansible-core finds that something is wrong. Its own words name neither the record nor the level, and may show a value.
"""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.parameters import DEFAULT_TYPE_VALIDATORS
from ansible.module_utils.errors import (
    ArgumentTypeError,
    ArgumentValueError,
    ElementError,
    MutuallyExclusiveError,
    NoLogError,
    RequiredByError,
    RequiredError,
    RequiredIfError,
    RequiredOneOfError,
    SubParameterTypeError,
    UnsupportedError,
)

from ._engine.schema import InputError, Problem, type_name
from ._resource.base import resolve_credentials
from ._resource.known_secrets import wrapped
from ._resource.spec import TYPES, ArgumentSpec, ModuleSpec

EXPLAINED: t.Final = (
    ArgumentTypeError,
    ArgumentValueError,
    ElementError,
    MutuallyExclusiveError,
    NoLogError,
    RequiredByError,
    RequiredError,
    RequiredIfError,
    RequiredOneOfError,
    SubParameterTypeError,
    UnsupportedError,
)
"""The errors of ansible-core that there are words for here."""
Rules = t.Mapping[str, t.Any]
"""What ansible-core calls `required_one_of` and the like, by these names."""
_WANTED: t.Final = {
    "str": "a text",
    "path": "a path",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "dict": "a mapping",
    "list": "a list",
}
# What is not among a few known words may be anything, a password in the wrong place too: only what is like them shows.
_WORD = re.compile(r"[A-Za-z][\w./+-]{0,19}")
# A misspelt name differs in no more than a letter or two from the right one.
_ALIKE = 0.8


def argument_problems(
    spec: ArgumentSpec, arguments: t.Mapping[str, t.Any], rules: Rules, where: str = ""
) -> list[Problem]:
    """All that is wrong with arguments that stand at the path `where`: each alone, and what is missing."""
    given = {
        name for name, option in spec.items() for alias in (name, *option.get("aliases", ())) if alias in arguments
    }
    prefix = f"{where}." if where else ""
    found = [Problem(f"{prefix}{name}", message) for name, message in _missing(spec, arguments, given, rules)]
    return [*type_problems(spec, arguments, where), *found]


def _missing(
    spec: ArgumentSpec, arguments: t.Mapping[str, t.Any], given: set[str], rules: Rules
) -> t.Iterator[tuple[str, str]]:
    """The names of options that are missing because of others, or stand beside one that they exclude, and why."""
    for names in rules.get("required_one_of", ()):
        if not given & {*names}:
            yield names[0], f"is missing: give one of {', '.join(names)}"
    for names in rules.get("mutually_exclusive", ()):
        first, *others = [name for name in names if name in given] or [""]
        yield from ((name, f"stands beside {first}: give one of them") for name in others)
    for name, needed in rules.get("required_by", {}).items():
        if name in given and needed not in given:
            yield needed, f"is missing: {name} needs it"
    for name, value, names, *is_one_of in rules.get("required_if", ()):
        if arguments.get(name, spec[name].get("default")) != value:
            continue
        if not any(is_one_of):
            yield from ((other, f"is missing: {name}={value} needs it") for other in names if other not in given)
        elif not given & {*names}:
            yield names[0], f"is missing: {name}={value} needs one of {', '.join(names)}"


def type_problems(
    spec: ArgumentSpec, arguments: t.Mapping[str, t.Any], where: str = "", free: str = ""
) -> list[Problem]:
    """What of the arguments, which stand at the path `where`, is missing, not declared or not of its declared type.

    At the path `free` stands what this level does not know itself, where there is such a place.
    """
    free = f"{where}.{_free_mapping(spec)}" if where and _free_mapping(spec) else free
    known = {alias: name for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    given = {known[name] for name, value in arguments.items() if name in known and value is not None}
    problems = [
        Problem(f"{where}.{name}" if where else name, f"is missing: give {_WANTED[option['type']]}")
        for name, option in spec.items()
        if option.get("required") and name not in given
    ]
    for name, value in arguments.items():
        path = f"{where}.{name}" if where else str(name)
        if name not in known:
            problems.append(Problem(path, _unknown(str(name), spec, where, free)))
        elif value is not None:
            problems += _wrong(spec[known[name]], value, path, free and f"{free}.{known[name]}")
    return problems


def _free_mapping(spec: ArgumentSpec) -> str:
    """The option that takes what the others of its level do not name."""
    free = (name for name, option in spec.items() if option["type"] == "dict" and "options" not in option)
    return next(free, "")


def _unknown(name: str, spec: ArgumentSpec, where: str, free: str) -> str:
    from difflib import get_close_matches

    level = where.rpartition(".")[2]
    names = sorted(spec)
    problem = (
        f"is no option {f'of {level}' if level and not level.endswith(']') else 'here'}; these are: {', '.join(names)}"
    )
    alike = get_close_matches(name, names, n=1, cutoff=_ALIKE)
    if alike:
        return f"{problem}. Is {alike[0]} meant?"
    if free:
        return f"{problem}. What the server knows besides stands in {free}.{name}"
    return problem


def _wrong(option: dict[str, t.Any], value: t.Any, path: str, free: str) -> list[Problem]:
    """What is wrong with the value of one option; `free` is the place of what an option of its level does not know."""
    kind, options = option["type"], option.get("options")
    if kind == "raw":
        return []
    if kind == "list" and options and isinstance(value, (str, int, float)):
        # ansible-core would make a list of it, and split a text at its commas.
        return [Problem(path, f"must be a list of mappings, not {_what_came(value)}")]
    converted = _converted(kind, value)
    if converted is None:
        return [Problem(path, f"must be {_WANTED[kind]}, not {_what_came(value)}")]
    if option.get("choices") and converted not in option["choices"]:
        shown = repr(value) if isinstance(value, str) and _WORD.fullmatch(value) else _what_came(value)
        return [Problem(path, f"must be one of {', '.join(option['choices'])}, not {shown}")]
    if kind == "dict" and options:
        return type_problems(options, converted, path, free)
    if kind == "list":
        item = {"type": option["elements"], "options": options}
        return [
            found
            for index, element in enumerate(converted)
            for found in _wrong({name: part for name, part in item.items() if part}, element, f"{path}[{index}]", "")
        ]
    return []


def _what_came(value: t.Any) -> str:
    if isinstance(value, float):
        return "a number with a fraction"
    return "a mapping" if isinstance(value, dict) else type_name(value)


def _converted(kind: str, value: t.Any) -> t.Any:
    """The value as ansible-core makes it of this type, `None` where it cannot."""
    try:
        return DEFAULT_TYPE_VALIDATORS[kind](value)
    except (TypeError, ValueError):
        return None


def argument_error(
    spec: ModuleSpec, found: t.Sequence[Problem], params: t.Mapping[str, t.Any], given: t.Collection[str]
) -> InputError:
    """Everything that is wrong with a task's arguments: what ansible-core finds, and what the spec finds.

    `found` is what `validated` found, `params` the options as far as it validated them, `given` those in the task.
    """
    typed = _of_declared_types(params, spec.argument_spec)
    known = {problem.field for problem in found if problem.field}
    options = wrapped(resolve_credentials(typed, given), spec.argument_spec)
    more = [problem for problem in spec.problems(options) if not _is_known(problem, known)]
    return InputError(spec.subject(typed), list(dict.fromkeys([*found, *more])))


def _is_known(problem: Problem, known: t.Collection[str]) -> bool:
    """Whether something is wrong already with a problem's field, or with what it stands in."""
    steps = problem.field.split(".")
    return any(".".join(steps[:number]) in known for number in range(1, len(steps) + 1))


def _of_declared_types(params: t.Mapping[str, t.Any], spec: ArgumentSpec) -> dict[str, t.Any]:
    """All declared options; one that is not of its declared type, of which ansible-core complains, as `None`."""
    return {name: _of_declared_type(params.get(name, option.get("default")), option) for name, option in spec.items()}


def _of_declared_type(value: t.Any, option: dict[str, t.Any]) -> t.Any:
    if not isinstance(value, TYPES[option["type"]]):
        return None
    if "options" not in option:
        return value
    if option["type"] == "dict":
        return _of_declared_types(value, option["options"])
    return [_of_declared_types(item if isinstance(item, dict) else {}, option["options"]) for item in value]
