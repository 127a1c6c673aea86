# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the variables of a host say of each kind of record, as the options of its module."""

from __future__ import annotations

import os
import re
import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ArgumentSpec
    from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import Kind

CONTROL: t.Final = "mailfleet_"
"""How the names of variables begin that say how all products are worked with."""

_Result = dict[str, t.Any]
_Variables = t.Mapping[str, t.Any]
# Those of the modules' options that a variable of that beginning gives.
CONTROLLED: t.Final[tuple[str, ...]] = (
    "concurrency",
    "erase_stored_mail",
    "on_error",
    "prune",
    "prune_keep",
    "prune_limit",
    "rate_limit",
    "remove_in_use",
    "shown_fields",
    "write_passwords",
)


def sources_of(kind: Kind, other_variables: t.Collection[str], variables: _Variables, templar: t.Any) -> _Result:
    """Where the description of a kind of record is: the options `document` and `from_variables`; none where nowhere.

    Paths are relative to where `ansible-playbook` is run: playbooks may stand in a collection, which is no place for
    documents.
    """
    document = _held({"document": f"{CONTROL}document"}, variables, templar).get("document")
    paths = [os.path.realpath(str(path)) for path in _flat(document)]
    begins = re.compile(rf"{kind.key}(_.+)?")
    names = sorted(name for name in variables if begins.fullmatch(name) and name not in other_variables)
    found = {"document": paths, "from_variables": names}
    return {option: value for option, value in found.items() if value}


def _flat(value: t.Any) -> list[t.Any]:
    if isinstance(value, (list, tuple)):
        return [path for item in value for path in _flat(item)]
    return [] if value is None else [value]


def values_of(kind: Kind, spec: ArgumentSpec, variables: _Variables, templar: t.Any) -> _Result:
    """What a host's variables say of the product of a kind and of how it is worked with, as options of the module.

    Null means not given. Nothing is rendered but what the host has.
    """
    names = {option: f"{CONTROL}{option}" for option in CONTROLLED if option in spec}
    names.update({option: f"{kind.variables.lower()}_{option}" for option in kind.connection})
    values = _held(names, variables, templar)
    defaults = variables.get(f"{CONTROL}defaults")
    if isinstance(defaults, str):
        defaults = _held({"all": f"{CONTROL}defaults"}, variables, templar).get("all")
    of_kind = defaults.get(kind.key) if isinstance(defaults, t.Mapping) else None
    values["defaults"] = templar.template(of_kind) or {}
    return values


def _held(names: t.Mapping[str, str], variables: _Variables, templar: t.Any) -> _Result:
    """The values of variables, by options; without those that are not there, null or left out."""
    held = templar.template({option: variables[name] for option, name in names.items() if name in variables})
    omitted = variables.get("omit")
    return {
        option: value
        for option, value in held.items()
        # Before ansible-core 2.19, a text stands for what is left out.
        if value is not None and not (isinstance(value, str) and value == omitted)
    }
