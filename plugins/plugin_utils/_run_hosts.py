# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a run: whether they are as many as there should be and as reviewed, and each document has one."""

from __future__ import annotations

import json
import re
import typing as t
from fnmatch import fnmatchcase
from pathlib import Path

from ansible.parsing.vault import is_encrypted

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import VAULT_FILES
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import ENDINGS
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import SCHEMA_FILE
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.gather import MOVED

_MOST_ASKED: t.Final = 100
_MOST_NAMED: t.Final = 20
_NO_DOCUMENTS: t.Final = ("group_vars", "host_vars", SCHEMA_FILE)
# At the beginning of a line: further in it is a variable of an inventory or a play.
_KEY_OF_RECORDS = re.compile(rf"^(?:\{{\s*)?[\"']?({'|'.join(DOCUMENT_KEYS)})[\"']?[ \t]*:".encode(), re.MULTILINE)


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
    folders. Hosts may share a document; so the others are asked too, where something seems to be nobody's.
    """
    folders: list[Path] = []
    used: set[Path] = set()
    for host in hosts[:_MOST_ASKED]:
        for path in _paths(document_of(host)):
            used.update((path, *path.parents))
            if host in _names(path) and path.parent not in folders:
                folders.append(path.parent)
    strays = {path for folder in folders for path in _without_host(folder, known)} - used
    for host in hosts[_MOST_ASKED:]:
        if not strays:
            break
        strays.difference_update(*((path, *path.parents) for path in _paths(document_of(host))))
    found = [(folder, sorted(path.name for path in strays if path.parent == folder)) for folder in folders]
    return [
        f"documents in {folder} describe what is on no host of this run, so it does not look there: {_listed(names)}"
        for folder, names in found
        if names
    ]


def _paths(documents: object) -> list[Path]:
    """The paths in what a host's variable says of its documents."""
    given = documents if isinstance(documents, (list, tuple)) else [documents]
    return [Path(document).absolute() for document in given if isinstance(document, str) and document]


def _without_host(folder: Path, known: t.Container[str]) -> list[Path]:
    try:
        paths = list(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if not any(name in known for name in _names(path)) and _is_document(path)]


def _names(path: Path) -> tuple[str, str]:
    """What the host of a document may be called. The name of a host may have dots of its own."""
    return path.name, path.stem if path.suffix in ENDINGS else path.name


def _is_document(path: Path) -> bool:
    if path.name.startswith(".") or path.name in _NO_DOCUMENTS or fnmatchcase(path.name, VAULT_FILES):
        return False
    return any(map(_describes, path.rglob("*") if path.is_dir() else [path]))


def _describes(file: Path) -> bool:
    """Whether a file describes records, as an inventory, a playbook or a plan beside it does not."""
    try:
        content = file.read_bytes() if file.suffix in ENDINGS and file.is_file() else b""
        data = json.loads(content) if file.suffix == ".json" else None
    except (OSError, ValueError, RecursionError):
        return False
    if isinstance(data, dict):
        return not data.keys().isdisjoint(DOCUMENT_KEYS)
    return is_encrypted(content) or _KEY_OF_RECORDS.search(content) is not None


def _listed(names: t.Sequence[str]) -> str:
    more = f", and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
