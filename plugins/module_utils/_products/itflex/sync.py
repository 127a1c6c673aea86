# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What many email accounts in one task need beside the common: duplicates that go, and an order of the writes."""

from __future__ import annotations

import typing as t

from ..._engine.plan import NOTHING
from ..._engine.record_result import RecordResult
from ..._engine.secret import Record
from ..._resource.base import Context
from ..._resource.interface import Params, Resource
from ..._resource.phases import PhaseRunner, merged_records
from ..._resource.planning import listed_twin
from ..._resource.sync_work import SyncWork, plan_removal
from .store import AccountStore
from .writes import AccountWrites


class AccountSync(SyncWork):
    """One task about many accounts."""

    def __init__(
        self, resource: Resource[t.Any], store: AccountStore, params: Params, context: Context, name: str
    ) -> None:
        super().__init__(resource, store, params, context, name)
        self._duplicates: list[Record] = []
        # Where a description names the default, no other account takes it over from a duplicate.
        self._names_default = params["deduplicate"] and any(
            entry["default"] and entry["state"] == "present"
            for entry in merged_records(params, resource.option, resource.entry)
        )

    def settled(self, entry: Record, records: t.Sequence[Record]) -> tuple[Record, t.Sequence[Record]]:
        """An entry, and the one that stays of the accounts that it means and that are one and the same."""
        if not self.params["deduplicate"] or len(records) < 2:
            return entry, records
        # Imported late: Ansible compiles what a task imports in each run anew, and most names stand once.
        from .duplicates import are_duplicates, inheriting_default, the_one_that_stays

        if not are_duplicates(records):
            return entry, records
        stays = the_one_that_stays(records)
        others = [account for account in records if account is not stays]
        self._duplicates += others
        return entry if self._names_default else inheriting_default(entry, others), [stays]

    def extra_removals(self) -> list[RecordResult]:
        """The duplicates of the accounts that stay."""
        return [self._duplicate(account) for account in self._duplicates]

    def _duplicate(self, account: Record) -> RecordResult:
        key = listed_twin(self.resource, account)
        item = RecordResult(None, key, self.resource.kind, NOTHING, account["id"])
        plan_removal(self.resource, item, account)
        return item

    def apply(self, items: t.Sequence[RecordResult], runner: PhaseRunner) -> None:
        """Do all that the record results ask for, in a safe order."""
        AccountWrites(self.store, items).apply(runner, self.live.listed)
        if self.params["deduplicate"] and any(item.plan.action == "created" for item in items):
            from .duplicates import give_way

            give_way(self.store, self.params, items)
