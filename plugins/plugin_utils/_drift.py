# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the results of a comparison say about one host: equal, different, or not known. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import entries_in

_MOST_NAMED = 20
_VERBS: t.Final = {"created": "is missing", "updated": "differs in", "deleted": "is there and should not be"}

Result = t.Mapping[str, t.Any]


def drift_of(results: t.Mapping[str, Result | None]) -> Drift:
    """What the results for each kind of record say; `None` is for a task that did not come to a result."""
    drift = Drift()
    for kind, result in results.items():
        drift.add(kind, result)
    if all(isinstance(result, t.Mapping) and result.get("skipped") for result in results.values()):
        # Silence is not taken for equality.
        drift.unread.append("nothing is described")
    return drift


@dataclass
class Drift:
    """What is different on one host, as texts without values.

    `unread` tells what could not be compared, `unknown` which passwords the server does not show, so that nobody knows
    whether they differ. `undescribed` is what is live and not described; it is a difference of
    its own where the description is said to be the whole truth.
    """

    equal: int = 0
    different: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    undescribed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, kind: str, result: Result | None) -> None:
        """Take in the result of the task about one kind of record; `None` where the task did not come to one."""
        if not isinstance(result, t.Mapping):
            self.unread.append(f"{kind}: not compared")
            return
        if result.get("skipped"):
            return
        entries = entries_in(result)
        if entries is None:
            no_result = f"{kind}: what was registered is no result of a task about many records"
            self.unread.append(visible(str(result.get("msg", no_result)) if result.get("failed") else no_result))
            return
        self.different += [visible(_difference(kind, entry)) for entry in entries if entry["action"] in _VERBS]
        self.unknown += [
            visible(f"{kind} {entry['key']} {', '.join(entry['unknown_fields'])}")
            for entry in entries
            if entry.get("unknown_fields")
        ]
        self.equal += sum(entry["action"] == "none" for entry in entries)
        self.undescribed += [visible(f"{kind} {_name(record)}") for record in result.get("undescribed", ())]
        failed = [f"{kind} {entry['key']}: {entry['error']}" for entry in entries if entry["action"] == "failed"]
        if result.get("failed"):
            self.unread += map(visible, failed or [str(result.get("msg", f"{kind}: not compared"))])

    def reported(self) -> str:
        """Everything in one sentence for each kind of finding."""
        parts = ["1 record is as described" if self.equal == 1 else f"{self.equal} records are as described"]
        parts += [
            f"{what}: {_listed(texts)}"
            for what, texts in (
                ("could not be read", self.unread),
                (f"{len(self.different)} differ", self.different),
                (f"{len(self.unknown)} not known, since the server does not show them", self.unknown),
                (f"{len(self.undescribed)} live and not described", self.undescribed),
            )
            if texts
        ]
        return "; ".join(parts)


def _difference(kind: str, entry: Result) -> str:
    unknown = entry.get("unknown_fields", ())
    changed = [name for name in entry.get("changed_fields", ()) if name not in unknown]
    fields = f" {', '.join(changed)}" if entry["action"] == "updated" else ""
    return f"{kind} {entry['key']} {_VERBS[entry['action']]}{fields}"


def _name(record: Result) -> str:
    named = record.get("domain") or record.get("name") or record.get("email")
    return f"{named} (id {record['id']})" if "id" in record else str(named)


def _listed(texts: t.Sequence[str]) -> str:
    more = f", and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    return ", ".join(texts[:_MOST_NAMED]) + more
