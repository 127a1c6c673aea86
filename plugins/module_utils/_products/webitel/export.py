# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live settings of Webitel domains as entries of a document."""

from __future__ import annotations

import typing as t
from itertools import takewhile

from ..._engine.plan import changed_paths
from ..._engine.secret import Record
from ..._resource.exported import Exported, SecretField, as_integer, in_order, refuse_repeated
from .known_types import typed_extra
from .settings import input_problems
from .storable import keeping_problems, key_problem

_TEXTS = ("provider", "description", "from")
# The named transport options: where the server has them, where a task has them, and what they are.
_NAMED: t.Final[tuple[tuple[tuple[str, ...], tuple[str, ...], type], ...]] = (
    (("host",), ("host",), str),
    (("port",), ("port",), int),
    (("secure",), ("secure",), bool),
    (("debug",), ("debug",), bool),
    (("tls", "rejectUnauthorized"), ("tls", "reject_unauthorized"), bool),
    (("auth", "user"), ("auth", "user"), str),
)
_GROUPS = ("tls", "auth")
_PASSWORD: t.Final = ("options", "auth", "pass")


def exported_settings(records: t.Sequence[Record], secrets: t.Sequence[t.Sequence[SecretField]]) -> list[Exported]:
    """The entries that describe these settings, in the order of their domains; `secrets` are those of each."""
    pairs = sorted(zip(records, secrets), key=lambda pair: str(pair[0].get("domain")))
    exported = [_exported(record, hidden) for record, hidden in pairs]
    refuse_repeated(exported, lambda entry: entry["domain"].rstrip("."))
    return exported


def _exported(record: Record, secrets: t.Sequence[SecretField]) -> Exported:
    domain = record.get("domain")
    exported = Exported(str(domain), identity=(str(domain).rstrip("."),))
    if not isinstance(domain, str):
        exported.refused = "has no domain"
        return exported
    exported.entry["domain"] = domain
    for name in _TEXTS:
        if isinstance(record.get(name), str) and record[name]:
            exported.entry[name] = record[name]
    known = ("domain", "options", *_TEXTS)
    exported.left_out += sorted(name for name in record if name not in known and record[name] is not None)
    dropped = _add_options(record, secrets, exported)
    exported.drop_refused(input_problems)
    if "domain" not in exported.entry:
        # Without it an entry means nothing, and a document with such an entry is refused as a whole.
        exported.refused = next(text for text in exported.left_out if text.startswith("domain "))
    # One that cannot be read rules out the list that it stands in, so these come last.
    for secret in sorted(secrets, key=lambda secret: not secret.readable):
        if not any(secret.path[: len(place)] == place for place in dropped):
            _add_secret(exported, secret)
    return exported


def _add_options(record: Record, secrets: t.Sequence[SecretField], exported: Exported) -> list[tuple[str, ...]]:
    """Describe the transport options. Returns the places of what cannot be described."""
    if any(secret.path == ("options",) for secret in secrets):
        exported.left_out.append(
            "options (a text, a URL with everything in it; replace=true puts options in its place)"
        )
        return [("options",)]
    rest = in_order(record.get("options") or {})
    dropped = _drop_unkept(rest, ("options",), exported)
    for secret in secrets:
        if secret.path[0] == "options" and any(key_problem(str(step)) for step in secret.path):
            # A list is described as a whole, or not at all.
            place = tuple(str(step) for step in takewhile(lambda step: isinstance(step, str), secret.path))
            _taken(rest, place[1:])
            exported.left_out.append(f"{'.'.join(place)} (the server may not keep a key in it)")
            dropped.append(place)
    exported.entry["options"] = _options(rest, exported)
    return dropped


def _options(rest: Record, exported: Exported) -> Record:
    """The transport options: those with a name of their own first, all others as `extra`."""
    options: Record = {}
    for source, target, kind in _NAMED:
        live_value = _taken(rest, source)
        value = as_integer(live_value) if kind is int else live_value
        # True is an int to isinstance, and none here.
        if isinstance(value, kind) and isinstance(value, bool) is (kind is bool) and value != "":
            _with(options, target, value)
        elif live_value not in (None, ""):
            exported.left_out.append(f"options.{'.'.join(source)} (a value of another kind)")
    # An empty password is none; one that is a secret has come without its value.
    _taken(rest, ("auth", "pass"))
    for group in _GROUPS:
        if group in rest and not isinstance(rest[group], dict):
            exported.left_out.append(f"options.{group} (no mapping)")
            del rest[group]
        elif not rest.get(group, True):
            del rest[group]
    for path in changed_paths(rest, typed_extra({"options": {"extra": rest}}).data):
        # A task would make a boolean or a number of it.
        _taken(rest, tuple(path.split(".")))
        exported.left_out.append(f"options.{path} (a text in the place of a boolean or a number)")
    if rest:
        options["extra"] = rest
    return options


def _drop_unkept(data: Record, path: tuple[str, ...], exported: Exported) -> list[tuple[str, ...]]:
    """Leave out what a task would refuse since the server would not keep it, a list as a whole. Returns the places."""
    dropped = []
    for name, value in list(data.items()):
        where = (*path, name)
        if isinstance(value, dict) and not key_problem(name):
            dropped += _drop_unkept(value, where, exported)
            continue
        for problem in keeping_problems({name: value}, ".".join(path))[:1]:
            exported.left_out.append(f"{'.'.join(where)} ({problem.message})")
            dropped.append(where)
            del data[name]
    return dropped


def _taken(data: Record, path: tuple[str, ...]) -> t.Any:
    """Take a value out of data; `None` where there is none."""
    for name in path[:-1]:
        data = data.get(name)  # type: ignore[assignment]
        if not isinstance(data, dict):
            return None
    return data.pop(path[-1], None)


def _with(options: Record, target: tuple[str, ...], value: t.Any) -> None:
    for name in target[:-1]:
        options = options.setdefault(name, {})
    options[target[-1]] = value


def _add_secret(exported: Exported, secret: SecretField) -> None:
    section, *path = secret.path
    if secret.path == _PASSWORD:
        exported.add_password(secret, _PASSWORD)
    elif section == "options" and not _is_named(path):
        exported.add_secret(secret, ("options", "extra", *path))
    else:
        exported.left_out.append(".".join(map(str, secret.path)))


def _is_named(path: t.Sequence[str | int]) -> bool:
    """Whether a path leads into the place of an option with a name of its own, or a list in the place of a group."""
    in_option = any(tuple(path[: len(source)]) == source for source, _target, _kind in _NAMED)
    return in_option or (path[0] in _GROUPS and len(path) > 1 and isinstance(path[1], int))
