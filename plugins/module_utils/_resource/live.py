# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is live of the records that a task about many is about: as a list shows them, and read whole."""

from __future__ import annotations

import time
import typing as t
from contextlib import contextmanager

from .._engine.apply import run_each
from .._engine.record_result import RecordResult
from .._engine.secret import Record
from .._http.errors import ApiError, quote
from .base import Context, TaskFailed
from .interface import Params, Resource
from .phases import progress_of
from .planning import all_listed, called, listed_key, listed_twin

if t.TYPE_CHECKING:
    from .._engine.planned_outcome import Live

Element = t.TypeVar("Element")

_INSTEAD = "describe each with its {}, those to remove with state=absent, and leave prune and undescribed out"


class LiveRecords:
    """The live records that a task may be about.

    `listed` are all of a server; of a kind that is read by its name, only where something is done about those that
    nobody described: what describes a record leads to it.
    """

    def __init__(self, resource: Resource[t.Any], store: t.Any, params: Params, context: Context, name: str) -> None:
        asks_for_others = not resource.is_read_by_name or params["prune"] or params["undescribed"]
        instead = _INSTEAD.format(resource.name)
        self._until = time.monotonic() + params["deadline"]
        self.listed: list[Record] = all_listed(resource, store, instead) if asks_for_others else []
        self._resource = resource
        self._store = store
        self._params = params
        self._context = context
        self._name = name
        self._whole: dict[t.Any, Record | ApiError | None] = {}

    def each(self, records: t.Iterable[Element]) -> t.Iterator[Element]:
        """The records one after the other, as long as the deadline lasts. Raises `TaskFailed` when it is over.

        A list may be within all limits, and take longer to work through than anybody waits. What is read beside it
        has deadlines of its own.
        """
        for record in records:
            if time.monotonic() > self._until:
                message = f"{self._name}: what is live is too much to be worked through before the deadline"
                advice = "Nothing was changed. Check api_url, or raise deadline"
                raise TaskFailed(f"{message}. {advice}", {}, {"kind": "answer"})
            yield record

    @contextmanager
    def reading(self) -> t.Iterator[None]:
        """Let the time of what is done within not count."""
        begun = time.monotonic()
        yield
        self._until += time.monotonic() - begun

    def read(self, targets: t.Iterable[t.Any]) -> None:
        """Read whole what is to be compared; where reading fails, the error stands in place of the record."""
        if self._resource.listed_whole:
            self._whole = {record[self._resource.key]: record for record in self.listed}
            return
        targets = list(dict.fromkeys(targets))
        progress = progress_of(self._name, len(targets), self._params, self._context, doing="read")

        def read(target: t.Any) -> bool:
            try:
                self._whole[target] = self._store.read(target)
            except ApiError as exc:
                exc.subject = called(self._resource, self._resource.key, target)
                self._whole[target] = exc
            progress.count()
            return True

        with self.reading():
            run_each(read, targets, self._params["concurrency"])

    def of(self, target: t.Any, unread: Record | None = None) -> Record | ApiError | None:
        """The record, or why it could not be read; `unread` where nobody asked for it."""
        return self._whole.get(target, unread)

    def count(self, unread: int) -> int:
        """How many records there are; of a kind that is read by its name so many that were not read."""
        if not self._resource.is_read_by_name:
            return len(self.listed)
        return unread + sum(isinstance(record, dict) for record in self._whole.values())

    def for_plans(self) -> Live:
        """What the server has, for the comparison with a plan."""
        from .._engine.planned_outcome import Live

        if self._resource.is_read_by_name:
            # Of what was not read nobody knows whether it is still there.
            gone = frozenset(quote(target) for target, record in self._whole.items() if record is None)
            return Live(self._of_result, gone.__contains__)
        forms = (form(self._resource, record) for record in self.listed for form in (listed_key, listed_twin))
        keys, resource = frozenset(forms), self._resource
        return Live(self._of_result, lambda key: key not in keys, resource.server_fields, resource.shared_fields)

    def _of_result(self, item: RecordResult) -> Record | None:
        live = self.of(item.target)
        return None if isinstance(live, ApiError) else live
