# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which records a task that only reads is to show."""

from __future__ import annotations

import typing as t

from .._engine import secret
from .._engine.plan import same
from .._engine.schema import Problem
from .._engine.secret import Known, Record

if t.TYPE_CHECKING:
    from .typed import Typed


def filter_problems(filters: Record | None, known: Known) -> list[Problem]:
    """What is wrong with the filters of an `_info` module: secrets are never compared, since that would show them."""
    return [
        Problem(f"filters.{path}", "is a secret, and records are not searched for secrets")
        for path, value in sorted((filters or {}).items())
        if _is_secret_at(path, value, known)
    ]


def typed_filter_problems(filters: Typed, known: Known) -> list[Problem]:
    """What is wrong with filters whose values are converted: of one that could not be, that alone."""
    wrong = {problem.field for problem in filters.problems}
    secrets = filter_problems(filters.data, known)
    return [*filters.problems, *(problem for problem in secrets if problem.field not in wrong)]


def _is_secret_at(path: str, value: t.Any, known: Known) -> bool:
    """Whether a value at a dotted path is a secret, or holds one; a truth value in the place of a secret is none."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return bool(secret.omit(secret.wrap(value, known)) != value)


def matches(record: Record, filters: Record | None) -> bool:
    """Whether a record has all the values of `filters`, a mapping of dotted paths to values."""
    return all(same(_at(record, path), value) for path, value in (filters or {}).items())


def _at(record: t.Any, path: str) -> t.Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def not_there_yet(about: str, what: str) -> str:
    """The warning in check mode that `what` is not live: a task before this one may be to create it."""
    return f"{about}: no live {what}; in check mode, what a task before this one would create is not there yet"
