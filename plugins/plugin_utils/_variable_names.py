# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that are misspelt: names that begin like those of a role, or are a slip away from one.

Ansible ignores a variable that nobody reads, so a run with such a name would go ahead without what it should say.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ArgumentSpec
from ansible_collections.mailfleet.email.plugins.module_utils._resource.sync_options import PLAN
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated_options
from ansible_collections.mailfleet.email.plugins.plugin_utils._bare_names import bare_names
from ansible_collections.mailfleet.email.plugins.plugin_utils._handed_on import run_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS

_LOADER: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHORT = 8
"""Names that are shorter may well be a variable of somebody else's, but for the command line."""
_FAR = 3
_ALIKE = 0.5
_BOOLEANS: t.Final = (
    *("mailfleet_detailed_exitcode", "mailfleet_force", "mailfleet_hand_on", "mailfleet_in_process"),
    *("mailfleet_one_file_each", "mailfleet_plan_required", "mailfleet_plan_signed", "mailfleet_prune"),
)
_PATHS: t.Final = ("mailfleet_document", "mailfleet_merge_plans", "mailfleet_merge_reports")
_TYPED: t.Final[ArgumentSpec] = {
    **{name: {"type": "bool"} for name in _BOOLEANS},
    **{name: {"type": "path"} for name in ("plan", "mailfleet_export_to")},
    **{name: {"type": "list", "elements": "path"} for name in _PATHS},
    "mailfleet_other_variables": {"type": "list", "elements": "str"},
    "mailfleet_expect_hosts": {"type": "int"},
    "mailfleet_done": {"type": "str", "choices": PLAN["done"]["choices"]},
}
"""What no module is handed as it is, or in runs with a plan alone: a template would take any text for false, or break
off."""
_NO_PLAN: t.Final = Problem("mailfleet_plan_required", "is true, but there is no plan: give one with -e plan=plan.json")


def problems_of_variables(
    arguments: t.Mapping[str, t.Any],
    given: t.Mapping[str, t.Any],
    on_command_line: t.Collection[str],
    render: t.Callable[[str], t.Any],
    *,
    writes: bool,
) -> list[Problem]:
    """What is wrong with the variables of a host, by the arguments of the module `control_variables`.

    `render` makes of a template what it stands for.
    """
    try:
        options = [options_in(Path(path).resolve()) for path in arguments["argument_specs"]]
    except (OSError, yaml.YAMLError, TypeError, KeyError, AttributeError):
        return [Problem("argument_specs", "must be files such as meta/argument_specs.yml of a role")]
    names = frozenset(name for found in options for name in found)
    known = Known(names, tuple(arguments["prefixes"]), frozenset(arguments["other_variables"]))
    lacks_plan = writes and arguments["plan_required"] and not arguments["has_plan"]
    found = known.problems(given, on_command_line) + ([_NO_PLAN] if lacks_plan else [])
    bare = bare_names(names, given, [name for name in on_command_line if name not in known.others])
    found += [Problem(name, _words(meant)) for name, meant in sorted(bare.items())]
    looked_at = {
        name: option for described in options for name, option in described.items() if name in arguments["values"]
    }
    values = {name: _shape(given.get(name), option, render) for name, option in looked_at.items()}
    typed = {name: option for name, option in _TYPED.items() if name in names and name in given}
    values.update({name: _rendered(given[name], render) for name in typed})
    # Where a template leaves a variable out: before ansible-core 2.19, null becomes an empty text.
    said = {name: value for name, value in values.items() if value not in ("", given.get("omit"))}
    return found + validated_options({**_mappings(looked_at), **typed}, said, {})[1]


def _rendered(value: t.Any, render: t.Callable[[str], t.Any]) -> t.Any:
    """A value of a variable, with lists in it as one: documents of groups are given so."""
    value = render(value) if isinstance(value, str) else value
    parts = [_rendered(part, render) for part in value] if isinstance(value, list) else [value]
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part]) if one is not None]
    return flat if isinstance(value, list) else value


def _shape(value: t.Any, option: t.Mapping[str, t.Any], render: t.Callable[[str], t.Any]) -> t.Any:
    """The names in a value as far down as the file of a role says what stands there; what else it holds is not read."""
    if "options" not in option:
        return None
    value = render(value) if isinstance(value, str) else value
    if not isinstance(value, t.Mapping):
        return value
    return {str(name): _shape(part, option["options"].get(name, {}), render) for name, part in value.items()}


@cache
def options_in(path: Path) -> dict[str, t.Any]:
    """All options in the file of a role's argument specs."""
    specs = yaml.load(path.read_bytes(), _LOADER)  # noqa: S506  Both loaders are safe.
    return {name: option for spec in specs["argument_specs"].values() for name, option in spec["options"].items()}


