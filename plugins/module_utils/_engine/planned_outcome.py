# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reviewed plan leads to, so that a run that was interrupted is taken up again with the same plan. Pure.

A record counts as done where nothing is left to do, and it is what the plan made of it. After a creation that is asked
of the fields that were planned, since the server adds its own; after an update, of the whole record.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._text import visible
from .digests import canonical, digest
from .record_result import RecordResult
from .secret import Password, Record, Secret, is_hidden, omit, reveal, texts

Entry = dict[str, t.Any]
"""What a plan says of one record: `record` (its key), `action`, `changed_fields`, `fingerprint`, `outcomes`."""


@dataclass(frozen=True)
class Live:
    """What a server has: `of` gives the live record of a result, `is_gone` whether none has a key any more.

    `server_fields` are those that the server alone sets, `shared_fields` those that a write to another record may
    change.
    """

    of: t.Callable[[RecordResult], Record | None]
    is_gone: t.Callable[[str], bool]
    server_fields: t.Collection[str] = ()
    shared_fields: t.Collection[str] = ()


@dataclass(frozen=True)
class Outcomes:
    """Foretells what becomes of a server's records, and tells whether it came true. With a key, passwords count."""

    live: Live
    server: str
    key: Password | None

    def foretold(self, item: RecordResult) -> list[str]:
        """The digests by which the outcome of a plan is known again: without its secrets and, with a key, with them.

        There is none for a deletion, which is known by the record being gone, and none for a record that stays as it is
        whatever is done to others.
        """
        planned = self._planned(item)
        if item.failed or planned is None or not (item.plan.changed or any(map(planned.get, self.live.shared_fields))):
            return []
        fields, secrets = self._parts(planned)
        return [self._digest(item, [fields]), *([self._digest(item, [fields, secrets])] if self.key else [])]

    def came_true(self, entries: t.Sequence[Entry], items: t.Sequence[RecordResult]) -> bool:
        """Whether what was reviewed of the records of one key is done; `items` are what there is to do about them."""
        if not items:
            return all(entry["action"] == "deleted" and self.live.is_gone(entry["record"]) for entry in entries)
        return len(entries) == len(items) == 1 and self._is_done(entries[0], items[0])

    def _is_done(self, entry: Entry, item: RecordResult) -> bool:
        """Whether one record is as planned. A password that its server does not show may be written again."""
        planned, changed = self._planned(item), frozenset(entry.get("changed_fields") or ())
        if item.failed or item.plan.action not in ("none", "unknown"):
            return False
        if entry["action"] == "deleted" or planned is None:
            return entry["action"] == "deleted" and planned is None
        fields, secrets = self._parts(planned)
        if entry["action"] == "created":
            fields = {path: value for path, value in fields.items() if path in changed}
            secrets = {path: value for path, value in secrets.items() if path in changed}
        # Nothing is written over a password that is not shown, so whether it is the planned one need not be known.
        unseen = item.plan.action == "none" and None in secrets.values()
        parts = [fields, secrets] if self.key and not unseen else [fields]
        return changed.issuperset(item.plan.changed_fields) and self._digest(item, parts) in entry.get("outcomes", ())

    def _planned(self, item: RecordResult) -> Record | None:
        return item.plan.after if item.plan.changed else self.live.of(item)

    def _parts(self, record: Record) -> tuple[dict[str, t.Any], dict[str, str | None]]:
        """What has a value in a record by its path: as servers may write it either way; and the secrets as digests."""
        fields: dict[str, t.Any] = {}
        secrets: dict[str, str | None] = {}
        left_out = {*self.live.server_fields, *self.live.shared_fields}
        for path, value in _leaves({name: value for name, value in record.items() if name not in left_out}, ""):
            if isinstance(value, Secret):
                secrets[path] = None if is_hidden(value) else self._secret(path, reveal(value))
            elif isinstance(value, list):
                fields[path], secrets[path] = omit(value), self._secret(path, texts(value))
            else:
                fields[path] = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return fields, secrets

    def _secret(self, path: str, value: t.Any) -> str:
        return digest(canonical([path, value]), self.key) if self.key else ""

    def _digest(self, item: RecordResult, parts: list[t.Any]) -> str:
        return digest(canonical([self.server, item.key, *parts]), self.key)


def _leaves(record: Record, above: str) -> t.Iterator[tuple[str, t.Any]]:
    """Each value of a record with its path, as in the changed fields of a plan; what is empty is not there."""
    for name, value in record.items():
        path = f"{above}.{visible(str(name))}" if above else visible(str(name))
        if isinstance(value, dict):
            yield from _leaves(value, path)
        elif value not in (None, ""):
            yield path, value
