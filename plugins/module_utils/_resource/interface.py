# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a product brings, so that what is common to all of them names none."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._engine.plan import Plan, empty_problem

if t.TYPE_CHECKING:
    from .._engine.record_result import RecordResult
    from .._engine.schema import Problem
    from .._engine.secret import Known, Record
    from .._http.errors import ApiError
    from .._http.retries import Retries
    from .._http.session import Limits
    from .exported import Exported, SecretField
    from .write import Done, Replan

Params = t.Mapping[str, t.Any]
"""The options of a task, validated."""

BOOLEAN: t.Final = "boolean"
NUMBER: t.Final = "number"
SWITCH: t.Final = "switch"
"""A boolean, or something else that is not converted."""
TEXT: t.Final = "text"
"""A text, whatever it reads like."""
Kinds = t.Mapping[str, t.Any]
"""What is known at each name: one of the above, or the same of what stands below."""

Uninterrupted = t.Callable[[], t.ContextManager[None]]
"""What holds a signal back while something is done that must be known of, such as a login."""


class Store(t.Protocol):
    """The records of one kind on one server, as far as connections know them."""

    @property
    def retries(self) -> Retries:
        """The policy of retries, which knows what was retried."""

    def forget(self) -> None:
        """Drop what was read: it may not be what the server holds now."""

    def close(self) -> ApiError | None:
        """End the login, if there is one, and the connections. Returns what went wrong, if anything."""


S = t.TypeVar("S", bound=Store)


@dataclass(frozen=True)
class Product(t.Generic[S]):
    """A product with an HTTP API.

    `name` is that of its folder, `variables` the beginning of its environment variables. `credential_problems` says
    what is wrong with the options that say who asks; `connect` makes the store of the server that the options name;
    `logs_in` says whether that opens a login, which must be ended whatever happens.
    """

    name: str
    variables: str
    credential_problems: t.Callable[[Params], list[Problem]]
    connect: t.Callable[[Params, Limits, Uninterrupted], S]
    logs_in: t.Callable[[Params], bool] = lambda _params: False


class RecordStore(Store, t.Protocol):
    """The records of one kind on one server, each known to it by its `target`: an id, or a name."""

    def read_all(self) -> list[Record]:
        """All records, each with its target, as far as a list shows them; secrets are wrapped."""

    def read(self, target: t.Any) -> Record | None:
        """The whole record, `None` where it is not there."""

    def apply(self, target: t.Any, plan: Plan, replan: Replan) -> Done:
        """Carry out a plan for a record, `target` being `None` for one that is to be created and gets an id.

        `replan` makes the plan for the record as it is by then; it may raise an `InputError`.
        """


R = t.TypeVar("R", bound=RecordStore)
Phases = t.Callable[["t.Sequence[RecordResult]"], "t.Sequence[t.Sequence[RecordResult]]"]


def deletions_last(items: t.Sequence[RecordResult]) -> t.Sequence[t.Sequence[RecordResult]]:
    """The phases of writes that do not depend on each other: what is removed goes when all else is done."""
    return (
        [item for item in items if item.plan.after is not None],
        [item for item in items if item.plan.after is None],
    )


def nothing_to_resolve(
    _store: t.Any, entries: t.Sequence[Record], _listed: t.Sequence[Record]
) -> list[tuple[Record, list[Problem]]]:
    """The entries as they are, for a kind of record that refers to nothing."""
    return [(entry, []) for entry in entries]


def found_by(params: Params, names: t.Iterable[str]) -> tuple[str, t.Any] | None:
    """The first of these options that is given, by which a record is found, and its value."""
    for name in names:
        value = params.get(name)
        if value is not None:
            return name, value
    return None


def less_kept_password(params: Params, desired: Record, live: Record | None) -> Record:
    """The described fields that a write sends, `live` being what was there before: some passwords are written once."""
    if live is None or params["update_password"] != "on_create":
        return desired
    return {name: value for name, value in desired.items() if name != "password"}


Warn = t.Callable[[str], None]


def nothing_against(
    _store: t.Any, planned: t.Sequence[tuple[Record, Plan]], _warn: Warn
) -> t.Sequence[t.Sequence[Problem]]:
    """No problems, for a kind of record whose plans need no look at anything else."""
    return [() for _each in planned]


