# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold after a task has met a fault. Each check returns what is wrong, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.faults.fault import FaultKind
from tests.faults.places import is_write, verb
from tests.sandbox.encodings import LeakSearch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.stage import Run
    from tests.faults.tasks import Document

_SET_BY_THE_SERVER = {"_id", "id", "created_at", "updated_at"}
_UNCERTAIN = ("not known", "may or may not")


def outcome_problems(run: Run, secrets: set[str]) -> list[str]:
    """A task ends with a result, or with a failure in words; with no defect, and nowhere with a secret."""
    text = json.dumps({"outcome": run.outcome, "warnings": run.warnings}, ensure_ascii=False)
    shown = LeakSearch(secrets | run.credentials).found_in(text)
    problems = [f"a secret is shown: {text}"] if shown else []
    if '"defect"' in text or "Traceback" in text:
        problems.append(f"a defect: {text}")
    if run.failed and not run.outcome.get("msg"):
        problems.append(f"a failure without words: {text}")
    problems += [f"a request went to another server: {stray.method} {stray.path}" for stray in run.strays]
    return problems


def login_problems(run: Run, open_logins: int, *, can_end: bool) -> list[str]:
    """All logins are ended, but those whose answer was lost; and unless it ``can_end``, one that the task warns of.

    A server that answers 401 says that the login is over, so that a task has nothing to warn of.
    """
    logins = [request for request in run.requests if verb(request) == "POST /login" and request.done]
    lost = sum(request.kind is not None and request.kind.loses_the_answer for request in logins)
    logouts = [request for request in run.requests if verb(request) == "POST /logout"]
    failed = bool(logouts) and not any(request.done for request in logouts)
    reported = any("could not be ended" in warning for warning in run.warnings)
    over = any(request.kind is FaultKind.UNAUTHORIZED for request in logouts)
    if open_logins <= lost + (failed and (reported or over) and not can_end):
        return []
    return [f"{open_logins} logins are open, {lost} of them unknown to the task; warnings: {run.warnings}"]


def check_mode_problems(run: Run, live: list[Document], before: list[Document]) -> list[str]:
    """Nothing was written: no request asked for it, and the records are what they were, byte for byte."""
    problems = [f"is a write: {request.method} {request.path}" for request in run.requests if is_write(request)]
    if _text(live) != _text(before):
        problems.append(f"was written: {live} instead of {before}")
    return problems


def differences(live: list[Document], expected: list[Document]) -> list[str]:
    """The records are the expected ones, each once, and no other; what only the server sets does not count."""
    left = list(live)
    problems = []
    for record in expected:
        found = next((other for other in left if _is_stored_as(record, other)), None)
        if found is None:
            problems.append(f"missing: {record}")
        else:
            left.remove(found)
    return problems + [f"not expected: {record}" for record in left]


def message_problems(run: Run, messages: list[Document]) -> list[str]:
    """At most one message has arrived, and what the task says about it is true."""
    if len(messages) > 1:
        return [f"the message was sent {len(messages)} times"]
    if run.outcome.get("sent") and not messages:
        return [f"nothing arrived, although the task says that it did: {run.outcome}"]
    if messages and not run.outcome.get("sent") and not _says_uncertain(run):
        return [f"the message arrived, although the task says that it did not: {run.outcome}"]
    return []


def report_problems(run: Run, live: list[Document], before: list[Document], expected: list[Document]) -> list[str]:
    """What a task says about its writes is true, and of what it wrote nothing is left out."""
    return _honesty_problems(run, live, before) + _result_problems(run, live, expected)


def _honesty_problems(run: Run, live: list[Document], before: list[Document]) -> list[str]:
    """A task that failed after it wrote says so: it names what is done, or that nobody knows."""
    wrote = any(is_write(request) and request.done for request in run.requests) and _text(live) != _text(before)
    if not wrote or not run.failed:
        return []
    done = [entry for entry in run.outcome.get("results", ()) if entry["action"] in ("created", "updated", "deleted")]
    return [] if done or _says_uncertain(run) else [f"does not tell that it may have written: {run.outcome['msg']}"]


def _result_problems(run: Run, live: list[Document], expected: list[Document]) -> list[str]:
    """Of many records, each that the task says is done, is done; and each that failed has its reason in the message."""
    names = {_name(record): record for record in expected}
    problems = []
    for entry in run.outcome.get("results", ()):
        if entry["action"] == "failed":
            if f"{entry['key']}: " not in run.outcome["msg"]:
                problems.append(f"the failure does not name {entry['key']}")
        elif entry["action"] == "deleted":
            if any(_name(record) == entry["key"] for record in live):
                problems.append(f"is not deleted: {entry['key']}")
        elif entry["key"] in names and not any(_is_stored_as(names[entry["key"]], record) for record in live):
            problems.append(f"is not as wanted, although {entry['action']}: {entry['key']}")
    return problems


def _says_uncertain(run: Run) -> bool:
    return any(words in run.outcome["msg"] for words in _UNCERTAIN)


def _name(record: Document) -> str:
    return str(record.get("domain") or record["name"])


def _is_stored_as(record: Document, stored: Document) -> bool:
    """Whether a stored record has all of the given fields, and none beside them but the server's own."""
    shown = {name: value for name, value in stored.items() if name in record or name not in _SET_BY_THE_SERVER}
    return _text([shown]) == _text([record])


def _text(records: Iterable[Document]) -> str:
    """Records as text: true is not 1 there."""
    return json.dumps(sorted(records, key=_name), sort_keys=True)
