# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reviewer wants to know first: where something changes, what is risky, what changes alike. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS

from .document import CHANGES, Document, RecordEntry, TaskEntry
from .groups import change_of, groups_of, title_of
from .words import is_marker, plural

_MOST_NAMED = 10
_MOST_GROUPS = 20
_WEAKENS_TLS = {kind.name: kind.weakens_tls for kind in KINDS}

Show = t.Callable[[str], str]
Changing = tuple[str, TaskEntry, RecordEntry]


def review(document: Document, name: Show = visible) -> list[str]:
    """What to look at before all else, a sentence each. `name` makes a text from elsewhere fit to be shown."""
    changing = _changing(document)
    risks = {
        "Deletions": [entry for entry in changing if entry[2]["action"] == "deleted"],
        "Passwords and tokens that change": [entry for entry in changing if _changes_secret(entry[2])],
        "TLS off or weaker": [entry for entry in changing if _weakens_tls(entry[2])],
    }
    hosts = {host for host, _task, _record in changing}
    lines = [f"Changes on {len(hosts):,} of {plural(len(document['hosts']), 'host')}."] if hosts else []
    return lines + [f"{title}: {_named(found, name)}." for title, found in risks.items() if found]


def same_changes(document: Document, name: Show = visible) -> list[str]:
    """Which updates many records get, whichever host they are on, those of the most records first."""
    changing = _changing(document)
    hosts = {id(record): host for host, _task, record in changing}
    groups = [group for group in groups_of(record for _host, _task, record in changing) if len(group) > 1]
    groups.sort(key=len, reverse=True)
    lines = []
    for group in groups[:_MOST_GROUPS]:
        where = len({hosts[id(record)] for record in group})
        on = f" on {plural(where, 'host')}" if where > 1 else ""
        lines.append(f"{title_of(group)}{on}: {change_of(group, name)}")
    return lines


def _changing(document: Document) -> list[Changing]:
    return [
        (host["host"], task, record)
        for host in document["hosts"]
        for task in host["tasks"]
        for record in task["records"]
        if record["action"] in CHANGES
    ]


def _changes_secret(record: RecordEntry) -> bool:
    return record["action"] == "updated" and any(
        is_marker(change["before"]) or is_marker(change["after"]) for change in record["changes"]
    )


def _weakens_tls(record: RecordEntry) -> bool:
    weakens = _WEAKENS_TLS.get(record["kind"])
    after = {change["field"]: change["after"] for change in record["changes"]}
    return record["action"] != "deleted" and weakens is not None and weakens(after)


def _named(found: t.Sequence[Changing], name: Show) -> str:
    """How many, and the first of them by name."""
    named = ", ".join(name(f"{host}: {record['key'] or record['kind']}") for host, _task, record in found[:_MOST_NAMED])
    more = f" and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
    return f"{len(found):,} ({named}{more})"