def _mappings(options: t.Mapping[str, t.Any]) -> ArgumentSpec:
    """Options as mappings where the file says what stands in them, and anything where it does not."""
    return {
        name: {"type": "dict", "options": _mappings(option["options"])} if "options" in option else {"type": "raw"}
        for name, option in options.items()
    }


@dataclass(frozen=True)
class Known:
    """The variables that a role reads.

    `prefixes` are how its names begin, and nobody else's do. `others` are names that are no mistake all the same.
    """

    names: frozenset[str]
    prefixes: tuple[str, ...]
    others: frozenset[str]

    def problems(self, given: t.Mapping[str, t.Any], on_command_line: t.Collection[str]) -> list[Problem]:
        """What is wrong with the names of variables; of their values, only the kind is looked at."""
        unknown = [name for name in sorted(given) if name not in self.names and name not in self.others]
        # What slices hand on has a name for each of them.
        unknown = [name for name in unknown if run_of(name) is None]
        found = ((name, self._meant(name, given[name], name in on_command_line)) for name in unknown)
        return [Problem(name, _words(meant)) for name, meant in found if meant is not None]

    def _meant(self, name: str, value: t.Any, on_command_line: bool) -> str | None:
        """The name that is meant; empty where it begins like ours and is near none, `None` where it is none of ours."""
        if name.lower().startswith(self.prefixes):
            return self._nearest(name.lower())
        if isinstance(value, t.Mapping) or name.startswith("_"):
            # What a task registered, mostly, and what is a role's own: no control variable is such.
            return None
        joined = [found for key in DOCUMENT_KEYS if key in self.names for found in _joined(name, key)]
        if joined and (name in joined or _is_list_of_records(value)):
            return None if name in joined else joined[0]
        near = [(distance(name.lower(), ours), ours) for ours in self.names if _may_be_near(name.lower(), ours)]
        slips, ours = min(near, default=(3, ""))
        if on_command_line:
            begun = [ours for ours in self.names if len(ours) < _SHORT and name.lower().startswith(ours)]
            return ours if slips <= (1 if len(ours) < _SHORT else 2) else next(iter(begun), None)
        return ours if slips <= 2 and len(ours) >= _SHORT else None

    def _nearest(self, name: str) -> str:
        """The name that is meant by one of our beginning; empty where none is like it.

        The beginning may be too much, as in `mailfleet_plan`. Many slips tell nothing: then it counts what is alike.
        """
        prefix = max((found for found in self.prefixes if name.startswith(found)), key=len)
        rest = name[len(prefix) :]
        slips = {ours: min(distance(name, ours), 1 + distance(rest, ours)) for ours in sorted(self.names)}
        nearest = min(slips, key=lambda ours: slips[ours], default="")
        if slips.get(nearest, _FAR) < _FAR:
            return nearest
        same = [ours for ours in slips if ours.startswith(prefix)]
        alike = {ours: SequenceMatcher(None, rest, ours[len(prefix) :]).ratio() for ours in same}
        best = max(alike, key=lambda ours: alike[ours], default="")
        return best if alike.get(best, 0) >= _ALIKE else ""


def _joined(name: str, key: str) -> t.Iterator[str]:
    """The names that are meant by one which begins like `key`, or a slip away from it, and has more behind it."""
    lowered = name.lower().replace("-", "_")
    for place, letter in enumerate(lowered):
        begins, rest = lowered[:place], lowered[place + 1 :]
        if letter == "_" and rest and _may_be_near(begins, key) and distance(begins, key) <= 2:
            yield name if name.startswith(f"{key}_") else f"{key}_{rest}"
    if lowered.startswith(key) and lowered[len(key) :].isalnum():
        yield f"{key}_{lowered[len(key) :]}"


def _is_list_of_records(value: t.Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, t.Mapping) for item in value)


def _words(meant: str) -> str:
    own = "name it in mailfleet_other_variables where it is one of your own"
    return f"is read by nobody; did you mean {meant}? Otherwise {own}" if meant else f"is read by nobody; {own}"


def _may_be_near(name: str, ours: str) -> bool:
    """Whether one name can be two slips away from another: a slip changes the length by one, and two letters at most.

    Most names are distinguished by that alone, which takes a hundredth of the time.
    """
    return abs(len(ours) - len(name)) <= 2 and len(set(name) ^ set(ours)) <= 4


def distance(first: str, second: str) -> int:
    """How many letters are wrong, missing, too many or exchanged with their neighbour between two names."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for index, letter in enumerate(first, 1):
        before, last, row = row, before, [index]
        for column, other in enumerate(second, 1):
            cost = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != other))
            if index > 1 and column > 1 and letter == second[column - 2] and first[index - 2] == other:
                cost = min(cost, last[column - 2] + 1)
            row.append(cost)
    return row[-1]
