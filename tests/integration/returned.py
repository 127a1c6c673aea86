# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds what a task returned to the RETURN of its module: both ways, names, types and choices, at every level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.documented import returns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    Values = Mapping[str, Any]

# What Ansible itself puts beside the values of a module, and what every module may return. A module that documents one
# of these is held to that all the same.
_OF_ANSIBLE = frozenset(
    (
        *("changed", "failed", "msg", "exception", "warnings", "deprecations", "invocation"),
        # Keywords of the task, such as until, loop and timeout.
        *("attempts", "retries", "changed_when_result", "failed_when_result", "timedout"),
        *("item", "ansible_loop_var", "ansible_index_var"),
        # Tasks in the background.
        *("ansible_job_id", "results_file", "started", "finished", "stdout", "stdout_lines", "stderr", "stderr_lines"),
    )
)
_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "dict": (dict,),
    "float": (int, float),
    "int": (int,),
    "list": (list,),
    "str": (str,),
}


def differences(module: str, returned: Values, *, failed: bool) -> list[str]:
    """What is wrong with the result of a module's task, by its documentation. The items of a loop are tasks each."""
    if _is_of_ansible(returned, failed=failed):
        return []
    documented = returns(module)
    own = {
        name: value
        for name, value in returned.items()
        if name in documented or not (name in _OF_ANSIBLE or name.startswith("_ansible_"))
    }
    due = {"always"} if failed else {"always", "success"}
    return list(_of_all(own, documented, due))


def _is_of_ansible(returned: Values, *, failed: bool) -> bool:
    """Whether no module returned this: it is hidden, or skipped, or still at work in the background.

    Nor did one return a failure with none of what ours have: that is Ansible's own, of a template for example.
    """
    if "censored" in returned or returned.get("skipped"):
        return True
    if "ansible_job_id" in returned and not returned.get("finished"):
        return True
    return failed and "changed" not in returned and "failure" not in returned


def _of_all(values: Values, documented: Values, due: Collection[str], path: str = "") -> Iterator[str]:
    """The same for a mapping. Where a value within another one does not say when it is there, it always is."""
    for name, value in documented.items():
        if value.get("returned", "always") in due and name not in values:
            yield f"{path}{name} is missing"
    for name, value in values.items():
        if name in documented:
            yield from _of_one(value, documented[name], f"{path}{name}")
        else:
            yield f"{path}{name} is not documented"


def _of_one(value: Any, documented: Values, where: str) -> Iterator[str]:
    """The same for one value. What is not known is null, whatever its type."""
    if value is None:
        return
    if type(value) not in _TYPES[documented["type"]]:
        yield f"{where} is documented as {documented['type']}, and is {value!r}"
        return
    if value not in documented.get("choices", [value]):
        yield f"{where} is none of its choices: {value!r}"
    for part in value if isinstance(value, list) else ():
        if part is not None and type(part) not in _TYPES[documented["elements"]]:
            yield f"{where}[] is documented as {documented['elements']}, and is {part!r}"
        elif "contains" in documented:
            yield from _of_all(part, documented["contains"], {"always"}, f"{where}[].")
    if isinstance(value, dict) and "contains" in documented:
        yield from _of_all(value, documented["contains"], {"always"}, f"{where}.")
