# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task must make of what is stored, said once more and without the collection: a model to judge it by.

All records here are as the servers store them, not as they show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Record = dict[str, Any]
Key = int | str
State = dict[Key, Record]
Path = tuple[str, ...]

ACCOUNT_FIELDS = (
    *("default", "name", "email", "service", "has_auth", "password"),
    *("smtp_server", "smtp_port", "smtp_crypt", "smtp_auth_mechanism"),
)
# What a server sets by itself where it stores a record.
_SERVER_FIELDS = ("_id", "domain", "id", "created_at", "updated_at")


@dataclass(frozen=True)
class Goal:
    """What should become of one record.

    ``key`` is the live record's, ``None`` where there is none; ``name`` is what it should be called, by which a new one
    is found. ``after`` is ``None`` where it should not be. ``managed`` are the fields that the task describes, with
    ``exact`` all of them are; ``label`` is what the task's results call the record.
    """

    key: Key | None
    name: str
    after: Record | None
    label: str
    managed: frozenset[Path] = frozenset()
    exact: bool = False


@dataclass(frozen=True)
class Expectation:
    """What a task must make of a state. ``refused`` says that it must end with an error before it writes."""

    goals: tuple[Goal, ...] = ()
    refused: bool = False
    takes_default: bool = False
    goal_of: Mapping[Key, Goal] = field(default_factory=dict)

    @classmethod
    def of(cls, goals: Iterable[Goal], *, takes_default: bool = False) -> Expectation:
        """The expectation of all these goals."""
        goals = tuple(goals)
        return cls(goals, False, takes_default, {goal.key: goal for goal in goals if goal.key is not None})

    def goal_named(self, name: object) -> Goal | None:
        """The goal of the record that should have this name; where none should, of the one that goes with it."""
        named = [goal for goal in self.goals if goal.name == name]
        return next((goal for goal in named if goal.after is not None), named[0] if named else None)

    def goal_labelled(self, label: str) -> Goal | None:
        """The goal of the record that the task's results call so."""
        return next((goal for goal in self.goals if goal.label == label), None)


REFUSED = Expectation(refused=True)


def plain(record: Record | None) -> Record | None:
    """A record without what the server sets by itself, and without what is there and empty: that means absent."""
    if record is None:
        return None
    return {
        name: value
        for name, value in record.items()
        if name not in _SERVER_FIELDS and value is not None and value != ""
    }


def fields_of(record: Any, path: Path = ()) -> dict[Path, Any]:
    """All values of a record by where they stand; an empty mapping is a value, too."""
    if not isinstance(record, dict) or (not record and path):
        return {path: record}
    return {where: value for name in record for where, value in fields_of(record[name], (*path, name)).items()}


def alike(one: object, other: object) -> bool:
    """Whether two values mean the same: absent, null and "" do, and a number and its digits."""
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | str) and isinstance(other, int | str):
        return str(one) == str(other)
    return one == other


def merged(live: Record, wanted: Mapping[str, Any]) -> Record:
    """A record with what is wanted in it, at every level; a null removes, and what is alike stays as it is."""
    result = dict(live)
    for name, value in wanted.items():
        current = live.get(name)
        if isinstance(value, dict):
            inner = merged(current if isinstance(current, dict) else {}, value)
            if inner or isinstance(current, dict):
                result[name] = inner
        elif value is None:
            result.pop(name, None)
        elif not alike(current, value):
            result[name] = value
    return result


def _only(record: Record, shape: Mapping[str, Any]) -> Record:
    """The fields of a record that a shape has, too, in the shape's order of levels."""
    return {
        name: _only(record[name], value) if isinstance(value, dict) and isinstance(record[name], dict) else record[name]
        for name, value in shape.items()
        if name in record
    }


@dataclass(frozen=True)
class Others:
    """What a task about many accounts asks for beside the described ones: ``keep`` are names that are never pruned."""

    prune: bool = False
    keep: tuple[str, ...] = ()
    deduplicate: bool = False


