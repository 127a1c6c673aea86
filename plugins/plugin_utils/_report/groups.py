# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records with the same change, reported once. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

from .document import RecordEntry, canonical
from .words import plural, value_in_words

_MOST_NAMED = 5


def groups_of(records: t.Iterable[RecordEntry]) -> list[list[RecordEntry]]:
    """The records in their order, those of a kind that get the very same update together, where the first is.

    What is created or deleted is a thing of its own, and so is what failed.
    """
    groups: dict[t.Any, list[RecordEntry]] = {}
    for index, record in enumerate(records):
        alike = record["action"] in ("updated", "unknown") and record["error"] is None and bool(record["changes"])
        key = (record["kind"], record["action"], canonical(record["changes"])) if alike else index
        groups.setdefault(key, []).append(record)
    return list(groups.values())


def title_of(group: t.Sequence[RecordEntry]) -> str:
    """What a group is of, such as `50 accounts`."""
    return plural(len(group), group[0]["kind"].rpartition("_")[2])


def change_of(group: t.Sequence[RecordEntry], name: t.Callable[[str], str] = visible) -> str:
    """What all of the group get, on one line. `name` makes a text fit to be shown."""
    return ", ".join(
        f"{name(change['field'])} {name(value_in_words(change['before']))} → {name(value_in_words(change['after']))}"
        for change in group[0]["changes"]
    )


def names_of(group: t.Sequence[RecordEntry], name: t.Callable[[str], str] = visible, most: int = _MOST_NAMED) -> str:
    """The group's records by their names, the first of them where they are many."""
    more = f" and {len(group) - most:,} more" if len(group) > most else ""
    return ", ".join(name(record["key"] or "") for record in group[:most]) + more
