# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both tasks about many records share: their options, how record results are carried out and reported."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass
from functools import partial
from math import inf

from .._engine.apply import Progress, run_each
from .._engine.plan import emptied, empty_problem
from .._engine.prune import prune_limit
from .._engine.record_result import RecordResult
from .._engine.schema import InputError, Problem
from .._engine.secret import Record, Secret, is_secret_name, reveal
from .._http.errors import ApiError, CredentialError, quote
from .base import Context
from .interface import Params

Carry = t.Callable[[RecordResult], None]


_SLOWEST: t.Final = 1 / 86_400
_ALL: t.Final = frozenset(("true", "yes", "on", "1"))
_NONE: t.Final = frozenset(("false", "no", "off", "0"))
_NO_NAMES: t.Final = frozenset(
    (
        *("all", "always", "any", "each", "every", "everything", "maybe", "never", "none", "null", "on_create", "once"),
        *("sometimes", "f", "n", "t", "y"),
    )
)
"""Words of who takes `write_passwords` for another option, or for a truth value of another language."""

NO_RECORD: t.Final = "write_passwords: no record of this task is called "
"""How a warning begins that is true of a task alone: what is done in another one may be called so."""


def merged_records(
    params: Params, name: str, own_defaults: Record, called_by: t.Sequence[str] = ()
) -> t.Iterator[Record]:
    """The records of option `name`, each with `defaults` merged under it, at every level, and every field in it.

    One after the other: a second form of all of them would take as much memory as the first.

    `own_defaults` are the fields of a record and what counts for one that is given nowhere. `called_by` are the fields
    that name a record, by which the option `write_passwords` may mean it.
    """
    defaults = merged(own_defaults, params.get("defaults") or {})
    asked = _folded(params.get("write_passwords"))
    entries = (merged(defaults, record) for record in params.get(name) or [])
    if not asked:
        return entries
    return ({**entry, **_password_order(entry, asked, called_by)} for entry in entries)


def _folded(names: t.Sequence[t.Any] | None) -> frozenset[str]:
    """Names, less what says that there are none."""
    return frozenset(str(name).strip().lower() for name in names or ()) - _NONE


def _password_order(entry: Record, asked: frozenset[str], called_by: t.Sequence[str]) -> Record:
    """What counts of an entry whose password is to be written in this run, whatever it says itself."""
    is_meant = asked & _ALL or asked & _folded([entry[name] for name in called_by if entry.get(name) is not None])
    return {"update_password": "always"} if is_meant else {}


def switch_problems(params: Params, entries: t.Iterable[Record], called_by: t.Sequence[str]) -> list[Problem]:
    """Problems where `write_passwords` has what was meant to switch it, and is the name of no entry.

    A warning of a name that nobody has would be read after a run that wrote no password.
    """
    asked = {text.strip().lower(): text for text in params.get("write_passwords") or []}
    words = {word for word in asked if word in _NO_NAMES or _is_slip(word)}
    if not words:
        return []
    words -= {name for entry in entries for name in _folded([entry[field] for field in called_by if entry.get(field)])}
    message = "must be true, false, or the names of records; no record is called"
    return [Problem("write_passwords", f"{message} {quote(asked[word])}") for word in asked if word in words]


def _is_slip(word: str) -> bool:
    """Whether a word is true or false with two letters in each other's place, or with one too many or too few."""
    from difflib import SequenceMatcher

    return any(
        word != choice and (sorted(word) == sorted(choice) or SequenceMatcher(None, word, choice).ratio() > 0.85)
        for choice in ("true", "false")
    )


def unmet_names(params: Params, name: str, called_by: t.Sequence[str]) -> list[str]:
    """Warnings where `write_passwords` names what no record is called, or one that gives no secret: mostly a slip."""
    asked = {text.strip().lower(): text for text in params.get("write_passwords") or []}
    named = {word: False for word in asked if word not in _ALL | _NONE}
    if not named:
        return []
    found: dict[str, bool] = {}
    for record in merged_records(params, name, {}):
        called = _folded([record[field] for field in called_by if record.get(field) is not None])
        found.update({word: found.get(word, False) or _gives_secret(record) for word in called & {*named}})
    nobodys = [f"{NO_RECORD}{quote(asked[word])}" for word in named if word not in found]
    without = [word for word, gives in found.items() if not gives]
    return nobodys + [f"write_passwords: {quote(asked[word])} is described without a password" for word in without]


def _gives_secret(value: t.Any) -> bool:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, Secret) or any(map(_gives_secret, values))