def account_goals(entries: Iterable[Record], state: State, others: Others, *, unmakes: bool) -> Expectation:
    """What must become of the accounts that the entries describe, and of the others as far as that is asked for.

    ``unmakes`` says whether the server has one default account at most.
    """
    goals: list[Goal] = []
    for entry in entries:
        by = next(name for name in ("id", "name", "email") if entry.get(name) is not None)
        found = [key for key, record in state.items() if _fits(key, record, by, entry[by])]
        former = [key for key, record in state.items() if record["name"] in entry.get("former_names", ())]
        if found and former:
            return REFUSED
        found = found or former
        present = entry.get("state", "present") == "present"
        if others.deduplicate and len({(state[key]["name"], state[key]["email"]) for key in found}) == 1:
            # The oldest one stays, and inherits the default unless the entry says otherwise.
            oldest, *extra = sorted(found, key=int)
            if present and entry.get("default") is None and any(state[key]["default"] for key in extra):
                entry = {**entry, "default": True}  # noqa: PLW2901
            goals += [_gone(key, state, f"{state[key]['name']} (id {key})") for key in extra]
            found = [oldest]
        if len(found) > 1 or (by == "id" and present and not found):
            return REFUSED
        key = found[0] if found else None
        if present and key is None and not (entry.get("name") and entry.get("email")):
            return REFUSED
        label = f"id {entry['id']}" if by == "id" else str(entry[by])
        if present or key is not None:
            goals.append(_account_goal(entry, key, state, label))
    described = [goal.key for goal in goals if goal.key is not None]
    if len(described) != len(set(described)):
        return REFUSED
    if others.prune:
        left = [key for key in state if key not in described and state[key]["name"] not in others.keep]
        goals += [_gone(key, state, state[key]["name"]) for key in left]
    takes_default = unmakes and any(goal.after is not None and goal.after.get("default") for goal in goals)
    return Expectation.of(goals, takes_default=takes_default)


def _fits(key: Key, record: Record, by: str, value: object) -> bool:
    return key == value if by == "id" else bool(record.get(by) == value)


def _gone(key: Key, state: State, label: str) -> Goal:
    return Goal(key, state[key]["name"], None, label)


def _account_goal(entry: Record, key: Key | None, state: State, label: str) -> Goal:
    if entry.get("state", "present") == "absent":
        assert key is not None
        return _gone(key, state, label)
    wanted = {name: entry[name] for name in ACCOUNT_FIELDS if entry.get(name) is not None}
    # A password that is for a new account only is not owed to one that another run creates meanwhile.
    lasting = {
        name: wanted[name] for name in wanted if name != "password" or entry.get("update_password") != "on_create"
    }
    managed = frozenset((name,) for name in lasting)
    if key is None:
        flags = {"default": False, "service": "other", "has_auth": bool(wanted.get("password"))}
        return Goal(None, wanted["name"], {**flags, **wanted}, label, managed)
    after = merged(state[key], lasting)
    return Goal(key, after["name"], after, label, managed)


def settings_goals(
    entries: Iterable[Record], state: State, *, prune: bool, keep: Iterable[str], normalises: bool
) -> Expectation:
    """What must become of the settings that the entries describe, and of the others where ``prune`` is asked for.

    ``normalises`` says whether the server writes a host in small letters and a port as text.
    """
    goals = []
    described = []
    for entry in entries:
        domain = entry["domain"]
        described.append(domain)
        key = domain if domain in state else None
        if entry.get("state", "present") == "absent":
            if key is not None:
                goals.append(Goal(key, domain, None, domain))
            continue
        wanted = settings_wanted(entry)
        live = state.get(domain, {})
        if key is None and not wanted.get("options"):
            return REFUSED
        if key is not None and entry.get("update_password") == "on_create":
            wanted = _with_password_of(live, wanted)
        after = merged(live, wanted)
        if entry.get("replace"):
            after = _only(after, wanted)
        server_fields = {name: live[name] for name in _SERVER_FIELDS if name in live}
        after = {**after, **server_fields}
        if after != live and _hides_password(live) and _hides_password(after):
            return REFUSED
        if normalises and after != live:
            after["options"] = _normalised(after["options"])
        goals.append(Goal(key, domain, after, domain, frozenset(fields_of(wanted)), bool(entry.get("replace"))))
    if prune:
        others = [key for key in state if key not in described and key not in tuple(keep)]
        goals += [Goal(key, str(key), None, str(key)) for key in others]
    return Expectation.of(goals)


def settings_wanted(entry: Record) -> Record:
    """An entry of the module's options as the record that it asks for."""
    options = entry.get("options")
    wanted: Record = {"provider": "smtp", **{name: entry[name] for name in ("description", "from") if name in entry}}
    if options is None:
        return wanted
    transport = {name: value for name, value in options.items() if name not in ("extra", "tls")}
    if "tls" in options:
        transport["tls"] = {"rejectUnauthorized": options["tls"]["reject_unauthorized"]}
    return {**wanted, "options": {**transport, **options.get("extra", {})}}


def _with_password_of(live: Record, wanted: Record) -> Record:
    auth = wanted.get("options", {}).get("auth", {})
    if "pass" not in auth:
        return wanted
    kept = {**auth, "pass": live.get("options", {}).get("auth", {}).get("pass")}
    kept = {name: value for name, value in kept.items() if value is not None}
    return {**wanted, "options": {**wanted["options"], "auth": kept}}


def _hides_password(record: Record) -> bool:
    """Whether a record has a login without a password: nobody can tell whether there is one that is not shown."""
    auth = record.get("options", {}).get("auth", {})
    return bool(auth.get("user")) and not auth.get("pass")


def _normalised(options: Record) -> Record:
    changes = {name: str(value) for name, value in options.items() if name == "port"}
    return {**options, **changes, **({"host": options["host"].lower()} if "host" in options else {})}
