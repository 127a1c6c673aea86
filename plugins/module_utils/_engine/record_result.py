# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of each record of a task about many: a record result each, and a result of all of them."""

from __future__ import annotations

import typing as t

from . import result as report
from .plan import Plan
from .rewritten import perhaps_rewritten
from .schema import Problem
from .secret import Record

_MOST_NAMED = 20


class RecordResult:
    """One record's plan, and how carrying it out ended.

    `target` is how the server knows the record, `None` for one that is to be created. `described` are the fields
    that the server has to store, of a record that changes, and `replan` makes its plan anew for what is live by then.
    `own_effects` are the values that fields of the live record may have by what this task does to other ones before.
    `index` is the place in the input, `None` for a record that is pruned. `duration` are the seconds that its writes
    took.
    """

    # There is one for each record: what is not in a dictionary of its own takes a third of the memory.
    __slots__ = (
        "described",
        "done",
        "duration",
        "error",
        "failure",
        "index",
        "key",
        "kind",
        "own_effects",
        "plan",
        "replan",
        "target",
        "warnings",
    )

    def __init__(
        self,
        index: int | None,
        key: str,
        kind: str,
        plan: Plan,
        target: t.Any = None,
        described: Record | None = None,
    ) -> None:
        self.index = index
        self.key = key
        self.kind = kind
        self.plan = plan
        self.target = target
        self.described = described
        self.own_effects: Record = {}
        self.replan: t.Callable[[Record | None], Plan] | None = None
        self.warnings: tuple[str, ...] = ()
        self.error: str | None = None
        self.failure: dict[str, t.Any] | None = None
        self.duration = 0.0
        self.done = False

    @property
    def header(self) -> str:
        """The record in words, for diffs and errors: what kind of record it is, and its key."""
        return f"{self.kind} {self.key}"

    @property
    def failed(self) -> bool:
        """Whether the record is not as it should be."""
        return self.error is not None

    def fail(self, error: str, failure: dict[str, t.Any]) -> None:
        """Note that the plan could not be carried out, and why."""
        self.error, self.failure = error, failure

    def result(self) -> dict[str, t.Any]:
        """The record's entry in `results`: of an unchanged one its key and its action, and nothing that says nothing.

        ansible-core visits each value of a result one by one, several times over, and most of thousands are unchanged.
        """
        shown: dict[str, t.Any] = {"key": self.key, "action": "failed" if self.failed else self.plan.action}
        if self.plan.changed:
            shown["changed_fields"] = list(self.plan.changed_fields)
            if self.plan.unknown_fields:
                shown["unknown_fields"] = list(self.plan.unknown_fields)
            shown["diff"] = report.diff(self.plan, self.header)
        if self.warnings:
            shown["warnings"] = list(self.warnings)
        if self.failed:
            shown["error"] = self.error
        if self.failure is not None:
            shown["failure"] = self.failure
        return shown


def note_rewritten(items: t.Iterable[RecordResult]) -> None:
    """Let each record result warn, in check mode, of what its server may have rewritten."""
    for item in items:
        if item.described is not None:
            texts = perhaps_rewritten(item.described, item.plan)
            item.warnings += tuple(f"{item.header}: {text}" for text in texts)


def result_of_all(items: t.Sequence[RecordResult], name: str, retried: int, *, with_diff: bool) -> dict[str, t.Any]:
    """The result of a task about many records: `results` in input order, pruned records last, and `summary`."""
    results = [item.result() for item in items]
    counts = {"created": 0, "updated": 0, "unknown": 0, "deleted": 0, "none": 0, "failed": 0}
    for entry in results:
        counts[entry["action"]] += 1
    summary = {**counts, "unchanged": counts["none"], "retried": retried}
    del summary["none"]
    result: dict[str, t.Any] = {
        "changed": any(counts[action] for action in ("created", "updated", "unknown", "deleted")),
        "results": results,
        "summary": summary,
    }
    if any(item.duration for item in items):
        # Beside the results, which are the same in check mode.
        result["durations"] = [round(item.duration, 3) or None for item in items]
    if with_diff:
        result["diff"] = [entry["diff"] for entry, item in zip(results, items) if item.plan.changed and not item.failed]
    failed = [item for item in items if item.failed]
    if failed:
        named = "; ".join(f"{item.key}: {item.error}" for item in failed[:_MOST_NAMED])
        more = f"; and {len(failed) - _MOST_NAMED} more, see results" if len(failed) > _MOST_NAMED else ""
        result["failed"] = True
        result["msg"] = f"{name}: {len(failed)} of {len(items)} records failed: {named}{more}"
    return result


def repeated_keys(keys: t.Sequence[tuple[str, t.Hashable]], where: str) -> list[Problem]:
    """Problems for entries that describe the same record; `keys` are how each entry is found, in input order."""
    first: dict[tuple[str, t.Hashable], int] = {}
    problems = []
    for index, key in enumerate(keys):
        if key in first:
            message = f"describes the same record as {where}[{first[key]}]: {key[0]} {key[1]}"
            problems.append(Problem(f"{where}[{index}]", message))
        first.setdefault(key, index)
    return problems