def merged(under: Record, over: Record, *, null_counts: bool = False) -> Record:
    """Merge two mappings at every level. A null means an option that was not given; within `extra` it is a value."""
    both = dict(under)
    for name, value in over.items():
        if isinstance(value, dict) and isinstance(both.get(name), dict):
            both[name] = merged(both[name], value, null_counts=null_counts or name == "extra")
        elif value is not None or null_counts or name not in both:
            both[name] = value
    return both


def fleet_problems(params: Params, name: str) -> list[Problem]:
    """What is wrong with the options that tell how the records are brought to their state."""
    problems = []
    if params["concurrency"] is not None and not 1 <= params["concurrency"] <= 64:
        problems.append(Problem("concurrency", "must be from 1 to 64"))
    # A number that is none, as `nan`, is neither less nor more.
    if params["rate_limit"] is not None and not _SLOWEST <= params["rate_limit"] < inf:
        problems.append(Problem("rate_limit", "must be more than 0 requests per second, and at least one a day"))
    if params["prune_limit"] is not None and prune_limit(params["prune_limit"]) is None:
        problems.append(Problem("prune_limit", "must be a number of records, or a share such as 25%, of at most 100%"))
    plan = params.get("plan") or {}
    if not str(reveal(plan.get("key", "no key"))).strip():
        problems.append(Problem("plan.key", "is empty: give a key, or leave it out for a plan without signature"))
    problems += _emptied_defaults(params, name)
    unread = [source for source in ("src", "document", "from_variables") if params[source] is not None]
    problems += [
        Problem(source, "is read on the controller, by this collection's action plugin, which did not run")
        for source in (*unread, *(["plan.path"] if plan.get("path") is not None else []))
    ]
    if params[name] is None and not unread:
        problems.append(
            Problem(name, "is missing: give the records, or where they are with src, document or from_variables")
        )
    return problems


def _emptied_defaults(params: Params, name: str) -> list[Problem]:
    """Problems where a record has an empty text for what the defaults give.

    A password is left to the plan, which knows whether there is still a login.
    """
    defaults = params.get("defaults")
    return [
        empty_problem(f"{name}[{index}].{path}", "")
        for index, record in enumerate((defaults and params[name]) or [])
        for path in emptied(defaults, record)
        if not is_secret_name(path.rpartition(".")[2])
    ]


def indexed(problems: t.Iterable[Problem], name: str, index: int, key: str) -> list[Problem]:
    """The problems of one record, each with the record's place in the list and its key."""
    called = f"({key}) " if key.strip() else ""
    return [
        Problem(f"{name}[{index}]" + (f".{problem.field}" if problem.field else ""), f"{called}{problem.message}")
        for problem in problems
    ]


def progress_of(name: str, total: int, params: Params, context: Context, *, doing: str = "") -> Progress:
    """What tells how far the work is, if the task wants that and somebody watches."""
    return Progress(name, total, context.progress if params["progress"] else None, doing=doing)


@dataclass(frozen=True)
class Phase:
    """Record results that may be carried out at the same time, or with `in_order` one after the other.

    `final` tells whether they are done then; if not, a later phase has them again.
    """

    items: t.Sequence[RecordResult]
    carry: Carry
    final: bool = True
    in_order: bool = False


class PhaseRunner:
    """Record results on their way: carried out a phase at a time, several at once in each."""

    def __init__(self, items: t.Sequence[RecordResult], name: str, params: Params, context: Context) -> None:
        self._items = items
        self._concurrency = params["concurrency"]
        self._goes_on = params["on_error"] == "continue"
        self._progress = progress_of(name, len(items), params, context)

    def apply(self, phases: t.Iterable[Phase]) -> None:
        """Carry out the phases one after the other; all of one phase is done before the next begins.

        A record that fails takes the others with it only with `on_error=stop`. Then each record that was not begun is
        noted as failed too.
        """
        for item in self._items:
            item.done = not item.plan.changed
        self._progress.skip(sum(item.done for item in self._items))
        for phase in phases:
            if not self._goes_on and any(item.failed for item in self._items):
                break
            concurrency = 1 if phase.in_order else self._concurrency
            run_each(partial(self._one, phase), phase.items, concurrency)
        first = next((item for item in self._items if item.failed), None)
        for item in self._items:
            if first is not None and not item.done:
                item.fail(f"not done, since {first.key} failed and on_error is stop", {"kind": "stopped"})

    def _one(self, phase: Phase, item: RecordResult) -> bool:
        if item.done:
            return True
        begun = time.monotonic()
        try:
            phase.carry(item)
        except (ApiError, CredentialError, InputError) as exc:
            item.fail(str(exc), exc.details())
        item.duration += time.monotonic() - begun
        if phase.final or item.failed:
            self._finish(item)
        return self._goes_on or not item.failed

    def _finish(self, item: RecordResult) -> None:
        item.done = True
        self._progress.count(changed=not item.failed, failed=item.failed)
