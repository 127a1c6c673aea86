# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live records as the entries of a document that describes them as they are. Pure.

A record comes without its secrets, with their places beside it. What cannot be described, since no option means it or
the option refuses the live value, is left out and reported; a field that is not described stays as it is.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from itertools import takewhile

from .._engine.schema import Problem
from .._engine.secret import Record

Path = tuple[t.Union[str, int], ...]
InputProblems = t.Callable[[t.Mapping[str, t.Any]], list[Problem]]


@dataclass(frozen=True)
class SecretField:
    """Where a secret stands, as steps from the record on, and whether the server lets it be read."""

    path: Path
    readable: bool


@dataclass
class Exported:
    """An entry of a document. `secrets` are the places where secrets belong into it, `left_out` is what is not in it.

    `key` is what people call the record, for the names of variables and files; `identity` is what no other record has,
    and what the record keeps. `refused` says why there can be no entry about the record.
    """

    key: str
    entry: Record = field(default_factory=dict)
    secrets: list[list[str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    identity: tuple[str, ...] = ()
    refused: str = ""

    def drop_refused(self, problems_of: InputProblems) -> None:
        """Leave out the fields that a task would refuse, each with the reason; where that does not help, all of it."""
        problems = problems_of({"state": "present", **self.entry})
        while problems and not self.refused:
            dropped = [problem for problem in problems if _without(self.entry, problem.field.split("."))]
            self.left_out += [f"{problem.field} ({problem.message})" for problem in dropped]
            if not dropped:
                self.refused = "; ".join(f"{problem.field} {problem.message}".strip() for problem in problems)
            problems = problems_of({"state": "present", **self.entry})

    def add_password(self, secret: SecretField, path: Path) -> None:
        """Note that the password belongs where the path leads.

        One that the server does not show is not written on every run: there is nothing to compare it with.
        """
        if not secret.readable:
            self.entry["update_password"] = "on_create"
        self.secrets.append([str(name) for name in path])

    def add_secret(self, secret: SecretField, path: Path) -> None:
        """Note that a secret belongs where the path leads, or that it cannot be described.

        A list with a secret in it is one as a whole: lists are compared as a whole.
        """
        names = [str(name) for name in takewhile(lambda step: isinstance(step, str), path)]
        _without(self.entry, names)
        others = [other for other in self.secrets if other != names]
        if secret.readable:
            self.secrets = [*others, names]
        else:
            self.secrets = others
            self.left_out.append(f"{'.'.join(names)} (the server does not show the secret)")


def refuse_repeated(records: t.Iterable[Exported], identity: t.Callable[[Record], t.Hashable]) -> None:
    """Refuse each record that an earlier one's entry means too: a document with both is refused as a whole."""
    known: dict[t.Hashable, str] = {}
    for record in records:
        if not record.refused:
            meant = identity(record.entry)
            if meant in known:
                record.refused = f"means the same record as {known[meant]}"
            known.setdefault(meant, record.key)


def _without(entry: Record, steps: t.Sequence[str]) -> bool:
    """Take a field out of an entry. Returns whether it was there."""
    inner: t.Any = entry
    for step in steps[:-1]:
        inner = inner.get(step) if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or steps[-1] not in inner:
        return False
    del inner[steps[-1]]
    return True


def as_integer(value: t.Any) -> int | None:
    """A number that servers give as text or as number; `None` where it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()
    return int(text) if text.isdecimal() else None


def in_order(value: t.Any) -> t.Any:
    """Data with the names in every mapping sorted. Those without a value are left out, but not within a list."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value) if value[name] is not None}
    return value
