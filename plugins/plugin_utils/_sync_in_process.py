# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task about many records in the process of Ansible itself: where they are read, and which plan they verify."""

from __future__ import annotations

import gc
import typing as t

from ansible_collections.mailfleet.email.plugins.plugin_utils._in_process import InProcessAction, NothingDescribed
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain
from ansible_collections.mailfleet.email.plugins.plugin_utils._without_templates import list_without_templates

if t.TYPE_CHECKING:
    from datetime import date

    from ansible_collections.mailfleet.email.plugins.plugin_utils._sources import Source


def _freeze_gc() -> None:
    """Let the search for garbage pass over all that is in memory by now.

    This process ends with its task. To search what it was born with would copy every page of it, and find nothing.
    """
    gc.freeze()


class SyncAction(InProcessAction):
    """The action plugin of a module about many records."""

    _source: Source | None = None

    @classmethod
    def finalize_task_arg(cls, name: str, value: t.Any, templar: t.Any, context: t.Any) -> t.Any:
        """Render one of the task's arguments; ansible-core 2.19 and newer asks for it, and calls this experimental."""
        if name == cls.spec.records:
            _freeze_gc()
            records = list_without_templates(value, templar.available_variables)
            if records is not None:
                return records
        return super().finalize_task_arg(name, value, templar, context)

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task. Returns its result, the same on both ways."""
        _freeze_gc()
        return super().run(tmp, task_vars)

    def _complete(
        self, arguments: dict[str, t.Any], given: dict[str, t.Any], dates: list[date], variables: dict[str, t.Any]
    ) -> None:
        self._source = source = self._source_of(arguments, variables)
        if source is not None and not self._take_records(source, arguments, given, dates, variables):
            raise NothingDescribed(f"the document says nothing about {self.spec.document_key}")
        self._take_reviewed(arguments, given, variables)

    def _placed(self, outcome: dict[str, t.Any]) -> dict[str, t.Any]:
        return self._source.placed(outcome) if self._source is not None else outcome

    def _source_of(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> Source | None:
        """Where the task should read its records, `None` where its arguments hold them."""
        if all(arguments.get(option) is None for option in ("src", "document", "from_variables")):
            return None
        # Ansible compiles what a task imports in each run anew, and most tasks read no documents.
        from ansible_collections.mailfleet.email.plugins.plugin_utils._sources import source_of

        return source_of(self.spec, arguments, variables)

    def _take_records(
        self,
        source: Source,
        arguments: dict[str, t.Any],
        given: dict[str, t.Any],
        dates: list[date],
        variables: dict[str, t.Any],
    ) -> bool:
        """Put the records in the place of where they are. Returns whether there are any; raises `InputError`."""
        found = source.read(self._find_needle, self._loader._vault, self._templar, variables)
        if found is None:
            return False
        for option in source.options:
            # Another one than that which was read is null.
            arguments.pop(option, None)
            given.pop(option, None)
        read: dict[str, t.Any] = {t.cast(str, self.spec.records): found}
        if source.defaults:
            read["defaults"] = source.defaults_over(given.get("defaults"))
        given.update(read)
        arguments.update(plain(read, dates))
        return True

    def _take_reviewed(self, arguments: dict[str, t.Any], given: dict[str, t.Any], variables: dict[str, t.Any]) -> None:
        """Put what was reviewed in the place of the file that says it. Raises `StalePlan`."""
        plan = arguments.get("plan")
        if isinstance(plan, dict) and plan.get("path") is not None:
            from ansible_collections.mailfleet.email.plugins.plugin_utils._reviewed import with_reviewed

            arguments["plan"] = given["plan"] = with_reviewed(plan, self.spec, variables["inventory_hostname"])
