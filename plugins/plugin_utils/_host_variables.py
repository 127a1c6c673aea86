# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the variables of a host say of each kind of record, as the options of its module."""

from __future__ import annotations

import os
import re
import typing as t
from contextlib import suppress

from ansible.errors import AnsibleError

from ansible_collections.mailfleet.email.plugins.module_utils._resource.phases import merged

if t.TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ArgumentSpec, ModuleSpec
    from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import Kind

CONTROL: t.Final = "mailfleet_"
"""How the names of variables begin that say how all products are worked with."""

_Result = dict[str, t.Any]
_Variables = t.Mapping[str, t.Any]
# Those of all modules' options that a variable of that beginning gives.
CONTROLLED: t.Final[tuple[str, ...]] = (
    "concurrency",
    "on_error",
    "prune",
    "prune_keep",
    "prune_limit",
    "rate_limit",
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
    # An empty text is what a look-up gives that found nothing. As a path it would be the folder that this is run in.
    return [] if value is None or value == "" else [value]


def values_of(
    kind: Kind, spec: ArgumentSpec, variables: _Variables, templar: t.Any, *, asks_server: bool = True
) -> _Result:
    """What a host's variables say of the product of a kind and of how it is worked with, as options of the module.

    Null means not given. Nothing is rendered but what the host has, and no credentials where no server is asked. Then
    an address whose variables are not defined is as good as none.
    """
    names = names_of(kind, spec, asks_server=asks_server)
    names.pop("defaults", None)
    unsure = {} if asks_server else {"api_url": names.pop("api_url")}
    values = _held(names, variables, templar)
    with suppress(AnsibleError):
        values.update(_held(unsure, variables, templar))
    if "defaults" not in spec:
        return values
    values["defaults"] = _part(f"{CONTROL}defaults", kind.key, variables, templar) or {}
    return values


def names_of(kind: Kind, spec: ArgumentSpec, *, asks_server: bool = True) -> dict[str, str]:
    """The variables of a host that give options of a module about this kind of record, by the options."""
    names = {option: f"{CONTROL}{option}" for option in (*CONTROLLED, *kind.consents) if option in spec}
    if "defaults" in spec:
        names["defaults"] = f"{CONTROL}defaults.{kind.key}"
    reached = [option for option in kind.connection if asks_server or option == "api_url" or _is_setting(spec[option])]
    names.update({option: f"{kind.variables.lower()}_{option}" for option in reached})
    return names


def _is_setting(option: t.Mapping[str, t.Any]) -> bool:
    """Whether an option of a connection says how a server is reached, and not where it is and who asks."""
    return bool(option["type"] != "str")


def names_of_role(kind: Kind, spec: ModuleSpec, prefix: str, variables: _Variables, templar: t.Any) -> dict[str, str]:
    """The variables of a role whose names begin with `prefix`, by the options that they give alone."""
    names = _names_of_options(kind, spec, prefix)
    if _part(f"{prefix}document", kind.key, variables, templar) is None:
        names[str(spec.records)] = f"{prefix}{kind.key}"
    if _part(f"{prefix}document", "defaults", variables, templar) is None:
        names["defaults"] = f"{prefix}defaults.{kind.key}"
    return names


def _names_of_options(kind: Kind, spec: ModuleSpec, prefix: str) -> dict[str, str]:
    options = (*CONTROLLED, *kind.consents, "undescribed")
    return {option: f"{prefix}{option}" for option in options if option in spec.argument_spec}


def values_of_role(kind: Kind, spec: ModuleSpec, prefix: str, variables: _Variables, templar: t.Any) -> _Result:
    """What the variables of a role, whose names begin with `prefix`, say of a kind of record, as options of its module.

    The records of its document, which is a mapping, go with those of its list. Nothing where it has no records.
    """
    document, defaults = f"{prefix}document", f"{prefix}defaults"
    own = _held({"records": f"{prefix}{kind.key}"}, variables, templar).get("records")
    records = _both(own, _part(document, kind.key, variables, templar))
    if not records:
        return {}
    of_document = _part(document, "defaults", variables, templar)
    merged_defaults = _both(
        _part(defaults, kind.key, variables, templar),
        of_document.get(kind.key) if isinstance(of_document, t.Mapping) else of_document,
    )
    names = _names_of_options(kind, spec, prefix)
    return {**_held(names, variables, templar), str(spec.records): records, "defaults": merged_defaults or {}}


def _part(name: str, key: str, variables: _Variables, templar: t.Any) -> t.Any:
    """What a variable, which is a mapping, holds under a key. Nothing else of it is rendered, where that can be."""
    held = variables.get(name)
    if isinstance(held, str):
        held = _held({"all": name}, variables, templar).get("all")
    return templar.template(held.get(key)) if isinstance(held, t.Mapping) else None


def _both(first: t.Any, second: t.Any) -> t.Any:
    """Two lists as one, or two mappings, of which the second counts more. The module says what is wrong with others."""
    if not first or not second:
        return first or second
    if isinstance(first, dict) and isinstance(second, dict):
        return merged(first, second)
    first, second = (part if isinstance(part, list) else [part] for part in (first, second))
    return [*first, *second]


def address_of(kind: Kind, variables: _Variables, templar: t.Any) -> t.Any:
    """The address that a host's variables give of the server of a kind; `None` where they give none."""
    return _held({"api_url": f"{kind.variables.lower()}_api_url"}, variables, templar).get("api_url")


def _held(names: t.Mapping[str, str], variables: _Variables, templar: t.Any) -> _Result:
    """The values of variables, by options; without those that are not there, null or left out."""
    held = templar.template({option: variables[name] for option, name in names.items() if name in variables})
    return {option: value for option, value in without_omitted(held, variables).items() if value is not None}


def without_omitted(held: t.Mapping[str, t.Any], variables: _Variables) -> _Result:
    """Rendered values without those that are left out: before ansible-core 2.19, a text stands for them."""
    omitted = variables.get("omit")
    return {option: value for option, value in held.items() if not (isinstance(value, str) and value == omitted)}
