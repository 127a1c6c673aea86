# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a module returned to the report's entries about its records. Pure: no Ansible, no files.

Only what the modules of this collection say themselves is taken: their texts hold no secrets. The `item` of a loop and
the texts of other code may.
"""

from __future__ import annotations

import json
import os
import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._engine.shown import shown
from ansible_collections.mailfleet.email.plugins.module_utils._http.address import shown_address
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import COLLECTION, KINDS, Kind, kind_of

from .document import Change, RecordEntry, fingerprint_of

DRIFT: t.Final = f"{COLLECTION}drift"
"""The module whose failure is no failure: it sets the exit status of Ansible, and tells nothing new."""

MERGE: t.Final = f"{COLLECTION}merge"
"""The module whose result tells where the report of several runs is, which takes the place of its own run's."""

OF_THE_RUN: t.Final = (DRIFT, MERGE, f"{COLLECTION}plan_file")
"""The modules whose failure is that of a whole run, and of no host, although a host has to run them."""

MOVED: t.Final = "moved"
"""The kind of such a failure for which hosts are at fault, and which names them."""

OF_ALL_KINDS: t.Final[dict[str, t.Callable[[Kind], str]]] = {
    f"{COLLECTION}host_sync": lambda kind: kind.sync_module,
    f"{COLLECTION}host_info": lambda kind: kind.info_module,
}
"""The modules whose result holds those of several modules, with the one that each kind of record is of."""

FAILED_ELSEWHERE: t.Final = "failed before this collection's code could say why; see Ansible's own output"

_Result = t.Mapping[str, t.Any]


def plain_result(result: _Result) -> dict[str, t.Any]:
    """A copy of a result as JSON knows it, without Ansible's own types; a number that JSON has no word for as text."""
    return t.cast("dict[str, t.Any]", json.loads(json.dumps(result, default=str), parse_constant=str))


def server_of(module: str, arguments: _Result) -> str | None:
    """The address of the server that a task talks to, or `None` where it is not known, or not fit to be shown."""
    kind = kind_of(module)
    if kind is None:
        return None
    url = str(arguments.get("api_url") or os.environ.get(f"{kind.variables}_API_URL", ""))
    return url if shown_address(url) == url else None


def records_of(module: str, arguments: _Result, result: _Result, duration: float | None = None) -> list[RecordEntry]:
    """The records that one result of a module tells of, in its own order.

    `module` is the full name, `arguments` are the task's options, `result` is what it returned, which a registered
    variable holds too; `duration` is how long it took. Of many records each tells its own.
    """
    kind = kind_of(module)
    if kind is None or module.endswith("_info"):
        return []
    if module.endswith("_sync"):
        results = result.get("results", ())
        durations = result.get("durations") or [None] * len(results)
        return [_entry(kind.name, reported["key"], reported, took) for reported, took in zip(results, durations)]
    if "action" in result or "sent" in result or "failure" in result:
        return [_single(kind, module, arguments, result, duration)]
    return []


def warnings_of(result: _Result, records: t.Iterable[RecordEntry]) -> list[str]:
    """The warnings of a result that none of its records has."""
    reported = {warning for record in records for warning in record["warnings"]}
    warnings = [str(warning) for warning in result.get("warnings", ()) if str(warning) not in reported]
    if result.get("ansible_job_id") and not result.get("finished", True):
        warnings.append("the task runs on in the background: what it does is not in this report")
    return warnings


def failure_of(
    module: str, result: _Result, records: t.Iterable[RecordEntry], *, unreachable: bool = False
) -> tuple[str | None, dict[str, t.Any] | None]:
    """Why a task failed, in words and as data, where none of its records tells it."""
    if any(record["error"] is not None for record in records):
        return None, None
    if module.startswith(COLLECTION) and "failure" in result:
        return str(result.get("msg")), result["failure"]
    if "censored" in result:
        return "failed, and no_log hides why", None
    return ("the host is unreachable; see Ansible's own output" if unreachable else FAILED_ELSEWHERE), None


def read_of(module: str, result: _Result) -> tuple[int | None, str | None]:
    """How many records a module that only reads returned, and their fingerprint."""
    if not module.endswith("_info"):
        return None, None
    found = next((result[name] for name in (kind.key for kind in KINDS) if name in result), None)
    return (None, None) if found is None else (len(found), fingerprint_of(found))


def undescribed_of(module: str, result: _Result) -> list[str]:
    """What is live and not described, where the task was asked for it: a name for each record."""
    return [_name_of(record) for record in result.get("undescribed", ())] if module.endswith("_sync") else []


def _name_of(record: _Result) -> str:
    name = str(record.get("domain") or record.get("name") or record.get("email"))
    return f"{name} (id {record['id']})" if "id" in record else name


def _single(kind: Kind, module: str, arguments: _Result, result: _Result, duration: float | None) -> RecordEntry:
    reported: dict[str, t.Any] = {**result, "error": str(result.get("msg")) if "failure" in result else None}
    if module.endswith("_test"):
        reported["message"] = {
            "from": result.get("from"),
            "to_email": result.get("to_email", _shown_recipient(arguments)),
            "via": result.get("via", {}),
        }
        reported["action"] = "sent" if result.get("sent") else "not_sent"
    if "failure" in result:
        reported["action"] = "failed"
    return _entry(kind.name, _key_of(kind, arguments), reported, duration)


def _shown_recipient(arguments: _Result) -> str | None:
    recipient = arguments.get("to_email")
    return None if recipient is None else shown(recipient, mailbox=True)


def _entry(kind: str, key: str | None, reported: _Result, duration: float | None) -> RecordEntry:
    diff = reported.get("diff")
    return {
        "kind": kind,
        "key": key,
        "action": reported["action"],
        "changes": _changes(reported.get("changed_fields", ()), diff) if diff else [],
        "warnings": [str(warning) for warning in reported.get("warnings", ())],
        "error": reported.get("error"),
        "failure": reported.get("failure"),
        "message": reported.get("message"),
        "duration": duration,
        "fingerprint": fingerprint_of(diff["before"]) if diff else None,
    }


def _changes(fields: t.Iterable[str], diff: _Result) -> list[Change]:
    return [
        {"field": field, "before": _at(diff["before"], field), "after": _at(diff["after"], field)} for field in fields
    ]


def _at(record: t.Any, path: str) -> t.Any:
    """The value at a dotted path. A server's own names may hold dots too, so every way to read the path is tried."""
    if not isinstance(record, dict):
        return None
    if path in record:
        return record[path]
    for name in record:
        if path.startswith(f"{name}."):
            found = _at(record[name], path[len(name) + 1 :])
            if found is not None:
                return found
    return None


def _key_of(kind: Kind, arguments: _Result) -> str | None:
    """What a record is called, in the words of the modules that list many."""
    name, value = kind.identity(arguments)
    if value is None or _is_template(str(value)):
        return None
    return f"id {value}" if name == "id" else str(value)


def _is_template(text: str) -> bool:
    return "{{" in text or "{%" in text
