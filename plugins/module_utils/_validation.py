# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's arguments checked as Ansible checks them, with every problem reported."""

from __future__ import annotations

import typing as t
from contextlib import suppress

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict
from ansible.module_utils.common.warnings import get_warning_messages

from ._engine import schema
from ._engine.schema import Problem
from ._engine.secret_input import text_problems
from ._http.errors import quote
from ._resource.spec import TYPES, ArgumentSpec, ModuleSpec


def validated(spec: ModuleSpec, arguments: dict[str, t.Any]) -> tuple[dict[str, t.Any], list[Problem], list[str]]:
    """Validate a task's arguments as AnsibleModule does. Returns the options, what is wrong with them, and warnings.

    The records of a list are validated one by one, so that each problem has its index; a record that is of its declared
    types to the letter, as in documents, is let through as it is.
    """
    reported_before = len(get_warning_messages())
    listed = listed_records(spec, arguments)
    others = without_records(spec, arguments)
    rules = {"required_one_of": spec.required_one_of}
    params, problems, warnings = validated_options(spec.argument_spec, others, rules)
    for name, records in listed.items():
        params[name], wrong, reported = validated_records(spec, name, records)
        problems += wrong
        warnings += reported
    # Before ansible-core 2.19, the aliases of suboptions are warned of here.
    warnings += get_warning_messages()[reported_before:]
    return params, problems, warnings


def without_nulls(arguments: t.Mapping[str, t.Any], spec: ArgumentSpec) -> dict[str, t.Any]:
    """The arguments less the declared options that are null, which are not given: ansible-core refuses some of them.

    What is not declared is left as it is: within a free mapping, null is a value. A mapping that came as JSON is one
    afterwards.
    """
    declared = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    given = {}
    for name, value in arguments.items():
        options = declared.get(name, {}).get("options")
        held = _parsed(value) if options else value
        if options and isinstance(held, dict):
            given[name] = without_nulls(held, options)
        elif value is not None or name not in declared:
            given[name] = value
    return given


def _parsed(value: t.Any) -> t.Any:
    """The mapping that a text is as JSON, as ansible-core takes it; the value itself where it is none."""
    with suppress(TypeError):
        return check_type_dict(value) if isinstance(value, str) and value.startswith("{") else value
    return value


def readable(arguments: t.Mapping[str, t.Any], spec: ArgumentSpec) -> dict[str, t.Any]:
    """The arguments as ansible-core can look at them: it stumbles over a number in the place of a mapping of options.

    It is handed an empty list there, which it refuses; as an item where it takes a list.
    """
    declared = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    return {
        name: _readable(value, declared[name]) if "options" in declared.get(name, {}) else value
        for name, value in arguments.items()
    }


def _readable(value: t.Any, option: dict[str, t.Any]) -> t.Any:
    if isinstance(value, dict):
        return readable(value, option["options"])
    if isinstance(value, list):
        return [_readable(item, {**option, "type": "dict"}) for item in value]
    return value if isinstance(value, str) else [[]] if option["type"] == "list" else []


def listed_records(spec: ModuleSpec, arguments: t.Mapping[str, t.Any]) -> dict[str, list[t.Any]]:
    """Of a task's arguments, the one that lists records; nothing where that is not given, or is no list."""
    return {name: value for name, value in arguments.items() if name == spec.records and isinstance(value, list)}


def without_records(spec: ModuleSpec, arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A task's arguments less the one that lists records."""
    return {name: value for name, value in arguments.items() if name not in listed_records(spec, arguments)}


def validated_records(
    spec: ModuleSpec, option: str, records: list[t.Any]
) -> tuple[list[dict[str, t.Any]], list[Problem], list[str]]:
    """Validate the records of a list one by one. Returns them, what is wrong with them, and warnings."""
    options = spec.argument_spec[option]["options"]
    declared = _declared(options)
    valid: list[dict[str, t.Any]] = []
    problems: list[Problem] = []
    warnings: list[str] = []
    for index, record in enumerate(records):
        where = f"{option}[{index}]"
        if not isinstance(record, dict):
            problems.append(Problem(where, f"must be a mapping of options to values, not {schema.type_name(record)}"))
            # Its place is kept, so that what is wrong with the records after it has the right one.
            valid.append({})
        elif _is_declared(record, declared):
            valid.append(record)
        else:
            params, wrong, reported = validated_options(options, record, {}, where)
            valid.append(params)
            problems += [Problem(found.field, f"{_called(spec, record)}{found.message}") for found in wrong]
            warnings += reported
    return valid, problems, warnings


def _called(spec: ModuleSpec, record: dict[str, t.Any]) -> str:
    """What a record is called, for the beginning of a problem; nothing where it says nothing of that."""
    for name in spec.called_by:
        value = record.get(name)
        if isinstance(value, (str, int)):
            return f"({f'id {value}' if name == 'id' else quote(value)}) "
    return ""


def validated_options(
    spec: ArgumentSpec, arguments: dict[str, t.Any], rules: t.Mapping[str, t.Any], where: str = ""
) -> tuple[dict[str, t.Any], list[Problem], list[str]]:
    """Validate options that stand at the path `where`. Returns them, what is wrong with them, and warnings.

    `rules` are what ansible-core calls `required_one_of` and the like, by these names.
    """
    arguments = without_nulls(arguments, spec)
    result = ArgumentSpecValidator(spec, **rules).validate(readable(arguments, spec))
    errors = list(result.errors)
    problems = text_problems(spec, arguments, where)
    if errors:
        problems += explained(spec, arguments, errors, rules, where)
        # ansible-core stumbles over some secrets, too, that are no texts.
        problems = problems or [Problem(where, "holds a value that ansible-core does not accept")]
    prefix = f"{where}." if where else ""
    warnings = [
        f"Both option {prefix}{pair['option']} and its alias {prefix}{pair['alias']} are set."
        for pair in result._warnings
    ]
    return result.validated_parameters, problems, warnings


def explained(
    spec: ArgumentSpec,
    arguments: dict[str, t.Any],
    errors: t.Sequence[t.Any],
    rules: t.Mapping[str, t.Any],
    where: str = "",
) -> list[Problem]:
    """The errors of ansible-core in words of our own; in its words where we have none."""
    # Only bad arguments need it, and Ansible compiles what a task imports in each run anew.
    from ._arguments import EXPLAINED, argument_problems

    problems = argument_problems(spec, arguments, rules, where)
    others = [error for error in errors if not isinstance(error, EXPLAINED)]
    return [*problems, *(Problem(where, error.msg) for error in others)]


class _Declared(t.NamedTuple):
    """What an option's values must be to need no conversion and to break no rule."""

    types: tuple[type, ...]
    choices: t.Collection[t.Any] | None
    options: dict[str, _Declared] | None


def _declared(options: ArgumentSpec) -> dict[str, _Declared]:
    return {
        name: _Declared(
            TYPES[option["type"]],
            option.get("choices"),
            _declared(option["options"]) if "options" in option else None,
        )
        for name, option in options.items()
    }


def _is_declared(record: dict[str, t.Any], declared: dict[str, _Declared]) -> bool:
    """Whether all that a record holds is of its declared type to the letter."""
    for name, value in record.items():
        if name not in declared:
            return False
        if value is None:
            continue
        types, choices, options = declared[name]
        if isinstance(value, list):
            # What stands in a list is looked at by ansible-core.
            return False
        # The exact type: true is an int to isinstance.
        if type(value) not in types or (choices is not None and value not in choices):
            return False
        if options is not None and not _is_declared(value, options):
            return False
    return True