@dataclass(frozen=True)
class Resource(t.Generic[R]):
    """A kind of record, as far as it differs from others.

    `kind` is what one of them is called, `plural` what many are called, in documents and results too; `option` lists
    them in the task about many. `label` stands before a record's name where that reads otherwise than `kind`. `entry`
    are the fields of an entry, with what counts for one that is given nowhere. `server_fields` are those that the
    server alone sets, `id` among them: no plan is about them; with `has_other_fields` a record may have any.

    `name` is the field that people know a record by. `fold` makes what is equal of values that mean the same record.
    `key` is the field that the server knows a record by: with `id`, records are looked for in the list of all, and with
    another one, which all descriptions give, each is read by it; it is no part of what is read then, and what is listed
    may turn out to be no record.

    `problems` says what is wrong with a description as far as it shows without the live record, `list_problems` what is
    wrong between several, and `resolve` asks the server what a description refers to; it gets what was listed.
    `desired` is the record that options describe, of whose texts some may be shown; `plan` makes its plan,
    `plan_problems` says why that must not be carried out, `empty_problem` what to say of a field that would be emptied,
    `None` where the plan knows better, `server_problems` what else on the server stands against plans, and
    `plan_warnings` what to look at before. `sent_fields` is what it has to store. `write_only` is the field whose
    treatment `password_check` tells, given options, desired and live record. `removal_problems` says why a task must
    not prune, `consent_problems` what nobody agreed to where a record is made again that another run deleted. `phases`
    is the order in which many are written; `after_write` is what a user should know of one: it gets the store, what was
    done, and the records that were live before; `in_use` asks the server why records of these ids must not be deleted,
    by their ids; `exported` makes entries of live records. `harmless` are fields whose texts may be shown, `secrets`
    the dotted paths of those that no task may open with the option `shown_fields`; `opened` are the paths that one
    opens. `kinds` is what each field is, for filters. `live_warnings` are about a record that is read.

    `called_by` are the fields that people find a record by, `list_options` how the options are called that list their
    values, where otherwise, and `shown` gives the value of one as messages may repeat it. `noun` is what messages call
    a record, `listed` says one in words, and `twice` what to do where several fit. The entry may have `former_names`;
    `hints` are fields in lists by which a new record is probably one that is live under another name, each with words
    for what is alike. `listed_whole` says that a list shows all there is of each, and `is_as_described` whether a live
    record is to the letter what an entry says, where that is found out faster than by a plan. `shared_fields` are those
    that a write to another record may change. With `one_of_a_name` none gets a name that another one keeps.
    """

    product: Product[R]
    kind: str
    plural: str
    option: str
    entry: Record
    server_fields: tuple[str, ...]
    fold: t.Callable[[str, t.Any], t.Hashable]
    problems: t.Callable[[Params], list[Problem]]
    desired: t.Callable[[Params, Known], Record]
    plan: t.Callable[[Params, Record | None, Record], Plan]
    plan_problems: t.Callable[[Params, Plan, Record], list[Problem]]
    exported: t.Callable[[t.Sequence[t.Any], t.Sequence[t.Sequence[SecretField]]], list[Exported]]
    sent_fields: t.Callable[[Params, Record, Record | None], Record] = less_kept_password
    label: str = ""
    has_other_fields: bool = False
    name: str = "name"
    key: str = "id"
    write_only: str | None = None
    password_check: t.Callable[[Params, Record, Record | None], str] | None = None
    noun: str = "record"
    called_by: tuple[str, ...] = ("id", "name")
    list_options: t.Mapping[str, str] = field(default_factory=dict)
    shown: t.Callable[[str, t.Any], t.Any] = lambda _name, value: value
    listed: t.Callable[[Record], str] = lambda record: f"id {record['id']}"
    twice: str = "say which one with id"
    hints: tuple[tuple[tuple[str, ...], str], ...] = ()
    listed_whole: bool = False
    one_of_a_name: bool = False
    is_as_described: t.Callable[[Params, Record], bool] = lambda _entry, _live: False
    shared_fields: tuple[str, ...] = ()
    harmless: Known = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    opened: t.Callable[[Params], t.Sequence[str]] = lambda params: params.get("shown_fields") or ()
    kinds: Kinds = field(default_factory=dict)
    list_problems: t.Callable[[t.Sequence[Record]], list[Problem]] = field(default=lambda _entries: [])
    resolve: t.Callable[[R, t.Sequence[Record], t.Sequence[Record]], list[tuple[Record, list[Problem]]]] = (
        nothing_to_resolve
    )
    empty_problem: t.Callable[[str], Problem | None] = empty_problem
    server_problems: t.Callable[[R, t.Sequence[tuple[Record, Plan]], Warn], t.Sequence[t.Sequence[Problem]]] = (
        nothing_against
    )
    plan_warnings: t.Callable[[Params, Plan], list[str]] = field(default=lambda _params, _plan: [])
    after_write: t.Callable[[R, Done, t.Sequence[Record]], list[str]] = field(default=lambda *_write: [])
    in_use: t.Callable[[R, Params, t.Collection[t.Any]], t.Mapping[t.Any, Problem]] = field(
        default=lambda *_removal: {}
    )
    consent_problems: t.Callable[[Params, Plan], list[Problem]] = field(default=lambda _params, _plan: [])
    removal_problems: t.Callable[[Params], list[Problem]] = field(default=lambda _params: [])
    live_warnings: t.Callable[[Record], list[str]] = field(default=lambda _record: [])
    phases: Phases = deletions_last

    @property
    def is_read_by_name(self) -> bool:
        """Whether descriptions say how the server knows the record, so that none is looked for."""
        return self.key != "id"

    def identity(self, params: Params) -> tuple[str, t.Any]:
        """The option that a record is found by, and its value, `None` where there is none."""
        return found_by(params, self.called_by) or (self.name, None)
