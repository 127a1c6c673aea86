# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email profile as a kind of record: what the common tasks need to know of it."""

from __future__ import annotations

import typing as t

from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._http.errors import NotAuthorized, quote
from ..._resource.handed_over import names_freed_first
from ..._resource.interface import BOOLEAN, NUMBER, TEXT, Kinds, Resource
from .export import exported_profiles
from .product import WEBITEL_CLOUD
from .profile import (
    FIELDS,
    OAUTH2,
    deletion_problems,
    desired_record,
    fetch_problems,
    input_problems,
    make_plan,
    plan_problems,
    plan_warnings,
)
from .shown_fields import SECRETS, SHOWN
from .wire import LISTED, SERVER_FIELDS

if t.TYPE_CHECKING:
    from .store import ProfileStore

_MOST_NAMED = 10


def _resolved(
    store: ProfileStore, entries: t.Sequence[Record], _listed: t.Sequence[Record]
) -> list[tuple[Record, list[Problem]]]:
    """The entries with the flows that they name, by id and name; a name that means none or several is a problem."""
    if not any(entry.get("schema") and entry["state"] == "present" for entry in entries):
        return [(entry, []) for entry in entries]
    try:
        flows = store.flows()
    except NotAuthorized:
        # Who may not list flows can still name one by its id.
        return [(entry, _needs_id(entry)) for entry in entries]
    by: dict[tuple[str, str], list[Record]] = {}
    for flow in flows:
        for name in ("id", "name"):
            by.setdefault((name, flow[name]), []).append(flow)
    return [_with_flow(flows, by, entry) for entry in entries]


def _needs_id(entry: Record) -> list[Problem]:
    if not (entry.get("schema") or {}).get("name"):
        return []
    return [Problem("schema.name", "cannot be looked up, since the token may not list flows; give schema.id")]


def _with_flow(
    flows: t.Sequence[Record], by: t.Mapping[tuple[str, str], t.Sequence[Record]], entry: Record
) -> tuple[Record, list[Problem]]:
    """An entry with its flow; `by` are the flows by their ids and names."""
    wanted = entry.get("schema")
    if not wanted or entry["state"] != "present":
        return entry, []
    name = "id" if wanted.get("id") is not None else "name"
    found = by.get((name, str(wanted[name])), [])
    if len(found) == 1:
        return {**entry, "schema": found[0]}, []
    listed = ", ".join(f"{quote(flow['name'])} (id {flow['id']})" for flow in (found or flows)[:_MOST_NAMED])
    more = f" and {len(found or flows) - _MOST_NAMED} more" if len(found or flows) > _MOST_NAMED else ""
    what = f"means {len(found)} flows; say which one with schema.id" if found else "is no flow of this domain"
    return entry, [Problem(f"schema.{name}", f"{quote(wanted[name])} {what}; there are: {listed or 'none'}{more}")]


def _fold(name: str, value: t.Any) -> t.Hashable:
    return int(value) if name == "id" and value is not None else value


_KINDS: t.Final[Kinds] = {
    **dict.fromkeys((*FIELDS, *SERVER_FIELDS), TEXT),
    **dict.fromkeys(("enabled", "listen"), BOOLEAN),
    **dict.fromkeys(("imap_port", "smtp_port", "fetch_interval"), NUMBER),
    "schema": dict.fromkeys(("id", "name"), TEXT),
    "params": {"oauth2": dict.fromkeys(OAUTH2, TEXT)},
}

# Of what a list shows, nothing that a profile is called by.
_OTHERS: t.Final = tuple(name for name in LISTED if name not in ("id", "name", "login"))

EMAIL_PROFILE: t.Final = Resource(
    product=WEBITEL_CLOUD,
    kind="email_profile",
    plural="email_profiles",
    option="profiles",
    entry={
        **dict.fromkeys(("id", *FIELDS, "former_names")),
        "state": "present",
        "update_password": "always",
        "fetch_existing_mail": False,
        "erase_stored_mail": False,
    },
    server_fields=SERVER_FIELDS,
    fold=_fold,
    problems=input_problems,
    desired=desired_record,
    plan=make_plan,
    plan_problems=plan_problems,
    plan_warnings=plan_warnings,
    consent_problems=fetch_problems,
    exported=exported_profiles,
    harmless=SHOWN,
    secrets=SECRETS,
    kinds=_KINDS,
    write_only="password",
    noun="profile",
    hints=((("login",), "its login"), (_OTHERS, "both of its servers")),
    removal_problems=deletion_problems,
    resolve=_resolved,
    phases=names_freed_first,
)
