# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a run: whether they are as many as there should be and as reviewed, and each document has one."""

from __future__ import annotations

import typing as t
from fnmatch import fnmatchcase
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import VAULT_FILES
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import ENDINGS
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import SCHEMA_FILE
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.gather import MOVED

_MOST_ASKED: t.Final = 100
_MOST_NAMED: t.Final = 20


def problems_of_number(given: object, expected: int | None) -> list[Problem]:
    """What is wrong with the number of hosts that there must be: as it was given, and as Ansible took it."""
    # Ansible takes a boolean for 1 or 0.
    if expected is None or (expected >= 0 and not isinstance(given, bool)):
        return []
    return [Problem("expected_hosts", f"must be a number of hosts, and is {str(given).lower()}")]


def problem_of_hosts(hosts: t.Sequence[str], expected: int | None) -> str | None:
    """What is wrong with the number of hosts, in words. No host at all is never right: nothing would be compared."""
    if not hosts and not expected:
        return "no host is in this run: the inventory is empty, or nothing in it fits mailfleet_hosts"
    if expected is not None and len(hosts) != expected:
        return f"{len(hosts)} hosts are in this run, and not {expected} as mailfleet_expect_hosts says"
    return None


def result_of_moved(hosts: t.Collection[str]) -> dict[str, t.Any]:
    """The result of a task about hosts that are not as they were reviewed. Whichever host tells it is not at fault."""
    if not hosts:
        return {"msg": "every host is as it was reviewed"}
    reason = f"this is not what was reviewed on {_listed(sorted(hosts))}, or could not be compared with it there"
    message = f"Nothing was written on any host, since {reason}; the whole run ends, whichever host tells it"
    return {"failed": True, "msg": message, "failure": {"kind": MOVED}}


def warnings_of_documents(
    hosts: t.Sequence[str], document_of: t.Callable[[str], object], known: t.Container[str]
) -> list[str]:
    """A warning for each folder in which documents stand that are named like hosts, and are of no host any more.

    `document_of` gives the document of a host, or several, where it has one. The first hosts are enough to find the
    folders.
    """
    folders = []
    for host in hosts[:_MOST_ASKED]:
        given = document_of(host)
        for document in given if isinstance(given, (list, tuple)) else [given]:
            path = Path(document).absolute() if isinstance(document, str) and document else None
            if path is not None and host in _names(path) and path.parent not in folders:
                folders.append(path.parent)
    found = [(folder, _without_host(folder, known)) for folder in folders]
    return [
        f"documents in {folder} describe what is on no host of this run, so it does not look there: {_listed(names)}"
        for folder, names in found
        if names
    ]


def _without_host(folder: Path, known: t.Container[str]) -> list[str]:
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path.name for path in paths if _is_document(path) and not any(name in known for name in _names(path))]


def _names(path: Path) -> tuple[str, str]:
    """What the host of a document may be called. The name of a host may have dots of its own."""
    return path.name, path.stem if path.suffix in ENDINGS else path.name


def _is_document(path: Path) -> bool:
    if path.name.startswith(".") or path.name == SCHEMA_FILE or fnmatchcase(path.name, VAULT_FILES):
        return False
    if path.is_dir():
        return any(file.suffix in ENDINGS for file in path.rglob("*"))
    return path.suffix in ENDINGS


def _listed(names: t.Sequence[str]) -> str:
    more = f", and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
