# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which live records a description means, by its id, its name, or a name of before."""

from __future__ import annotations

import typing as t

from .._engine.schema import Problem
from .._engine.secret import Record
from .._http.errors import some_of
from .base import raise_problems
from .interface import Params, Resource

if t.TYPE_CHECKING:
    from .._engine.looks import Looks


class Found(t.NamedTuple):
    """The live records that a description means: those that fit, and those that have a name which it had before.

    `problems` say why they are not one to work on. Where there is none, `alike` says which other one looks as if it
    were meant.
    """

    fitting: t.Sequence[Record] = ()
    former: t.Sequence[Record] = ()
    problems: t.Sequence[Problem] = ()
    alike: t.Sequence[Problem] = ()

    @property
    def records(self) -> t.Sequence[Record]:
        """The records that are meant."""
        return self.fitting or self.former


class Index:
    """Live records by what they are found by: a look at each for every entry would take the square of the time."""

    def __init__(self, resource: Resource[t.Any], live: t.Iterable[Record]) -> None:
        self._resource = resource
        self._live = list(live)
        self._by: dict[str, dict[t.Hashable, list[Record]]] = {}
        self._looks: dict[str, Looks] = {}

    def having(self, name: str, value: t.Any) -> list[Record]:
        """All live records with this value in the field `name`."""
        fold = self._resource.fold
        if name not in self._by:
            self._by[name] = {}
            for record in self._live:
                self._by[name].setdefault(fold(name, record.get(name)), []).append(record)
        return self._by[name].get(fold(name, value), [])

    def find(self, params: Params) -> Found:
        """The live records that the options mean, and what is wrong with them.

        One that is read by its name is meant whether it is there or not.
        """
        resource, (name, value) = self._resource, self._resource.identity(params)
        if resource.is_read_by_name:
            return Found([{name: value}])
        fitting = self.having(name, value)
        names = self._former_names(params)
        former = [record for other in names for record in self.having(resource.name, other)]
        if len(fitting) > 1:
            return Found(fitting, former, [_ambiguity(resource, name, value, fitting)])
        if not fitting and len(former) > 1:
            from .former_names import several_former

            return Found(fitting, former, [several_former(resource, former)])
        if fitting or former:
            return Found(fitting, former)
        is_wanted = params.get("state") == "present"
        if name == "id":
            message = f"no live {resource.noun} has it; leave id out to create one, the server chooses the id"
            return Found(problems=[Problem("id", message)] if is_wanted else [])
        alike = self._alike(name, value, name)
        alike += [problem for other in names for problem in self._alike(resource.name, other, "former_names")]
        return Found(problems=alike if is_wanted else [], alike=alike)

    def _former_names(self, params: Params) -> list[str]:
        if not params.get("former_names"):
            return []
        # Imported late, as what is below: most tasks rename nothing, and find what they mean.
        from .former_names import former_names

        return former_names(self._resource, params)

    def _alike(self, name: str, value: t.Any, option: str) -> list[Problem]:
        """The problem that another live record looks as if it had this value, which `option` gives."""
        from .._engine.looks import Looks, alike_message

        if name not in self._looks:
            self._looks[name] = Looks(text for record in self._live if isinstance(text := record.get(name), str))
        other = self._looks[name].alike(value)
        if other is None:
            return []
        ways = "id or former_names" if "former_names" in self._resource.entry else "id"
        advice = f"Write it as the server has it, or say which {self._resource.noun} is meant with {ways}"
        return [Problem(option, alike_message(value, other, advice))]


def _ambiguity(resource: Resource[t.Any], name: str, value: t.Any, found: t.Sequence[Record]) -> Problem:
    advice = "the server lists one id more than once" if name == "id" else resource.twice
    fit = f"{len(found)} live {resource.noun}s fit {value!r}: {some_of(map(resource.listed, found))}"
    return Problem(name, f"{fit}; {advice}")


def meant(
    resource: Resource[t.Any],
    params: Params,
    about: str,
    listed: t.Sequence[Record],
    unresolved: t.Sequence[Problem] = (),
) -> tuple[t.Any, t.Sequence[Problem]]:
    """What the server knows the record by that is meant, `None` where there is none, and which one looks alike.

    Raises an `InputError` where that cannot be known.
    """
    found = Index(resource, listed).find(params)
    both = []
    if found.fitting and found.former:
        from .former_names import both_live

        both.append(both_live(resource, params, found.former, alone=True))
    raise_problems(about, [*unresolved, *found.problems, *both])
    return (found.records[0][resource.key] if found.records else None), found.alike


def whole(resource: Resource[t.Any], store: t.Any, listed: t.Sequence[Record], target: t.Any) -> Record | None:
    """The whole record that the server knows by `target`, `None` where there is none."""
    if target is None or not resource.listed_whole:
        return None if target is None else t.cast("Record | None", store.read(target))
    return next(record for record in listed if record[resource.key] == target)
